"""One calculation path for a figure: value, series, and evidence, which is the list page of the very rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.quantity import show_money, show_number
from zijing.core.worktime import DAY, ZONE, day_of
from zijing.figures.models import Figure, FigureDay
from zijing.people.access import Actor
from zijing.places.models import Place
from zijing.records.filters import TIMES, Filtering, in_days, parse
from zijing.records.models import Noun, Record, RecordQuerySet

MODELS = {
    Noun.REGISTER: "registers.Entry",
    Noun.ACTIVITY: "activities.Activity",
    Noun.COMMITMENT: "commitments.Commitment",
    Noun.CASE: "cases.Case",
}
# An act that began before midnight may still be running after it: its day is not over until then.
LONGEST_ACT = timedelta(hours=1)
PARAMETER = {column: name for name, column in TIMES.items()}


@dataclass(frozen=True)
class Value:
    """A figure's value, None when there is nothing to divide by or nothing known; ``evidence`` is an address."""

    figure: Figure
    amount: Decimal | None
    shown: str
    evidence: str
    n: int
    note: str = ""


def model_of(noun: str) -> type[Record]:
    """The table of a noun."""
    found: type[Record] = apps.get_model(MODELS[Noun(noun)])
    return found


def records_of(noun: str, actor: Actor) -> RecordQuerySet:
    """The records of a noun within the actor's sight: where every list and figure begins."""
    rows: RecordQuerySet = model_of(noun).objects.visible_to(actor)
    return rows


def find(key: str) -> Figure:
    """The figure of this key; ``Missing`` when there is none."""
    found = Figure.objects.select_related("kind").filter(key=key).first()
    if found is None:
        raise Missing(_("There is no figure “%(key)s”."), key=key)
    return found


def evidence_of(figure: Figure, *, place: Place | None, since: date | None, until: date | None) -> str:
    """The address of the list page that holds exactly the rows counted."""
    if figure.kind is None:
        return f"/figures/{figure.key}/"
    params = _params(figure)
    if figure.time and (since or until):
        params[PARAMETER[figure.time]] = f"{since or ''}..{until or ''}"
    if place:
        params["place"] = str(place.pk)
    return f"/list/{figure.kind.key}/?{urlencode(params)}"


def _params(figure: Figure) -> dict[str, str]:
    return {k: v for k, v in parse_qsl(figure.filter) if v != "@period"}


def filtering_of(figure: Figure, actor: Actor, at: datetime) -> Filtering:
    """The figure's filter, parsed like any list's."""
    if figure.kind is None:
        raise ValueError("a share has no filter of its own")
    return parse(_params(figure), figure.kind, at=at, actor=actor)


