"""Figures: what is counted, how much it is, its course, and the records behind it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Exact, Id, place_in_sight
from zijing.figures import courses, known, queries
from zijing.figures.counting import Scope
from zijing.figures.models import Figure
from zijing.figures.periods import Period, parse_period
from zijing.figures.registry import KIND
from zijing.people.access import require
from zijing.records.paging import page

router = Router(tags=["figures"])


class FigureOut(Schema):
    """A figure's definition; ``measures`` says whether it counts an outcome or an effort."""

    key: str
    title: str
    sentence: str
    measure: Figure.Measure
    unit: str
    decimals: int
    measures: Figure.Measures
    owner: str
    since: date
    version: int
    pack: str

    @staticmethod
    def resolve_title(figure: Any) -> str:
        return str(figure)


class AmountOut(Schema):
    """An amount; null when there is nothing to divide by, nothing known, or a number too small to be told."""

    amount: Exact | None
    shown: str
    n: int
    evidence: str
    note: str


class InputOut(AmountOut):
    """One of the two figures behind a share."""

    figure: FigureOut


class ValueOut(InputOut):
    """A figure's value. ``evidence`` is the address of the list of the very records counted: on the pages as it stands,
    in the API as ``lists/<kind>`` with the same filter, or ``figures/<key>/evidence``. ``hidden`` records of the place
    lie outside the caller's sight and are not counted. A share has its two inputs.
    """

    hidden: int
    inputs: list[InputOut]


class FigureStepOut(Schema):
    """One step of a course; ``before`` is the same step of last year."""

    since: date
    until: date
    value: AmountOut
    before: AmountOut | None


class FigurePlaceOut(Schema):
    """A figure in one place right below the place asked for."""

    place: Id
    name: str
    value: AmountOut


class PlacesOut(Schema):
    """A figure by place; ``outside`` lies in none of the places, so that all add up to ``whole``."""

    places: list[FigurePlaceOut]
    outside: AmountOut | None
    whole: AmountOut


class BehindOut(Schema):
    """A record a figure counts; ``records/<noun>/<id>`` says all of it. A form has the noun "kind"."""

    id: int
    noun: str
    kind: str
    title: str


class EvidenceOut(Schema):
    """The records a figure counts; ``after`` leads to the next page and is empty on the last."""

    records: list[BehindOut]
    after: str


@dataclass(frozen=True)
class Question:
    """A figure, and the scope and days a caller asks about."""

    figure: Figure
    scope: Scope
    period: Period | None

    @property
    def limits(self) -> dict[str, Any]:
        s = self.scope
        return {"at": s.at, "place": s.place, "since": s.since, "until": s.until}


def _question(
    request: ApiRequest, key: str, place: int | None, period: str, since: date | None, until: date | None
) -> Question:
    caller = request.auth
    require(caller.actor, "figures.read")
    where = place_in_sight(caller, place)
    named = parse_period(period, caller.today) if period else None
    if named:
        since, until = named.since, named.until
    return Question(known.find(key), Scope(caller.actor, caller.at, where, since, until), named)


@router.get("/figures", response=list[FigureOut], summary="Figures")
def figures(request: ApiRequest) -> Any:
    require(request.auth.actor, "figures.read")
    return Figure.objects.order_by("key")


@router.get("/figures/{key}", response=ValueOut, summary="A figure's value")
def value(
    request: ApiRequest, key: str, place: Id | None = None, period: str = "",
    since: date | None = None, until: date | None = None,
) -> Any:  # fmt: skip
    """For ``place`` and everything below it (else the caller's whole sight), from ``since`` to ``until`` or over a
    ``period``: week, month, quarter, year (the running one), 2020, 2020-Q3, 2020-09, 2020-W37.
    """
    asked = _question(request, key, place, period, since, until)
    return queries.with_hidden(queries.value(asked.figure, request.auth.actor, **asked.limits), asked.scope)


@router.get("/figures/{key}/series", response=list[FigureStepOut], summary="A figure's course")
def series(
    request: ApiRequest, key: str, place: Id | None = None, period: str = "year", step: str = "month",
    compare: bool = False,
) -> Any:  # fmt: skip
    """By ``step`` (day, week, month, quarter, year) over a ``period``; ``compare`` adds the same steps of last year.

    A figure that stands for now has no course: the list is empty.
    """
    asked = _question(request, key, place, period, None, None)
    if asked.period is None or not courses.has_course(asked.figure):
        return []
    return courses.series(asked.figure, request.auth.actor, **asked.limits, step=step, compare=compare)


@router.get("/figures/{key}/places", response=PlacesOut, summary="A figure by place")
def places(request: ApiRequest, key: str, place: Id | None = None, period: str = "year") -> Any:
    """For the places right below ``place`` (else the caller's own)."""
    asked = _question(request, key, place, period, None, None)
    found = courses.rollup(asked.figure, request.auth.actor, **asked.limits)
    if found is None:
        whole = queries.value(asked.figure, request.auth.actor, **asked.limits)
        return {"places": [], "outside": None, "whole": whole}
    lines = [{"place": line.place.pk, "name": line.place.name, "value": line.value} for line in found.lines]
    return {"places": lines, "outside": found.outside, "whole": found.whole}


@router.get("/figures/{key}/evidence", response=EvidenceOut, summary="The records behind")
def evidence(
    request: ApiRequest, key: str, place: Id | None = None, period: str = "",
    since: date | None = None, until: date | None = None, after: str = "",
) -> Any:  # fmt: skip
    """Exactly the records counted, within the caller's sight; of a share, those of the whole."""
    asked = _question(request, key, place, period, since, until)
    noun = queries.noun_of(asked.figure)
    rows = queries.rows_of(asked.figure, asked.scope)
    if noun == KIND:
        kinds = rows.order_by("pk")
        return {"records": [{"id": k.pk, "noun": KIND, "kind": k.key, "title": str(k)} for k in kinds], "after": ""}
    shown = page(rows.select_related("kind"), noun, after=after)
    behind = [{"id": r.pk, "noun": noun, "kind": r.kind.key, "title": str(r)} for r in shown.records]
    return {"records": behind, "after": shown.after}
