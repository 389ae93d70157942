"""The cases of the story: their schedules, before any database."""

from dataclasses import replace
from datetime import date

import pytest

from zijing.core.worktime import ZONE, is_working
from zijing.demo import sources
from zijing.demo.days import STOPS
from zijing.demo.tales import Tale, filed_at, moves

PLAIN = Tale("blocker/x", "blocker", "funds", "款未到", date(2020, 5, 11), 4, project="C05", by_report=True)


def verbs(tale: Tale) -> list[str]:
    return [m.verb for m in moves(tale)]


def test_a_plain_case_goes_straight():
    assert verbs(PLAIN) == ["dispatch", "accept", "submit", "close"]
    assert moves(PLAIN)[-1].at.date() == date(2020, 5, 15)


@pytest.mark.parametrize(("twist", "expected"), [
    ("object", ["dispatch", "object", "dispatch", "accept", "submit", "close"]),
    ("rework", ["dispatch", "accept", "submit", "rework", "submit", "close"]),
    ("reopen", ["dispatch", "accept", "submit", "close", "reopen", "dispatch", "accept", "submit", "close"]),
])  # fmt: skip
def test_some_do_not(twist, expected):
    assert verbs(replace(PLAIN, twists=frozenset({twist}))) == expected


@pytest.mark.parametrize(("stops", "expected"), [
    ("", ["dispatch", "accept"]), ("dispatch", ["dispatch"]), ("submit", ["dispatch", "accept", "submit"]),
])  # fmt: skip
def test_some_stay_open(stops, expected):
    assert verbs(replace(PLAIN, days=None, stops=stops)) == expected


def test_a_listed_case_is_struck_off_on_the_day_it_closes():
    listed = replace(PLAIN, listings=((date(2020, 5, 13), "county", "久拖"),))
    assert verbs(listed) == ["dispatch", "accept", "supervise", "submit", "close", "strike_off"]


def test_everything_comes_after_the_filing_and_on_working_days_in_office_hours():
    for tale in sources.tales():
        times = [filed_at(tale), *(m.at for m in moves(tale))]
        assert times == sorted(times), tale.key
        assert all(8 <= t.astimezone(ZONE).hour < 18 for t in times)
        assert all(is_working(t.date()) for t in times[1:] if t.date() != tale.filed), tale.key


def test_the_story_holds_what_the_tour_needs():
    tales = sources.tales()
    twists = [w for t in tales for w in t.twists]
    assert {"object", "rework", "reopen"} <= set(twists)
    standing = [t for t in tales if t.filed < STOPS.date() and (t.closes is None or t.closes >= STOPS.date())]
    assert {t.kind for t in standing} == {"blocker", "finding", "issue"}
    levels = [level for t in standing for _day, level, _why in t.listings]
    assert 2 <= len(levels) <= 3
    assert "county" in levels
    assert all("合成" in t.what for t in tales)


def test_the_flats_of_the_second_half_year_are_all_scheduled():
    assert sum(row.count for row in sources.allocations()) == 2639
    assert sum(row.count for row in sources.allocations() if row.day.month == 9) == 391
