"""The only scheduler: ``tick`` performs whatever an office's clock has made due, idempotently and in order of time.

A rhythm that is put off (``off`` is "next") waits for the next working day; two of its days that meet there are two
occasions of one turn. Any other is performed on its day, holiday or not.
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from zijing.core.worktime import DAY, ZONE, is_working
from zijing.journal.acting import act
from zijing.outbox.models import Rhythm
from zijing.people.access import system_actor
from zijing.places.models import Place

Task = Callable[[Place, datetime], None]
Turn = Callable[[Place, datetime, "Occasion"], None]
Go = Callable[[], bool]
_tasks: dict[str, Task] = {}
_turns: dict[str, tuple[Turn, str]] = {}
_watches: list["Watch"] = []


@dataclass(frozen=True)
class Occasion:
    """What a turn is about: what stands behind the colon in its rhythm's task, its own day, and how often it comes."""

    about: str
    day: date
    every: str


@dataclass(frozen=True)
class Watch:
    """What falls due without a rhythm: ``note(office, at, go)`` notes it until ``at``, in acts of its own, and says
    how much; ``next_at(office)`` is when it will next, if that is known.
    """

    note: Callable[[Place, datetime, Go], int]
    next_at: Callable[[Place], datetime | None] = lambda _office: None


def register_task(name: str, task: Task) -> None:
    """Make ``task(office, at)`` known by name, so that a pack's rhythm can call for it."""
    _tasks[name] = task


def register_turn(name: str, turn: Turn, *, wants: str) -> None:
    """Make ``turn(office, at, occasion)`` known as "name:about"; ``wants`` is what it is about: "form" or "kind"."""
    _turns[name] = turn, wants


def register_watch(watch: Watch) -> None:
    """Let every tick look at this too."""
    _watches.append(watch)


def known_tasks() -> Mapping[str, str]:
    """The names a rhythm may use, each with what it is about: "" for nothing, "form" or "kind"."""
    return dict.fromkeys(_tasks, "") | {name: wants for name, (_turn, wants) in _turns.items()}


def performed_on(rhythm: Rhythm, day: date) -> list[date]:
    """The rhythm's days that are performed on ``day``: itself, or those put off until it, the oldest first."""
    if rhythm.off != Rhythm.Off.NEXT:
        return [day] if falls_on(rhythm, day) else []
    if not is_working(day):
        return []
    days = [day]
    while not is_working(days[-1] - DAY):
        days.append(days[-1] - DAY)
    return [d for d in reversed(days) if falls_on(rhythm, d)]


def falls_on(rhythm: Rhythm, day: date) -> bool:
    """Whether ``day`` is one of the rhythm's own days, whenever it is performed."""
    match rhythm.every:
        case Rhythm.Every.WORKDAY:
            return is_working(day)
        case Rhythm.Every.WEEK:
            return day.isoweekday() == int(rhythm.on)
        case Rhythm.Every.QUARTER:
            month, _sign, of_month = rhythm.on.partition("-")
            return (day.month - 1) % 3 + 1 == int(month) and _falls_in_month(of_month, day)
    return _falls_in_month(rhythm.on, day)


def _falls_in_month(on: str, day: date) -> bool:
    """Whether ``day`` is the one that ``on`` names in its month: its number, at most the last, or last-workday."""
    last = calendar.monthrange(day.year, day.month)[1]
    if on == "last-workday":
        rest = (day + DAY * n for n in range(1, last - day.day + 1))
        return is_working(day) and not any(is_working(d) for d in rest)
    return day.day == min(int(on), last)


def next_after(rhythm: Rhythm, moment: datetime) -> datetime:
    """The first time after ``moment`` at which the rhythm is due."""
    day = moment.astimezone(ZONE).date()
    while True:
        at = datetime.combine(day, rhythm.at, ZONE)
        if at > moment and performed_on(rhythm, day):
            return at
        day += DAY


def tick(office: Place, at: datetime, *, go: Go = lambda: True) -> int:
    """Perform everything due for ``office`` until ``at``, oldest first; returns how much was done.

    ``go`` is asked before each piece; when it says no, the rest is left for the next tick. Each task runs in an act of
    its own together with moving its rhythm on, so a crash repeats or loses nothing. What is watched is noted up to the
    moment of each task, so that a task finds the office as it was then.
    """
    done = 0
    while go():
        rhythm = Rhythm.objects.filter(office=office, next_at__lte=at).order_by("next_at", "pk").first()
        until = rhythm.next_at if rhythm else at
        done += sum(watch.note(office, until, go) for watch in _watches)
        if rhythm is None:
            break
        if go():
            done += _perform(office, rhythm)
    return done


def _perform(office: Place, rhythm: Rhythm) -> int:
    """Perform a rhythm's task for the moment it is due; 0 when another ticker has."""
    due = rhythm.next_at
    with act(system_actor(office, "clock"), due):
        moved = Rhythm.objects.filter(pk=rhythm.pk, next_at=due).update(
            next_at=next_after(rhythm, due), last_at=F("next_at")
        )
        if moved:
            _do(office, rhythm, due)
    return moved


def _do(office: Place, rhythm: Rhythm, due: datetime) -> None:
    """The task once, a turn once for each day that is performed now."""
    name, _colon, about = rhythm.task.partition(":")
    if name in _tasks:
        _tasks[name](office, due)
        return
    turn, _wants = _turns[name]
    for day in performed_on(rhythm, due.astimezone(ZONE).date()):
        turn(office, due, Occasion(about, day, rhythm.every))


def next_due(office: Place) -> datetime | None:
    """When the next thing is due in the office: a rhythm, or what is watched."""
    rhythm = Rhythm.objects.filter(office=office).order_by("next_at").values_list("next_at", flat=True).first()
    return min((at for at in (rhythm, *(w.next_at(office) for w in _watches)) if at), default=None)
