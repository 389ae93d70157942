"""The stages of a project with what should be done of each and what is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zijing.projects.models import Project, Stage
from zijing.projects.queries.standing import shares_at
from zijing.projects.ranking import StageFacts, planned_share


@dataclass(frozen=True)
class StageLine:
    """A stage on a project's page. Shares are percent of the stage."""

    stage: Stage
    name: str
    weight: Decimal
    planned_start: date
    planned_end: date
    planned_share: Decimal
    actual_share: Decimal
    quantity: Decimal | None
    unit: str
    late: bool

    @property
    def state(self) -> str:
        """done, now or next."""
        return (
            "done" if self.actual_share >= 100 else "now" if self.actual_share > 0 or self.planned_share > 0 else "next"
        )


def stage_lines(project: Project, on: date) -> list[StageLine]:
    """A project's stages in order with what should be and what is."""
    shares = shares_at([project.pk], [on])[on]
    rows = Stage.objects.filter(project=project).select_related("milestone").order_by("order")
    result = []
    for s in rows:
        planned = planned_share(StageFacts(s.pk, s.weight, s.planned_start, s.planned_end), on)
        actual = shares.get(s.pk, Decimal(0))
        result.append(
            StageLine(
                s,
                s.milestone.title,
                s.weight,
                s.planned_start,
                s.planned_end,
                planned.quantize(Decimal("0.1")),
                actual,
                s.milestone.quantity,
                s.milestone.fields.get("unit", ""),
                on > s.planned_end and actual < 100,
            )
        )
    return result
