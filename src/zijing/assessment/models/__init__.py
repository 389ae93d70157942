"""Schemes and their versions; runs and scores; what follows from them."""

from zijing.assessment.models.judging import Appeal, Consequence, Observation, OfScoreQuerySet, Review
from zijing.assessment.models.marks import CONFIRM, MARK, Mark, MarkQuerySet
from zijing.assessment.models.results import (
    READ,
    READ_POSTS,
    RUN,
    Run,
    RunQuerySet,
    Score,
    ScoreQuerySet,
    computed_anew,
)
from zijing.assessment.models.schemes import Scheme, SchemeVersion, SchemeVersionQuerySet

__all__ = [
    "CONFIRM",
    "MARK",
    "READ",
    "READ_POSTS",
    "RUN",
    "Appeal",
    "Consequence",
    "Mark",
    "MarkQuerySet",
    "Observation",
    "OfScoreQuerySet",
    "Review",
    "Run",
    "RunQuerySet",
    "Scheme",
    "SchemeVersion",
    "SchemeVersionQuerySet",
    "Score",
    "ScoreQuerySet",
    "computed_anew",
]
