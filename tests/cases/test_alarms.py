"""Timers that speak: what the clock notes of open cases, once, at its moment, in whatever steps time passes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import MONDAY, blocker, ladder, moment, office, project
from zijing.cases.actions import accept, close, dispatch, reopen, submit, void
from zijing.cases.alarms import LIMITS
from zijing.cases.models import Case, Timer
from zijing.core.worktime import Clock, Limit, Span, due, last_part
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import next_due, tick
from zijing.records.filters import near_deadline
from zijing.records.models import Kind

# A blocker filed on Monday 7 September about utilities has three working days.
ANNOUNCED, DEADLINE = moment(date(2020, 9, 10), 8), moment(date(2020, 9, 10), 18)
LATER = DEADLINE + timedelta(days=30)


@pytest.fixture
def made(db):
    """An office without rhythms and ladders: what a tick does is what the timers ask for."""
    made = office()
    Rhythm.objects.all().delete()
    ladder()
    return made


def notes(case=None):
    entries = JournalEntry.objects.filter(verb__in=["cases.warned", "cases.overdue"]).order_by("seq")
    mine = entries.filter(subject_id=case.pk) if case else entries
    return [(e.verb, e.happened_at) for e in mine]


BOTH = [("cases.warned", ANNOUNCED), ("cases.overdue", DEADLINE)]


def test_a_case_is_announced_and_then_noted_as_overdue(made):
    case = blocker(made, project(made))
    assert next_due(made.place) == ANNOUNCED
    assert tick(made.place, ANNOUNCED - timedelta(minutes=1)) == 0
    assert not Case.objects.open().filter(near_deadline(ANNOUNCED)).exists()
    assert tick(made.place, ANNOUNCED) == 1
    assert list(Case.objects.open().filter(near_deadline(ANNOUNCED))) == [case]
    assert tick(made.place, DEADLINE) == 1
    assert not Case.objects.open().filter(near_deadline(DEADLINE)).exists()
    assert notes() == BOTH
    assert (tick(made.place, LATER), next_due(made.place)) == (0, None)
    assert verify(made.place.pk).sound


def test_a_long_silence_notes_both_at_their_moments(made):
    blocker(made, project(made))
    assert tick(made.place, LATER) == 2
    assert notes() == BOTH


def test_a_note_tells_no_word_of_the_case(made):
    case = blocker(made, project(made), what="张三家停水")
    tick(made.place, LATER)
    for entry in JournalEntry.objects.filter(verb__in=["cases.warned", "cases.overdue"]):
        assert (entry.subject_id, entry.path, entry.changes, entry.channel) == (case.pk, case.path, {}, "clock")
        assert (entry.actor, entry.post) == (None, None)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_time_in_any_steps_notes_the_same(hours, made):
    case = blocker(made, project(made, f"Y{Case.objects.count()}"))
    at = moment(MONDAY)
    for step in hours:
        at += timedelta(hours=step)
        tick(made.place, at)
    assert notes(case) == [(verb, when) for verb, when in BOTH if when <= at]


class TestEnded:
    def ended(self, made):
        case = blocker(made, project(made))
        section = made.posts["section"].unit
        dispatch(actor=made.actor("project_office"), at=moment(MONDAY, 10), case=case, unit=section)
        accept(actor=made.actor("section"), at=moment(MONDAY, 11), case=case)
        submit(actor=made.actor("section"), at=moment(MONDAY, 12), case=case, reason="好了")
        close(actor=made.actor("project_office"), at=moment(MONDAY, 13), case=case)
        return case

    def test_a_closed_and_a_voided_case_give_nothing(self, made):
        self.ended(made)
        void(actor=made.system, at=moment(MONDAY, 10), case=blocker(made, project(made, "X02")), reason="重复")
        assert tick(made.place, LATER) == 0
        assert notes() == []

    def test_a_reopened_case_speaks_anew(self, made):
        case = self.ended(made)
        again = moment(date(2020, 9, 21))
        reopen(actor=made.actor("leader"), at=again, case=case, reason="又堵了")
        tick(made.place, LATER)
        assert notes() == [("cases.warned", moment(date(2020, 9, 24), 8)), ("cases.overdue", case.due_at)]

    def test_a_case_ended_past_the_verbs_is_let_go_without_a_note(self, made):
        case = blocker(made, project(made))
        Case.objects.filter(pk=case.pk).update(stage="voided", closed_at=moment(MONDAY))
        assert tick(made.place, LATER) == 0
        assert notes() == []
        assert Timer.objects.get(case=case).alarm_at is None


def test_a_clock_set_back_repeats_nothing(made):
    blocker(made, project(made))
    tick(made.place, LATER)
    assert tick(made.place, moment(MONDAY)) == 0
    assert tick(made.place, LATER) == 0
    assert notes() == BOTH


def test_a_second_ticker_with_an_old_view_notes_nothing_again(made):
    blocker(made, project(made))
    assert [LIMITS.note_some(made.place, LATER) for _round in range(3)] == [1, 1, None]
    assert notes() == BOTH


def test_each_office_has_its_own_clock(made):
    other = office("410181006000", "杜鹃街道")
    blocker(made, project(made))
    theirs = blocker(other, project(other))
    tick(other.place, ANNOUNCED)
    assert notes() == [("cases.warned", ANNOUNCED)] == notes(theirs)


def test_it_works_in_slices_and_stops_when_asked(made, monkeypatch):
    monkeypatch.setattr("zijing.outbox.alarms.SLICE", 2)
    cases = [blocker(made, project(made, f"X{n}")) for n in range(5)]
    asked = iter([True, True, False])
    assert tick(made.place, ANNOUNCED, go=lambda: next(asked, False)) == 2
    assert tick(made.place, ANNOUNCED) == 3
    assert Case.objects.open().filter(near_deadline(ANNOUNCED)).count() == len(cases)
    seen = [when for _verb, when in notes()]
    assert seen == sorted(seen)


def test_when_nothing_is_due_a_tick_asks_once(made):
    for n in range(3):
        blocker(made, project(made, f"X{n}"))
    tick(made.place, moment(MONDAY))
    with CaptureQueriesContext(connection) as asked:
        assert tick(made.place, moment(MONDAY)) == 0
    assert len(asked) == 6, "for a rhythm, a timer, a turn, a list, the place in the journal and what was filed since"
    plan = LIMITS.due(made.place, LATER).explain()
    assert connection.vendor != "sqlite" or "timer_alarm" in plan


@pytest.mark.django_db
class TestAlarm:
    """What a timer's spans ask to be noted next."""

    def timer(self, *spans, amount=4):
        made = Timer(clock=Clock.WORKING_DAYS, amount=amount)
        made.spans = [
            {"kind": k, "since": a.isoformat(), "until": b and b.isoformat(), "amount": n} for k, a, b, n in spans
        ]
        return made

    def test_a_pause_silences_it_and_the_rest_of_it_follows(self):
        start, paused, on = moment(MONDAY), moment(MONDAY, 10), moment(date(2020, 9, 14))
        timer = self.timer(("running", start, None, 0), ("paused", paused, None, 0))
        assert timer.set_alarm(paused).at is None
        assert timer.alarm_at is None
        timer.spans[1]["until"] = on.isoformat()
        timer.set_alarm(on)
        assert timer.alarm_at == moment(date(2020, 9, 17), 8)

    def test_an_extension_after_the_note_announces_anew(self):
        timer = self.timer(("running", moment(MONDAY), None, 0))
        timer.set_alarm(moment(MONDAY))
        timer.warned_at, timer.alarm_at = timer.alarm_at, timer.due().at
        at = timer.warned_at + timedelta(hours=2)
        timer.spans.append({"kind": "extended", "since": at.isoformat(), "until": None, "amount": 4})
        timer.set_alarm(at)
        assert timer.warned_at is None
        assert timer.alarm_at == moment(date(2020, 9, 16), 8), "the last two of eight working days"

    def test_what_ran_out_and_was_noted_stays_silent(self):
        timer = self.timer(("running", moment(MONDAY), None, 0))
        timer.case = Case(kind=Kind(definition={}))
        timer.warned_at, timer.alarm_at, timer.rung = moment(MONDAY), None, 1
        timer.set_alarm(LATER)
        assert timer.alarm_at is None


CLOCKS = st.sampled_from(list(Clock))


@given(
    day=st.dates(date(2020, 1, 1), date(2020, 12, 1)), hour=st.integers(0, 23), clock=CLOCKS,
    amount=st.integers(1, 60), more=st.integers(0, 10),
)  # fmt: skip
def test_the_last_part_begins_after_the_start_and_before_the_end(day, hour, clock, amount, more):
    start = moment(day, hour, 30)
    spans = [Span("running", start), *([Span("extended", start, None, more)] if more else [])]
    limit = Limit(amount, clock)
    announced, ends = last_part(spans, limit), due(spans, limit).at
    assert start < announced < ends
