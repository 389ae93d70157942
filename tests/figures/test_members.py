"""A figure for many members at once is what it is for each of them alone."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.assessed import AFTER, closed
from tests.factories.office import office, project
from zijing.cases.models import Case
from zijing.figures.counting import Scope
from zijing.figures.known import find
from zijing.figures.members import ENTRY, PLACE, UNIT, Member, can_be_split, measure, rows_of
from zijing.figures.models import FigureDay
from zijing.figures.queries import value

SINCE, UNTIL = date(2020, 8, 1), date(2020, 8, 31)
PLACES = ("示例社区01", "示例村02", "第一网格", "第二网格", "村一网格")
FIGURES = (
    "cases.due",
    "cases.on_time_rate",
    "cases.closing_rate",
    "cases.median_hours",
    "cases.p90_hours",
    "cases.lasting_rate",
)


@pytest.fixture
def made(db):
    return office()


def scope(made):
    return Scope(made.system, AFTER, made.place, SINCE, UNTIL)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 3), st.integers(0, 2), st.integers(1, 31)), max_size=8)
)
def test_places_are_counted_together_as_each_alone(made, lived):
    Case.objects.all().delete()
    FigureDay.objects.all().delete()
    for where, on_time, late, day in lived:
        closed(made, where, on_time, late, day=date(2020, 8, day))
    members = [Member(PLACE, made.places[name].path) for name in PLACES]
    for key in FIGURES:
        together = measure(find(key), members, scope(made))
        for name, found in zip(PLACES, together, strict=True):
            alone = value(find(key), made.system, at=AFTER, place=made.places[name], since=SINCE, until=UNTIL)
            assert (found.amount, found.n) == (alone.amount, alone.n), (key, name)


def test_units_and_entries_have_their_own_records(made):
    first, second = project(made), project(made, "X02")
    unit = made.posts["team"].unit
    closed(made, "第一网格", 3, 1, subject_id=first.pk, unit=unit)
    closed(made, "第二网格", 2, 2, subject_id=second.pk)
    by_entry = measure(find("cases.on_time_rate"), [Member(ENTRY, first.pk), Member(ENTRY, second.pk)], scope(made))
    assert [(m.amount, m.n, m.met) for m in by_entry] == [(75, 4, 3), (50, 4, 2)]
    [of_unit] = measure(find("cases.due"), [Member(UNIT, unit.pk)], scope(made))
    assert of_unit.n == 4


def test_nothing_to_divide_by_is_nothing_and_not_zero(made):
    [found] = measure(find("cases.on_time_rate"), [Member(PLACE, made.places["第一网格"].path)], scope(made))
    assert (found.amount, found.n) == (None, 0)


def test_the_rows_behind_a_member_are_those_counted(made):
    closed(made, "第一网格", 3, 1)
    closed(made, "第二网格", 2)
    member = Member(PLACE, made.places["第一网格"].path)
    assert rows_of(find("cases.on_time_rate"), member, scope(made)).count() == 4


def test_any_number_of_members_takes_the_same_queries(made, django_assert_num_queries):
    closed(made, "第一网格", 3, 1)
    find("cases.on_time_rate")
    for names in (PLACES[:1], PLACES):
        with django_assert_num_queries(5):
            measure(find("cases.on_time_rate"), [Member(PLACE, made.places[n].path) for n in names], scope(made))


def test_what_stands_for_now_is_not_counted_over_a_period(made):
    assert not can_be_split(find("cases.open"))
    assert can_be_split(find("cases.on_time_rate"), ENTRY)
