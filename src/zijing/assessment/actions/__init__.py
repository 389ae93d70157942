"""Verbs on assessments: put schemes, make own versions, mark, compute and publish, decide what follows, object."""

from zijing.assessment.actions.appeals import appeal, decide_appeal, is_own, last_day
from zijing.assessment.actions.consequences import Help, decide, lift, propose, review
from zijing.assessment.actions.marks import confirm_mark, mark, refuse_mark
from zijing.assessment.actions.publishing import publish_run
from zijing.assessment.actions.running import Look, look, run
from zijing.assessment.actions.schemes import drop_scheme, put_scheme
from zijing.assessment.actions.versions import propose_version, withdraw_version

__all__ = [
    "Help", "Look", "appeal", "confirm_mark", "decide", "decide_appeal", "drop_scheme", "is_own", "last_day", "lift",
    "look", "mark", "propose", "propose_version", "publish_run", "put_scheme", "refuse_mark", "review", "run",
    "withdraw_version",
]  # fmt: skip
