"""What is wrong: cases, their clocks, what is asked about them, who reported them, whose list they are on."""

from zijing.cases.models.asked import Plea, Share
from zijing.cases.models.case import ENDED, Case, CaseQuerySet, Stage, Step
from zijing.cases.models.listed import Supervision, SupervisionReport
from zijing.cases.models.reported import Reporter
from zijing.cases.models.timer import CLOCK, STEPS, TURN, Timer

__all__ = [
    "CLOCK", "ENDED", "STEPS", "TURN", "Case", "CaseQuerySet", "Plea", "Reporter", "Share", "Stage", "Step",
    "Supervision", "SupervisionReport", "Timer",
]  # fmt: skip
