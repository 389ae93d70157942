"""Figures: what is counted, how much it is, and where the records behind it are."""

from datetime import date
from typing import Any

from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Exact, Id, place_in_sight
from zijing.api.errors import READ, answers
from zijing.figures import queries
from zijing.figures.models import Figure
from zijing.people.access import require

router = Router(tags=["figures"])


class FigureOut(Schema):
    """A figure's definition; ``measures`` says whether it counts an outcome or an effort."""

    key: str
    title: str
    sentence: str
    unit: str
    decimals: int
    measures: Figure.Measures
    owner: str
    since: date
    version: int

    @staticmethod
    def resolve_title(figure: Any) -> str:
        return str(figure)


class ValueOut(Schema):
    """A figure's value; ``amount`` is null when there is nothing to divide by. ``evidence`` is the address of the list
    of the very records counted: on the pages as it stands, in the API as ``lists/<kind>`` with the same filter.
    """

    figure: FigureOut
    amount: Exact | None
    shown: str
    n: int
    evidence: str
    note: str


@router.get("/figures", response=answers(list[FigureOut], refusals=(401, 403)), summary="Figures")
def figures(request: ApiRequest) -> Any:
    require(request.auth.actor, "figures.read")
    return Figure.objects.order_by("key")


@router.get("/figures/{key}", response=answers(ValueOut, refusals=READ), summary="A figure's value")
def value(
    request: ApiRequest, key: str, place: Id | None = None, since: date | None = None, until: date | None = None
) -> Any:
    """For ``place`` and everything below it (else the caller's whole sight), from ``since`` to ``until``."""
    caller = request.auth
    require(caller.actor, "figures.read")
    where = place_in_sight(caller, place)
    return queries.value(queries.find(key), caller.actor, at=caller.at, place=where, since=since, until=until)
