"""The year replayed: the demo office's 2020 through the same verbs as any office's, with a seed and a clock.

Nothing is kept beside the records: going on reads the shares last reported, the cases and the proposals as they
stand, and leaves alone what people have meanwhile done themselves.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from itertools import chain
from threading import Lock

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import ZONE
from zijing.demo import (
    cases,
    indicators,
    judgements,
    ledgers,
    letters,
    papers,
    promises,
    reports,
    rounds,
    schedules,
    scores,
    sweep,
)
from zijing.demo.days import BEGINS, FARTHEST, STOPS, days
from zijing.demo.founding import found
from zijing.demo.world import Happening, World
from zijing.journal.acting import writing
from zijing.journal.models import JournalEntry
from zijing.outbox.rhythm import next_due, tick
from zijing.people.access import Actor, require, system_actor
from zijing.places import clock as clocks
from zijing.places.actions import set_clock
from zijing.places.models import Place

MOST_ACTIONS = 20_000
BATCH = 20
SOURCES = (
    reports.on, cases.on, ledgers.on, indicators.on, promises.on, papers.on, rounds.on, judgements.on, schedules.on,
    letters.on, scores.on,
)  # fmt: skip
Progress = Callable[[int, int, str], None]
_moving = Lock()


class Clock:
    """The office's clock during a run: it asks when something next falls due only after what may have changed that."""

    def __init__(self, office: Place) -> None:
        self._office = office
        self._asked = False
        self._due: datetime | None = None

    def runs(self, at: datetime) -> int:
        """Do what has fallen due until ``at``; returns how much."""
        if not self._asked:
            self._asked, self._due = True, next_due(self._office)
        if self._due is None or self._due > at:
            return 0
        self._asked = False
        return tick(self._office, at)

    def passes(self, happening: Happening) -> int:
        """Do what is due before it happens, and let it happen; returns the actions taken."""
        done = self.runs(happening.at) + happening.do()
        self._asked = self._asked and happening.quiet
        return done


def _quiet(done: int, all: int, what: str) -> None:
    pass


def build(until: datetime = STOPS, progress: Progress = _quiet) -> int:
    """Found the demo office, live through its year until ``until``, set its clock there; returns the actions taken.

    ``progress(done, all, what)`` counts the days.
    """
    progress(0, 1, "")
    office = found(lambda name: progress(0, 1, name))
    count = live(office, BEGINS, until, progress)
    _set_clocks(office, system_actor(office, "demo"), until)
    return count


def advance(office: Place, to: datetime, actor: Actor, progress: Progress = _quiet) -> int:
    """Live on from the office's clock until ``to`` (at most 120 days), and set the clock; returns the actions taken.

    What should have happened since the clock was last set is made up for first. ``Invalid`` when the office is no
    demo, or ``to`` is not ahead or too far ahead; ``Refused`` without the right; ``Conflict`` while it is moving.
    """
    require(actor, "demo.advance")
    now = clocks.now(office)
    if not office.demo:
        raise Invalid(_("Only a demo office's clock can be moved."))
    if not now < to <= now + FARTHEST:
        raise Invalid(
            _("The demo moves ahead by at most %(days)s days, and never back; its clock shows %(now)s."),
            field="to", days=FARTHEST.days, now=f"{now.astimezone(ZONE):%Y-%m-%d %H:%M}",
        )  # fmt: skip
    if not _moving.acquire(blocking=False):
        raise Conflict(_("The demo is already moving on. Wait a moment."))
    try:
        count = live(office, max(lived_until(office), to - FARTHEST), to, progress)
        _set_clocks(office, actor, to)
    finally:
        _moving.release()
    return count


def lived_until(office: Place) -> datetime:
    """Until when the replay has gone: what the clock was last set to, by the journal. The clock itself runs on."""
    mine = JournalEntry.objects.filter(office=office.pk, verb="places.set_clock", subject_id=office.pk)
    last = mine.order_by("-seq").first()
    return datetime.fromisoformat(last.changes["shows"][1]) if last else BEGINS


def live(office: Place, since: datetime, until: datetime, progress: Progress = _quiet) -> int:
    """Let happen what happens after ``since`` and up to ``until``; returns the actions taken.

    Each action is an act of its own, with its own time and actor; ``BATCH`` of them are committed at once.
    """
    world = World(office, since, until, (*rounds.tales(), *sweep.tales()))
    span, clock = list(days(since, until)), Clock(office)
    count = 0
    for n, day in enumerate(span):
        wanted = happenings(world, day)
        for first in range(0, len(wanted), BATCH):
            with writing():
                count += sum(clock.passes(h) for h in wanted[first : first + BATCH])
        count += clock.runs(min(until, datetime.combine(day, time.max, ZONE)))
        if count > MOST_ACTIONS:
            raise RuntimeError(f"the demo takes more than {MOST_ACTIONS} actions")
        progress(n + 1, len(span), day.isoformat())
    return count


def happenings(world: World, day: date) -> list[Happening]:
    """Everything that happens on a day of the run, in order of time."""
    found = chain.from_iterable(source(world, day) for source in SOURCES)
    wanted = [h for h in found if world.since < h.at <= world.until]
    return sorted(wanted, key=lambda h: (h.at, h.key))


def _set_clocks(office: Place, actor: Actor, shows: datetime) -> None:
    """Set the office's clock, and that of its county where that is a demo too."""
    for place in (office, office.parent):
        if place and place.demo:
            set_clock(actor=actor, at=shows, office=place, shows=shows)


def at_day(office: Place, to: datetime) -> datetime:
    """A moment in China Standard Time; one without a time of day is taken at the time the office's clock shows."""
    shown = clocks.now(office).astimezone(ZONE)
    time_ = to.time() if to.time() != time() else shown.time()
    return datetime.combine(to.date(), time_, ZONE)
