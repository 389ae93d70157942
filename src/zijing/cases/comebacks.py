"""What comes back: a case of the same class at the same place soon after a closing counts against that closing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from zijing.cases.doubles import spot_of
from zijing.cases.models import Case, Stage
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.journal.following import begin, head_of, place_of
from zijing.journal.models import Bookmark, JournalEntry
from zijing.outbox.rhythm import Watch, register_watch
from zijing.people.access import Actor, system_actor
from zijing.places.locate import metres_between, places_around
from zijing.places.models import Level, Place
from zijing.records.fields import Field
from zijing.records.kinds import class_field, every_kind
from zijing.records.models import NOWHERE, Kind

READER = "comebacks"
FILED = ("cases.file", "cases.receive")
# How many filings are looked at in one act.
SLICE = 200
# What is reported and not verified counts nowhere yet.
UNCOUNTED = (*NOWHERE, Stage.REPORTED)


@dataclass(frozen=True)
class HotSpot:
    """A place and a class where cases came back so many times; ``field`` has the value ``key`` in each of them."""

    place: Place
    kind: Kind
    field: str
    key: str
    title: str
    times: int


def note_comebacks(office: Place, at: datetime, go: Callable[[], bool]) -> int:
    """Find, for what was filed since the last time, the closing that did not last; how many.

    Each is a journal entry (``cases.came_back``) of that closing. It is done after the filing, which is not to wait.
    """
    done = place_of(READER, office.pk)
    if done is None:
        begin(READER, office.pk, head_of(office.pk))
        return 0
    found = 0
    while go() and (entries := _filings(office, done)):
        upto = entries[-1][0]
        with act(system_actor(office, "clock"), at) as a:
            if not Bookmark.objects.filter(reader=READER, office=office.pk, seq=done).update(seq=upto):
                break
            for case in _of_kinds_that_come_back([pk for _seq, pk in entries]):
                earlier = closing_before(case)
                if earlier is None:
                    continue
                Case.objects.filter(pk=case.pk).update(follows=earlier)
                touch(a, case, earlier)
                a.record("cases.came_back", earlier, {"again": [None, case.pk]})
                found += 1
        done = upto
    return found


def _filings(office: Place, after: int) -> list[tuple[int, int]]:
    entries = JournalEntry.objects.filter(office=office.pk, seq__gt=after, verb__in=FILED)
    return list(entries.order_by("seq").values_list("seq", "subject_id")[:SLICE])


def _of_kinds_that_come_back(ids: Sequence[int]) -> list[Case]:
    kinds = [kind.pk for kind in every_kind().values() if kind.comes_back]
    rows = Case.objects.filter(pk__in=ids, kind__in=kinds, follows=None) if kinds else Case.objects.none()
    return list(rows.select_related("kind", "place").order_by("pk"))


def closing_before(case: Case) -> Case | None:
    """The last closing before a case that it counts against: of its class, not long ago, about the same subject, as
    near as its kind says, or where a position is missing at the same place below the office.
    """
    rule, described = case.kind.comes_back, class_field(case.kind)
    if rule is None or described is None:
        return None
    since = case.recorded_at - timedelta(days=rule.days)
    spot = spot_of(case.kind, case.fields)
    around = (
        [case.place_id, *(p.pk for p in places_around(case.office_id, spot, rule.metres))] if spot else [case.place_id]
    )
    closed = Case.objects.filter(place__in=around, closed_at__isnull=False, closed_at__gte=since)
    closed = closed.filter(closed_at__lte=case.recorded_at, kind=case.kind_id, stage=Stage.CLOSED).exclude(pk=case.pk)
    wanted = case.fields.get(described.key)
    same = (c for c in closed.order_by("-closed_at", "-pk") if c.fields.get(described.key) == wanted)
    return next((c for c in same if _at_one_spot(case, c, rule.metres)), None)


def _at_one_spot(case: Case, other: Case, metres: int) -> bool:
    if case.subject_id or other.subject_id:
        return case.subject_id == other.subject_id
    here, there = spot_of(case.kind, case.fields), spot_of(case.kind, other.fields)
    if here and there:
        return metres_between(here, there) <= metres
    return case.place_id == other.place_id and case.place.level not in {Level.OFFICE, Level.COUNTY}


def came_back(actor: Actor, since: date, kind: Kind) -> "QuerySet[Case]":
    """The cases of a kind within an actor's sight that came back since a day."""
    rows = Case.objects.visible_to(actor).filter(kind=kind, follows__isnull=False, happened_on__gte=since)
    seen: QuerySet[Case] = rows.exclude(stage__in=UNCOUNTED)
    return seen


def hot_spots(actor: Actor, since: date, most: int = 50) -> list[HotSpot]:
    """Where cases within an actor's sight came back at least twice since a day, the most often first.

    A restricted kind is in none: it would tell that there is something.
    """
    found: list[tuple[int, Kind, Field, int, str]] = []
    for kind in every_kind().values():
        described = class_field(kind)
        if kind.comes_back is None or kind.restricted or described is None:
            continue
        rows = came_back(actor, since, kind).order_by().annotate(of=KeyTextTransform(described.key, "fields"))
        for place, key, n in rows.values_list("place", "of").annotate(n=Count("pk")):
            found += [(n, kind, described, place, key or "")] if n > 1 else []
    found.sort(key=lambda spot: (-spot[0], spot[1].pk, spot[3], spot[4]))
    places = Place.objects.in_bulk([spot[3] for spot in found[:most]])
    return [
        HotSpot(places[place], kind, described.key, key, described.show(key), n)
        for n, kind, described, place, key in found[:most]
    ]


def declare() -> None:
    """Let every tick look for what came back."""
    register_watch(Watch(note_comebacks))
