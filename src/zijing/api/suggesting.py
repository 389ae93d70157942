"""What a case that is about to be filed may be; nothing is written."""

from typing import Annotated, Any

from ninja import Query, Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Id, Ref, ref, seen
from zijing.cases.suggesting import suggest
from zijing.places.models import Place
from zijing.records.kinds import kind_of

router = Router(tags=["cases"])


class Asked(Schema):
    """The kind, what has been written so far, and the place if it is known."""

    kind: str
    text: str = ""
    place: Id | None = None


class SuggestedClassOut(Schema):
    """A value for a field of the case, why, and what would follow: the limit, and the unit if anything tells it."""

    field: str
    value: str
    text: str
    because: list[str]
    limit: str
    unit: Ref | None
    unit_because: str

    @staticmethod
    def resolve_limit(one: Any) -> str:
        return str(one.limit)

    @staticmethod
    def resolve_unit(one: Any) -> Any:
        return ref(one.unit)


class SuggestedPlaceOut(Schema):
    """A place, and why."""

    place: Ref
    because: str

    @staticmethod
    def resolve_place(one: Any) -> Any:
        return ref(one.place)


class DoubleOut(Schema):
    """An open case that is likely the same, and why."""

    id: int
    title: str
    stage: str
    because: list[str]

    @staticmethod
    def resolve_id(one: Any) -> Any:
        return one.case.pk

    @staticmethod
    def resolve_title(one: Any) -> Any:
        return one.case.title

    @staticmethod
    def resolve_stage(one: Any) -> Any:
        return one.case.stage


class SuggestionsOut(Schema):
    """At most three classes and three places, and five open cases that are likely the same, the likeliest first."""

    classes: list[SuggestedClassOut]
    places: list[SuggestedPlaceOut]
    doubles: list[DoubleOut]


@router.get("/cases/suggestions", response=SuggestionsOut, summary="What a case may be")
def suggestions(request: ApiRequest, asked: Annotated[Asked, Query()]) -> Any:
    """From the words of the text, the places it names, and what was filed lately within sight."""
    caller, kind = request.auth, kind_of(asked.kind)
    place = None if asked.place is None else seen(Place.objects.visible_to(caller.actor), asked.place)
    return suggest(actor=caller.actor, at=caller.at, kind=kind, text=asked.text, place=place)
