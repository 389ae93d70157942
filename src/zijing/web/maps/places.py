"""Places with what is open in them, counted within the actor's sight."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.urls import reverse

from zijing.cases.models import Case
from zijing.core.plans import Passing
from zijing.people.access import Actor
from zijing.places.models import Level, Place
from zijing.projects.models import Project
from zijing.records.kinds import every_kind

Point = tuple[float, float]
PROJECT, CASES = "project", ("issue", "blocker", "finding")
ICONS = {PROJECT: "building", "issue": "alert-triangle", "blocker": "flag", "finding": "search"}
OPEN = {PROJECT: "", **dict.fromkeys(CASES, "open=yes&")}


@dataclass(frozen=True)
class Tally:
    """How many records of a kind lie in a place or below, and the list of them."""

    key: str
    label: str
    n: int
    href: str

    @property
    def icon(self) -> str:
        """Kinds differ by picture too, not by colour alone."""
        return ICONS[self.key]


@dataclass(frozen=True)
class Spot:
    """A place on the map: its boundary, a point for its label, and what is open in it."""

    place: Place
    centre: Point | None
    tallies: list[Tally]

    def feature(self) -> dict[str, Any]:
        """The place for the map (RFC 7946)."""
        return self.place.feature(
            centre=self.centre,
            tallies=[{"key": t.key, "icon": t.icon, "label": t.label, "n": t.n, "href": t.href} for t in self.tallies],
        )


def spots(actor: Actor) -> list[Spot]:
    """The places below the office within sight, parents first, with counts that include what lies below them."""
    places = Place.objects.visible_to(actor).standing().exclude(level=Level.COUNTY).order_by("office", "pk")
    kinds = {k: kind for k, kind in every_kind().items() if k in OPEN}
    counted = _counted(actor, {kinds[k].pk: k for k in CASES if k in kinds})
    titles = {k: str(kind) for k, kind in kinds.items()}
    return [Spot(p, centre_of(p.geometry), _tallies(p, counted, titles)) for p in places]


def _counted(actor: Actor, kinds: dict[int, str]) -> Counter[tuple[str, str]]:
    """How many records of each kind lie at or below each path."""
    cases = Case.objects.visible_to(actor).open().filter(kind__in=kinds).order_by()
    by_place = cases.annotate(where=Passing(F("path"))).values_list("kind", "where").annotate(n=Count("pk"))
    projects = Project.objects.visible_to(actor).exclude(entry__stage="retired").order_by()
    result = Counter[tuple[str, str]]()
    for kind, path, n in by_place:
        _add(result, kinds[kind], path, n)
    for path, n in projects.values_list("entry__path").annotate(n=Count("pk")):
        _add(result, PROJECT, path, n)
    return result


def _add(result: Counter[tuple[str, str]], key: str, path: str, n: int) -> None:
    steps = path.strip("/").split("/")
    for depth in range(1, len(steps) + 1):
        result[key, "/" + "/".join(steps[:depth]) + "/"] += n


def _tallies(place: Place, counted: Counter[tuple[str, str]], titles: dict[str, str]) -> list[Tally]:
    return [
        Tally(key, title, counted[key, place.path], f"{reverse('list', args=(key,))}?{OPEN[key]}place={place.pk}")
        for key in OPEN
        if (title := titles.get(key))
    ]


def centre_of(geometry: Any) -> Point | None:
    """The mean of a boundary's outer corners as (longitude, latitude): good enough for a label, no more."""
    corners = list(_corners(geometry))
    if not corners:
        return None
    lon, lat = (round(sum(values) / len(corners), 6) for values in zip(*corners, strict=True))
    return lon, lat


def _corners(geometry: Any) -> Iterable[Point]:
    """The corners of the largest outer ring, without the one that closes it."""
    if not geometry:
        return []
    if geometry["type"] == "Point":
        return [(geometry["coordinates"][0], geometry["coordinates"][1])]
    many = geometry["type"] == "MultiPolygon"
    rings = [polygon[0] for polygon in (geometry["coordinates"] if many else [geometry["coordinates"]])]
    ring = max(rings, key=len)
    return [(lon, lat) for lon, lat, *_height in (ring[:-1] if ring[0] == ring[-1] else ring)]
