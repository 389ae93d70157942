"""Deadlines on the four clocks, by the published holiday calendar."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings, strategies as st

from zijing.core.worktime import ZONE, Clock, Limit, Span, day_off, due, is_working, working_days_between


def at(month, day, hour=10, minute=0):
    return datetime(2020, month, day, hour, minute, tzinfo=ZONE)


def runs(start, *more):
    return [Span("running", start), *more]


class TestWorkingDays:
    def test_the_day_of_filing_is_not_counted_and_the_last_ends_at_closing(self):
        assert due(runs(at(9, 7)), Limit(3, Clock.WORKING_DAYS)).at == at(9, 10, 18)

    def test_five_days_across_national_day_skip_the_holiday_and_count_the_make_up_saturday(self):
        found = due(runs(at(9, 29)), Limit(5, Clock.WORKING_DAYS))
        # 30 Sep, then 9 and 10 Oct (a make-up Saturday), 12 and 13 Oct
        assert found.at == at(10, 13, 18)
        assert [d.isoformat() for d, _why in found.skipped] == [*(f"2020-10-0{n}" for n in range(1, 9)), "2020-10-11"]

    def test_the_make_up_sunday_before_national_day_is_a_working_day(self):
        assert is_working(date(2020, 9, 27))
        assert due(runs(at(9, 25)), Limit(1, Clock.WORKING_DAYS)).at == at(9, 27, 18)

    def test_a_paused_day_does_not_count(self):
        paused = Span("paused", at(9, 8, 9), at(9, 9, 9))
        assert due(runs(at(9, 7), paused), Limit(3, Clock.WORKING_DAYS)).at == at(9, 11, 18)

    def test_a_pause_over_a_weekend_costs_nothing(self):
        paused = Span("paused", at(9, 11, 19), at(9, 14, 8))
        assert due(runs(at(9, 10), paused), Limit(2, Clock.WORKING_DAYS)).at == at(9, 14, 18)

    def test_an_extension_adds_to_the_limit(self):
        longer = Span("extended", at(9, 8), amount=2)
        assert due(runs(at(9, 7), longer), Limit(3, Clock.WORKING_DAYS)).at == at(9, 14, 18)

    def test_paused_still_has_no_deadline(self):
        found = due(runs(at(9, 7), Span("paused", at(9, 8))), Limit(3, Clock.WORKING_DAYS))
        assert found.at is None

    def test_a_year_beyond_the_published_calendar_knows_weekends_only(self):
        assert day_off(date(2031, 5, 1)) == ""
        assert day_off(date(2031, 5, 3)) == "weekend"


class TestOtherClocks:
    def test_calendar_days_move_off_a_holiday(self):
        assert due(runs(at(9, 28)), Limit(4, Clock.CALENDAR_DAYS)).at == at(10, 9, 18)

    def test_emergency_hours_run_through_the_night(self):
        assert due(runs(at(9, 30, 23)), Limit(2, Clock.CONTINUOUS_HOURS)).at == at(10, 1, 1)

    def test_office_hours_stop_for_lunch_and_the_holiday(self):
        assert due(runs(at(9, 30, 11)), Limit(4, Clock.OFFICE_HOURS)).at == at(9, 30, 17)
        assert due(runs(at(9, 30, 16)), Limit(4, Clock.OFFICE_HOURS)).at == at(10, 9, 10)

    def test_an_hour_before_lunch_rolls_over_it(self):
        assert due(runs(at(9, 30, 11, 30)), Limit(1, Clock.OFFICE_HOURS)).at == at(9, 30, 14, 30)


def test_the_sentence_gives_the_reason_in_both_languages():
    found = due(runs(at(9, 29)), Limit(5, Clock.WORKING_DAYS))
    with translation.override("en"):
        assert found.sentence().startswith("Due Tue 13 Oct 2020 18:00: 5 working days from Tue 29 Sep 2020 10:00")
        assert found.sentence().endswith("not counted: 1 Oct–8 Oct (National Day); 11 Oct (weekend).")
    assert found.sentence() == (
        "2020年10月13日 星期二 18:00 到期：自 2020年9月29日 星期二 10:00 起 5 个工作日，"
        "其中不计 10月1日–10月8日（国庆节）；10月11日（周末）。"
    )


STARTS = st.integers(0, 305 * 24 * 60).map(lambda m: at(1, 1, 0) + timedelta(minutes=m))


@given(STARTS, st.integers(1, 20), st.sampled_from(list(Clock)))
@settings(max_examples=200, deadline=None)
def test_a_longer_limit_is_never_due_earlier_and_never_before_the_start(start, amount, clock):
    short, long = (due(runs(start), Limit(n, clock)).at for n in (amount, amount + 1))
    assert start < short <= long


@given(STARTS, st.integers(1, 15))
@settings(max_examples=200, deadline=None)
def test_as_many_working_days_lie_between_as_the_limit_says(start, amount):
    found = due(runs(start), Limit(amount, Clock.WORKING_DAYS)).at
    assert is_working(found.date())
    assert working_days_between(start.date(), found.date()) == amount


DAYS = st.dates(date(2003, 1, 1), date(2031, 12, 31))


@given(DAYS, st.integers(-400, 1200))
@settings(max_examples=200, deadline=None)
def test_working_days_are_counted_over_new_years_and_years_without_a_notice(after, length):
    days = [after + timedelta(days=n) for n in range(1, length + 1)]
    assert working_days_between(after, after + timedelta(days=length)) == sum(map(is_working, days))


@given(STARTS, st.integers(1, 10), st.integers(0, 2000), st.integers(1, 3000), st.sampled_from(list(Clock)))
@settings(max_examples=200, deadline=None)
def test_a_pause_never_brings_a_deadline_nearer(start, amount, after, length, clock):
    since = start + timedelta(minutes=after)
    pause = Span("paused", since, since + timedelta(minutes=length))
    assert due(runs(start, pause), Limit(amount, clock)).at >= due(runs(start), Limit(amount, clock)).at


def test_a_timer_without_a_start_is_a_mistake():
    with pytest.raises(ValueError, match="span"):
        due([], Limit(1, Clock.WORKING_DAYS))
