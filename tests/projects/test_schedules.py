"""Schedules of an office: laid out from the template, foreseen from reports, changed, frozen, searched for."""

import uuid
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from tests.factories.office import FOUNDED, MONDAY, Plan, blocker, moment, office, project, say
from tests.factories.sites import crew, site, stop
from zijing.cases.models import Case
from zijing.core.errors import Conflict, Invalid, Missing, Refused
from zijing.journal.models import JournalEntry
from zijing.outbox.jobs import cancel, run_due_jobs
from zijing.outbox.models import Job
from zijing.places.models import Place
from zijing.projects.actions import ask_plan, change_work, freeze, lay_out, plan, search_plan
from zijing.projects.models import Dependency, Schedule, StageTemplate, Work, WorkTemplate
from zijing.projects.queries.chances import chances
from zijing.projects.rhythms import replan

pytestmark = pytest.mark.django_db
AT = moment(MONDAY)


@pytest.fixture
def made():
    return office()


@pytest.fixture
def laid(made):
    found = site(made)
    lay_out(actor=made.actor("project_office"), at=AT, project=found)
    return found


def work(target, key):
    return Work.objects.select_related("project__entry").get(project=target, key__endswith=key)


def test_laying_out_makes_the_templates_works_at_every_building_and_once_for_the_project(laid):
    keys = set(Work.objects.filter(project=laid).values_list("key", flat=True))
    assert {"X01-B01/structure", "X01-B02/structure", "/grounds", "/handover"} <= keys
    assert len(keys) == 10 * 2 + 4
    assert work(laid, "B01/structure").days == 55
    assert work(laid, "B01/checking").days == 8
    waited = set(work(laid, "/networks").waits_for.values_list("after__key", flat=True))
    assert waited == {"X01-B01/structure", "X01-B02/structure"}


def test_the_baseline_counts_back_from_the_promised_date(laid):
    works = list(Work.objects.filter(project=laid))
    assert max(w.baseline_end for w in works) == laid.promised_on
    for link in Dependency.objects.select_related("work", "after"):
        assert link.work.baseline_start > link.after.baseline_end + timedelta(days=link.lag - 1)


def test_a_type_without_a_template_goes_by_its_stages(made):
    WorkTemplate.objects.filter(template="commercial").delete()
    target = project(made, "C01", type="commercial")
    assert lay_out(actor=made.actor("project_office"), at=AT, project=target) == 2
    first, second = Work.objects.filter(project=target).order_by("order")
    assert (first.days, second.days) == (100, 100)
    assert second.waits_for.get().after == first


def test_every_type_of_project_has_works_that_reach_from_its_first_stage_to_its_last(made):
    types = set(StageTemplate.objects.values_list("template", flat=True))
    assert set(WorkTemplate.objects.values_list("template", flat=True)) == types
    for n, kind in enumerate(sorted(types)):
        stages = list(StageTemplate.objects.filter(template=kind).order_by("order"))
        plans = [Plan(s.stage_zh, s.weight, MONDAY, MONDAY + timedelta(days=200)) for s in stages]
        target = project(made, f"T{n}", type=kind, plans=plans)
        lay_out(actor=made.actor("project_office"), at=moment(MONDAY, 10, n), project=target)
        works = Work.objects.filter(project=target)
        assert set(works.values_list("stage__milestone__title", flat=True)) == {s.stage_zh for s in stages}
        assert all(w.baseline_end >= w.baseline_start for w in works)


def test_laying_out_twice_without_stages_or_by_others_is_refused(made, laid):
    with pytest.raises(Conflict):
        lay_out(actor=made.actor("project_office"), at=AT, project=laid)
    with pytest.raises(Refused):
        lay_out(actor=made.actor("section"), at=AT, project=laid)
    other = office("410181006000", "别的街道")
    with pytest.raises(Missing):
        lay_out(actor=other.actor("project_office"), at=AT, project=laid)


def test_what_is_reported_done_is_behind_and_the_rest_begins_today(made, laid):
    say(made, laid, MONDAY, 100, stage="基础施工")
    plan(actor=made.system, at=moment(MONDAY, 18), office=made.place)
    done = work(laid, "B01/foundation")
    assert done.done == 100
    assert done.end <= MONDAY
    assert done.slack is None
    going = work(laid, "B01/structure")
    assert (going.done, going.start) == (0, MONDAY)


