"""Communities merge, grids move, codes are given anew: open work follows, closed work stays as it was filed."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from zijing.cases.actions import void
from zijing.cases.models import Case
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.figures.known import find
from zijing.figures.models import FigureDay
from zijing.figures.queries import value
from zijing.journal.acting import act
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.packs.intake import record
from zijing.people.actions import assign
from zijing.people.models import Assignment, Unit
from zijing.places.actions import put_places
from zijing.places.models import Place
from zijing.records.fields import Field
from zijing.records.models import Kind
from zijing.records.moving import merge_place, move_place, recode_place
from zijing.records.references import resolve_place
from zijing.records.writing import revise

AT = moment(MONDAY, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def issue(made, place, what="路面塌陷"):
    values = {"what": what, "class": "safety", "place": f"#{made.places[place].pk}"}
    return record(actor=made.system, at=AT, kind=Kind.objects.get(key="issue"), values=values)


def again(made, name):
    return Place.objects.get(pk=made.places[name].pk)


def seen_by(made, role):
    return set(Case.objects.visible_to(made.actor(role)).values_list("pk", flat=True))


def test_a_grid_moves_and_its_open_work_with_it(made):
    open_, closed = issue(made, "第一网格"), issue(made, "第一网格", "已作废的")
    void(actor=made.system, at=AT, case=closed, reason="重复")
    filed_at = closed.path
    assert seen_by(made, "community") == {open_.pk, closed.pk}

    followed = move_place(actor=made.system, at=AT, place=again(made, "第一网格"), parent=again(made, "示例村02"))

    assert followed == {"cases.case": 1}
    open_.refresh_from_db()
    closed.refresh_from_db()
    assert open_.path == again(made, "第一网格").path == f"{again(made, '示例村02').path}{open_.place_id}/"
    assert closed.path == filed_at
    assert seen_by(made, "community") == {closed.pk}
    assert seen_by(made, "community2") == {open_.pk}
    assert seen_by(made, "grid") == {open_.pk}, "the post at the grid sees what lies there now"
    assert verify(made.place.pk).sound


def test_a_figure_counted_before_a_move_is_right_after_it(made):
    issue(made, "第一网格")
    secretary, figure = made.actor("secretary"), find("issues.filed")
    later = AT + timedelta(days=3)

    def counted(name):
        return value(figure, secretary, at=later, place=again(made, name), since=MONDAY, until=MONDAY).n

    assert (counted("示例社区01"), counted("示例村02")) == (1, 0)
    assert FigureDay.objects.filter(figure=figure).exists()
    move_place(actor=made.system, at=later, place=again(made, "第一网格"), parent=again(made, "示例村02"))
    assert (counted("示例社区01"), counted("示例村02")) == (0, 1)


def test_what_was_done_stays_where_it_was_done(made):
    project = offices.project(made)
    report = offices.say(made, project, MONDAY, 10)
    before = report.activity.path
    merge_place(actor=made.system, at=AT, place=again(made, "示例社区01"), into=other_community(made))
    report.activity.refresh_from_db()
    project.entry.refresh_from_db()
    assert report.activity.path == before
    assert project.entry.place.name == "另一社区", "what stands in the ledger stands in the place that is left"


def other_community(made, code="410181005002", name="另一社区"):
    row = {"name": name, "code": code, "level": "community", "parent": "410181005000"}
    put_places(actor=made.system, at=AT, rows=[row])
    made.places[name] = Place.objects.with_code(code).get()
    return made.places[name]


def test_two_communities_merge_and_the_code_is_given_anew(made):
    into = other_community(made)
    put_places(
        actor=made.system, at=AT,
        rows=[{"name": "第一网格", "code": "410181005002001", "level": "grid", "parent": "410181005002"}],
    )  # fmt: skip
    at_place, in_grid = issue(made, "示例社区01"), issue(made, "第二网格")
    unit = Unit.objects.get(office=made.place, code="U-community")

    merge_place(actor=made.system, at=AT, place=again(made, "示例社区01"), into=into)

    for case, path in ((at_place, into.path), (in_grid, again(made, "第二网格").path)):
        case.refresh_from_db()
        assert case.path == path
    names = set(into.children.values_list("name", flat=True))
    assert names == {"第一网格", "第一网格(示例社区01)", "第二网格"}
    unit.refresh_from_db()
    assert unit.place == into
    assert {at_place.pk, in_grid.pk} <= seen_by(made, "community"), "whoever worked there still sees the open work"

    with pytest.raises(Conflict):
        merge_place(actor=made.system, at=AT, place=again(made, "示例社区01"), into=into)
    reused = other_community(made, "410181005001", "新示例社区")
    assert Place.objects.with_code("410181005001").get() == reused
    assert Place.objects.with_code("410181005001", on=date(2020, 5, 1)).get() == again(made, "示例社区01")
    assert resolve_place("410181005001", Field("p", "place", "", ""), made.system) == reused.pk
    with pytest.raises(Invalid):
        resolve_place("示例社区01", Field("p", "place", "", ""), made.system)
    assert verify(made.place.pk).sound


def test_a_code_changes_from_a_day_on(made):
    place = again(made, "示例社区01")
    recode_place(actor=made.system, at=AT, place=place, code="410181005003", since=date(2020, 9, 1), edition="2021")
    assert Place.objects.with_code("410181005003").get() == place
    assert not Place.objects.with_code("410181005001").exists()
    assert Place.objects.with_code("410181005001", on=date(2020, 8, 31)).get() == place
    recode_place(actor=made.system, at=AT, place=place, code="410181005003", since=date(2020, 9, 2))
    assert place.codes.count() == 2, "the same code again changes nothing"


@pytest.mark.parametrize(
    ("code", "since"),
    [("410181005201", date(2020, 9, 1)), ("12", date(2020, 9, 1)), ("410181005009", date(2019, 1, 1))],
    ids=["taken", "malformed", "before the present one"],
)
def test_a_code_that_does_not_fit_is_refused(made, code, since):
    before = JournalEntry.objects.count()
    with pytest.raises(Invalid):
        recode_place(actor=made.system, at=AT, place=again(made, "示例社区01"), code=code, since=since)
    assert JournalEntry.objects.count() == before
    assert Place.objects.with_code("410181005001").exists()


def test_moves_that_make_no_sense_are_refused(made):
    grid, community, village = (again(made, n) for n in ("第一网格", "示例社区01", "示例村02"))
    elsewhere = offices.office("410181006000", "新华路街道")
    refused = [
        (grid, elsewhere.places["示例社区01"]), (community, village), (community, grid), (made.place, made.county),
        (grid, community), (grid, grid),
    ]  # fmt: skip
    for place, parent in refused:
        with pytest.raises((Invalid, Conflict)):
            move_place(actor=made.system, at=AT, place=place, parent=parent)
    for place, into in ((grid, community), (grid, grid), (made.place, elsewhere.place)):
        with pytest.raises(Invalid):
            merge_place(actor=made.system, at=AT, place=place, into=into)
    with pytest.raises(Invalid):
        merge_place(actor=made.system, at=AT, place=grid, into=elsewhere.places["第一网格"])


def test_a_name_taken_there_is_refused(made):
    into = other_community(made)
    put_places(
        actor=made.system, at=AT,
        rows=[{"name": "第一网格", "code": "410181005002001", "level": "grid", "parent": "410181005002"}],
    )  # fmt: skip
    with pytest.raises(Invalid, match="第一网格"):
        move_place(actor=made.system, at=AT, place=again(made, "第一网格"), parent=into)


def test_only_whoever_may_write_places_moves_them(made):
    with pytest.raises(Refused):
        move_place(actor=made.actor("secretary"), at=AT, place=again(made, "第一网格"), parent=again(made, "示例村02"))


def test_an_assignment_goes_along(made):
    case = issue(made, "第一网格")
    assign(actor=made.system, at=AT, subject=case, path=case.path, part="lead", to=[made.posts["team"]])
    move_place(actor=made.system, at=AT, place=again(made, "第一网格"), parent=again(made, "示例村02"))
    case.refresh_from_db()
    assert Assignment.objects.get(subject_id=case.pk, subject_type="cases.case").path == case.path


STEPS = st.lists(
    st.tuples(st.sampled_from(("move", "merge", "void")), st.integers(0, 30), st.integers(0, 30)), max_size=8
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_moves_paths_and_sight_stay_true(made, steps):
    """Every place lies below its parent; every open case lies where its place lies; closed ones never move."""
    with transaction.atomic():
        other_community(made)
        filed = {issue(made, name).pk for name in ("第一网格", "第二网格", "村一网格", "示例社区01", "示例村02")}
        closed: dict[int, str] = {}
        for verb, first, second in steps:
            places = list(Place.objects.filter(office=made.place).order_by("pk"))
            place, target = places[first % len(places)], places[second % len(places)]
            try:
                if verb == "move":
                    move_place(actor=made.system, at=AT, place=place, parent=target)
                elif verb == "merge":
                    merge_place(actor=made.system, at=AT, place=place, into=target)
                elif case := Case.objects.filter(pk__in=filed, closed_at=None).order_by("pk").first():
                    void(actor=made.system, at=AT, case=case, reason="试")
                    closed[case.pk] = case.path
            except (Invalid, Conflict):
                continue
        for place in Place.objects.filter(office=made.place).select_related("parent"):
            assert place.merged_into_id or place.path == f"{place.parent.path}{place.pk}/"
        for case in Case.objects.filter(pk__in=filed).select_related("place"):
            assert case.path == closed.get(case.pk, case.place.path)
            assert case.pk in closed or case.place.merged_into_id is None
        transaction.set_rollback(True)


def test_what_was_given_lies_where_the_record_lies(made):
    open_, closed = issue(made, "第一网格"), issue(made, "第一网格", "已作废的")
    for case in (open_, closed):
        assign(actor=made.system, at=AT, subject=case, path=case.path, part="lead", to=[Unit.objects.first()])
    void(actor=made.system, at=AT, case=closed, reason="重复")

    move_place(actor=made.system, at=AT, place=again(made, "第一网格"), parent=again(made, "示例村02"))
    open_.refresh_from_db()
    with act(made.system, AT) as a:
        revise(a, closed, {"place": made.places["示例村02"].pk}, "cases.revise")

    for case in (open_, closed):
        lies = Assignment.objects.filter(subject_type="cases.case", subject_id=case.pk).values_list("path", flat=True)
        assert set(lies) == {case.path}
