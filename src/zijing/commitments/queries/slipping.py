"""What slipped, and why: the latest reason stated, or the lag filed about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zijing.commitments.models import Retarget, Statement
from zijing.commitments.progress import SLIPPED
from zijing.commitments.queries.trees import Node, Plan, walk

NOTHING: tuple[str, date | None] = ("", None)


@dataclass(frozen=True)
class Slip:
    """A leaf of a plan that slipped: the reason that was stated last, for which month; and when it was retargeted."""

    node: Node
    reason: str
    period: date | None
    retargets: int

    @property
    def pk(self) -> int:
        return self.node.pk


def slipped(plan: Plan) -> list[Slip]:
    """The leaves that slipped, those furthest behind first."""
    leaves = [n for n in walk(plan.root) if not n.children and n.state in SLIPPED]
    reasons = _reasons([n.pk for n in leaves], plan.day)
    changed = _retargets([n.pk for n in leaves])
    found = [
        Slip(n, reasons.get(n.pk, NOTHING)[0], reasons.get(n.pk, NOTHING)[1], changed.get(n.pk, 0)) for n in leaves
    ]
    return sorted(found, key=lambda s: (s.node.progress.points is None, s.node.progress.points or 0, s.node.row.code))


def _reasons(ids: Sequence[int], day: date) -> dict[int, tuple[str, date]]:
    said = (
        Statement.objects.filter(commitment__in=ids, period__lte=day).exclude(note="").order_by("period", "stated_at")
    )
    return {pk: (note, period) for pk, note, period in said.values_list("commitment", "note", "period")}


def _retargets(ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for pk in Retarget.objects.filter(commitment__in=ids).values_list("commitment", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found
