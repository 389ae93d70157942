"""Verbs on places: found an office, put places of a ledger, set a demo clock."""

from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.identifiers import check_division_code
from zijing.core.worktime import ZONE
from zijing.journal.acting import Act, Acting, act
from zijing.places.models import OFFICES, Level, Place, PlaceCode, Sighted


class Mapper(Acting, Sighted, Protocol):
    """Who puts places: acts for an office, and reaches the places it sees."""


class Founder:
    """Who acts before an office has people: the operator at the command line. The chain is the new office's own."""

    account_id = None
    post_id = None
    channel = "cli"

    def __init__(self, office_id: int) -> None:
        self.office_id = office_id


def _insert(a: Act, *, name: str, level: str, code: str, parent: Place | None, geometry: Any, at: datetime) -> Place:
    office = None if level in OFFICES or parent is None else parent.own_office_id
    place = Place(name=name, level=level, parent=parent, office_id=office, geometry=geometry, path=f"new/{code}")
    place.save()
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    PlaceCode.objects.create(place=place, code=code, since=at.astimezone(ZONE).date())
    a.record("places.put", place, {"code": [None, code], "level": [None, level]})
    return place


def found_office(*, code: str, name: str, at: datetime, county: Place | None = None, demo: bool = False) -> Place:
    """Create an office (12-digit code ending 000) or, for a code ending 000000, a county; the first entry of its chain.

    ``Invalid`` when the code is malformed, taken, or not inside ``county``.
    """
    check_division_code(code)
    if len(code) != 12 or not code.endswith("000"):
        raise Invalid(_("An office has a 12-digit code that ends in 000."), field="code")
    if Place.objects.with_code(code).exists():
        raise Invalid(_("There is already a place with code %(code)s."), field="code", code=code)
    level = Level.COUNTY if code.endswith("000000") else Level.OFFICE
    founder = Founder(0)
    with act(founder, at) as a:
        place = _insert(a, name=name, level=level, code=code, parent=county, geometry=None, at=at)
        if demo:
            Place.objects.filter(pk=place.pk).update(demo=True)
            place.demo = True
        a.entries[-1].office = place.pk
    return place


def put_places(*, actor: Mapper, at: datetime, rows: list[dict[str, Any]]) -> list[str]:
    """Create or change places by code, parents before children; returns "created", "changed" or "same" per row.

    A row: name, code, parent (code), level, geometry (GeoJSON or None). ``Invalid`` names what is wrong; nothing is
    written then. A change of parent is refused: moving a place is a verb of its own.
    """
    with act(actor, at) as a:
        within = PlaceCode.objects.visible_to(actor).filter(until=None).select_related("place")
        known = {c.code: c.place for c in within}
        return [_put_place(a, known, row, at) for row in rows]


def _put_place(a: Act, known: dict[str, Place], row: dict[str, Any], at: datetime) -> str:
    code = check_division_code(row["code"])
    parent = known.get(row.get("parent") or "")
    if row.get("parent") and parent is None:
        raise Invalid(_("There is no place with code %(code)s."), field="parent", code=row["parent"])
    place = known.get(code)
    if place is None:
        if PlaceCode.objects.filter(code=code, until=None).exists():
            raise Invalid(_("The code %(code)s belongs to another office."), field="code", code=code)
        if parent is None:
            raise Invalid(_("A place needs the code of the place it lies in."), field="parent")
        known[code] = _insert(
            a, name=row["name"], level=row["level"], code=code, parent=parent, geometry=row.get("geometry"), at=at
        )
        return "created"
    if parent and place.parent_id != parent.pk:
        raise Invalid(_("%(name)s lies elsewhere. Moving a place is not an import."), field="parent", name=place.name)
    wanted = {"name": row["name"], "geometry": row.get("geometry") or place.geometry}
    changed = {k: v for k, v in wanted.items() if getattr(place, k) != v}
    if not changed:
        return "same"
    Place.objects.filter(pk=place.pk).update(**changed)
    a.record("places.change", place, {"changed": [None, sorted(changed)]})
    return "changed"


def set_clock(*, actor: Acting, at: datetime, office: Place, shows: datetime) -> None:
    """Set a demo office's clock so that it shows ``shows`` now and runs on from there. Real offices refuse."""
    if not office.demo:
        raise Invalid(_("Only a demo office's clock can be moved."))
    with act(actor, at) as a:
        shift = shows - timezone.now()
        Place.objects.filter(pk=office.pk).update(clock_shift=shift)
        a.record("places.set_clock", office, {"shows": [None, shows]})
    office.clock_shift = shift