def test_crews_are_shared_across_projects(made):
    crew(made, "structure", 1)
    for n, code in enumerate(("X01", "X02")):
        target = site(made, code, buildings=1)
        lay_out(actor=made.actor("project_office"), at=moment(MONDAY, 9, n), project=target)
    spans = sorted(Work.objects.filter(crew="structure").values_list("start", "end"))
    assert all(later[0] > earlier[1] for earlier, later in pairwise(spans))


def test_nothing_that_a_stop_halts_begins_or_ends_in_it(made):
    first, last = date(2020, 11, 15), date(2021, 3, 15)
    stop(made, first, last)
    target = site(made)
    lay_out(actor=made.actor("project_office"), at=AT, project=target)
    for one in Work.objects.filter(project=target):
        if "winter" in one.halted_by:
            assert not first <= one.start <= last
            assert not first <= one.end <= last


def test_a_date_that_cannot_be_kept_says_why_and_by_how_much(made):
    target = site(made, promised=date(2020, 11, 30))
    lay_out(actor=made.actor("project_office"), at=AT, project=target)
    found = Schedule.objects.get(project=target)
    assert found.late_days == (found.ends_on - target.promised_on).days > 0
    assert found.causes[0]["kind"] == "pace"
    assert "chain" in {c["kind"] for c in found.causes}
    assert sum(c["days"] for c in found.causes) >= found.late_days


def test_a_blocker_moves_the_end_by_its_days_and_no_more_once_it_is_closed(made, laid):
    free = Schedule.objects.get(project=laid).ends_on
    case = blocker(made, laid, MONDAY - timedelta(days=5))
    plan(actor=made.system, at=moment(MONDAY, 18), office=made.place)
    found = Schedule.objects.get(project=laid)
    assert [(c["kind"], c["key"], c["days"]) for c in found.causes if c["kind"] == "blocker"] == [
        ("blocker", str(case.pk), 5)
    ]
    assert found.ends_on - free == timedelta(days=5)
    Case.objects.filter(pk=case.pk).update(fields=case.fields | {"days": 25})
    plan(actor=made.system, at=moment(MONDAY, 19), office=made.place)
    assert Schedule.objects.get(project=laid).ends_on - free == timedelta(days=20)
    Case.objects.filter(pk=case.pk).update(stage="closed", closed_at=moment(MONDAY, 19))
    plan(actor=made.system, at=moment(MONDAY, 20), office=made.place)
    assert Schedule.objects.get(project=laid).ends_on == free


def test_planning_again_changes_nothing_and_leaves_no_line(made, laid):
    plan(actor=made.system, at=moment(MONDAY, 18), office=made.place)
    before = JournalEntry.objects.count()
    assert plan(actor=made.system, at=moment(MONDAY, 19), office=made.place) == 0
    assert JournalEntry.objects.count() == before


def test_the_evening_foresees_anew(made, laid):
    say(made, laid, MONDAY, 60, stage="基础施工")
    replan(Place.objects.get(pk=made.place.pk), moment(MONDAY, 19))
    assert work(laid, "B01/earth").done == 100


def test_changing_a_work_moves_what_follows_and_is_journalled(made, laid):
    one = work(laid, "B01/structure")
    before = work(laid, "B01/masonry").start
    change_work(
        actor=made.actor("project_office"), at=AT, work=one, values={"days": one.days + 30}, seen=one.version
    )  # fmt: skip
    # At the pace of the site, which takes longer for a day than it was laid out with; by how much is drawn.
    assert 30 <= (work(laid, "B01/masonry").start - before).days <= 70
    line = JournalEntry.objects.filter(verb="projects.change_work").get()
    assert line.changes["days"] == [55, 85]


def test_two_at_once_the_second_is_told(made, laid):
    one = work(laid, "B01/structure")
    actor = made.actor("project_office")
    change_work(actor=actor, at=AT, work=one, values={"days": 60}, seen=one.version)
    with pytest.raises(Conflict):
        change_work(actor=actor, at=AT, work=one, values={"days": 70}, seen=one.version)
    assert work(laid, "B01/structure").days == 60


