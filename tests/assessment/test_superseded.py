"""A published period computed anew: the earlier result says so and stays readable; nothing known is not appealed."""

from datetime import date

import pytest
from django.utils.translation import override

from tests.factories.assessed import AFTER, assessed, closed, month, scores
from tests.factories.calls import api, let_clock_show
from tests.factories.office import moment
from tests.web.visiting import signed_in
from zijing.assessment.actions import appeal, publish_run
from zijing.assessment.models import Run, Score
from zijing.assessment.queries import superseding
from zijing.core.errors import Invalid
from zijing.core.worktime import day_of

ANEW = "This period was computed anew"


@pytest.fixture
def made(db):
    found = assessed()
    for n in range(11, 16):
        closed(found, f"社区{n}网格", 38, 2)
    let_clock_show(found, AFTER)
    return found


def published(made, **more):
    found = month(made, "grid-monthly", **more)
    publish_run(actor=made.actor("section"), at=AFTER, run=found)
    return Run.objects.get(pk=found.pk)


def test_what_was_published_says_that_it_was_computed_anew_and_stays(made):
    first = published(made)
    kept = list(Score.objects.filter(run=first).order_by("pk").values())
    assert superseding(made.actor("G11"), first) is None
    closed(made, "社区11网格", 0, 20)
    second = month(made, "grid-monthly", again=True)
    own = scores(first)["社区11网格员"]
    worker = signed_in(made, "G11", day_of(AFTER))
    page = worker.get(f"/assessment/scores/{own.pk}/").content.decode()
    assert ANEW in page and "The new result is not made public yet." in page
    assert superseding(made.actor("G11"), first).seen is False
    publish_run(actor=made.actor("section"), at=AFTER, run=second)
    page = worker.get(f"/assessment/scores/{own.pk}/").content.decode()
    assert f'href="/assessment/runs/{second.pk}/"' in page
    assert ANEW not in worker.get(f"/assessment/scores/{scores(second)['社区11网格员'].pk}/").content.decode()
    assert "superseded" in worker.get("/assessment/").content.decode()
    assert list(Score.objects.filter(run=first).order_by("pk").values()) == kept


def test_the_api_names_what_holds_to_who_may_read_it(made):
    first = published(made)
    second = month(made, "grid-monthly", again=True)
    told = api(made, "G11").get(f"assessments/{first.pk}").json()
    assert (told["run"]["published"], told["run"]["superseded"], told["superseded_by"]) == (True, True, None)
    assert api(made, "section").get(f"assessments/{first.pk}").json()["superseded_by"] == second.pk
    told = api(made, "section").get(f"assessments/{second.pk}").json()
    assert (told["run"]["superseded"], told["superseded_by"]) == (False, None)


def test_nothing_known_is_not_appealed(made):
    nothing = scores(published(made))["社区16网格员"]
    assert nothing.total is None
    with override("en"), pytest.raises(Invalid, match="no score to appeal against"):
        appeal(actor=made.actor("G16"), at=moment(date(2020, 9, 4)), score=nothing, text="没有案件")
    page = signed_in(made, "G16", day_of(AFTER)).get(f"/assessment/scores/{nothing.pk}/").content.decode()
    assert "there is no score to appeal against" in page
    assert 'name="do" value="appeal"' not in page
