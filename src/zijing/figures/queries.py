"""One calculation path for a figure: value, series, roll-up, and evidence, which is the list of the very rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from zijing.core.quantity import show_money, show_number
from zijing.core.worktime import DAY
from zijing.figures import cells, counting, guards
from zijing.figures.counting import PARAMETER, Counted, Scope, model_of, params_of, records_of
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.registry import Survey, Weights, declared
from zijing.people.access import Actor
from zijing.places.models import Place, under

__all__ = ["Value", "model_of", "records_of", "value", "values"]


@dataclass(frozen=True)
class Value:
    """A figure's value, None when there is nothing to divide by or nothing known; ``evidence`` is an address.

    ``n`` records are counted; ``hidden`` more lie in the place asked for but outside the reader's sight.
    """

    figure: Figure
    amount: Decimal | None
    shown: str
    evidence: str
    n: int
    note: str = ""
    inputs: tuple["Value", ...] = ()
    hidden: int = 0


def evidence_of(figure: Figure, *, place: Place | None, since: date | None, until: date | None) -> str:
    """The address of the list page that holds exactly the rows counted."""
    days = (since or until) and figure.time
    if figure.kind is None:
        where = {"place": str(place.pk)} if place else {}
        limits = where | ({"period": f"{since or ''}..{until or ''}"} if since and until else {})
        page = f"/figures/{figure.key}/" + ("rows/" if figure.noun else "")
        return f"{page}?{urlencode(limits)}" if limits else page
    params = params_of(figure)
    if days:
        params[PARAMETER[figure.time]] = f"{since or ''}..{until or ''}"
    if place:
        params["place"] = str(place.pk)
    return f"/list/{figure.kind.key}/?{urlencode(params)}"


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
    return values([figure], actor, at=at, place=place, since=since, until=until)[0]


def values(
    figures: Sequence[Figure], actor: Actor, *, at: datetime, place: Place | None = None,
    since: date | None = None, until: date | None = None, most_ranked: int | None = None,
) -> list[Value]:  # fmt: skip
    """Many figures for one reader, place and period, in far fewer queries than one by one.

    What is ranked over more than ``most_ranked`` records is left to its own page, which its address opens.
    """
    return Reading(Scope(actor, at, place, since, until), most_ranked).of(figures)


class Reading:
    """One reader's look at figures: what several of them need is read once."""

    def __init__(self, scope: Scope, most_ranked: int | None = None) -> None:
        self.scope, self.most_ranked = scope, most_ranked
        self._surveys: dict[Survey, Mapping[str, Weights]] = {}

    def of(self, figures: Sequence[Figure]) -> list[Value]:
        """The figures' values in order; what shares divide is counted along."""
        known = {f.key: f for f in figures}
        wanted = {k for f in figures if f.measure == Figure.Measure.SHARE for k in f.inputs} - known.keys()
        known |= {key: find(key) for key in wanted}
        plain = [f for f in known.values() if f.measure != Figure.Measure.SHARE]
        guarded = not self.scope.whole
        open_ = [f for f in plain if f.adds_up and not surveyed(f) and not (guarded and counting.restricted(f))]
        counted = self._counted(open_)
        found = {f.key: self._plain(f, counted) for f in plain}
        return [found[f.key] if f.key in found else self._share(f, found) for f in figures]

    def _share(self, figure: Figure, found: Mapping[str, Value]) -> Value:
        part, whole = figure.inputs
        return share(figure, found[part], found[whole], self._link(figure))

    def _link(self, figure: Figure) -> str:
        return evidence_of(figure, place=self.scope.place, since=self.scope.since, until=self.scope.until)

    def _plain(self, figure: Figure, counted: Mapping[str, Counted]) -> Value:
        if counting.restricted(figure) and not self.scope.whole:
            return self._guarded(figure)
        if surveyed(figure):
            return weighed(figure, self.weights(figure), self._link(figure))
        if figure.key in counted:
            return valued(figure, counted[figure.key], self._link(figure))
        rows = rows_of(figure, self.scope)
        if figure.measure == Figure.Measure.LATEST:
            return _latest(figure, rows, self._link(figure))
        if self.most_ranked is not None and rows.order_by()[: self.most_ranked + 1].count() > self.most_ranked:
            return self._left(figure)
        return ranked(figure, stored(figure, rows), self._link(figure))

    def _left(self, figure: Figure) -> Value:
        s = self.scope
        limits = {"place": str(s.place.pk) if s.place else "", "period": f"{s.since or ''}..{s.until or ''}"}
        address = f"/figures/{figure.key}/?{urlencode({name: said for name, said in limits.items() if said})}"
        return Value(figure, None, gettext("counted when opened"), address, 0)

    def _guarded(self, figure: Figure) -> Value:
        """A restricted kind counts for a whole office and whole months only, and not below five records."""
        link, scope = self._link(figure), self.scope
        if not guards.for_an_office(scope) or not guards.for_whole_months(scope):
            return Value(figure, None, "—", link, 0, guards.why())
        found = Reading(replace(scope, whole=True)).of([figure])[0]
        return found if found.n >= guards.LEAST else Value(figure, None, guards.few(), link, 0, guards.why())

    def weights(self, figure: Figure) -> Weights:
        """What a surveyed figure counts: each record with what it adds."""
        survey = declared(figure.key).survey
        if survey is None:
            raise ValueError(f"{figure.key} has no survey")
        if survey not in self._surveys:
            self._surveys[survey] = survey(self.scope.actor, self.scope.at, self.scope.place)
        return self._surveys[survey].get(figure.key, {})

    def _counted(self, figures: Sequence[Figure]) -> dict[str, Counted]:
        """N and total of figures that add up: cached days below the whole, the rest counted."""
        scope = self.scope
        path, beyond = inside(scope.actor, scope.place)
        last = cells.last_cached(scope.at)
        kept = [f for f in figures if path and cacheable(f) and scope.since and scope.until and scope.since <= last]
        rest = [f for f in figures if f not in kept]
        found = counting.count(rest, scope, lambda f: counting.base_of(f, scope), few=counting.gathered(scope))
        if not (kept and path and scope.since and scope.until):
            return found
        until = min(scope.until, last)
        sums = cells.read(
            kept, actor=scope.actor, at=scope.at, parent=path, paths=[path], since=scope.since, until=until
        )
        parts = [{f.key: sums.get((f.pk, path, ""), (0, 0)) for f in kept}]
        if scope.until > last:
            tail = scope.over(last + DAY, scope.until)
            parts.append(counting.count(kept, tail, lambda f: counting.whole_of(f, path)))
        if beyond and not scope.whole:
            parts.append(counting.count(kept, scope, lambda f: outside(f, scope), few=True))
        return found | {f.key: _added(part[f.key] for part in parts) for f in kept}


