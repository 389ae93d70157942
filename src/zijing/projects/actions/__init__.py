"""Verbs on projects."""

from zijing.projects.actions.channel import put_in_channel, take_out_of_channel
from zijing.projects.actions.consequences import decide, lift
from zijing.projects.actions.layouts import change_work, freeze, lay_out
from zijing.projects.actions.ledger import put_buildings, put_projects, put_stages
from zijing.projects.actions.planning import ask_plan, plan, search_plan
from zijing.projects.actions.ranking import propose_consequences, publish_contest, publish_ranking
from zijing.projects.actions.reports import correct_report, report, withdraw_report

__all__ = [
    "ask_plan",
    "change_work",
    "correct_report",
    "decide",
    "freeze",
    "lay_out",
    "lift",
    "plan",
    "propose_consequences",
    "publish_contest",
    "publish_ranking",
    "put_buildings",
    "put_in_channel",
    "put_projects",
    "put_stages",
    "report",
    "search_plan",
    "take_out_of_channel",
    "withdraw_report",
]
