"""The clock's work: each rhythm once, in order, whatever the steps in which time passes."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import FOUNDED, MONDAY, moment, office, project, say
from zijing.core.worktime import ZONE, is_working
from zijing.figures.models import Publication
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import falls_on, next_after, next_due, performed_on, tick
from zijing.projects.models import Consequence

DAY = timedelta(days=1)


def rhythm(every, on="", hour=18):
    from datetime import time

    return Rhythm(every=every, on=on, at=time(hour))


class TestNext:
    def test_a_working_day_skips_the_holiday_but_not_the_make_up_sunday(self):
        daily = rhythm("workday")
        assert next_after(daily, moment(date(2020, 9, 26))) == moment(date(2020, 9, 27), 18)
        assert next_after(daily, moment(date(2020, 9, 30), 18)) == moment(date(2020, 10, 9), 18)

    def test_a_week_and_a_month(self):
        assert next_after(rhythm("week", "7", 20), moment(MONDAY)) == moment(date(2020, 9, 13), 20)
        assert next_after(rhythm("month", "31"), moment(date(2020, 9, 1))) == moment(date(2020, 9, 30), 18)
        assert next_after(rhythm("month", "last-workday"), moment(date(2020, 10, 1))) == moment(date(2020, 10, 30), 18)


@pytest.mark.django_db
class TestTick:
    def start(self, made):
        for row in Rhythm.objects.filter(office=made.place):
            row.next_at = next_after(row, moment(MONDAY, 0))
            row.save()

    def test_a_week_passes_and_the_ranking_is_published_on_sunday_night(self):
        made = office()
        say(made, project(made), MONDAY + 4 * DAY, 10)
        self.start(made)
        assert tick(made.place, moment(MONDAY + 6 * DAY, 19, 59)) == 10
        assert not Publication.objects.exists()
        assert tick(made.place, moment(MONDAY + 6 * DAY, 20)) == 1
        assert Publication.objects.get().published_at == moment(MONDAY + 6 * DAY, 20)
        assert tick(made.place, moment(MONDAY + 6 * DAY, 20)) == 0

    def test_a_missing_report_is_noted_at_six(self):
        made = office()
        target = project(made)
        self.start(made)
        say(made, target, MONDAY, 10)
        tick(made.place, moment(MONDAY + DAY, 18))
        noted = JournalEntry.objects.filter(verb="projects.report_missing")
        assert [e.happened_at for e in noted] == [moment(MONDAY + DAY, 18)]

    def test_laggards_are_proposed_not_punished(self):
        made = office()
        for n in range(5):
            say(made, project(made, f"X0{n}"), MONDAY + 4 * DAY, n)
        self.start(made)
        tick(made.place, moment(MONDAY + 6 * DAY, 20))
        assert {c.status for c in Consequence.objects.all()} == {"proposed"}
        assert Consequence.objects.filter(type="naming").count() == 3

    def test_too_few_projects_to_call_anyone_last(self):
        made = office()
        for n in range(4):
            say(made, project(made, f"X0{n}"), MONDAY + 4 * DAY, n)
        self.start(made)
        tick(made.place, moment(MONDAY + 6 * DAY, 20))
        assert not Consequence.objects.exists()


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_time_in_any_steps_does_the_same_work(hours, empty):
    made = empty
    begin = datetime(2020, 3, 2, tzinfo=ZONE)
    for row in Rhythm.objects.filter(office=made.place):
        row.next_at = next_after(row, begin)
        row.save()
    done, at = 0, begin
    for step in hours:
        at += timedelta(hours=step)
        done += tick(made.place, at)
    expected = 0
    for row in Rhythm.objects.filter(office=made.place):
        due = next_after(row, begin)
        while due <= at:
            expected += 1
            due = next_after(row, due)
    assert done == expected
    assert next_due(made.place) > at


@pytest.fixture
def empty(db):
    assert FOUNDED
    return office()


class TestPutOff:
    def put_off(self, every, on="", hour=8):
        found = rhythm(every, on, hour)
        found.off = "next"
        return found

    def test_a_monday_in_the_holidays_waits_for_the_next_working_day(self):
        weekly = self.put_off("week", "1")
        assert next_after(weekly, moment(date(2020, 9, 28), 8)) == moment(date(2020, 10, 9), 8)
        assert performed_on(weekly, date(2020, 10, 9)) == [date(2020, 10, 5)]
        assert performed_on(weekly, date(2020, 10, 5)) == performed_on(weekly, date(2020, 10, 10)) == []

    def test_two_days_that_meet_are_two_occasions_of_one_turn(self):
        both = [date(2020, 1, 27), date(2020, 2, 3)]
        assert performed_on(self.put_off("week", "1"), date(2020, 2, 3)) == both

    def test_what_is_not_put_off_falls_on_the_holiday(self):
        assert next_after(rhythm("week", "1", 8), moment(date(2020, 9, 28), 8)) == moment(date(2020, 10, 5), 8)

    @pytest.mark.parametrize(
        ("on", "after", "day"),
        [
            ("3-20", date(2020, 10, 1), date(2020, 12, 20)),
            ("1-31", date(2020, 11, 1), date(2021, 1, 31)),
            ("2-31", date(2020, 11, 1), date(2020, 11, 30)),
            ("3-last-workday", date(2020, 12, 1), date(2020, 12, 31)),
        ],
    )
    def test_a_quarter_has_its_month_and_its_day(self, on, after, day):
        assert next_after(rhythm("quarter", on), moment(after)) == moment(day, 18)

    @given(st.dates(date(2019, 1, 1), date(2021, 12, 1)), st.sampled_from("1234567"))
    def test_every_day_of_its_own_is_performed_exactly_once(self, day, on):
        weekly = self.put_off("week", on)
        mine = next(d for n in range(7) if falls_on(weekly, d := day + n * DAY))
        turns = [d for n in range(15) if mine in performed_on(weekly, d := mine + n * DAY)]
        assert len(turns) == 1 and is_working(turns[0])
