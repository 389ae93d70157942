"""Rounds: work of a kind that comes again and again; how often it was done in a period, and where it was not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zijing.activities.models import Activity
from zijing.figures.periods import first_of
from zijing.journal.acting import act
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import Occasion, register_turn
from zijing.people.access import Actor, system_actor
from zijing.places.models import Level, Place, under
from zijing.records.models import NOWHERE

ROUND = "activities.round"
STEPS = {"workday": "day", "week": "week", "month": "month", "quarter": "quarter"}


@dataclass(frozen=True)
class Done:
    """A round so far: how many records of the kind ``since`` a day, and the communities and villages without one."""

    since: date
    count: int
    missed: tuple[str, ...]


def begun(every: str, day: date) -> date:
    """The first day of the round that holds ``day``."""
    return first_of(day, STEPS[every])


def done(actor: Actor, office: Place, kinds: Collection[tuple[str, str]], day: date) -> dict[tuple[str, str], Done]:
    """What was done until ``day`` in the rounds of an office, by kind and how often it comes; two queries for all.

    Nothing for who does not see the whole office: what lies out of sight would count as not done.
    """
    if not kinds or not actor.path or not office.path.startswith(actor.path):
        return {}
    places = Place.objects.standing().filter(under(office.path), level__in=(Level.COMMUNITY, Level.VILLAGE))
    names = list(places.order_by("path").values_list("path", "name"))
    earliest = min(begun(every, day) for _key, every in kinds)
    rows = Activity.objects.visible_to(actor).filter(
        office=office, kind__key__in={key for key, _every in kinds}, happened_on__range=(earliest, day)
    )
    found = list(rows.exclude(stage__in=NOWHERE).values_list("kind__key", "happened_on", "path"))
    return {
        (key, every): _done(begun(every, day), [(d, path) for k, d, path in found if k == key and d], names)
        for key, every in kinds
    }


def _done(since: date, rows: list[tuple[date, str]], names: list[tuple[str, str]]) -> Done:
    paths = [path for day, path in rows if day >= since]
    return Done(since, len(paths), tuple(n for p, n in names if not any(path.startswith(p) for path in paths)))


def note(office: Place, at: datetime, occasion: Occasion) -> None:
    """At the hour a round is due: the journal keeps how often it was done and in how many places it was not."""
    actor = system_actor(office, "clock")
    found = done(actor, office, [(occasion.about, occasion.every)], occasion.day)[occasion.about, occasion.every]
    told = {"kind": occasion.about, "day": occasion.day, "done": found.count, "missing": len(found.missed)}
    with act(actor, at) as a:
        a.record(ROUND, office, {name: [None, value] for name, value in told.items()})


def rounds_of(rhythms: Collection[Rhythm]) -> list[tuple[str, str]]:
    """The kinds that these rhythms let go round, each with how often it comes."""
    parts = ((r.task.partition(":"), r.every) for r in rhythms)
    return sorted({(about, every) for (name, _colon, about), every in parts if name == ROUND})


def declare() -> None:
    """Register the turn of this floor."""
    register_turn(ROUND, note, wants="kind")
