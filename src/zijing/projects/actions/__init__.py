"""Verbs on projects."""

from zijing.projects.actions.consequences import decide, lift
from zijing.projects.actions.ledger import put_buildings, put_projects, put_stages
from zijing.projects.actions.ranking import propose_consequences, publish_ranking
from zijing.projects.actions.reports import correct_report, report, withdraw_report

__all__ = [
    "correct_report",
    "decide",
    "lift",
    "propose_consequences",
    "publish_ranking",
    "put_buildings",
    "put_projects",
    "put_stages",
    "report",
    "withdraw_report",
]
