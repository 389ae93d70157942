"""The pages of assessments: results, a score with what it follows from, and the steps taken on it."""

import pytest
from django.test import Client

from tests.factories.assessed import AFTER, AUGUST, assessed, closed, month, scores
from tests.web.visiting import form, signed_in
from zijing.assessment.actions import propose, publish_run
from zijing.assessment.models import Appeal, Consequence, Observation, Run, Score
from zijing.core.worktime import day_of

GOOD = ("社区11", "社区12", "社区13", "社区14", "社区15")


@pytest.fixture
def made(db):
    found = assessed()
    for name in GOOD:
        closed(found, f"{name}网格", 38, 2)
    closed(found, "社区16网格", 12, 28)
    return found


def visitor(made, role):
    """A browser in which the post is signed in on the day after publication, in English."""
    return signed_in(made, role, day_of(AFTER))


def published(made, key="community-monthly"):
    found = month(made, key)
    propose(actor=made.system, at=AFTER, run=found)
    publish_run(actor=made.actor("section"), at=AFTER, run=found)
    return found


def test_a_clerk_computes_and_publishes_a_month(made):
    clerk = visitor(made, "section")
    answer = clerk.post("/assessment/schemes/community-monthly/", form(day="2020-08-15"), follow=True)
    run = Run.objects.get()
    assert answer.redirect_chain[-1][0] == f"/assessment/runs/{run.pk}/"
    page = answer.content.decode()
    assert "社区16" in page
    assert "last" in page
    clerk.post(f"/assessment/runs/{run.pk}/", form())
    run.refresh_from_db()
    assert run.publication is not None
    assert Consequence.objects.filter(status="proposed").count() == 1


def test_a_running_period_says_so(made):
    page = visitor(made, "section").post("/assessment/schemes/community-monthly/", form(provisional="1"), follow=True)
    assert "provisional" in page.content.decode()


def test_a_period_that_is_not_over_is_refused_in_words(made):
    page = visitor(made, "section").post("/assessment/schemes/community-monthly/", form(day="2020-09-02"))
    assert page.status_code == 422
    assert "is not over yet" in page.content.decode()


def test_a_score_opens_to_the_records_it_counts(made):
    score = scores(published(made))["社区16"]
    reader = visitor(made, "community")
    page = reader.get(f"/assessment/scores/{score.pk}/").content.decode()
    assert f"/assessment/scores/{score.pk}/on_time/" in page
    assert "12 of 40" in page
    behind = visitor(made, "secretary").get(f"/assessment/scores/{score.pk}/on_time/").content.decode()
    assert behind.count("示例问题") == 40


def test_what_was_not_measured_is_none_and_no_zero(made):
    score = scores(published(made))["社区11"]
    page = visitor(made, "secretary").get(f"/assessment/scores/{score.pk}/").content.decode()
    assert ">none</a>" in page


def test_the_director_confirms_an_observation_period_with_help(made):
    score = scores(published(made, "grid-monthly"))["社区16网格员"]
    one = Consequence.objects.get(type="observation")
    chief = visitor(made, "secretary")
    sent = {
        "consequence": one.pk,
        "reason": "末位",
        "until": "2020-11-30",
        "plan": "带班",
        "helper": made.posts["community"].pk,
    }
    assert chief.post(f"/assessment/scores/{score.pk}/", form(do="confirm", **sent)).status_code == 302
    observed = Observation.objects.get()
    assert "带班" in chief.get(f"/assessment/scores/{score.pk}/").content.decode()
    review = {"seen": observed.reviews, "found": "有改进", "verdict": "goes_on"}
    chief.post(f"/assessment/scores/{score.pk}/", form(do="review", **review))
    assert "有改进" in chief.get(f"/assessment/scores/{score.pk}/").content.decode()
    assert "社区16网格员" in chief.get("/assessment/decisions/").content.decode()


def test_a_grid_worker_reads_the_own_score_and_appeals(made):
    found = published(made, "grid-monthly")
    score = scores(found)["社区16网格员"]
    worker = visitor(made, "G16")
    assert f"/assessment/scores/{score.pk}/" in worker.get("/assessment/").content.decode()
    assert "社区11网格员" not in worker.get(f"/assessment/runs/{found.pk}/").content.decode()
    other = scores(found)["社区11网格员"]
    assert worker.get(f"/assessment/scores/{other.pk}/").status_code == 404
    worker.post(f"/assessment/scores/{score.pk}/", form(do="appeal", text="停电两周"))
    chief = visitor(made, "secretary")
    assert "停电两周" in chief.get("/assessment/decisions/").content.decode()
    chief.post(f"/assessment/scores/{score.pk}/", form(do="accept", reason="属实"))
    assert (Appeal.objects.get().status, Score.objects.get(pk=score.pk).exempt) == ("accepted", "appeal")


@pytest.mark.parametrize("do", ["", "shout"])
def test_an_unknown_step_is_refused(made, do):
    score = scores(published(made))["社区16"]
    assert visitor(made, "secretary").post(f"/assessment/scores/{score.pk}/", form(do=do)).status_code == 422


def test_nobody_without_an_account_reads(made):
    assert Client().get("/assessment/").status_code == 302


@pytest.mark.parametrize("members", [1, 3])
def test_a_result_takes_the_same_queries_however_many_members(made, members, django_assert_num_queries):
    found = published(made)
    kept = Score.objects.filter(run=found)[:members]
    Consequence.objects.all().delete()
    Score.objects.filter(run=found).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    reader = visitor(made, "section")
    reader.get(f"/assessment/runs/{found.pk}/")
    with django_assert_num_queries(8):
        reader.get(f"/assessment/runs/{found.pk}/")


def test_the_month_is_the_one_assessed(made):
    assert published(made).since == AUGUST
