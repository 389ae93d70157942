"""Reads of plans and indicators."""

from zijing.commitments.queries.indicators import Course, courses, last_month, missing_in, owed_by
from zijing.commitments.queries.slipping import Slip, slipped
from zijing.commitments.queries.trees import Node, Plan, nodes_of, plan_of, plans, walk

__all__ = [
    "Course",
    "Node",
    "Plan",
    "Slip",
    "courses",
    "last_month",
    "missing_in",
    "nodes_of",
    "owed_by",
    "plan_of",
    "plans",
    "slipped",
    "walk",
]
