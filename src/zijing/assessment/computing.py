"""A scheme computed for a population over a period: what was measured becomes points, ranks, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zijing.assessment.definition import ItemSpec, SchemeSpec
from zijing.assessment.members import Subject, members_of, table
from zijing.figures.counting import Scope
from zijing.figures.known import find
from zijing.figures.members import Measured
from zijing.figures.models import Figure
from zijing.people.access import system_actor
from zijing.places.models import Place

if TYPE_CHECKING:
    from zijing.assessment.scoring import Column, Item, Standing

Marks = Mapping[tuple[str, str, int], list[Decimal]]
HUNDREDTH = Decimal("0.01")
NOBODY: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True)
class Result:
    """One member's score with what it follows from; exempt members are measured and not ranked."""

    subject: Subject
    standing: Standing
    breakdown: list[dict[str, Any]]
    exempt: bool = False


def compute(
    spec: SchemeSpec, office: Place, *, at: datetime, since: date, until: date, marks: Marks | None = None,
    exempt: frozenset[tuple[str, int]] = NOBODY,
) -> list[Result]:  # fmt: skip
    """Every member's score over the days since..until as the records stand at ``at``; nothing is written."""
    from zijing.assessment import scoring  # noqa: PLC0415  # numpy: a tenth of a second, for assessing only

    scope = Scope(system_actor(office), at, office, since, until)
    subjects = members_of(spec, office, until)
    found = table(spec, subjects, scope, marks or {})
    items = [item_of(i) for i in spec.items]
    columns = [column_of(i, f) for i, f in zip(spec.items, found, strict=True)]
    care = scoring.Care(spec.least_cases, spec.least_members)
    out = [(s.column, s.pk) in exempt for s in subjects]
    standings = _apart(items, columns, care, out)
    return [
        Result(s, standings[n], _breakdown(spec, standings[n], [f[n] for f in found]), out[n])
        for n, s in enumerate(subjects)
    ]


def _apart(items: list[Item], columns: list[Column], care: Any, out: list[bool]) -> list[Standing]:
    """The standings: who is exempt is scored beside the others and takes nobody's rank."""
    from zijing.assessment import scoring  # noqa: PLC0415  # as above

    ranked = [n for n, exempt in enumerate(out) if not exempt]
    standings: dict[int, Standing] = {}
    if ranked:
        found = scoring.assess(items, [c.among(ranked) for c in columns], care)
        standings |= dict(zip(ranked, found, strict=True))
    if len(ranked) < len(out):
        everyone = scoring.assess(items, columns, care)
        for n in standings.keys() ^ range(len(out)):
            alone = everyone[n]
            standings[n] = scoring.Standing(alone.total, alone.points, alone.low, alone.high, vetoed=alone.vetoed)
    return [standings[n] for n in range(len(out))]


def item_of(spec: ItemSpec) -> Item:
    """An item as the arithmetic knows it."""
    from zijing.assessment.scoring import Item  # noqa: PLC0415  # as above

    return Item(
        spec.key, spec.weight, spec.way, spec.figure, spec.direction, spec.target, spec.floor,
        tuple((b.limit, b.points) for b in spec.bands), spec.each, spec.cap, spec.limit, spec.missing, spec.small,
        spec.dispersion,
    )  # fmt: skip


def column_of(spec: ItemSpec, found: Sequence[Measured]) -> Column:
    """What was measured as numbers. A share of counts is a rate, whose accuracy is known; so is a count's."""
    import numpy as np  # noqa: PLC0415  # as above

    from zijing.assessment.scoring import COUNT, RATE, VALUE, Column  # noqa: PLC0415  # as above

    n = np.array([float(m.n) for m in found])
    figure = find(spec.figure) if spec.figure else None
    if found and all(m.met is not None and m.met <= m.n for m in found):
        return Column(RATE, np.array([float(m.met or 0) for m in found]), n)
    if figure is not None and figure.measure == Figure.Measure.COUNT:
        return Column(COUNT, n, n)
    return Column(VALUE, np.array([float("nan") if m.amount is None else float(m.amount) for m in found]), n)


def _breakdown(spec: SchemeSpec, standing: Standing, found: list[Measured]) -> list[dict[str, Any]]:
    return [
        _line(item, points, one) for item, points, one in zip(spec.items, standing.points, found, strict=True)
    ]  # fmt: skip


def _line(item: ItemSpec, points: Decimal | None, one: Measured) -> dict[str, Any]:
    from zijing.assessment.statistics import wilson  # noqa: PLC0415  # beside what it explains

    line: dict[str, Any] = {"item": item.key, "n": one.n, "value": None, "points": None}
    if one.amount is not None:
        line["value"] = f"{one.amount.quantize(Decimal('0.0001')).normalize():f}"
    if points is not None:
        line["points"] = f"{points.quantize(HUNDREDTH):f}"
    if one.met is not None and one.n:
        low, high = wilson(one.met, one.n)
        line |= {"met": one.met, "low": round(low * 100, 1), "high": round(high * 100, 1)}
    return line