def _added(parts: Iterable[Counted]) -> Counted:
    together = list(parts)
    return sum(n for n, _t in together), sum(t for _n, t in together)


def surveyed(figure: Figure) -> bool:
    return figure.declared and declared(figure.key).survey is not None


def cacheable(figure: Figure) -> bool:
    """Whether the days of a figure that are over stay as they are: what is close to its
    deadline or past it changes by the minute.
    """
    lasting = not {"near", "overdue"} & params_of(figure).keys()
    return figure.adds_up and bool(figure.time) and not surveyed(figure) and lasting


def inside(actor: Actor, place: Place | None) -> tuple[str, bool]:
    """The path of which the actor sees everything ("" for none), and whether it sees rows besides."""
    whole = counting.sees_all(actor)
    if place is None:
        return actor.path, not whole
    if actor.path and place.path.startswith(actor.path):
        return place.path, False
    if actor.path and actor.path.startswith(place.path):
        return actor.path, not whole
    return "", True


def outside(figure: Figure, scope: Scope) -> QuerySet[Any]:
    """What an actor sees of the scope outside its path: found by assignment, so it is little."""
    rows: QuerySet[Any] = model_of(figure.counted_noun)._default_manager.beside(scope.actor)
    return rows.filter(under(scope.place.path)) if scope.place else rows


def rows_of(figure: Figure, scope: Scope) -> QuerySet[Any]:
    """Exactly the rows a figure counts, within sight: its evidence. Of a share, the rows of the whole."""
    if figure.measure == Figure.Measure.SHARE:
        return rows_of(find(figure.inputs[1]), scope)
    rows = counting.base_of(figure, scope)
    if surveyed(figure):
        return rows.filter(pk__in=list(Reading(scope).weights(figure)))
    few = counting.gathered(scope)
    rows = rows.filter(counting.condition_of(figure, scope.actor, scope.at, gathered=few))
    rows = counting.within(rows, figure, scope.since, scope.until, gathered=few)
    if figure.measure == Figure.Measure.LATEST:
        return rows.filter(pk__in=rows.order_by(*_newest(figure)).values("pk")[:1])
    return rows


def noun_of(figure: Figure) -> str:
    """The noun of the rows behind a figure; of a share, behind the whole."""
    return noun_of(find(figure.inputs[1])) if figure.measure == Figure.Measure.SHARE else figure.counted_noun


