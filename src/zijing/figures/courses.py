"""A figure over time, and over the places below a place: both sum to the value they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zijing.core.worktime import DAY
from zijing.figures import cells, counting, guards
from zijing.figures.counting import Counted, Scope
from zijing.figures.expressions import child_path
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.periods import Period, bucket_of, periods, step_of, year_earlier
from zijing.figures.queries import (
    Reading,
    Value,
    cacheable,
    evidence_of,
    inside,
    outside,
    rows_of,
    share,
    show,
    surveyed,
    value,
    valued,
    weighed,
)
from zijing.figures.registry import KIND
from zijing.people.access import Actor
from zijing.places.models import Place

NOTHING: Counted = (0, 0)
LEAP_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True)
class Step:
    """One step of a series; ``before`` is the same step of last year where it was asked for."""

    since: date
    until: date
    value: Value
    before: Value | None = None


@dataclass(frozen=True)
class Line:
    """One place of a roll-up."""

    place: Place
    value: Value


@dataclass(frozen=True)
class Rollup:
    """A figure by the places right below one; ``outside`` is what lies in none of them."""

    parent: Place
    lines: list[Line]
    outside: Value
    whole: Value


def has_course(figure: Figure) -> bool:
    """Whether a figure counts what falls on days; a stock ("open now") has no course of its own."""
    if figure.measure == Figure.Measure.SHARE:
        return all(has_course(find(key)) for key in figure.inputs)
    return bool(figure.time) and figure.measure != Figure.Measure.LATEST


def series(
    figure: Figure, actor: Actor, *, at: datetime, since: date, until: date,
    place: Place | None = None, step: str = "month", compare: bool = False,
) -> list[Step]:  # fmt: skip
    """The figure per day, week, month, quarter or year between two days, the last step cut at ``until``.

    What adds up is read for the whole range at once; medians are counted step by step. With ``compare`` every step
    has the same one of last year beside it (the week 52 weeks before, so that Mondays meet).
    """
    step_of(step, Period("", since, until))
    scope = Scope(actor, at, place, since, until)
    spans = list(periods(since, until, step))
    now = _steps(figure, scope, step, spans)
    if not compare:
        return [Step(*span, found) for span, found in zip(spans, now, strict=True)]
    earlier = [(_earlier(first, step), _earlier(last, step)) for first, last in spans]
    then = _steps(figure, scope.over(earlier[0][0], earlier[-1][1]), step, earlier)
    return [Step(*span, found, old) for span, found, old in zip(spans, now, then, strict=True)]


def whole_of(figure: Figure, scope: Scope, course: list[Step]) -> Value:
    """The figure over a whole course: what its steps add up to, counted by itself only where they do not."""
    if not course or not figure.adds_up or counting.restricted(figure):
        return value(
            figure, scope.actor, at=scope.at, place=scope.place, since=scope.since, until=scope.until
        )  # fmt: skip
    amount = sum((step.value.amount or Decimal(0) for step in course), Decimal(0))
    link = evidence_of(figure, place=scope.place, since=scope.since, until=scope.until)
    return Value(figure, amount, show(figure, amount), link, sum(step.value.n for step in course))


def _earlier(day: date, step: str) -> date:
    return day - LEAP_WEEKS if step == "week" else year_earlier(day)


def _steps(figure: Figure, scope: Scope, step: str, spans: list[tuple[date, date]]) -> list[Value]:
    if figure.measure == Figure.Measure.SHARE:
        part, whole = (_steps(find(key), scope, step, spans) for key in figure.inputs)
        links = [_link(figure, scope, span) for span in spans]
        return [share(figure, *both) for both in zip(part, whole, links, strict=True)]
    if counting.restricted(figure):
        return guards.without_the_deducible([_one(figure, scope, span) for span in spans])
    if figure.adds_up:
        found = _counted_steps(figure, scope, step)
        return [valued(figure, found.get(bucket_of(s[0], step), NOTHING), _link(figure, scope, s)) for s in spans]
    return [_one(figure, scope, span) for span in spans]


def _one(figure: Figure, scope: Scope, span: tuple[date, date]) -> Value:
    return value(figure, scope.actor, at=scope.at, place=scope.place, since=span[0], until=span[1])


def _link(figure: Figure, scope: Scope, span: tuple[date, date]) -> str:
    return evidence_of(figure, place=scope.place, since=span[0], until=span[1])


def _counted_steps(figure: Figure, scope: Scope, step: str) -> dict[str, Counted]:
    path, beyond = inside(scope.actor, scope.place)
    last = cells.last_cached(scope.at)
    since, until = scope.since, scope.until
    if since is None or until is None or not path or since > last or not cacheable(figure):
        return counting.by_step(figure, rows_of(figure, scope), step)
    parts = [_cached_steps(figure, scope, path, since, min(until, last), step)]
    if until > last:
        parts.append(_live_steps(figure, scope, counting.whole_of(figure, path), last + DAY, step))
    if beyond:
        parts.append(_live_steps(figure, scope, outside(figure, scope), since, step, few=True))
    return _merged(parts)


def _cached_steps(figure: Figure, scope: Scope, path: str, since: date, until: date, step: str) -> dict[str, Counted]:
    sums = cells.read(
        [figure], actor=scope.actor, at=scope.at, parent=path, paths=[path], since=since, until=until, step=step
    )
    return {name: counted for (_figure, _path, name), counted in sums.items()}


def _live(figure: Figure, scope: Scope, rows: QuerySet[Any], since: date | None, *, few: bool = False) -> QuerySet[Any]:
    met = rows.filter(counting.condition_of(figure, scope.actor, scope.at, gathered=few))
    return counting.within(met, figure, since, scope.until, gathered=few)


def _live_steps(
    figure: Figure, scope: Scope, rows: QuerySet[Any], since: date, step: str, *, few: bool = False
) -> dict[str, Counted]:
    return counting.by_step(figure, _live(figure, scope, rows, since, few=few), step)


def _merged(parts: list[dict[str, Counted]]) -> dict[str, Counted]:
    together: dict[str, Counted] = {}
    for part in parts:
        for name, (n, total) in part.items():
            before = together.get(name, NOTHING)
            together[name] = (before[0] + n, before[1] + total)
    return together


def adds_up_by_place(figure: Figure) -> bool:
    """Whether places can be set against each other: a median of medians says nothing."""
    if figure.measure == Figure.Measure.SHARE:
        return all(adds_up_by_place(find(key)) for key in figure.inputs)
    if figure.noun == KIND:
        return False  # a form lies nowhere
    return not counting.restricted(figure) and (figure.adds_up or surveyed(figure))


def rollup(
    figure: Figure, actor: Actor, *, at: datetime, place: Place | None = None,
    since: date | None = None, until: date | None = None, whole: Value | None = None,
) -> Rollup | None:  # fmt: skip
    """The figure by the places right below ``place`` (the actor's own by default); None when places cannot be added.

    Places merged into others are listed only where work that was done there still counts.
    """
    if not adds_up_by_place(figure):
        return None
    scope = Scope(actor, at, place, since, until)
    parent = (
        place or Place.objects.get(path=actor.path) if place or actor.path else Place.objects.get(pk=actor.office_id)
    )
    children = list(Place.objects.visible_to(actor).filter(parent=parent).defer("geometry").order_by("level", "path"))
    whole = whole or value(figure, actor, at=at, place=place, since=since, until=until)
    split = _shared(figure, scope, parent, children, whole) if figure.measure == Figure.Measure.SHARE else None
    below, rest = split or _split(figure, scope, parent, children, whole)
    lines = [
        Line(child, below[child.path]) for child in children if child.merged_into_id is None or below[child.path].n
    ]
    return Rollup(parent, lines, rest, whole)


Split = tuple[dict[str, Value], Value]


def _split(figure: Figure, scope: Scope, parent: Place, children: list[Place], whole: Value) -> Split:
    if surveyed(figure):
        return _split_weights(figure, scope, parent, children)
    counted = _counted_children(figure, scope, parent, [c.path for c in children])
    link = evidence_of(figure, place=scope.place, since=scope.since, until=scope.until)
    values = {c.path: valued(figure, counted.get(c.path, NOTHING), _child_link(figure, scope, c)) for c in children}
    each = counting.measured(figure)
    scale = each.scale if each else 1
    total = int((whole.amount or 0) * scale) if figure.measure == Figure.Measure.SUM else 0
    inner = [counted.get(c.path, NOTHING) for c in children]
    rest = (whole.n - sum(n for n, _t in inner), total - sum(t for _n, t in inner))
    return values, valued(figure, rest, link)


def _child_link(figure: Figure, scope: Scope, child: Place) -> str:
    return evidence_of(figure, place=child, since=scope.since, until=scope.until)


def _split_weights(figure: Figure, scope: Scope, parent: Place, children: list[Place]) -> Split:
    weights = Reading(scope).weights(figure)
    where = dict(rows_of(figure, scope).values_list("pk", "path")) if figure.noun else {}
    own: dict[str, dict[int, Any]] = {c.path: {} for c in children}
    rest: dict[int, Any] = {}
    for pk, weight in weights.items():
        path = next((p for p in own if where.get(pk, "").startswith(p)), "")
        (own[path] if path else rest)[pk] = weight
    values = {c.path: weighed(figure, own[c.path], _child_link(figure, scope, c)) for c in children}
    return values, weighed(figure, rest, evidence_of(figure, place=scope.place, since=None, until=None))


def _shared(figure: Figure, scope: Scope, parent: Place, children: list[Place], divided: Value) -> Split:
    both = [_split(each.figure, scope, parent, children, each) for each in divided.inputs]
    (part, part_rest), (whole_of, whole_rest) = both
    link = evidence_of(figure, place=scope.place, since=scope.since, until=scope.until)
    values = {c.path: share(figure, part[c.path], whole_of[c.path], _child_link(figure, scope, c)) for c in children}
    return values, share(figure, part_rest, whole_rest, link)


def _counted_children(figure: Figure, scope: Scope, parent: Place, paths: list[str]) -> Mapping[str, Counted]:
    path, _beyond = inside(scope.actor, scope.place)
    last = cells.last_cached(scope.at)
    since, until = scope.since, scope.until
    if not paths or path != parent.path or since is None or until is None or since > last or not cacheable(figure):
        return _by_child(figure, parent, rows_of(figure, scope))
    sums = cells.read(
        [figure], actor=scope.actor, at=scope.at, parent=path, paths=paths, since=since, until=min(until, last)
    )
    parts = [{below: counted for (_figure, below, _step), counted in sums.items()}]
    if until > last:
        parts.append(_by_child(figure, parent, _live(figure, scope, counting.whole_of(figure, path), last + DAY)))
    return _merged(parts)


def _by_child(figure: Figure, parent: Place, rows: QuerySet[Any]) -> dict[str, Counted]:
    found = counting.grouped(figure, rows, by={"below": child_path(parent.path)})
    return {row["below"]: (row["n"], row["total"]) for row in found}
