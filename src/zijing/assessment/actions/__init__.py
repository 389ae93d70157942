"""Verbs on assessments: put schemes, compute a period."""

from zijing.assessment.actions.running import run
from zijing.assessment.actions.schemes import drop_scheme, put_scheme

__all__ = ["drop_scheme", "put_scheme", "run"]
