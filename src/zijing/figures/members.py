"""A figure for many members of a population at once: places, units or what the ledgers hold, a query a figure.

What one member's list would count is counted for all of them, grouped by the column that says whose a record is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from zijing.figures import counting
from zijing.figures.classes import RANKED
from zijing.figures.counting import Counted, Scope
from zijing.figures.courses import has_course
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.queries import ranked, valued
from zijing.places.models import at_and_above, under

PLACE, UNIT, ENTRY = "place", "unit", "entry"
COLUMNS = {PLACE: "path", UNIT: "unit_id", ENTRY: "subject_id"}
NOTHING: Counted = (0, 0)


@dataclass(frozen=True)
class Member:
    """Whose records are counted: those at and below a place (``key`` is its path), of a unit, or about an entry."""

    by: str
    key: Any


@dataclass(frozen=True)
class Measured:
    """A figure of one member: None where there is nothing to divide by or nothing ranked; never a zero for that.

    ``n`` records are behind it. Of a share of counts, ``met`` are those that count; None for every other figure.
    """

    amount: Decimal | None
    n: int
    met: int | None = None


def can_be_split(figure: Figure, by: str = PLACE) -> bool:
    """Whether a figure can be counted for members over a period: it counts what falls on days, of no restricted kind,
    and its records say whose they are.
    """
    if figure.measure == Figure.Measure.SHARE:
        return all(can_be_split(find(key), by) for key in figure.inputs)
    if not has_course(figure) or counting.restricted(figure):
        return False
    return by != ENTRY or any(f.name == "subject" for f in counting.model_of(figure.counted_noun)._meta.get_fields())


def measure(figure: Figure, members: Sequence[Member], scope: Scope) -> list[Measured]:
    """The figure of every member, in order. ``scope`` says the days and the path that all lie below.

    Members of one population are told apart by the same column; a place may lie within another, and both count.
    """
    if not members:
        return []
    if figure.measure == Figure.Measure.SHARE:
        part, whole = (find(key) for key in figure.inputs)
        pairs = zip(measure(part, members, scope), measure(whole, members, scope), strict=True)
        return [_share(p, w, countable=part.measure == whole.measure == Figure.Measure.COUNT) for p, w in pairs]
    rows, by = _rows(figure, scope), members[0].by
    if figure.measure in RANKED:
        return _each_ranked(figure, rows, members)
    sums = _sums(figure, rows, by)
    counted = [sums.get(m.key, NOTHING) for m in members]
    return [Measured(valued(figure, each, "").amount, each[0]) for each in counted]


def _share(part: Measured, whole: Measured, *, countable: bool) -> Measured:
    if not whole.amount or part.amount is None:
        return Measured(None, 0, 0 if countable else None)
    return Measured(part.amount * 100 / whole.amount, whole.n, part.n if countable else None)


def _rows(figure: Figure, scope: Scope) -> QuerySet[Any]:
    below = counting.whole_of(figure, scope.place.path if scope.place else scope.actor.path)
    met = below.filter(counting.condition_of(figure, scope.actor, scope.at))
    return counting.within(met, figure, scope.since, scope.until)


def _sums(figure: Figure, rows: QuerySet[Any], by: str) -> Mapping[Any, Counted]:
    found = counting.grouped(figure, rows, by={"whose": F(COLUMNS[by])})
    sums: dict[Any, Counted] = defaultdict(lambda: NOTHING)
    for row in found:
        for key in _keys(row["whose"], by):
            n, total = sums[key]
            sums[key] = (n + row["n"], total + row["total"])
    return sums


def _keys(whose: Any, by: str) -> Iterable[Any]:
    """The members a record can belong to: its unit or entry, or every place above it."""
    return at_and_above(whose) if by == PLACE else [whose]


def _each_ranked(figure: Figure, rows: QuerySet[Any], members: Sequence[Member]) -> list[Measured]:
    by, wanted = members[0].by, {m.key for m in members}
    found: dict[Any, list[int | None]] = defaultdict(list)
    for whose, value in rows.order_by().values_list(COLUMNS[by], counting.ranking(figure).expression):
        for key in _keys(whose, by):
            if key in wanted:
                found[key].append(value)
    return [Measured(ranked(figure, found[m.key], "").amount, len(found[m.key])) for m in members]


def rows_of(figure: Figure, member: Member, scope: Scope) -> QuerySet[Any]:
    """Exactly the records counted for a member, within the sight of the scope's actor; of a share, of the whole."""
    if figure.measure == Figure.Measure.SHARE:
        return rows_of(find(figure.inputs[1]), member, scope)
    seen = counting.records_of(figure.counted_noun, scope.actor)
    met = seen.filter(counting.condition_of(figure, scope.actor, scope.at))
    rows = counting.within(met, figure, scope.since, scope.until)
    own = under(member.key) if member.by == PLACE else Q(**{COLUMNS[member.by]: member.key})
    return rows.filter(own)
