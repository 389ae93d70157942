"""Schemes and their versions; runs and scores."""

from zijing.assessment.models.results import READ, READ_POSTS, RUN, Run, RunQuerySet, Score, ScoreQuerySet
from zijing.assessment.models.schemes import Scheme, SchemeVersion, SchemeVersionQuerySet

__all__ = [
    "READ",
    "READ_POSTS",
    "RUN",
    "Run",
    "RunQuerySet",
    "Scheme",
    "SchemeVersion",
    "SchemeVersionQuerySet",
    "Score",
    "ScoreQuerySet",
]
