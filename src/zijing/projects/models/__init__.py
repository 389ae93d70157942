"""Key projects: what they are, what is reported of them, how they are judged."""

from zijing.projects.models.channel import GreenChannel, in_green_channel
from zijing.projects.models.judging import Consequence, RankingRule
from zijing.projects.models.projects import Building, Project, ProjectQuerySet, Stage, StageTemplate, titles_of
from zijing.projects.models.reports import Report
from zijing.projects.models.scheduling import Dependency, Schedule, Work, WorkTemplate

__all__ = [
    "Building",
    "Consequence",
    "Dependency",
    "GreenChannel",
    "Project",
    "ProjectQuerySet",
    "RankingRule",
    "Report",
    "Schedule",
    "Stage",
    "StageTemplate",
    "Work",
    "WorkTemplate",
    "in_green_channel",
    "titles_of",
]
