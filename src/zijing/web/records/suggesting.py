"""What a new case may be, as a person asks for it below the form: read only, nothing is filled in before the click."""

from django.http import HttpResponse
from django.shortcuts import render

from zijing.cases.suggesting import suggest
from zijing.core.errors import DomainError
from zijing.places.locate import Spot
from zijing.places.models import Place
from zijing.records.fields import Field
from zijing.records.kinds import class_field, kind_of
from zijing.records.models import Kind, Noun
from zijing.web.access import ActingRequest, acting


@acting
def suggestions(request: ActingRequest, key: str) -> HttpResponse:
    """Classes and places for the title and the place that the form holds."""
    kind = kind_of(key)
    title, place = (request.GET.get(filled_by(kind, column), "") for column in ("title", "place"))
    described = class_field(kind)
    found = suggest(
        actor=request.actor, at=request.now, kind=kind, text=title, place=_seen(request, place),
        class_=request.GET.get(described.key, "") if described else "", spot=_spot(request, kind),
    )  # fmt: skip
    context = {"found": found, "place_field": filled_by(kind, "place")}
    return render(request, "records/_suggestions.html", context)


def filled_by(kind: Kind, column: str) -> str:
    """The key of the field that fills a fixed column, "" if none does."""
    return next((f.key for f in kind.fields if f.column == column), "")


def asked_with(kind: Kind) -> str:
    """The inputs of a form that suggestions are asked with, as a selector; "" where nothing can be suggested."""
    if kind.noun != Noun.CASE or class_field(kind) is None:
        return ""
    described, point = class_field(kind), _point(kind)
    asked = (filled_by(kind, "title"), filled_by(kind, "place"), described and described.key, point and point.key)
    return ",".join(f"#f-{key}" for key in asked if key)


def _point(kind: Kind) -> Field | None:
    return next((f for f in kind.fields if f.type == "point"), None)


def _spot(request: ActingRequest, kind: Kind) -> Spot | None:
    """The position that the form holds, if it is one."""
    point = _point(kind)
    try:
        found: Spot | None = point.clean(request.GET.get(point.key, "")) if point else None
    except DomainError:
        return None
    return found


def _seen(request: ActingRequest, written: str) -> Place | None:
    """The place that an input holds as "#id", if it is within sight."""
    if not (written.startswith("#") and written[1:].isdecimal() and len(written) < 18):
        return None
    return Place.objects.visible_to(request.actor).filter(pk=int(written[1:])).first()