def test_works_that_would_wait_for_each_other_are_refused_by_name(made, laid):
    one, follows = work(laid, "B01/structure"), work(laid, "B01/masonry")
    with translation.override("zh-hans"), pytest.raises(Invalid, match="主体结构") as refused:
        change_work(
            actor=made.actor("project_office"), at=AT, work=one, values={"after": [(follows, 0)]}, seen=one.version
        )  # fmt: skip
    assert "二次结构砌筑" in str(refused.value)
    assert set(work(laid, "B01/structure").waits_for.values_list("after__key", flat=True)) == {"X01-B01/foundation"}


@pytest.mark.parametrize("values", [{"days": -1}, {"days": 99_999}, {"size": 0}])
def test_what_no_work_can_take_is_refused(made, laid, values):
    one = work(laid, "B01/structure")
    with pytest.raises(Invalid):
        change_work(actor=made.actor("project_office"), at=AT, work=one, values=values, seen=one.version)
    assert work(laid, "B01/structure").days == 55


def test_freezing_makes_the_foreseen_days_the_baseline(made, laid):
    with pytest.raises(Refused):
        freeze(actor=made.actor("section"), at=AT, project=laid)
    freeze(actor=made.actor("project_office"), at=AT, project=laid)
    assert all((w.start, w.end) == (w.baseline_start, w.baseline_end) for w in Work.objects.filter(project=laid))
    assert Schedule.objects.get(project=laid).frozen_on == MONDAY


def test_nothing_laid_out_cannot_be_frozen(made):
    with pytest.raises(Invalid):
        freeze(actor=made.actor("project_office"), at=AT, project=site(made))


def test_the_chance_comes_with_its_reason(made, laid):
    for week in range(8):
        say(made, laid, MONDAY - timedelta(days=7 * (7 - week)), 30 + 10 * week, stage="基础施工")
    stop(made, date(2020, 12, 15), date(2021, 1, 10))
    plan(actor=made.system, at=moment(MONDAY, 18), office=made.place)
    with translation.override("zh-hans"):
        [odds] = chances([laid.pk], MONDAY).values()
        found = Schedule.objects.get(project=laid)
        assert 0 < odds.percent < 50 and found.late_days > 0
        assert odds.facts["likely"] == str(found.ends_on)
        assert "还有10层" in odds.reason
        assert "冬季停工" in odds.reason
    assert chances([laid.pk], FOUNDED.date()) == {}


def test_a_search_runs_in_the_background_and_keeps_the_best(made, laid, django_capture_on_commit_callbacks):
    site(made, "X02")
    job = ask_plan(
        actor=made.actor("project_office"), at=AT, office=made.place, client_id=uuid.uuid4(), seconds=2
    )  # fmt: skip
    assert run_due_jobs() == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.note
    assert Schedule.objects.get(project=laid).gap is not None


def test_a_plan_found_for_what_there_was_before_is_not_kept(made, laid):
    def somebody_changes(_found):
        change_work(
            actor=made.actor("project_office"), at=AT, work=work(laid, "B01/structure"), values={"days": 90}, seen=0
        )
        return False

    with pytest.raises(Conflict):
        search_plan(actor=made.system, at=AT, office=made.place, seconds=5, going_on=somebody_changes)
    assert work(laid, "B01/structure").days == 90


def test_a_search_can_be_ended_before_it_begins(made, laid):
    actor = made.actor("project_office")
    job = ask_plan(actor=actor, at=AT, office=made.place, client_id=uuid.uuid4(), seconds=2)
    cancel(actor=actor, at=AT, job=job)
    assert run_due_jobs() == 0
    assert work(laid, "B01/structure").start is not None


def test_foreseeing_takes_as_many_queries_for_three_projects_as_for_one(made, laid, django_assert_num_queries):
    day = moment(MONDAY, 18)
    plan(actor=made.system, at=day, office=made.place)
    with django_assert_num_queries(13):
        plan(actor=made.system, at=day, office=made.place)
    for n, code in enumerate(("X02", "X03")):
        lay_out(actor=made.actor("project_office"), at=moment(MONDAY, 18, n), project=site(made, code))
    with django_assert_num_queries(13):
        plan(actor=made.system, at=moment(MONDAY, 18, 2), office=made.place)
