"""Verbs of what is asked and decided about a case: more time, parking, an appeal, an unreasonable demand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from zijing.cases.access import ASKED_AT, has_turn
from zijing.cases.actions import change, hold, move, note
from zijing.cases.models import CLOCK, TURN, Case, Plea, Timer
from zijing.core.errors import Conflict, DomainError, Invalid, Refused
from zijing.core.worktime import OPENING, ZONE, day_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.records.models import Attachment

Matter = Plea.Matter
# As cities' filing and closing standards have it: more time twice at most, parked once and for a year at most.
EXTENSIONS, LONGEST_PARKING = 2, timedelta(days=365)


def ask(
    *, actor: Actor, at: datetime, case: Case, matter: str, reason: str, amount: int | None = None,
    until: date | None = None, reference: str = "",
) -> Plea:  # fmt: skip
    """Ask for something the unit that answers for a case cannot decide itself; another post decides.

    An extension (延期) is asked for before the deadline, at most twice, each time for no more than the limit
    (``amount`` in its unit). Parking (挂账) is asked for once, to the day ``until``, within a year. An appeal (申诉)
    is against a closing after the deadline. Calling a demand unreasonable (不合理诉求) needs evidence, a document in
    the case or the ``reference`` of one, and a kind whose cases are demands from outside: residents, the hotline.
    """
    require(actor, "cases.handle")
    rule = RULES.get(matter)
    if rule is None or not reason.strip():
        raise Invalid(_("Say what you ask for and why."), field="reason")
    if not has_turn(case, actor):
        raise Refused(_("It is another unit's turn."))
    with act(actor, at) as a:
        hold(case, ASKED_AT[matter])
        wanted = Wanted(amount, until, reference.strip()[:120])
        if fault := rule.fault(case, at, wanted):
            raise fault
        if case.pleas.filter(matter=matter, granted=None).exists():
            raise Conflict(_("This is asked for already; the decision is awaited."))
        made = Plea.objects.create(
            case=case, matter=matter, reason=reason.strip()[:500], asked_at=at, asked_by_id=actor.post_id,
            amount=amount if matter == Matter.EXTENSION else None, until=until if matter == Matter.PARKING else None,
            reference=wanted.reference if matter == Matter.EXCLUSION else "",
        )  # fmt: skip
        note(a, case, f"{matter}_asked", case.stage, reason=reason)
        a.record(f"cases.{matter}_asked", case, _facts(made))
        return made


def decide(*, actor: Actor, at: datetime, plea: Plea, granted: bool, answer: str = "") -> None:
    """Grant what was asked for or not, by another post than the one that asked; a refusal says why."""
    require(actor, "cases.grant")
    if plea.asked_by_id is not None and plea.asked_by_id == actor.post_id:
        raise Refused(_("Who asked does not decide."))
    if not granted and not answer.strip():
        raise Invalid(_("Say why."), field="answer")
    case, rule = plea.case, RULES[plea.matter]
    with act(actor, at) as a:
        hold(case)
        decision = {"granted": granted, "decided_at": at, "decided_by": actor.post_id, "answer": answer.strip()[:500]}
        if not Plea.objects.filter(pk=plea.pk, granted=None).update(**decision):
            raise Conflict(_("This is decided already."))
        source = case.stage
        if granted:
            rule.grant(a, actor, case, plea)
        verb = f"{plea.matter}_{'granted' if granted else 'denied'}"
        if case.stage == source:
            note(a, case, verb, source, reason=answer)
        a.record(f"cases.{verb}", case, _facts(plea))


def resume(*, actor: Actor, at: datetime, case: Case) -> None:
    """Go on with a parked case: by its unit, or by the clock when its time has come."""
    with act(actor, at) as a:
        ends = _standing(case).resume(at)
        move(a, case, "resume", actor, timed=CLOCK, due_at=ends.at)


def _standing(case: Case) -> Timer:
    """The timer of a case as the clock has left it, which notes without moving the case; locked until the act ends."""
    timer: Timer = case.timer
    timer.refresh_from_db(from_queryset=Timer.objects.select_for_update())
    return timer


def _facts(plea: Plea) -> dict[str, list[object]]:
    facts = {"amount": plea.amount, "until": plea.until}
    return {name: [None, value] for name, value in facts.items() if value is not None}


class Wanted(NamedTuple):
    """How much or until when is asked for, and what shows the reason."""

    amount: int | None
    until: date | None
    reference: str


def _extension_fault(case: Case, at: datetime, wanted: Wanted) -> DomainError | None:
    if case.due_at is None or at >= case.due_at:
        return Conflict(_("More time is asked for before the deadline."))
    if case.pleas.filter(matter=Matter.EXTENSION, granted=True).count() >= EXTENSIONS:
        return Conflict(_("It has been given more time twice; more is not possible."))
    if wanted.amount is None or not 1 <= wanted.amount <= case.timer.amount:
        limit = case.timer.limit
        return Invalid(_("Ask for at least 1 and at most the limit itself: %(limit)s."), field="amount", limit=limit)
    return None


def _extend(a: Act, _actor: Actor, case: Case, plea: Plea) -> None:
    ends = _standing(case).extend(a.at, plea.amount or 0)
    change(a, case, due_at=ends.at)
    case.timer.save(update_fields=[*CLOCK, *TURN])


def _parking_fault(case: Case, at: datetime, wanted: Wanted) -> DomainError | None:
    if case.pleas.filter(matter=Matter.PARKING, granted=True).exists():
        return Conflict(_("A case is parked at most once."))
    if wanted.until is None or not day_of(at) < wanted.until <= day_of(at) + LONGEST_PARKING:
        return Invalid(_("Say until which day, within a year."), field="until")
    return None


def _park(a: Act, actor: Actor, case: Case, plea: Plea) -> None:
    until = datetime.combine(plea.until or day_of(a.at), OPENING, ZONE)
    if until <= a.at:
        raise Conflict(_("%(day)s is already past."), day=plea.until)
    ends = _standing(case).pause(a.at, until)
    move(a, case, "park", actor, reason=plea.reason, timed=CLOCK, due_at=ends.at)


def _appeal_fault(case: Case, _at: datetime, _wanted: Wanted) -> DomainError | None:
    if case.closed_on_time is not False:
        return Conflict(_("It was closed on time: there is nothing to appeal."))
    return _exempt_fault(case)


def _exempt_fault(case: Case) -> DomainError | None:
    return Conflict(_("It is left out of the rates already.")) if case.exempt else None


def _exclusion_fault(case: Case, _at: datetime, wanted: Wanted) -> DomainError | None:
    if not case.kind.demands:
        return Conflict(_("“%(kind)s” is no demand from outside: it is not found unreasonable."), kind=str(case.kind))
    if fault := _exempt_fault(case):
        return fault
    papers = Attachment.objects.filter(subject_type=case._meta.label_lower, subject_id=case.pk, part="document")
    shown = bool(wanted.reference) or papers.exists()
    return None if shown else Conflict(_("Add the document that shows it first, or name its number."))


def _exempt(a: Act, _actor: Actor, case: Case, plea: Plea) -> None:
    if fault := _exempt_fault(case):
        raise fault
    change(a, case, exempt=plea.matter)


@dataclass(frozen=True)
class Rule:
    """What speaks against asking for something, and what its granting does."""

    fault: Callable[[Case, datetime, Wanted], DomainError | None]
    grant: Callable[[Act, Actor, Case, Plea], None]


RULES: dict[str, Rule] = {
    Matter.EXTENSION: Rule(_extension_fault, _extend),
    Matter.PARKING: Rule(_parking_fault, _park),
    Matter.APPEAL: Rule(_appeal_fault, _exempt),
    Matter.EXCLUSION: Rule(_exclusion_fault, _exempt),
}
