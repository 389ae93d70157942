"""Reads of projects."""

from zijing.projects.queries.affairs import Affairs, Clearance, Coming, Money, Permit, money_of
from zijing.projects.queries.board import (
    RANKING,
    Board,
    Line,
    board,
    consequences_to_decide,
    frozen,
    known_type,
    last_day,
    my_projects,
)
from zijing.projects.queries.history import Change, Past, board_of_week
from zijing.projects.queries.listing import Listing, Wanted, listing, of_unit, wanted
from zijing.projects.queries.page import (
    CurvePoint,
    ProjectPage,
    buildings_of,
    curve,
    project_page,
)
from zijing.projects.queries.stages import StageLine, stage_lines
from zijing.projects.queries.standing import (
    WEEK,
    limits_of,
    missing_reports,
    monday,
    named,
    ranking,
    reports_due_through,
    rule_in_force,
    shares_at,
    standings,
)

__all__ = [
    "RANKING",
    "WEEK",
    "Affairs",
    "Board",
    "Change",
    "Clearance",
    "Coming",
    "CurvePoint",
    "Line",
    "Listing",
    "Money",
    "Past",
    "Permit",
    "ProjectPage",
    "StageLine",
    "Wanted",
    "board",
    "board_of_week",
    "buildings_of",
    "consequences_to_decide",
    "curve",
    "frozen",
    "known_type",
    "last_day",
    "limits_of",
    "listing",
    "missing_reports",
    "monday",
    "money_of",
    "my_projects",
    "named",
    "of_unit",
    "project_page",
    "ranking",
    "reports_due_through",
    "rule_in_force",
    "shares_at",
    "stage_lines",
    "standings",
    "wanted",
]
