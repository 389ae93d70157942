"""Verbs on assessments: put schemes, compute and publish a period, decide what follows, object to a score."""

from zijing.assessment.actions.appeals import appeal, decide_appeal, is_own, last_day
from zijing.assessment.actions.consequences import Help, decide, lift, propose, review
from zijing.assessment.actions.publishing import publish_run
from zijing.assessment.actions.running import run
from zijing.assessment.actions.schemes import drop_scheme, put_scheme

__all__ = [
    "Help", "appeal", "decide", "decide_appeal", "drop_scheme", "is_own", "last_day", "lift", "propose", "publish_run",
    "put_scheme", "review", "run",
]  # fmt: skip
