"""The pace of the sites: plan, tendency, standstill, blockers, chance."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from zijing.demo import pace, sources
from zijing.demo.days import STANDSTILL

AUTUMN = date(2020, 10, 15)
STAGES = (
    pace.PlannedStage("X-1", 40, date(2019, 10, 1), date(2020, 4, 30)),
    pace.PlannedStage("X-2", 60, date(2020, 4, 1), date(2020, 12, 31)),
)


def site(tendency: str = "on_time", code: str = "X", **more) -> pace.Site:
    return pace.Site(code, STAGES, sources.lag_of(code, tendency), **more)


def behind(planned: pace.Site, day: date) -> float:
    """Points of percent behind plan at the end of a day."""
    reached = pace.reaches(planned, day)[day]
    return pace.percent_at(planned, day.toordinal()) - pace.percent_at(planned, reached)


@pytest.mark.parametrize(("tendency", "least", "most"), [
    ("ahead", -6, 0), ("on_time", -2, 4), ("slow", 2, 11), ("stalled", 8, 20), ("late_start", -1, 7),
])  # fmt: skip
def test_a_tendency_shows_in_autumn(tendency, least, most):
    found = [behind(site(tendency, f"S{n}"), AUTUMN) for n in range(20)]
    assert least <= min(found)
    assert max(found) <= most


def test_a_site_keeps_to_its_plan_only_when_it_was_so_before_the_year():
    reached = pace.reaches(site(), date(2020, 1, 6))
    share = pace.shares_at(site(), reached[date(2020, 1, 6)])
    assert Decimal(40) < share["X-1"] < Decimal(50)
    assert share["X-2"] == 0


def test_nothing_moves_during_the_standstill():
    reached = pace.reaches(site(), date(2020, 3, 1))
    assert reached[STANDSTILL[0]] == reached[STANDSTILL[1]]
    assert reached[date(2020, 2, 24)] > reached[STANDSTILL[1]]


def test_shares_never_fall_and_end_at_a_hundred():
    planned = site("slow")
    reached = pace.reaches(planned, date(2021, 6, 30))
    days = sorted(reached)
    assert all(reached[a] <= reached[b] for a, b in itertools.pairwise(days))
    assert pace.shares_at(planned, reached[days[-1]]) == {"X-1": Decimal(100), "X-2": Decimal(100)}


def test_a_blocker_slows_a_site_down():
    free, blocked = site(), site(blocked=((date(2020, 6, 1), date(2020, 6, 30)),))
    assert behind(blocked, date(2020, 6, 30)) > behind(free, date(2020, 6, 30)) + 2


def test_the_same_day_is_reached_whether_asked_early_or_late():
    early, late = (pace.reaches(site(), until) for until in (date(2020, 6, 1), date(2020, 12, 1)))
    assert early[date(2020, 6, 1)] == late[date(2020, 6, 1)]


def test_a_site_that_begins_in_the_year_has_done_nothing_before():
    stages = (pace.PlannedStage("Y-1", 100, date(2020, 4, 1), date(2020, 12, 31)),)
    reached = pace.reaches(pace.Site("Y", stages, sources.lag_of("Y", "late_start")), AUTUMN)
    assert min(reached) == date(2020, 4, 1)
    first = pace.shares_at(pace.Site("Y", stages), reached[date(2020, 4, 1)])["Y-1"]
    assert 0 <= first < 1


def test_a_report_speaks_of_the_stage_where_most_was_done():
    model = {"X-1": Decimal(90), "X-2": Decimal(10)}
    assert pace.to_report(site(), model, {}) == "X-1"
    assert pace.to_report(site(), model, {"X-1": Decimal(90)}) == "X-2"
    assert pace.to_report(site(), model, model) == "X-1"
    assert pace.to_report(site(), model, {"X-1": Decimal(100), "X-2": Decimal(100)}) is None


def test_every_week_one_to_three_teams_are_silent_on_wednesday():
    codes = [f"P{n}" for n in range(38)]
    monday = date(2020, 3, 2)
    for n in range(40):
        week = monday + timedelta(weeks=n)
        silences = pace.silent(week, codes)
        wednesday = week + timedelta(days=2)
        assert 1 <= sum(not pace.reports_on(wednesday, c, silences) for c in codes) <= 3


def test_an_unknown_tendency_is_refused():
    with pytest.raises(Exception, match="hurried"):
        sources.lag_of("X", "hurried")
