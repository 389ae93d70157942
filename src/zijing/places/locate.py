"""Which place a position lies in: the smallest grid, community or village whose boundary holds it.

Boundaries are GeoJSON polygons (RFC 7946: longitude, latitude; a ring inside another is a hole). They are few and read
from memory, so boxes first and an even-odd walk along the edges of the few that are left take tens of microseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.stamps import Kept
from zijing.places.known import every_place
from zijing.places.models import Level, Place

# Longitude and latitude.
Spot = Sequence[float]
DEGREE = 111_320  # metres in a degree of latitude
Ring = tuple[tuple[float, float], ...]
DEPTH = {Level.COUNTY: 0, Level.OFFICE: 1, Level.COMMUNITY: 2, Level.VILLAGE: 2, Level.GRID: 3}


@dataclass(frozen=True)
class Area:
    """A place's boundary and the box around it."""

    place: Place
    west: float
    south: float
    east: float
    north: float
    rings: tuple[Ring, ...]

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the position lies inside or on the boundary; one inside a hole lies outside."""
        if not (self.west <= lon <= self.east and self.south <= lat <= self.north):
            return False
        inside = False
        for ring in self.rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if _on_edge(lon, lat, x1, y1, x2, y2):
                    return True
                if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                    inside = not inside
        return inside


def _on_edge(lon: float, lat: float, x1: float, y1: float, x2: float, y2: float) -> bool:
    if not (min(x1, x2) <= lon <= max(x1, x2) and min(y1, y2) <= lat <= max(y1, y2)):
        return False
    return (x2 - x1) * (lat - y1) == (y2 - y1) * (lon - x1)


def area_of(place: Place) -> Area | None:
    """The boundary of a place, if it has one."""
    if not place.geometry:
        return None
    rings = tuple(_rings(place.geometry))
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    return Area(place, min(xs), min(ys), max(xs), max(ys), rings) if xs else None


def _rings(shape: dict[str, Any]) -> list[Ring]:
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [tuple((float(p[0]), float(p[1])) for p in ring) for polygon in parts for ring in polygon]


_areas = Kept[list[Area]]()


def areas(office: int) -> list[Area]:
    """The boundaries of an office's standing places, the deepest first, kept until a place changes."""
    return _areas.get(office, lambda: _read(office))


def _read(office: int) -> list[Area]:
    own = [p for p in every_place().values() if p.own_office_id == office and p.merged_into_id is None]
    own.sort(key=lambda p: (-DEPTH[Level(p.level)], p.pk))
    return [area for place in own if (area := area_of(place))]


def locate(office: int, lon: float, lat: float) -> Place | None:
    """The deepest place of the office that holds the position; None when the office has no boundaries.

    On a common boundary it is the place that was entered first. ``Invalid`` when the position lies outside all of them.
    """
    known = areas(office)
    if not known:
        return None
    for area in known:
        if area.holds(lon, lat):
            return area.place
    raise Invalid(
        _("The position %(lon)s, %(lat)s lies outside your office's boundaries. Move it, or choose the place."),
        lon=lon,
        lat=lat,
    )


def metres_between(one: Spot, other: Spot) -> float:
    """How far two positions lie apart: as on a plane, which is exact enough within an office."""
    across = (one[0] - other[0]) * cos(radians((one[1] + other[1]) / 2))
    return DEGREE * hypot(across, one[1] - other[1])


def places_around(office: int, spot: Spot, metres: float) -> Iterator[Place]:
    """The places of an office whose boundary's box comes so near to a position."""
    lon, lat = spot
    x, y = metres / (DEGREE * cos(radians(lat))), metres / DEGREE
    for area in areas(office):
        if area.west - x <= lon <= area.east + x and area.south - y <= lat <= area.north + y:
            yield area.place
