"""What a task team reports: its projects, the stages still open, and the mark of what their forms begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from zijing.core.worktime import DAY
from zijing.people.access import Actor
from zijing.projects.models import Project, Report
from zijing.projects.queries.board import my_projects
from zijing.projects.queries.standing import shares_at, stages_of
from zijing.projects.ranking import WHOLE

MOST = 10
LATELY = DAY * 31


@dataclass(frozen=True)
class ToReport:
    """A project whose day is reported: its unfinished stages, and a mark that is another once a report has changed."""

    project: Project
    stages: Sequence[int]
    mark: str


def to_report(actor: Actor, on: date) -> list[ToReport]:
    """The projects whose day the actor reports, at most ten; none for who does not report."""
    projects = list(my_projects(actor)[:MOST]) if actor.may("projects.report") else []
    if not projects:
        return []
    ids = [p.pk for p in projects]
    stages, shares = stages_of(ids), shares_at(ids, [on])[on]
    lately = Report.objects.filter(project__in=ids, day__gt=on - LATELY)
    marks = dict(lately.values_list("project").annotate(Sum("activity__revision")))
    return [
        ToReport(
            project,
            [s.pk for s in stages.get(project.pk, ()) if shares.get(s.pk, 0) < WHOLE],
            f"{project.entry.revision}.{marks.get(project.pk, 0)}",
        )
        for project in projects
    ]
