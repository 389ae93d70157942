"""Supervision: cases, projects and commitments on leaders' lists; reports due and missed; who is told; the wall."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, blocker, moment, office, project
from zijing.cases.actions import void
from zijing.cases.models import Supervision
from zijing.cases.supervision import report_progress, strike_off, supervise, supervised
from zijing.commitments.models import Commitment
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Message
from zijing.outbox.rhythm import tick
from zijing.people.actions import assign
from zijing.records.models import Kind
from zijing.registers.models import Entry

AT, DAY = moment(MONDAY, 10), timedelta(days=1)
UNTIL = MONDAY + 10 * DAY
NOUNS = ("case", "project", "commitment")

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Any:
    return office()


def listable(made: Any, noun: str) -> Any:
    """Something of each noun that the task team answers for."""
    target = project(made)
    if noun == "case":
        case = blocker(made, target)
        type(case).objects.filter(pk=case.pk).update(unit=made.posts["team"].unit)
        case.refresh_from_db()
        return case
    if noun == "project":
        return Entry.objects.select_related("kind").get(pk=target.pk)
    commitment = Commitment.objects.select_related("kind").order_by("pk")[0]
    unit = made.posts["section"].unit
    assign(actor=made.system, at=AT, subject=commitment, path=commitment.path, part="lead", to=[unit])
    return commitment


def put(made: Any, record: Any, role: str = "leader", **said: Any) -> Supervision:
    level = "county" if role == "county" else "office"
    values = {"level": level, "reason": "久拖", "until": UNTIL} | said
    return supervise(actor=made.actor(role), at=AT, subject=record, **values)


def answers(noun: str) -> str:
    return "section" if noun == "commitment" else "team"


def ticked(made: Any, day: date) -> list[tuple[str, date]]:
    """What the clock has noted of lists until a morning."""
    tick(made.place, moment(day, 9))
    noted = JournalEntry.objects.filter(verb__in=("cases.progress_due", "cases.progress_missed", "cases.list_overdue"))
    return [(e.verb.removeprefix("cases."), e.happened_at.date()) for e in noted.order_by("seq")]


@pytest.mark.parametrize("noun", NOUNS)
def test_listed_reported_on_and_struck_off_by_the_level_that_listed_it(made, noun):
    record = listable(made, noun)
    listed = put(made, record, "county", every=3)
    assert [s.subject for s in supervised(made.actor("secretary"))] == [record]
    team = made.actor(answers(noun))
    report_progress(actor=team, at=moment(MONDAY + DAY, 9), supervision=listed, said="已协调")
    with pytest.raises(Refused):
        strike_off(actor=made.actor("secretary"), at=AT, supervision=listed, reason="好了")
    with pytest.raises(Invalid):
        strike_off(actor=made.actor("county"), at=AT, supervision=listed, reason=" ")
    strike_off(actor=made.actor("county"), at=AT, supervision=listed, reason="好了")
    assert supervised(made.actor("secretary")) == []
    with pytest.raises(Conflict):
        strike_off(actor=made.actor("county"), at=AT, supervision=listed, reason="好了")
    with pytest.raises(Conflict):
        report_progress(actor=team, at=AT, supervision=listed, said="又")
    verbs = JournalEntry.objects.filter(subject_type=record._meta.label_lower, subject_id=record.pk).order_by("pk")
    assert [e.verb for e in verbs][-3:] == ["cases.supervise", "cases.progress", "cases.strike_off"]
    assert "已协调" not in str([e.changes for e in verbs])
    assert verify(made.place.pk).sound


@pytest.mark.parametrize("noun", NOUNS)
def test_only_who_answers_for_it_reports(made, noun):
    listed = put(made, listable(made, noun), every=3)
    others = {"section", "team", "team2", "secretary"} - {answers(noun)}
    for role in others:
        with pytest.raises(Refused):
            report_progress(actor=made.actor(role), at=AT, supervision=listed, said="x")
    with pytest.raises(Invalid):
        report_progress(actor=made.actor(answers(noun)), at=AT, supervision=listed, said=" ")


@pytest.mark.parametrize("noun", NOUNS)
def test_not_twice_on_a_list_but_on_both_lists(made, noun):
    record = listable(made, noun)
    put(made, record)
    with pytest.raises(Conflict):
        put(made, record)
    put(made, record, "county")
    assert len(supervised(made.actor("secretary"))) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "}, {"level": "galaxy"}, {"until": date(2020, 9, 1)}, {"every": 0}, {"every": 367},
    ],
    ids=str,
)  # fmt: skip
def test_bad_input(made, wrong):
    with pytest.raises(Invalid):
        put(made, listable(made, "project"), **wrong)
    assert not Supervision.objects.exists()


def test_each_level_lists_for_itself_and_by_right(made):
    record = listable(made, "project")
    with pytest.raises(Refused):
        put(made, record, level="county")
    with pytest.raises(Refused):
        put(made, record, "project_office")


def test_what_has_ended_or_changed_or_is_neither_noun_is_refused(made):
    case = listable(made, "case")
    stale = type(case).objects.get(pk=case.pk)
    type(case).objects.filter(pk=case.pk).update(revision=case.revision + 1)
    with pytest.raises(Conflict):
        put(made, stale)
    case.refresh_from_db()
    listed = put(made, case, every=1)
    void(actor=made.actor("secretary"), at=AT, case=case, reason="误报")
    with pytest.raises(Conflict):
        put(made, case, "county")
    assert ticked(made, UNTIL + 5 * DAY) == []
    listed.subject = case
    assert (listed.due_on(UNTIL), listed.missed(UNTIL)) == (None, [])
    other = Entry.objects.select_related("kind").get(pk=project(made, "X02").pk)
    Entry.objects.filter(pk=other.pk).update(kind=Kind.objects.get(key="enterprise"))
    with pytest.raises(Invalid):
        put(made, Entry.objects.select_related("kind").get(pk=other.pk))


def test_reports_are_due_each_time_the_days_have_passed(made):
    record = listable(made, "project")
    listed = put(made, record, every=3)
    first, second, third = (MONDAY + 3 * n * DAY for n in (1, 2, 3))
    assert (listed.due_on(MONDAY), listed.missed(first)) == (first, [])
    report_progress(actor=made.actor("team"), at=moment(first, 23), supervision=listed, said="一")
    listed = Supervision.objects.get()
    assert (listed.due_on(first), listed.missed(second)) == (second, [])
    report_progress(actor=made.actor("team"), at=moment(second + DAY, 9), supervision=listed, said="迟")
    listed = Supervision.objects.get()
    assert listed.missed(second) == [] and listed.missed(second + DAY) == [second]
    assert (listed.due_on(third), listed.missed(third + 4 * DAY)) == (third + 3 * DAY, [second, third + 3 * DAY])


def test_the_clock_says_what_is_due_missed_and_over_once_however_it_runs(made):
    listed = put(made, listable(made, "project"), every=4)
    due, next_due = MONDAY + 4 * DAY, MONDAY + 8 * DAY
    said = [("progress_due", due), ("progress_missed", due + DAY)]
    assert ticked(made, due - DAY) == []
    assert ticked(made, due) == said[:1]
    assert ticked(made, due + DAY) == ticked(made, due + DAY) == said
    report_progress(actor=made.actor("team"), at=moment(next_due - DAY), supervision=listed, said="一")
    assert ticked(made, next_due + 2 * DAY) == said
    assert ticked(made, UNTIL + DAY)[2:] == [("list_overdue", UNTIL + DAY)]
    strike_off(actor=made.actor("leader"), at=moment(UNTIL + DAY, 10), supervision=listed, reason="好了")
    assert len(ticked(made, UNTIL + 30 * DAY)) == 3
    assert verify(made.place.pk).sound


@pytest.mark.parametrize("noun", NOUNS)
def test_who_answers_and_who_listed_are_told(made, noun):
    catch_up(made.place.pk)
    listed = put(made, listable(made, noun), every=4)
    tick(made.place, moment(MONDAY + 5 * DAY, 9))
    report_progress(actor=made.actor(answers(noun)), at=moment(MONDAY + 5 * DAY, 9), supervision=listed, said="一")
    catch_up(made.place.pk)
    told = Message.objects.filter(subject_id=listed.subject_id, subject_type=listed.subject_type).order_by("seq")

    def of(role: str) -> list[str]:
        mine = told.filter(post=made.posts[role], verb__in=[f"cases.{verb}" for verb in VERBS])
        return [m.verb.removeprefix("cases.") for m in mine]

    assert of(answers(noun)) == ["supervise", "progress_due", "progress_missed"]
    assert [verb for verb in of("leader") if verb not in {"supervise", "progress_due"}] == [
        "progress_missed",
        "progress",
    ]


VERBS = ("supervise", "strike_off", "progress", "progress_due", "progress_missed", "list_overdue")


def test_public_is_said_expressly_and_a_restricted_kind_never_is(made):
    record = listable(made, "project")
    put(made, record)
    put(made, record, "county", public=True)
    assert [s.level for s in supervised(made.actor("secretary"), public=True)] == ["county"]
    Kind.objects.filter(key="project").update(restricted=True)
    assert supervised(made.system, public=True) == []
    again = Entry.objects.select_related("kind").get(pk=project(made, "X02").pk)
    with pytest.raises(Invalid):
        put(made, again, public=True)


def test_a_list_is_within_sight_and_nearest_first_and_ones_own(made):
    entries = [Entry.objects.select_related("kind").get(pk=project(made, f"X0{n}", team="team2").pk) for n in (1, 2, 3)]
    for n, entry in enumerate(entries):
        put(made, entry, until=UNTIL - n * DAY)
    assert [s.subject for s in supervised(made.actor("secretary"))] == entries[::-1]
    assert supervised(made.actor("team")) == []
    assert len(supervised(made.actor("leader"), by=made.posts["leader"].pk)) == 3
    assert supervised(made.actor("secretary"), by=made.posts["secretary"].pk) == []


def test_a_list_costs_the_same_however_much_stands_on_it(made, django_assert_num_queries):
    secretary = made.actor("secretary")
    assert secretary.wide and not secretary.foreign
    for n in (1, 2, 3):
        entry = Entry.objects.select_related("kind").get(pk=project(made, f"X0{n}").pk)
        listed = put(made, entry, every=1)
        report_progress(actor=made.actor("team"), at=AT, supervision=listed, said="一")
        if n in {1, 3}:
            with django_assert_num_queries(3):
                assert next(s.missed(UNTIL) for s in supervised(secretary))