def _newest(figure: Figure) -> tuple[Any, str]:
    return F(figure.time or "recorded_at").desc(nulls_last=True), "-pk"


def valued(figure: Figure, counted: Counted, link: str) -> Value:
    """The value of a figure that adds up."""
    n, total = counted
    each = counting.measured(figure)
    amount = Decimal(total) / each.scale if each and figure.measure != Figure.Measure.COUNT else Decimal(n)
    return Value(figure, amount, show(figure, amount), link, n)


def _latest(figure: Figure, rows: QuerySet[Any], link: str) -> Value:
    last = rows.first()
    if last is None:
        return Value(figure, None, show(figure, None), link, 0)
    each = counting.measured(figure)
    stored = rows.values_list(each.expression, flat=True)[0] if each else None
    amount = None if stored is None or each is None else Decimal(stored) / each.scale
    address = f"{link}&id={last.pk}" if link[-1] != "?" else f"{link}id={last.pk}"
    return Value(figure, amount, show(figure, amount), address, 1)


def stored(figure: Figure, rows: QuerySet[Any]) -> list[int | None]:
    """What a figure ranks of each of these rows."""
    return list(rows.order_by().values_list(counting.ranking(figure).expression, flat=True))


def ranked(figure: Figure, found: Collection[int | None], link: str) -> Value:
    """A median or the ninth tenth, counted anew over all there is each time: never from partial results.

    The median of an even number is the mean of the middle two; nine in ten by the nearest rank.
    """
    each = counting.ranking(figure)
    ranks = sorted(value for value in found if value is not None)
    n, m = len(found), len(ranks)
    if not m:
        return Value(figure, None, gettext("none"), link, n)
    first, last = ((m - 1) // 2, m // 2) if figure.measure == Figure.Measure.MEDIAN else ((9 * m + 9) // 10 - 1,) * 2
    amount = Decimal(ranks[first] + ranks[last]) / 2 / each.scale
    note = "" if m == n else gettext("%(with)d of %(n)d records carry the value.") % {"with": m, "n": n}
    return Value(figure, amount, show(figure, amount), link, n, note)


def weighed(figure: Figure, weights: Weights, link: str) -> Value:
    amount: Decimal | None = Decimal(len(weights))
    if figure.measure != Figure.Measure.COUNT:
        amount = sum(weights.values(), Decimal(0))
        if figure.measure == Figure.Measure.MEAN:
            amount = amount / len(weights) if weights else None
    return Value(figure, amount, show(figure, amount), link, len(weights))


def share(figure: Figure, part: Value, whole: Value, link: str) -> Value:
    """One figure as a share of another, with both."""
    inputs = (part, whole)
    if (counting.restricted(part.figure) or counting.restricted(whole.figure)) and None in (
        part.amount, whole.amount,
    ):  # fmt: skip
        return Value(figure, None, "—", link, 0, guards.why(), inputs)
    if not whole.amount or part.amount is None:
        none = gettext("Nothing to divide by: there is no such record.")
        return Value(figure, None, gettext("none"), link, 0, none, inputs)
    amount = part.amount * 100 / whole.amount
    note = gettext("%(part)s of %(whole)s") % {"part": part.shown, "whole": whole.shown}
    return Value(figure, amount, show(figure, amount), link, whole.n, note, inputs)


def with_hidden(found: Value, scope: Scope) -> Value:
    """The value with how many records of the place are out of sight; of restricted kinds that is not said."""
    figure, place = found.figure, scope.place
    seen_whole = place is None or (scope.actor.path and place.path.startswith(scope.actor.path))
    if place is None or seen_whole or counting.restricted(figure) or not cacheable(figure):
        return found
    everyone = counting.seeing_all(scope.actor, place.path)
    whole = value(figure, everyone, at=scope.at, place=place, since=scope.since, until=scope.until)
    return replace(found, hidden=whole.n - found.n)


def show(figure: Figure, amount: Decimal | None) -> str:
    """The amount as a reader reads it, with its unit."""
    if amount is None:
        return gettext("none")
    if is_money(figure):
        return show_money(int(amount))
    if figure.measure == Figure.Measure.SHARE:
        return f"{show_number(amount, figure.decimals or 1)}%"
    return f"{show_number(amount, figure.decimals)} {figure.unit}".strip()


def is_money(figure: Figure) -> bool:
    """Whether the figure's amounts are fen."""
    if figure.measure in {Figure.Measure.COUNT, Figure.Measure.SHARE} or not figure.of or surveyed(figure):
        return False
    each = counting.measured(figure)
    return bool(each and each.money)
