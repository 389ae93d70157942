"""Indicators: all of a year, and the course of one month by month, against its plan and beside others."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.commitments import PromiseStandsOut, in_short, one_seen
from zijing.api.common import Exact, Id
from zijing.commitments.queries import Course, courses
from zijing.commitments.queries.indicators import Peer, Point, Said
from zijing.core.errors import Missing
from zijing.core.worktime import day_of
from zijing.people.access import require

router = Router(tags=["commitments"])
RIGHT = "figures.read"


class IndicatorOut(PromiseStandsOut):
    """Where an indicator stands. ``gap``: its value less the county's average.

    ``value``: what its figure counts, else what was stated last; ``missing``: the months that are over without a value.
    """

    gap: Exact | None
    missing: list[date]


class PointOut(Schema):
    """A month: what was stated, what its curve plans; ``growth``: percent against the same month of the year before."""

    period: date
    actual: Exact | None
    expected: Exact | None
    planned: Exact | None
    growth: Exact | None
    note: str


class WaypointOut(Schema):
    """What is planned to have been reached at the end of a month."""

    period: date
    value: Exact


class PeerOut(Schema):
    """How another office, or the county on average, stood in a month, and who says so."""

    whose: str
    average: bool
    period: date
    value: Exact
    source: str


class CourseOut(IndicatorOut):
    """An indicator month by month; ``corrections``: how often a stated value was put right."""

    months: list[PointOut]
    curve: list[WaypointOut]
    peers: list[PeerOut]
    corrections: int


@router.get("/indicators", response=list[IndicatorOut], summary="The indicators of a year within sight")
def indicators(request: ApiRequest, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Any:
    """Those whose deadline falls in ``year``; without one, in this year."""
    caller = request.auth
    require(caller.actor, RIGHT)
    return [_standing(c) for c in courses(caller.actor, year or day_of(caller.at).year, caller.at)]


@router.get("/indicators/{id}", response=CourseOut, summary="The course of an indicator")
def indicator(request: ApiRequest, id: Id) -> Any:
    caller = request.auth
    require(caller.actor, RIGHT)
    c = one_seen(request, id)
    found = courses(caller.actor, c.deadline.year, caller.at, only=[id]) if c.deadline else []
    if not found:
        raise Missing(_("There is no such record within your sight."))
    return _course(found[0])


def _standing(c: Course) -> dict[str, Any]:
    return in_short(c.commitment) | {
        "value": c.progress.value, "done": c.progress.done, "due": c.progress.due,
        "state": c.state, "gap": c.gap, "missing": c.missing,
        "holders": [{"part": h.part, "name": h.name, "share": h.share} for h in c.holders],
    }  # fmt: skip


def _course(c: Course) -> dict[str, Any]:
    return {
        **_standing(c),
        "months": [_point(p) for p in c.points],
        "curve": [{"period": period, "value": value} for period, value in sorted(c.curve.items())],
        "peers": [_peer(p) for p in c.peers],
        "corrections": c.corrections,
    }


def _point(p: Point) -> dict[str, Any]:
    return {
        "period": p.period, "actual": _value(p.actual), "expected": _value(p.expected), "planned": p.planned,
        "growth": p.growth, "note": p.actual.note if p.actual else "",
    }  # fmt: skip


def _value(stated: Said | None) -> Decimal | None:
    return stated.value if stated else None


def _peer(p: Peer) -> dict[str, Any]:
    return {"whose": p.whose, "average": p.average, "period": p.period, "value": p.value, "source": p.source}
