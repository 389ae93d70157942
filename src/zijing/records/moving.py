"""Places that move, merge or get another code: open work follows its place, closed work stays as it was filed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.identifiers import check_division_code
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require, require_office
from zijing.people.actions import carry
from zijing.people.models import Post, Unit
from zijing.places.models import OFFICES, Level, Place, PlaceCode, under
from zijing.records.models import Record

Follower = Callable[[str, str], None]
ORDER = (Level.COUNTY, Level.OFFICE, Level.COMMUNITY, Level.VILLAGE, Level.GRID)
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Let ``follower(old path, new path)`` know, inside the act, of every place that moves or merges."""
    _followers.append(follower)


def move_place(*, actor: Actor, at: datetime, place: Place, parent: Place) -> dict[str, int]:
    """Put a place, with all that lies in it, under another parent of its office; the work that followed, by table.

    ``Invalid`` when the parent lies in another office or in the place itself, is of no higher level, has ended, or
    already holds a place of this name.
    """
    require(actor, "places.write")
    require_office(actor, place.own_office_id)
    _refuse_parent(place, parent)
    if parent.children.filter(name=place.name, merged_into=None).exists():
        raise Invalid(_("%(parent)s already has a “%(name)s”."), field="parent", parent=parent.name, name=place.name)
    with act(actor, at) as a:
        return _move(a, place, parent, place.name)


def merge_place(*, actor: Actor, at: datetime, place: Place, into: Place) -> dict[str, int]:
    """Let a place end in another of its level: what lies in it moves there, its code ends today and may be given anew.

    A part whose name is taken there keeps its own name with the former place's in brackets. Units and posts of the
    place stand in the other from now on; end those that are no longer needed. Raises as ``move_place``.
    """
    require(actor, "places.write")
    require_office(actor, place.own_office_id)
    if place.level in OFFICES or into.level != place.level or into.pk == place.pk:
        raise Invalid(_("Only two places of one level are merged, below an office."), field="into")
    if into.own_office_id != place.own_office_id:
        raise Invalid(_("%(name)s belongs to another office."), field="into", name=into.name)
    _refuse_ended(place, into)
    with act(actor, at) as a:
        followed = _take_in(a, place, into)
        PlaceCode.objects.filter(place=place, until=None).update(until=day_of(at))
        Place.objects.filter(pk=place.pk).update(merged_into=into)
        for model in (Unit, Post):
            model.objects.filter(place=place).update(place=into)
        place.merged_into = into
        _tell(place.path, into.path)
        a.record("places.merge", place, {"into": [None, into.pk], "followed": [None, followed]})
        return followed


def recode_place(*, actor: Actor, at: datetime, place: Place, code: str, since: date, edition: str = "") -> None:
    """Give a place another official code from a day on; the old one ends the day before and stays readable.

    ``Invalid`` when the code is malformed, carried by another place now, or begins before the present one.
    """
    require(actor, "places.write")
    require_office(actor, place.own_office_id)
    check_division_code(code)
    _refuse_ended(place)
    with act(actor, at) as a:
        present = PlaceCode.objects.filter(place=place, until=None).first()
        if present and present.code == code:
            return
        if PlaceCode.objects.filter(code=code, until=None).exists():
            raise Invalid(_("There is already a place with code %(code)s."), field="code", code=code)
        if present and since <= present.since:
            raise Invalid(_("The present code is in force since %(day)s."), field="since", day=present.since)
        if present:
            PlaceCode.objects.filter(pk=present.pk).update(until=since - DAY)
        more = {"edition": edition} if edition else {}
        PlaceCode.objects.create(place=place, code=code, since=since, **more)
        a.record("places.recode", place, {"code": [present.code if present else None, code], "since": [None, since]})


def _refuse_parent(place: Place, parent: Place) -> None:
    if place.level in OFFICES:
        raise Invalid(_("An office does not move."), field="parent")
    if parent.own_office_id != place.own_office_id:
        raise Invalid(_("%(name)s belongs to another office."), field="parent", name=parent.name)
    if parent.path.startswith(place.path) or ORDER.index(Level(parent.level)) >= ORDER.index(Level(place.level)):
        raise Invalid(_("%(name)s cannot lie in %(parent)s."), field="parent", name=place.name, parent=parent.name)
    if parent.pk == place.parent_id:
        raise Conflict(_("%(name)s lies there already."), name=place.name)
    _refuse_ended(place, parent)


def _refuse_ended(*places: Place) -> None:
    for place in places:
        if place.merged_into_id:
            raise Conflict(_("%(name)s has been merged into another place."), name=place.name)


def _move(a: Act, place: Place, parent: Place, name: str) -> dict[str, int]:
    old, new = place.path, f"{parent.path}{place.pk}/"
    former, renamed = place.parent_id, [] if name == place.name else ["name"]
    Place.objects.filter(under(old)).update(path=_instead(old, new))
    Place.objects.filter(pk=place.pk).update(parent=parent, name=name)
    place.path, place.parent, place.name = new, parent, name
    followed = _follow(old, new)
    _tell(old, new)
    changes: dict[str, Any] = {"parent": [former, parent.pk], "followed": [None, followed]}
    a.record("places.move", place, changes | ({"changed": [None, renamed]} if renamed else {}))
    return followed


def _take_in(a: Act, place: Place, into: Place) -> dict[str, int]:
    taken = set(into.children.filter(merged_into=None).values_list("name", flat=True))
    total: dict[str, int] = {}
    for part in place.children.filter(merged_into=None).order_by("pk"):
        name = part.name if part.name not in taken else f"{part.name}({place.name})"[:60]
        for label, n in _move(a, part, into, name).items():
            total[label] = total.get(label, 0) + n
    for model in _open_work():
        rows, label = model._default_manager.filter(place=place, closed_at=None), model._meta.label_lower
        carry(label, rows.values("pk"), into.path)
        total[label] = total.get(label, 0) + rows.update(place=into, path=into.path)
    return {label: n for label, n in total.items() if n}


def _open_work() -> list[type[Record]]:
    return [model for model in Record.__subclasses__() if model.follows_its_place]


def _follow(old: str, new: str) -> dict[str, int]:
    """The open records and assignments below a path, put below another; how many of each table."""
    found = {}
    for model in _open_work():
        rows, label = model._default_manager.filter(under(old), closed_at=None), model._meta.label_lower
        carry(label, rows.values("pk"), _instead(old, new))
        found[label] = rows.update(path=_instead(old, new))
    return {label: n for label, n in found.items() if n}


def _instead(old: str, new: str) -> Concat:
    return Concat(Value(new), Substr("path", len(old) + 1))


def _tell(old: str, new: str) -> None:
    for follower in _followers:
        follower(old, new)
