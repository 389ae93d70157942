"""The stages of a project with what should be done of each and what is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from zijing.projects.models import Project, Stage
from zijing.projects.queries.standing import LastShare, share_of
from zijing.projects.ranking import StageFacts, planned_share

SAID = (
    "project", "order", "weight", "planned_start", "planned_end", "milestone__title", "milestone__business_key",
    "milestone__quantity", "milestone__fields",
)  # fmt: skip


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
    facts: StageFacts

    @property
    def state(self) -> str:
        """done, now or next."""
        return (
            "done" if self.actual_share >= 100 else "now" if self.actual_share > 0 or self.planned_share > 0 else "next"
        )


def stage_lines(project: Project, on: date) -> list[StageLine]:
    """A project's stages in order with what should be and what is."""
    rows = Stage.objects.filter(project=project).select_related("milestone").only(*SAID).order_by("order")
    result = []
    for s in rows.annotate(share=LastShare(F("pk"), on)):
        facts = StageFacts(s.pk, s.weight, s.planned_start, s.planned_end)
        planned, actual = planned_share(facts, on), share_of(s.share) or Decimal(0)
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
                facts,
            )
        )
    return result
