"""Timers that speak: the clock notes when the last part of a limit begins, and when the limit has run out."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery

from zijing.cases.models import Case, Stage, Timer
from zijing.cases.pleas import resume
from zijing.journal.acting import act
from zijing.outbox.rhythm import Watch, register_watch
from zijing.people.access import Actor, system_actor
from zijing.places.models import Place

# How many timers are noted in one act: a slice must not keep other writers waiting.
SLICE = 200


def note_alarms(office: Place, at: datetime, go: Callable[[], bool]) -> int:
    """Note what the open cases' timers of an office have made due until ``at``, the oldest first; how many notes.

    Each note is a journal entry (``cases.warned``, ``cases.overdue``) at the moment it is about, so that it does not
    matter in which steps time passes. A timer noted moves on in the same act: a crash or a second ticker repeats none.
    """
    noted = 0
    while go() and _due(office, at).exists():
        done = _note_some(office, at)
        if done is None:
            break
        noted += done
    return noted


def next_alarm(office: Place) -> datetime | None:
    """When the next thing is to be noted of an office's open cases."""
    waiting = Timer.objects.filter(office=office, alarm_at__isnull=False)
    return waiting.order_by("alarm_at").values_list("alarm_at", flat=True).first()


def _due(office: Place, at: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(office=office, alarm_at__lte=at)


def _note_some(office: Place, at: datetime) -> int | None:
    """Note one slice; how many, None when another ticker has all that is due."""
    clock = system_actor(office, "clock")
    with act(clock, at) as a:
        timers = _slice(office, at)
        for timer in (rested := [t for t in timers if t.case.stage == Stage.PARKED]):
            _wake(clock, timer, at)
        timers = [t for t in timers if t not in rested]
        live = [t for t in timers if t.case.closed_at is None]
        for timer in live:
            verb = "cases.overdue" if _over(timer) else "cases.warned"
            a.record(verb, timer.case, happened_at=timer.alarm_at)
        _move_on([t.pk for t in live if not _over(t)], alarm_at=_DEADLINE, warned_at=F("alarm_at"))
        _move_on([t.pk for t in timers if t not in live or _over(t)], alarm_at=None)
        return len(live) + len(rested) if timers or rested else None


def _wake(clock: Actor, timer: Timer, at: datetime) -> None:
    """Let a parked case go on at the moment its rest was to end."""
    case = Case.objects.select_related("kind", "timer").get(pk=timer.case_id)
    resume(actor=clock, at=timer.alarm_at or at, case=case)


_DEADLINE = Subquery(Case.objects.filter(timer=OuterRef("pk")).values("due_at")[:1])


def _slice(office: Place, at: datetime) -> list[Timer]:
    rows = _due(office, at).select_related("case").order_by("alarm_at", "pk")
    if connection.vendor == "postgresql":  # on SQLite nobody else writes meanwhile
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    return list(
        rows.only("alarm_at", "warned_at", "case__path", "case__due_at", "case__closed_at", "case__stage")[:SLICE]
    )


def _over(timer: Timer) -> bool:
    """Whether the alarm is the deadline itself."""
    return timer.warned_at is not None or timer.alarm_at == timer.case.due_at


def _move_on(timers: list[int], **changes: object) -> None:
    if timers:
        Timer.objects.filter(pk__in=timers).update(**changes)


def declare() -> None:
    """Let every tick look at the timers."""
    register_watch(Watch(note_alarms, next_alarm))
