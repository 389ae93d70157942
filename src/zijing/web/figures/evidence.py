"""The rows behind a figure that no single list shows: records of several kinds, or those a survey has found."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from zijing.core.quantity import show_number
from zijing.figures.classes import of_class
from zijing.figures.counting import Scope
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.queries import Reading, rows_of, surveyed, value
from zijing.figures.registry import KIND
from zijing.people.access import require
from zijing.records.models import Record
from zijing.records.paging import page
from zijing.records.tables import stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.figures.asking import asked
from zijing.web.figures.views import READ
from zijing.web.records.nouns import PROJECT, address


@dataclass(frozen=True)
class Line:
    """A row as a reader sees it; ``adds`` is what it adds to the figure."""

    title: str
    href: str
    kind: str
    place: str
    stage: str
    adds: str


@acting
def rows(request: ActingRequest, key: str) -> HttpResponseBase:
    """Exactly the rows a declared figure counts; a pack's figure is sent to its own list."""
    require(request.actor, READ)
    figure, this = find(key), asked(request)
    scope = this.scope(request)
    now = value(figure, scope.actor, at=scope.at, place=scope.place, since=scope.since, until=scope.until)
    if not figure.declared or not figure.noun:
        return redirect(now.evidence)
    context: dict[str, Any] = {"figure": figure, "value": now, "this": this}
    kind, key = (request.GET.get(name, "")[:60] for name in ("kind", "class"))
    if kind:
        found, of_kind = of_class(figure, scope, kind, key)
        context |= {"value": found.value, "chosen": found.label}
        lines, after = _records(request, figure, scope, of_kind)
    elif figure.noun == KIND:
        lines, after = _kinds(figure, scope)
    else:
        lines, after = _records(request, figure, scope, rows_of(figure, scope))
    following = this.query(after=after, kind=kind, **{"class": key}) if after else ""
    return render(request, "figures/rows.html", {**context, "lines": lines, "next": following})


def _records(request: ActingRequest, figure: Figure, scope: Scope, rows: QuerySet[Any]) -> tuple[list[Line], str]:
    weights = Reading(scope).weights(figure) if surveyed(figure) else {}
    found = rows.select_related("kind", "place").defer("fields", "place__geometry")
    shown = page(found, figure.noun, after=request.GET.get("after", ""))
    return [_line(figure, record, weights.get(record.pk)) for record in shown.records], shown.after


def _line(figure: Figure, record: Record, weight: Decimal | None) -> Line:
    kind = record.kind
    where = address(PROJECT if kind.key == PROJECT else figure.noun, record.pk)
    adds = "" if weight is None or figure.measure == Figure.Measure.COUNT else show_number(weight, figure.decimals)
    return Line(str(record), where, str(kind), str(record.place), stage_label(record.stage), adds)


def _kinds(figure: Figure, scope: Scope) -> tuple[list[Line], str]:
    weights = Reading(scope).weights(figure)
    kinds = rows_of(figure, scope).order_by("noun", "pk")
    lines = [
        Line(str(k), reverse("list", args=[k.key]), k.get_noun_display(), "", "", show_number(weights[k.pk], 0))
        for k in kinds
    ]
    return lines, ""
