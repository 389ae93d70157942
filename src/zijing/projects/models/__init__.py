"""Key projects: what they are, what is reported of them, how they are judged."""

from zijing.projects.models.judging import Consequence, RankingRule
from zijing.projects.models.projects import Building, Project, ProjectQuerySet, Stage, StageTemplate, titles_of
from zijing.projects.models.reports import Report

__all__ = [
    "Building",
    "Consequence",
    "Project",
    "ProjectQuerySet",
    "RankingRule",
    "Report",
    "Stage",
    "StageTemplate",
    "titles_of",
]