def value(
    figure: Figure,
    actor: Actor,
    *,
    at: datetime,
    place: Place | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Value:
    """The figure for a place (the actor's whole sight by default) and, where it has a time, for days since..until."""
    link = evidence_of(figure, place=place, since=since, until=until)
    if figure.measure == Figure.Measure.SHARE:
        return _share(figure, actor, at, place, since, until, link)
    rows = _rows(figure, actor, at, place)
    if figure.measure == Figure.Measure.LATEST:
        return _latest(figure, rows, link)
    if figure.time and since and until and _cacheable(actor, place):
        n, total = _from_days(figure, rows, (place.path if place else actor.path), since, until, at)
    else:
        n, total = _measure(figure, _within(figure, rows, since, until))
    amount = Decimal(n) if figure.measure == Figure.Measure.COUNT else total
    return Value(figure, amount, show(figure, amount), link, n)


def _rows(figure: Figure, actor: Actor, at: datetime, place: Place | None) -> QuerySet[Any]:
    filtering = filtering_of(figure, actor, at)
    rows = filtering.apply(records_of(filtering.kind.noun, actor))
    return rows.filter(path__gte=place.path, path__lt=place.path[:-1] + "0") if place else rows


def _within(figure: Figure, rows: QuerySet[Any], since: date | None, until: date | None) -> QuerySet[Any]:
    if not figure.time or not (since or until):
        return rows
    if figure.time.endswith("_at"):
        return rows.filter(in_days(figure.time, since, until))
    ends = {f"{figure.time}__gte": since, f"{figure.time}__lte": until}
    return rows.filter(**{k: v for k, v in ends.items() if v})


def _measure(figure: Figure, rows: QuerySet[Any]) -> tuple[int, Decimal]:
    found = rows.aggregate(n=Count("pk"), **({"sum": Sum(figure.of)} if figure.of else {}))
    return found["n"], Decimal(found.get("sum") or 0)


def _latest(figure: Figure, rows: QuerySet[Any], link: str) -> Value:
    last = rows.order_by(F(figure.time or "recorded_at").desc(nulls_last=True), "-pk").first()
    amount = getattr(last, figure.of) if last else None
    amount = None if amount is None else Decimal(amount)
    return Value(figure, amount, show(figure, amount), link, int(last is not None))


def _share(
    figure: Figure, actor: Actor, at: datetime, place: Place | None, since: date | None, until: date | None, link: str
) -> Value:
    part, whole = (value(find(key), actor, at=at, place=place, since=since, until=until) for key in figure.inputs)
    if not whole.amount or part.amount is None:
        return Value(figure, None, gettext("none"), link, 0, gettext("Nothing to divide by: there is no such record."))
    amount = part.amount * 100 / whole.amount
    note = gettext("%(part)s of %(whole)s") % {"part": part.shown, "whole": whole.shown}
    return Value(figure, amount, show(figure, amount), link, whole.n, note)


def inputs_of(
    share: Figure, actor: Actor, *, at: datetime, place: Place | None = None,
    since: date | None = None, until: date | None = None,
) -> list[Value]:  # fmt: skip
    """The two figures behind a share."""
    return [value(find(key), actor, at=at, place=place, since=since, until=until) for key in share.inputs]


def show(figure: Figure, amount: Decimal | None) -> str:
    """The amount as a reader reads it, with its unit."""
    if amount is None:
        return gettext("none")
    if figure.of == "amount_fen":
        return show_money(int(amount))
    if figure.measure == Figure.Measure.SHARE:
        return f"{show_number(amount, figure.decimals or 1)}%"
    return f"{show_number(amount, figure.decimals)} {figure.unit}".strip()


def _cacheable(actor: Actor, place: Place | None) -> bool:
    """Cells hold whole subtrees, so only someone who sees the whole subtree may read them."""
    if not actor.path or actor.foreign:
        return False
    return place is None or place.path.startswith(actor.path)


def _from_days(
    figure: Figure, rows: QuerySet[Any], path: str, since: date, until: date, at: datetime
) -> tuple[int, Decimal]:
    """Sum the cached days, counting the missing and dirty ones first. A day that is not over is never cached."""
    last = min(until, day_of(at - LONGEST_ACT) - DAY)
    if "overdue" in figure.filter or path == "/" or last < since:
        return _measure(figure, _within(figure, rows, since, until))
    wanted = [since + DAY * n for n in range((last - since).days + 1)]
    cells = {c.day: c for c in FigureDay.objects.filter(figure=figure, path=path, day__range=(since, last))}
    stale = [d for d in wanted if d not in cells or cells[d].n is None]
    if stale:
        _fill(figure, rows, path, stale, cells)
    later = _measure(figure, _within(figure, rows, last + DAY, until)) if until > last else (0, Decimal(0))
    n = sum((cells[d].n or 0) for d in wanted) + later[0]
    return n, sum((cells[d].sum for d in wanted), later[1])


def _fill(figure: Figure, rows: QuerySet[Any], path: str, stale: list[date], cells: dict[date, FigureDay]) -> None:
    """Count the stale days in one query; keep what no writer has marked dirty meanwhile."""
    counted = _by_day(figure, _within(figure, rows, min(stale), max(stale)))
    fresh = []
    for day in stale:
        n, total = counted.get(day, (0, Decimal(0)))
        standing = cells.get(day)
        if standing is None:
            cells[day] = FigureDay(figure=figure, path=path, day=day, n=n, sum=total)
            fresh.append(cells[day])
            continue
        FigureDay.objects.filter(pk=standing.pk, version=standing.version).update(n=n, sum=total)
        standing.n, standing.sum = n, total
    FigureDay.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)


def _by_day(figure: Figure, rows: QuerySet[Any]) -> dict[date, tuple[int, Decimal]]:
    day = TruncDate(figure.time, tzinfo=ZONE) if figure.time.endswith("_at") else F(figure.time)
    sums = {"total": Sum(figure.of)} if figure.of else {}
    found = rows.order_by().annotate(day=day).values("day").annotate(n=Count("pk"), **sums)
    return {r["day"]: (r["n"], Decimal(r.get("total") or 0)) for r in found}


@dataclass(frozen=True)
class Step:
    """One step of a series."""

    since: date
    until: date
    value: Value


def series(
    figure: Figure,
    actor: Actor,
    *,
    at: datetime,
    since: date,
    until: date,
    place: Place | None = None,
    step: str = "month",
) -> list[Step]:
    """The figure per calendar week or month between two days, the last step cut at ``until``."""
    return [
        Step(first, last, value(figure, actor, at=at, place=place, since=first, until=last))
        for first, last in periods(since, until, step)
    ]


def periods(since: date, until: date, step: str) -> Iterable[tuple[date, date]]:
    """The weeks (Monday to Sunday) or months that cover since..until."""
    first = since
    while first <= until:
        if step == "week":
            last = first + DAY * (7 - first.isoweekday())
        else:
            last = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
        yield first, min(last, until)
        first = last + DAY
