"""The whole loop against a model: random posts try random steps at random times, two of them at once.

Whatever is tried: a step succeeds exactly when the page offers it, the stage is one the table of moves leads to, the
deadline is what the timer's spans say, and the figures are what a naive recount of the journal comes to.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.cases.test_pleas import document
from tests.factories.office import FOUNDED, MONDAY, Office, moment, office
from zijing.cases import actions, pleas, shares
from zijing.cases.access import (
    ASKED_AT,
    MOVES,
    OPEN,
    WORKED_ON,
    askable,
    may_answer,
    may_decide,
    may_involve,
    next_steps,
)  # fmt: skip
from zijing.cases.merging import merge, unmerge
from zijing.cases.models import ENDED, STEPS as DONE_AT, Case, Plea, Share, Stage, Step, Timer
from zijing.core.errors import DomainError
from zijing.core.worktime import ZONE, Clock, Limit, Span, due
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.records.models import Kind
from zijing.records.rules import limit_from

pytestmark = pytest.mark.django_db
ROLES = ("secretary", "leader", "project_office", "section", "team", "team2", "community", "grid", "county")
RARE = {"void", "refuse"}
ITS_OWN = "whoever's turn it is"
POSTS = st.one_of(st.just(ITS_OWN), st.sampled_from(ROLES))
UNITS = st.sampled_from(("team", "team2", "section", "community"))
AT = moment(MONDAY, 10)
LAST = date(2021, 12, 31)
Verb = Callable[..., object]


def plain(verb: Verb, **more: str) -> Verb:
    """A verb that needs no unit."""

    def do(*, unit: object, **given: object) -> object:
        return verb(**given, **more)

    return do


def reasoned(verb: Verb) -> Verb:
    return plain(verb, reason="x")


VERBS: dict[str, Verb] = {
    "verify": plain(actions.verify), "refuse": reasoned(actions.refuse), "dispatch": actions.dispatch,
    "accept": plain(actions.accept), "object": reasoned(actions.object_), "submit": reasoned(actions.submit),
    "close": plain(actions.close), "rework": reasoned(actions.rework), "reopen": reasoned(actions.reopen),
    "void": reasoned(actions.void), "resume": plain(pleas.resume),
}  # fmt: skip
STEPS = st.sampled_from(sorted(VERBS))


class Loop(RuleBasedStateMachine):
    """One case in an office; every example files its own, the numbers are those of them all."""

    made: Office
    actors: dict[str, Actor]
    verified = False
    within: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.at = AT
        kind = Kind.objects.get(key="issue")
        kind.definition = {**kind.definition, "verified": self.verified, "within": self.within, "demands": True}
        kind.save()
        self.pk, self.other_pk = self.filed().pk, self.filed().pk
        self.filed_at = self.at

    def filed(self) -> Case:
        values = {"what": "占道经营", "class": "appearance", "place": "第一网格"}
        kind = Kind.objects.get(key="issue")
        filed = record(actor=self.made.actor("grid"), at=self.at, kind=kind, values=values)
        assert isinstance(filed, Case)
        document(self.made, filed)
        return filed

    @property
    def case(self) -> Case:
        return self.read(self.pk)

    def read(self, pk: int) -> Case:
        found: Case = Case.objects.select_related("kind", "place", "unit", "timer").get(pk=pk)
        return found

    def who(self, role: str) -> Actor:
        if role != ITS_OWN:
            return self.actors[role]
        unit = Case.objects.values_list("unit", flat=True).get(pk=self.pk)
        return next((a for a in self.actors.values() if a.unit_id == unit), self.actors["secretary"])

    def tried(self, expected: bool, do: Callable[[], object]) -> None:
        """Something that succeeds as expected; what is refused leaves everything as it was."""
        before, entries = self.as_it_stands(), JournalEntry.objects.count()
        try:
            do()
        except DomainError:
            assert not expected
            assert (self.as_it_stands(), JournalEntry.objects.count()) == (before, entries)
        else:
            assert expected
            assert JournalEntry.objects.count() > entries

    def as_it_stands(self) -> list[Any]:
        tables = (
            Case.objects.filter(pk__in=(self.pk, self.other_pk)),
            *(t.objects.filter(case__in=(self.pk, self.other_pk)) for t in (Step, Plea, Share, Timer)),
        )
        return [list(rows.order_by("pk").values()) for rows in tables]

    @rule(verb=STEPS, role=POSTS, unit=UNITS)
    def step(self, verb: str, role: str, unit: str) -> None:
        case, actor = self.case, self.who(role)
        waits = verb == "submit" and case.shares.filter(answered_at=None).exists()
        offered = verb in {m.verb for m in next_steps(case, actor)} and not waits
        self.tried(offered, lambda: self.do(verb, actor, case, unit))

    def do(self, verb: str, actor: Actor, case: Case, unit: str) -> None:
        VERBS[verb](actor=actor, at=self.at, case=case, unit=self.made.posts[unit].unit)

    @rule(n=st.integers(0, 30), unit=UNITS)
    def go_on(self, n: int, unit: str) -> None:
        """One of the steps that are offered to anybody: without it most tries end at a refusal."""
        case = self.case
        offered = [
            (m.verb, actor)
            for actor in self.actors.values()
            for m in next_steps(case, actor)
            if m.verb not in RARE or not n
        ]
        if offered:
            verb, actor = offered[n % len(offered)]
            waits = verb == "submit" and case.shares.filter(answered_at=None).exists()
            self.tried(not waits, lambda: self.do(verb, actor, case, unit))

    @rule(first=STEPS, second=STEPS, one=POSTS, other=POSTS, unit=UNITS)
    def two_at_once(self, first: str, second: str, one: str, other: str, unit: str) -> None:
        """Both saw the same page: of two moves at most one is made."""
        seen, made = [self.case, self.case], 0
        for verb, role, case in ((first, one, seen[0]), (second, other, seen[1])):
            with suppress(DomainError):
                self.do(verb, self.who(role), case, unit)
                made += 1
        assert made <= 1

    @rule(role=POSTS, turned=st.booleans(), itself=st.integers(0, 9))
    def merge(self, role: str, turned: bool, itself: int) -> None:
        """One case is merged into the other; which one, and now and then into itself."""
        pks = [self.pk, self.other_pk][:: -1 if turned else 1]
        case, into, actor = self.read(pks[0]), self.read(pks[1 if itself else 0]), self.who(role)
        expected = actor.may("cases.dispatch") and {case.stage, into.stage} <= set(OPEN) and case.pk != into.pk
        self.tried(expected, lambda: merge(actor=actor, at=self.at, case=case, into=into))

    @rule(role=POSTS)
    def merge_both_ways_at_once(self, role: str) -> None:
        """Both saw both cases open: no circle comes of it."""
        actor, made = self.who(role), 0
        seen = [(self.read(self.pk), self.read(self.other_pk)), (self.read(self.other_pk), self.read(self.pk))]
        for case, into in seen:
            with suppress(DomainError):
                merge(actor=actor, at=self.at, case=case, into=into)
                made += 1
        assert made <= 1

    @rule(role=POSTS, reason=st.sampled_from(("x", "")))
    def unmerge(self, role: str, reason: str) -> None:
        merged = Case.objects.filter(pk__in=(self.pk, self.other_pk)).exclude(merged_into=None).first()
        case, actor = self.read(merged.pk if merged else self.pk), self.who(role)
        stands = case.standing.stage in OPEN and case.merged_into_id is not None
        expected = actor.may("cases.dispatch") and stands and bool(reason)
        self.tried(expected, lambda: unmerge(actor=actor, at=self.at, case=case, reason=reason))

    @rule(role=POSTS, verb=STEPS, unit=UNITS)
    def step_of_the_other(self, role: str, verb: str, unit: str) -> None:
        with suppress(DomainError):
            self.do(verb, self.who(role), self.read(self.other_pk), unit)

    @rule(matter=st.sampled_from(list(Plea.Matter)), role=POSTS, amount=st.integers(0, 6), days=st.integers(0, 40))
    def ask(self, matter: Plea.Matter, role: str, amount: int, days: int) -> None:
        case, actor = self.case, self.who(role)
        until = self.at.astimezone(ZONE).date() + timedelta(days=days)
        granted = case.pleas.filter(granted=True)
        sensible = {
            Plea.Matter.EXTENSION: lambda: (
                case.due_at is not None and self.at < case.due_at and 1 <= amount <= case.timer.amount
                and granted.filter(matter=matter).count() < 2
            ),
            Plea.Matter.PARKING: lambda: days >= 1 and not granted.filter(matter=matter).exists(),
            Plea.Matter.APPEAL: lambda: case.closed_on_time is False,
            Plea.Matter.EXCLUSION: lambda: True,
        }  # fmt: skip
        again = case.pleas.filter(matter=matter, granted=None).exists()
        expected = matter in askable(case, actor) and sensible[matter]() and not again
        self.tried(
            expected,
            lambda: pleas.ask(
                actor=actor, at=self.at, case=case, matter=matter, reason="x", amount=amount, until=until
            ),
        )

    @precondition(lambda self: self.case.pleas.filter(granted=None).exists())
    @rule(role=POSTS, granted=st.booleans())
    def decide(self, role: str, granted: bool) -> None:
        plea = self.case.pleas.filter(granted=None).select_related("case__timer").order_by("pk")[0]
        actor = self.who(role)
        past = plea.until is not None and moment(plea.until, 8) <= self.at
        twice = plea.matter in {"appeal", "exclusion"} and plea.case.exempt
        expected = may_decide(plea, actor) and not (granted and (past or twice))
        self.tried(expected, lambda: pleas.decide(actor=actor, at=self.at, plea=plea, granted=granted, answer="x"))

    @rule(role=POSTS, unit=UNITS)
    def involve(self, role: str, unit: str) -> None:
        case, actor, asked = self.case, self.who(role), self.made.posts[unit].unit
        leads = asked.pk == case.unit_id
        again = case.shares.filter(unit=asked, answered_at=None).exists()
        expected = may_involve(case, actor) and not leads and not again
        self.tried(expected, lambda: shares.involve(actor=actor, at=self.at, case=case, unit=asked, task="x"))

    @precondition(lambda self: self.case.shares.filter(answered_at=None).exists())
    @rule(role=POSTS)
    def answer(self, role: str) -> None:
        share, actor = self.case.shares.filter(answered_at=None).select_related("case", "unit")[0], self.who(role)
        self.tried(may_answer(share, actor), lambda: shares.answer(actor=actor, at=self.at, share=share, answer="x"))

    @rule(hours=st.integers(1, 24 * 9))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        tick(self.made.place, self.at)

    @invariant()
    def the_stage_is_where_its_steps_lead(self) -> None:
        stage = Stage.REPORTED if self.verified else Stage.FILED
        for step in Step.objects.filter(case=self.pk).order_by("pk"):
            assert step.from_stage == stage
            if step.to_stage != step.from_stage:
                assert MOVES[step.verb].target in {step.to_stage, None} and stage in MOVES[step.verb].sources
            stage = Stage(step.to_stage)
        assert stage == Case.objects.values_list("stage", flat=True).get(pk=self.pk)
        assert [to for _at, to in _stages(self.made, self.pk)][-1:] in ([], [stage])

    @invariant()
    def the_deadline_is_what_its_spans_say(self) -> None:
        case = self.case
        if case.stage in ENDED:
            assert case.closed_at is not None and case.timer.alarm_at is None
        else:
            assert case.closed_at is None and case.timer.due().at == case.due_at
        assert (case.closed_on_time is not None) == (case.stage == Stage.CLOSED)
        rests = [datetime.fromisoformat(s["until"]) for s in case.timer.spans if s["kind"] == "paused"]
        if case.stage == Stage.PARKED:
            assert case.timer.alarm_at == rests[-1]

    @invariant()
    def what_is_merged_is_voided_for_one_that_stands(self) -> None:
        for case in Case.objects.filter(pk__in=(self.pk, self.other_pk)).exclude(merged_into=None):
            assert case.stage == Stage.VOIDED and case.standing.merged_into_id is None

    @invariant()
    def each_stage_is_left_by_when_the_journal_says(self) -> None:
        """The turn, and what the steps keep of earlier ones, are what a recount from the journal comes to."""
        began = Turn(self.filed_at, Stage.REPORTED if self.verified else Stage.FILED, self.filed_at)
        *past, now = turns(self.made, self.pk, began)
        left = [s for s in Step.objects.filter(case=self.pk).order_by("pk") if s.from_stage != s.to_stage]
        clock = self.case.timer.limit.clock
        for turn, following, step in zip(past, (*past, now)[1:], left, strict=True):
            assert (step.from_stage, step.at) == (turn.stage, following.entered)
            assert step.since == (None if turn.stage in ENDED else turn.entered)
            assert step.due_at == (None if following.stage == Stage.PARKED else turn.ends(self.within, clock))
        timer = self.case.timer
        assert timer.entered == (None if now.stage in ENDED else now.entered)
        assert timer.turn_due_at == now.ends(self.within, clock)
        assert timer.turn_due_at is not None or timer.turn_alarm_at is None

    @invariant()
    def what_is_asked_for_fits_and_is_given_no_more_than_allowed(self) -> None:
        case = self.case
        assert all(case.stage in ASKED_AT[p.matter] for p in case.pleas.filter(granted=None))
        assert case.pleas.filter(matter="extension", granted=True).count() <= 2
        assert case.pleas.filter(matter="parking", granted=True).count() <= 1
        assert case.exempt != "appeal" or case.stage == Stage.CLOSED

    def teardown(self) -> None:
        assert verify(self.made.place.pk).sound
        counted = dict.fromkeys(("cases.open", "cases.filed", "cases.closed", "cases.reopened"), 0)
        for case in Case.objects.filter(office=self.made.place):
            stages = [to for _at, to in _stages(self.made, case.pk)]
            now = stages[-1] if stages else Stage.REPORTED if self.verified else Stage.FILED
            counted["cases.closed"] += now == Stage.CLOSED
            counted["cases.filed"] += now not in {Stage.REPORTED, Stage.VOIDED}
            counted["cases.open"] += now not in {Stage.REPORTED, Stage.VOIDED, Stage.CLOSED}
            counted["cases.reopened"] += now != Stage.VOIDED and Stage.REOPENED in stages
        days = {"since": FOUNDED.date(), "until": LAST}
        reader = self.made.actor("secretary")
        at = moment(LAST, 12)
        assert {key: value(find(key), reader, at=at, **days).amount for key in counted} == counted


@dataclass
class Turn:
    """A stage as the journal tells of it: since when it lasts, since when its limit runs, what interrupted it."""

    entered: datetime
    stage: Stage
    since: datetime
    rests: list[Span] = field(default_factory=list)
    more: int = 0

    def ends(self, within: dict[str, Any], clock: Clock) -> datetime | None:
        rule = within.get(DONE_AT.get(self.stage, ""))
        if rule is None:
            return None
        ends = due([Span("running", self.since), *self.rests], limit_from(rule))
        more = self.more if self.stage == Stage.HANDLING else 0
        return ends.and_more(Limit(more, clock), self.rests).at if more else ends.at


def turns(made: Office, pk: int, began: Turn) -> list[Turn]:
    """The stages a case has stood at, from the journal alone: more time is given until what it is for is handed in."""
    found = [began]
    entries = JournalEntry.objects.filter(office=made.place.pk, subject_type="cases.case", subject_id=pk)
    for entry in entries.order_by("seq"):
        was = found[-1]
        if entry.verb == "cases.extension_granted":
            was.more += entry.changes["amount"][1]
        if not entry.changes.get("stage") or entry.changes["stage"][0] is None:
            continue
        at, stage = entry.happened_at, Stage(entry.changes["stage"][1])
        new = Turn(at, stage, at)
        if was.stage == Stage.PARKED and stage == Stage.HANDLING and found[-2].stage == Stage.HANDLING:
            rest = Span("paused", was.entered, at)
            new = Turn(at, stage, found[-2].since, [*found[-2].rests, rest], found[-2].more)
        elif stage in {Stage.FILED, Stage.DISPATCHED, Stage.HANDLING} and was.stage in {Stage.FILED, *WORKED_ON}:
            new.more = was.more
        found.append(new)
    return found


def _stages(made: Office, pk: int) -> Iterator[tuple[datetime, Stage]]:
    """The stages a case has come to, from the journal alone."""
    entries = JournalEntry.objects.filter(office=made.place.pk, subject_type="cases.case", subject_id=pk)
    for entry in entries.order_by("seq"):
        if entry.changes.get("stage") and entry.changes["stage"][0] is not None:
            yield entry.happened_at, Stage(entry.changes["stage"][1])


WITHIN = {
    "verify": {"amount": 2, "clock": "office_hours"}, "dispatch": {"amount": 3, "clock": "continuous_hours"},
    "accept": {"amount": 4, "clock": "office_hours"}, "handle": {"amount": 3, "clock": "working_days"},
    "check": {"amount": 2, "clock": "calendar_days"},
}  # fmt: skip


@pytest.mark.parametrize(("verified", "within"), [(False, {}), (False, WITHIN), (True, WITHIN)])
def test_whatever_is_tried_the_loop_holds(verified: bool, within: dict[str, Any]) -> None:
    made = office()
    Rhythm.objects.filter(office=made.place).delete()  # all of them are about projects
    actors = {role: made.actor(role) for role in ROLES}
    machine = type("Tried", (Loop,), {"made": made, "actors": actors, "verified": verified, "within": within})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=16, stateful_step_count=25, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )  # fmt: skip
