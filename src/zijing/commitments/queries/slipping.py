"""What slipped, and what is known about why: the reason stated last, the value that is owed, earlier changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zijing.commitments.models import Retarget, Statement
from zijing.commitments.progress import SLIPPED, month_end, month_wanted
from zijing.commitments.queries.trees import Node, Plan, Row, walk
from zijing.core.worktime import DAY

QUARTER = 3


@dataclass(frozen=True)
class Slip:
    """A leaf of a plan that slipped.

    ``reason`` was stated last, for the month of ``period``; ``owed`` is the latest month that is over and wants a value
    it has not; ``retargets`` counts the times its target or deadline was changed.
    """

    node: Node
    reason: str
    period: date | None
    owed: date | None
    retargets: int

    @property
    def pk(self) -> int:
        return self.node.pk


def slipped(plan: Plan) -> list[Slip]:
    """The leaves that slipped, those furthest behind first, those of which nothing is known last; two queries."""
    leaves = [n for n in walk(plan.root) if not n.children and n.state in SLIPPED]
    reasons = _reasons([n.pk for n in leaves], plan.day)
    changed = _retargets([n.pk for n in leaves])
    found = []
    for n in leaves:
        reason, period = reasons.get(n.pk, ("", None))
        found.append(Slip(n, reason, period, owed_month(n.row, plan.day), changed[n.pk]))
    return sorted(found, key=lambda s: (s.node.progress.points is None, s.node.progress.points or 0, s.node.row.code))


def owed_month(row: Row, day: date) -> date | None:
    """The first day of the latest month before that of ``day`` for which a value is owed and none is stated."""
    if row.figure or row.counts:
        return None
    month = day.replace(day=1)
    for _n in range(QUARTER):
        month = (month - DAY).replace(day=1)
        if month_wanted(row.recurrence, month):
            begun = row.begins is None or row.begins <= month_end(month)
            return month if begun and (row.stated_for is None or row.stated_for < month) else None
    return None


def _reasons(ids: Sequence[int], day: date) -> dict[int, tuple[str, date]]:
    said = Statement.objects.filter(commitment__in=ids, period__lte=day).exclude(note="")
    rows = said.order_by("period", "stated_at").values_list("commitment", "note", "period")
    return {pk: (note, period) for pk, note, period in rows}


def _retargets(ids: Sequence[int]) -> Counter[int]:
    return Counter(Retarget.objects.filter(commitment__in=ids).values_list("commitment", flat=True))
