"""Reads of plans and indicators."""

from zijing.commitments.queries.indicators import Course, courses, missing_in
from zijing.commitments.queries.slipping import Slip, slipped
from zijing.commitments.queries.trees import Node, Plan, plan_of, plans, walk

__all__ = ["Course", "Node", "Plan", "Slip", "courses", "missing_in", "plan_of", "plans", "slipped", "walk"]
