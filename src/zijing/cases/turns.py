"""Turns that speak: the clock notes when a stage has stood for most of its limit and when for all of it, and to whom
above that is told the longer it lasts. Each is told to whoever's turn it is.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from zijing.cases.alarms import posts_above
from zijing.cases.models import Timer
from zijing.cases.models.timer import ENDED_RUNG
from zijing.core.worktime import day_of
from zijing.journal.acting import Act, act
from zijing.outbox.rhythm import Watch, register_watch
from zijing.people.access import system_actor
from zijing.places.models import Place
from zijing.records.kinds import every_kind

READ = (
    "turn", "turn_due_at", "turn_alarm_at", "turn_rung", "spans", "case__path", "case__kind", "case__subject",
    "case__office", "case__fields",
)  # fmt: skip
# How many turns are noted in one act: a slice must not keep other writers waiting.
SLICE = 200
VERBS = ("cases.stage_warned", "cases.stage_overdue")


def note_turns(office: Place, at: datetime, go: Callable[[], bool]) -> int:
    """Note what the turns of an office's open cases have made due until ``at``, the oldest first; how many notes.

    Each note is a journal entry (``cases.stage_warned``, ``cases.stage_overdue``, ``cases.stage_escalated``) at the
    moment it is about. A turn noted moves on in the same act: a crash or a second ticker repeats none.
    """
    noted = 0
    while go() and _due(office, at).exists():
        done = _note_some(office, at)
        if not done:
            break
        noted += done
    return noted


def next_turn(office: Place) -> datetime | None:
    """When the next thing is to be noted of a turn in an office."""
    waiting = Timer.objects.filter(office=office, turn_alarm_at__isnull=False)
    return waiting.order_by("turn_alarm_at").values_list("turn_alarm_at", flat=True).first()


def _due(office: Place, at: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(office=office, turn_alarm_at__lte=at)


def _note_some(office: Place, at: datetime) -> int:
    """Note one slice; how many, none when another ticker has all that is due."""
    with act(system_actor(office, "clock"), at) as a:
        timers = _slice(office, at)
        for timer in timers:
            if timer.turn_alarm_at == timer.turn_due_at:
                timer.turn_rung = max(timer.turn_rung, 1)
            if timer.turn_rung < ENDED_RUNG:
                stage = (timer.turn or {})["stage"]
                a.record(VERBS[timer.turn_rung], timer.case, {"turn": [None, stage]}, happened_at=timer.turn_alarm_at)
        _escalate(a, [t for t in timers if t.turn_rung >= ENDED_RUNG])
        _move_on(timers)
        return len(timers)


def _escalate(a: Act, timers: Sequence[Timer]) -> None:
    """Note to which posts it is told that these have stood at their stage so long."""
    limits = {t: t.stage_limit() for t in timers}
    steps = {t: s.ladder[n] for t, s in limits.items() if s and (n := t.turn_rung - ENDED_RUNG) < len(s.ladder)}
    told = posts_above({t.case: rung.to for t, rung in steps.items()}, day_of(a.at))
    for timer, rung in steps.items():
        facts = {
            "turn": [None, (timer.turn or {})["stage"]], "amount": [None, rung.after.amount],
            "clock": [None, rung.after.clock.value], "told": [None, {"post": told[timer.case]}],
        }  # fmt: skip
        a.record("cases.stage_escalated", timer.case, facts, happened_at=timer.turn_alarm_at)


def _move_on(timers: Sequence[Timer]) -> None:
    """Set what is noted next of each."""
    following: dict[tuple[int, datetime | None], list[int]] = defaultdict(list)
    for timer in timers:
        timer.turn_rung += 1
        following[timer.turn_rung, timer.next_turn_alarm()].append(timer.pk)
    for (rung, alarm_at), ids in following.items():
        Timer.objects.filter(pk__in=ids).update(turn_rung=rung, turn_alarm_at=alarm_at)


def _slice(office: Place, at: datetime) -> list[Timer]:
    rows = _due(office, at).select_related("case").order_by("turn_alarm_at", "pk")
    if connection.vendor == "postgresql":  # on SQLite nobody else writes meanwhile
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    timers = list(rows.only(*READ)[:SLICE])
    kinds = {kind.pk: kind for kind in every_kind().values()}
    for timer in timers:
        timer.case.kind = kinds[timer.case.kind_id]
    return timers


def declare() -> None:
    """Let every tick look at the turns."""
    register_watch(Watch(note_turns, next_turn))
