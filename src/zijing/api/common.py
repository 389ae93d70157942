"""What every part of the API does the same way: find what the caller sees, write exactly once, speak JSON."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from zijing.api.auth import Caller
from zijing.core.errors import Missing
from zijing.core.worktime import ZONE
from zijing.journal.once import once
from zijing.places.models import Place
from zijing.records.files import Upload, make_ready

# Exact numbers travel as text: "12.5", never a float.
Exact = Annotated[
    Decimal, PlainSerializer(lambda d: format(d.normalize(), "f"), return_type=str), WithJsonSchema({"type": "string"})
]

# An id of a record: what a database can hold, so that a longer number is refused and not a crash.
Id = Annotated[int, Field(ge=0, lt=2**63)]

# Moments travel in China Standard Time, to the second.
Moment = Annotated[
    datetime,
    PlainSerializer(lambda at: at.astimezone(ZONE).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


# A file inside JSON: its bytes in base64 (RFC 4648).
Content = Base64Bytes


class Body(BaseModel):
    """A request's body; an unknown key is refused instead of being ignored."""

    model_config = ConfigDict(extra="forbid")


class Ref(BaseModel):
    """A thing by id and name."""

    id: int
    name: str


def ref(thing: Model | None) -> dict[str, Any] | None:
    """A thing by id and name, as JSON; None stays None."""
    return None if thing is None else {"id": thing.pk, "name": str(thing)}


M = TypeVar("M", bound=Model)


def seen(rows: "QuerySet[M]", pk: int) -> M:
    """The row with this id among ``rows`` (what the caller sees); ``Missing`` otherwise."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such record within your sight."))
    return found


def place_in_sight(caller: Caller, pk: int | None) -> Place | None:
    """The place with this id within the caller's office; None when none is asked for."""
    return None if pk is None else seen(Place.objects.visible_to(caller.actor), pk)


def written(
    request: HttpRequest, caller: Caller, client_id: UUID | None, do: Callable[[], dict[str, Any]], *,
    status: int = 200, files: Collection[Upload] = (),
) -> JsonResponse:  # fmt: skip
    """Do it and answer; with a client-made id exactly once, however often the same request arrives with its files."""
    if client_id is None:
        return answer(do(), status=status)
    body = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    done = once(
        actor=caller.actor, at=caller.at, client_id=client_id, body=body, do=do,
        before=partial(make_ready, files) if files else None,
    )  # fmt: skip
    return answer(done, status=status)


def uploads(sent: Mapping[Any, bytes]) -> dict[str, Upload]:
    """Files sent inside JSON, by what they are for."""
    return {str(name): Upload(content, str(name)) for name, content in sent.items()}


def answer(facts: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """Facts that are JSON already as an answer."""
    return JsonResponse(facts, status=status, json_dumps_params={"ensure_ascii": False})


def plain(value: Any) -> Any:
    """A stored value as JSON: decimals as text, dates in ISO form."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
