"""The list of a kind: the evidence behind a number, and the way to any record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from zijing.core.errors import DomainError
from zijing.figures.queries import records_of
from zijing.packs.entering import may_enter
from zijing.people.access import Actor
from zijing.records.filters import Filtering, parse
from zijing.records.kinds import kind_of
from zijing.records.models import ENDED, Kind, Noun, SavedView
from zijing.records.paging import SIZE, Page, page
from zijing.records.tables import (
    COUNTED,
    Column,
    Row,
    Totals,
    columns,
    filled,
    rows,
    totals,
    totals_of,
    usual_columns,
)
from zijing.records.views import SHARE, Views, standing, views_of
from zijing.web.access import ActingRequest, acting
from zijing.web.cases.several import Choice, choice
from zijing.web.records.asking import chip, plain
from zijing.web.records.controls import controls
from zijing.web.records.nouns import address
from zijing.web.records.saving import choosable, tabs
from zijing.web.records.ways import ways

LONGEST = 4000
DAILY = "daily-report"


@dataclass(frozen=True)
class Foot:
    """What stands under a column: its sum over all that was found, or nothing."""

    title: str
    text: str
    numeric: bool


@acting
def listing(request: ActingRequest, key: str) -> HttpResponseBase:
    """The records of a kind that meet the filter in the address."""
    kind = kind_of(key)
    params = plain(request.GET)
    if urlencode(params) != request.GET.urlencode() and len(request.GET.urlencode()) < LONGEST:
        return redirect(f"{request.path}?{urlencode(params)}" if params else request.path)
    after, named = params.pop("after", ""), params.pop("view", "")
    params.pop("exact", "")
    filtering = parse(params, kind, at=request.now, actor=request.actor)
    views = views_of(request.actor, kind)
    return _answer(request, filtering, params, after, views, views.find(named))


def _answer(
    request: ActingRequest, filtering: Filtering, params: dict[str, str], after: str, views: Views,
    view: SavedView | None,
) -> HttpResponse:  # fmt: skip
    kind, kept_view = filtering.kind, str(view.pk) if view else None
    found = filtering.apply(records_of(kind.noun, request.actor))
    errors, shown = list[DomainError](filtering.errors), Page([], "")
    try:
        shown = page(found, kind.noun, after=after, by=filtering.order)
    except DomainError as error:
        errors.append(error)
    chosen = standing(kind, view.columns) if view else views.columns
    exact = request.GET.get("exact") == "yes"
    sums = _totals(request.actor, kind, found, shown, whole=not after, exact=exact)
    wanted = columns(kind, chosen) if chosen else usual_columns(kind)
    table = rows(kind, shown.records, wanted, address)
    kept = list(range(len(wanted))) if chosen else filled(wanted, table)
    wanted = [wanted[i] for i in kept]
    table = [_marked(row, wanted, kept, request.now) for row in table]
    if kind.key == DAILY:
        table = with_stage_names(request.actor, wanted, table)
    may_add = may_enter(request.actor, kind)
    context = {
        "kind": kind,
        "errors": errors,
        "totals": sums,
        "count_all": f"?{filtering.query(exact='yes', view=kept_view)}" if sums.more else "",
        "feet": [_foot(c, sums) for c in wanted],
        "chips": [chip(filtering, c) for c in filtering.conditions],
        "columns": wanted,
        "rows": table,
        "opens": not any(c.attribute == "title" for c in wanted),
        "controls": controls(kind, request.actor, params | ({"view": kept_view} if kept_view else {})),
        "next": f"?{filtering.query(after=shown.after, view=kept_view)}" if shown.after else "",
        "first": f"?{filtering.query(view=kept_view)}" if after else "",
        "view": view,
        "tabs": tabs(request.actor, kind, views, view),
        "choosable": choosable(kind, [c.key for c in wanted]),
        "query": filtering.query(),
        "exported": ",".join(chosen or ()),
        "may_add": may_add,
        "ways": ways(kind, filtering.query()),
        "way": "list",
        **_offers(request, kind, table),
        "nothing_met": gettext("Nothing within your sight meets all these conditions."),
        "nothing_yet": gettext("There is nothing here yet."),
        "without_filter": (gettext("Show the list without a filter"), request.path),
        "first_one": (gettext("Make the first one"), reverse("new", args=[kind.key])) if may_add else None,
    }
    template = "records/list.html#results" if request.htmx.target == "results" else "records/list.html"
    return render(request, template, context, status=errors[0].status if errors else 200)


def _offers(request: ActingRequest, kind: Kind, table: list[Row]) -> dict[str, Any]:
    """What the reader may do with the list and with several of its rows."""
    actor = request.actor
    return {
        "may_share": actor.may(SHARE),
        "may_find_doubles": kind.noun == Noun.REGISTER and actor.may("registers.write"),
        "several": choice(actor, {r.record.stage for r in table}) if kind.noun == Noun.CASE else Choice(),
        "here": request.get_full_path(),
    }


def _totals(
    actor: Actor, kind: Kind, found: "QuerySet[Any]", shown: Page, *, whole: bool, exact: bool
) -> Totals:  # fmt: skip
    """How many there are: read off the page when it holds them all, else counted as far as is quick."""
    if whole and not shown.after:
        return totals_of(kind, shown.records)
    if shown.after and actor.scattered and not exact:
        return Totals(SIZE, [], more=True)
    return totals(kind, found, most=None if exact else COUNTED)


def _marked(row: Row, columns: list[Column], kept: list[int], at: datetime) -> Row:
    """A row with the kept cells only, its deadline marked when it has passed."""
    due = getattr(row.record, "due_at", None)
    late = bool(due and due < at and row.record.stage not in ENDED)
    cells = [row.cells[i] for i in kept]
    if late:
        cells = [
            replace(c, late=True) if column.key == "due_at" else c for c, column in zip(cells, columns, strict=True)
        ]
    return Row(row.record, cells, row.href)


def with_stage_names(actor: Actor, columns: list[Column], table: list[Row]) -> list[Row]:
    """A daily report names its stage by the number of a milestone; a reader wants its name. One query for all rows."""
    at = next((i for i, c in enumerate(columns) if c.key == "stage"), None)
    if at is None:
        return table
    milestones = records_of(Noun.COMMITMENT, actor).filter(business_key__in={row.cells[at].text for row in table})
    titles = dict(milestones.values_list("business_key", "title"))
    return [
        replace(
            row, cells=[replace(c, text=titles.get(c.text, c.text)) if i == at else c for i, c in enumerate(row.cells)]
        )
        for row in table
    ]


def _foot(column: Column, sums: Totals) -> Foot:
    shown = next((s.shown for s in sums.sums if s.key == column.key), "")
    return Foot(column.title, shown, column.numeric)


def list_address(key: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The address of a list under a filter."""
    query = urlencode(list(pairs))
    return reverse("list", args=[key]) + (f"?{query}" if query else "")
