"""A case that stays overdue is told to the posts above, step by step, each once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import MONDAY, Office, blocker, ladder, moment, office, project
from zijing.cases.actions import accept, close, dispatch, reopen, submit, void
from zijing.cases.models import Case, Timer
from zijing.cases.pleas import ask, decide
from zijing.cases.queries import timeline
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Message, Rhythm
from zijing.outbox.rhythm import next_due, tick
from zijing.people.models import Holding
from zijing.records.filters import near_deadline
from zijing.records.models import Kind

# Three working days from Monday 7 September, then one and three more; Saturday and Sunday do not count.
DEADLINE = moment(date(2020, 9, 10), 18)
FIRST, SECOND = moment(date(2020, 9, 11), 18), moment(date(2020, 9, 15), 18)
FRIDAY = moment(date(2020, 9, 11))
LATER = DEADLINE + timedelta(days=30)
WHOLE = [
    ("warned", moment(date(2020, 9, 10), 8)), ("overdue", DEADLINE), ("escalated", FIRST), ("escalated", SECOND)
]  # fmt: skip


@pytest.fixture
def made(db: None) -> Office:
    made = office()
    Rhythm.objects.all().delete()
    return made


def notes(case: Case) -> list[tuple[str, datetime]]:
    verbs = ["cases.warned", "cases.overdue", "cases.escalated"]
    entries = JournalEntry.objects.filter(verb__in=verbs, subject_id=case.pk).order_by("seq")
    return [(e.verb.removeprefix("cases."), e.happened_at) for e in entries]


def told(made: Office, case: Case) -> list[list[str]]:
    """The roles of the posts that each step was told to."""
    roles = {post.pk: role for role, post in made.posts.items()}
    entries = JournalEntry.objects.filter(verb="cases.escalated", subject_id=case.pk).order_by("seq")
    return [sorted(roles[pk] for pk in e.changes["told"][1]["post"]) for e in entries]


def test_the_leader_in_charge_is_told_and_then_the_secretary(made: Office) -> None:
    case = blocker(made, project(made))
    tick(made.place, DEADLINE)
    assert next_due(made.place) == FIRST
    assert not Case.objects.open().filter(near_deadline(DEADLINE)).exists() and not Case.objects.get(
        pk=case.pk
    ).is_near(DEADLINE)
    assert tick(made.place, FIRST - timedelta(minutes=1)) == 0
    assert tick(made.place, FIRST) == tick(made.place, SECOND) == 1
    assert (tick(made.place, LATER), next_due(made.place)) == (0, None)
    assert told(made, case) == [["leader"], ["secretary"]], "leader2 is in charge of other projects"
    assert verify(made.place.pk).sound


def test_it_is_a_message_to_them_and_a_sentence_in_the_timeline(made: Office) -> None:
    catch_up(made.place.pk)
    case = blocker(made, project(made))
    tick(made.place, LATER)
    catch_up(made.place.pk)
    mine = Message.objects.visible_to(made.actor("leader"))
    assert [(m.verb, m.at) for m in mine] == [("cases.escalated", FIRST)]
    shown = [step for step in timeline(case) if step.verb == "escalated"]
    assert [(s.at, s.reason) for s in shown] == [
        (FIRST, "已超期1 个工作日，报告leader岗。"),
        (SECOND, "已超期3 个工作日，报告secretary岗。"),
    ]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(1, 70), min_size=1, max_size=12))
def test_time_in_any_steps_tells_the_same(hours: list[int], made: Office) -> None:
    case = blocker(made, project(made, f"Y{Case.objects.count()}"))
    at = moment(MONDAY)
    for step in hours:
        at += timedelta(hours=step)
        tick(made.place, at)
    assert notes(case) == [(verb, when) for verb, when in WHOLE if when <= at]


def handled(made: Office, case: Case, at: datetime) -> Case:
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=made.posts["team"].unit)
    accept(actor=made.actor("team"), at=at, case=case)
    return case


def test_closing_and_voiding_stop_it_and_reopening_begins_anew(made: Office) -> None:
    case, other = (blocker(made, project(made, code)) for code in ("X01", "X02"))
    tick(made.place, DEADLINE)
    handled(made, case, DEADLINE)
    submit(actor=made.actor("team"), at=DEADLINE, case=case, reason="好了")
    close(actor=made.actor("section"), at=DEADLINE, case=case)
    void(actor=made.system, at=DEADLINE, case=other, reason="重复")
    assert tick(made.place, LATER) == 0
    reopen(actor=made.actor("leader"), at=LATER, case=case, reason="又堵了")
    tick(made.place, LATER + timedelta(days=60))
    assert [verb for verb, _at in notes(case)] == ["warned", "overdue", "warned", "overdue", "escalated", "escalated"]


def test_it_rests_while_the_case_is_parked(made: Office) -> None:
    case = blocker(made, project(made))
    tick(made.place, DEADLINE)
    handled(made, case, FRIDAY)
    plea = ask(actor=made.actor("team"), at=FRIDAY, case=case, matter="parking", reason="等", until=date(2020, 9, 21))
    decide(actor=made.actor("leader"), at=FRIDAY, plea=plea, granted=True)
    tick(made.place, LATER)
    monday = moment(date(2020, 9, 21), 18)
    assert notes(case) == [*WHOLE[:2], ("escalated", monday), ("escalated", monday + timedelta(days=2))]


def test_more_time_granted_after_the_deadline_begins_the_ladder_again(made: Office) -> None:
    case = handled(made, blocker(made, project(made)), moment(MONDAY, 10))
    plea = ask(actor=made.actor("team"), at=moment(MONDAY, 10), case=case, matter="extension", reason="雨", amount=3)
    tick(made.place, FIRST)
    case = Case.objects.get(pk=case.pk)
    plea.refresh_from_db()
    decide(actor=made.actor("leader"), at=FIRST, plea=plea, granted=True)
    assert Timer.objects.get(case=case).rung == 0
    tick(made.place, LATER)
    assert [verb for verb, _at in notes(case)][-3:] == ["overdue", "escalated", "escalated"]
    assert [at for _verb, at in notes(case)].count(FIRST) == 1


def test_a_post_nobody_holds_is_named_nowhere_and_the_step_is_noted(made: Office) -> None:
    case = blocker(made, project(made))
    Holding.objects.filter(post=made.posts["leader"]).update(until=MONDAY)
    tick(made.place, FIRST)
    assert told(made, case) == [[]]
    assert "无人任职" in timeline(case)[-1].reason


def test_a_restricted_case_is_told_to_nobody_by_rank(made: Office) -> None:
    Kind.objects.filter(key="blocker").update(restricted=True)
    case = blocker(made, project(made))
    tick(made.place, LATER)
    assert told(made, case) == [[], []]


def test_a_ladder_that_was_shortened_ends_there(made: Office) -> None:
    case = blocker(made, project(made))
    tick(made.place, DEADLINE)
    ladder()
    assert tick(made.place, LATER) == 0
    assert notes(case) == WHOLE[:2]
    assert Timer.objects.get(case=case).alarm_at is None


def test_steps_may_be_counted_in_hours_and_go_to_several_roles(made: Office) -> None:
    ladder({"amount": 4, "clock": "continuous_hours", "to": ["director", "project_office"]})
    case = blocker(made, project(made))
    tick(made.place, LATER)
    assert notes(case)[-1] == ("escalated", DEADLINE + timedelta(hours=4))
    assert told(made, case) == [["director", "project_office"]]


@pytest.mark.parametrize("n", [1, 4])
def test_many_are_told_with_the_queries_of_one(made: Office, n: int) -> None:
    cases: list[Any] = [blocker(made, project(made, f"X{i}")) for i in range(n)]
    tick(made.place, DEADLINE)
    with CaptureQueriesContext(connection) as asked:
        assert tick(made.place, FIRST) == len(cases)
    assert len(asked) == QUERIES


QUERIES = 20
