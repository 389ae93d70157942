"""Timers that speak: the clock notes when the last part of a limit begins, when the limit has run out, and to whom
above that is told the longer it lasts; of the whole, and of the stage a case stands at.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from zijing.cases.above import posts_above
from zijing.cases.models import Case, Stage, Timer
from zijing.cases.models.timer import ENDED_RUNG
from zijing.cases.pleas import resume
from zijing.core.worktime import day_of
from zijing.journal.acting import Act
from zijing.outbox.alarms import Alarms
from zijing.people.access import system_actor
from zijing.records.kinds import every_kind
from zijing.records.rules import Rung

NAMED = ("spans", "case__path", "case__kind", "case__subject", "case__office")
LIMIT = ("alarm_at", "warned_at", "rung", "case__due_at", "case__closed_at", "case__stage")
TURN = ("turn", "turn_due_at", "turn_alarm_at", "turn_rung", "case__fields")
DEADLINE = Subquery(Case.objects.filter(timer=OuterRef("pk")).values("due_at")[:1])
STOOD = ("cases.stage_warned", "cases.stage_overdue")


def note_limits(a: Act, timers: list[Timer]) -> None:
    """Note what is due of whole cases (``cases.warned``, ``cases.overdue``, ``cases.escalated``)."""
    _know_kinds(timers)
    parked = [t for t in timers if t.case.stage == Stage.PARKED]
    for timer in parked:
        _wake(a, timer)
    live = [t for t in timers if t not in parked and t.case.closed_at is None]
    warned = [t for t in live if not _over(t)]
    for timer in live:
        if not timer.rung:
            a.record("cases.overdue" if _over(timer) else "cases.warned", timer.case, happened_at=timer.alarm_at)
    _escalate(a, {t: rung for t in live if t.rung and (rung := _rung(t.case.kind.ladder, t.rung - 1))})
    _set(warned, alarm_at=DEADLINE, warned_at=F("alarm_at"))
    _set([t for t in timers if t not in parked and t not in live], alarm_at=None)
    _climb([t for t in live if t not in warned], "rung", "alarm_at", lambda t: t.next_rung(t.case.due_at))


def note_turns(a: Act, timers: list[Timer]) -> None:
    """Note what is due of stages (``cases.stage_warned``, ``cases.stage_overdue``, ``cases.stage_escalated``)."""
    _know_kinds(timers)
    rungs = dict[Timer, Rung]()
    for timer in timers:
        if timer.turn_alarm_at == timer.turn_due_at:
            timer.turn_rung = max(timer.turn_rung, 1)
        if timer.turn_rung < ENDED_RUNG:
            a.record(STOOD[timer.turn_rung], timer.case, _stage(timer), happened_at=timer.turn_alarm_at)
        elif (limit := timer.stage_limit()) and (rung := _rung(limit.ladder, timer.turn_rung - ENDED_RUNG)):
            rungs[timer] = rung
    _escalate(a, rungs, of_turn=True)
    _climb(timers, "turn_rung", "turn_alarm_at", Timer.next_turn_alarm)


def _know_kinds(timers: Sequence[Timer]) -> None:
    kinds = {kind.pk: kind for kind in every_kind().values()}
    for timer in timers:
        timer.case.kind = kinds[timer.case.kind_id]


def _wake(a: Act, timer: Timer) -> None:
    """Let a parked case go on at the moment its rest was to end."""
    case = Case.objects.select_related("kind", "timer", "office").get(pk=timer.case_id)
    resume(actor=system_actor(case.office, "clock"), at=timer.alarm_at or a.at, case=case)


def _over(timer: Timer) -> bool:
    """Whether the alarm is the deadline itself or comes after it."""
    return timer.rung > 0 or timer.warned_at is not None or timer.alarm_at == timer.case.due_at


def _stage(timer: Timer) -> dict[str, list[str | None]]:
    return {"turn": [None, (timer.turn or {})["stage"]]}


def _rung(ladder: Sequence[Rung], n: int) -> Rung | None:
    return ladder[n] if n < len(ladder) else None


def _escalate(a: Act, rungs: Mapping[Timer, Rung], *, of_turn: bool = False) -> None:
    """Note to which posts it is told that these, or these at their stage, have been overdue so long."""
    told = posts_above({t.case: rung.to for t, rung in rungs.items()}, day_of(a.at))
    for timer, rung in rungs.items():
        facts = {
            "amount": [None, rung.after.amount], "clock": [None, rung.after.clock.value],
            "told": [None, {"post": told[timer.case]}],
        }  # fmt: skip
        if of_turn:
            a.record("cases.stage_escalated", timer.case, facts | _stage(timer), happened_at=timer.turn_alarm_at)
        else:
            a.record("cases.escalated", timer.case, facts, happened_at=timer.alarm_at)


def _climb(timers: Sequence[Timer], rung: str, alarm: str, following: Callable[[Timer], datetime | None]) -> None:
    """Let each have noted one thing more, and set when the next is due."""
    alike = defaultdict[tuple[int, datetime | None], list[Timer]](list)
    for timer in timers:
        noted = getattr(timer, rung) + 1
        setattr(timer, rung, noted)
        alike[noted, following(timer)].append(timer)
    for (noted, alarm_at), some in alike.items():
        _set(some, **{rung: noted, alarm: alarm_at})


def _set(timers: Sequence[Timer], **changes: object) -> None:
    if timers:
        Timer.objects.filter(pk__in=[t.pk for t in timers]).update(**changes)


LIMITS = Alarms(Timer.objects.select_related("case").only(*NAMED, *LIMIT), "alarm_at", note_limits)
TURNS = Alarms(Timer.objects.select_related("case").only(*NAMED, *TURN), "turn_alarm_at", note_turns)


def declare() -> None:
    """Let every tick look at the timers."""
    LIMITS.watch()
    TURNS.watch()
