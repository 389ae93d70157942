"""What was promised, and what has been stated about it."""

from zijing.commitments.models.commitments import Commitment, Origin, Retarget, Sort
from zijing.commitments.models.papers import Draft, Paper
from zijing.commitments.models.statements import Benchmark, Correction, Statement, Waypoint
from zijing.commitments.models.templates import OrderTemplate

__all__ = [
    "Benchmark",
    "Commitment",
    "Correction",
    "Draft",
    "OrderTemplate",
    "Origin",
    "Paper",
    "Retarget",
    "Sort",
    "Statement",
    "Waypoint",
]
