"""The board of a past week as it was published, and what a recount of its records says today."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from zijing.core.worktime import DAY
from zijing.figures.models import Publication
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.projects.models import Project
from zijing.projects.queries.board import Board, Line, board, differs
from zijing.projects.queries.standing import within_sight


@dataclass(frozen=True)
class Change:
    """A project that stands elsewhere today than was published: what was published, and the recount.

    ``then`` is None for a project that came later, ``now`` for one that is not ranked any more.
    """

    project: Project
    then: Mapping[str, Any] | None
    now: Line | None


@dataclass(frozen=True)
class Past:
    """The board of a week as a reader opens it. ``as_published`` says whether its lines are the frozen ones."""

    board: Board
    as_published: bool = False
    changes: list[Change] = field(default_factory=list)


def board_of_week(actor: Actor, on: date, type: str = "", *, recount: bool = False) -> Past:
    """The board of the week that contains ``on``: as published when that week is over and was, else counted now.

    ``recount`` counts a published week from today's records instead.
    """
    counted = board(actor, on, type)
    published = counted.published
    if published is None or on < published.period + DAY * 6:
        return Past(counted)
    projects = _projects(actor, published, counted)
    changes = _changes(published, counted, projects, type)
    if recount:
        return Past(counted, changes=changes)
    lines = [_line(projects[row["project"]], row, on) for row in _rows(published) if row["project"] in projects]
    shown = [x for x in lines if not type or x.project.type == type]
    frozen = replace(
        counted,
        lines=[x for x in shown if not x.apart],
        unranked=[x for x in shown if x.apart == "missing"],
        done=[x for x in shown if x.apart == "done"],
        waiting=[x for x in shown if x.apart == "waiting"],
    )
    return Past(frozen, as_published=True, changes=changes)


def _rows(published: Publication) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = published.values["lines"]
    return rows


def _projects(actor: Actor, published: Publication, counted: Board) -> dict[int, Project]:
    """The published projects within sight, also those that have left the ledger since."""
    found = {line.project.pk: line.project for line in counted.everywhere}
    gone = {row["project"] for row in _rows(published)} - found.keys()
    if gone:
        rows = Project.objects.filter(pk__in=within_sight(actor, gone)).select_related("entry", "leader")
        found |= {p.pk: p for p in rows if p.pk in gone}
    return found


def _changes(published: Publication, counted: Board, projects: Mapping[int, Project], type: str) -> list[Change]:
    now = {line.project.pk: line for line in counted.everywhere}
    then = {row["project"]: row for row in _rows(published)}
    found = [Change(p, then.get(pk), now.get(pk)) for pk, p in projects.items() if differs(then.get(pk), now.get(pk))]
    return [c for c in found if not type or c.project.type == type]


def _line(project: Project, row: Mapping[str, Any], on: date) -> Line:
    """A published line. What was not yet kept when it was published is left empty, not counted anew."""
    last = date.fromisoformat(row["last_report"]) if row.get("last_report") else None
    return Line(
        project=as_it_was(project, row), rank=row["rank"], previous_rank=row.get("previous_rank"),
        planned=Decimal(row["planned"]), actual=Decimal(row["actual"]), points=Decimal(row["points"]),
        gain=Decimal(row.get("gain", 0)), light=row["light"], late=row.get("late", False), apart=row["apart"],
        open_blockers=row.get("open_blockers"), last_report=last, days_missing=row.get("days_missing", 0),
        days_since_report=(on - last).days if last else None, green_channel=row.get("green_channel", False),
    )  # fmt: skip


def as_it_was(project: Project, row: Mapping[str, Any]) -> Project:
    """The project with the name, type and leader of then: a copy where they differ, which is never saved."""
    type_, leader = row.get("type", project.type), project.leader.title if project.leader else ""
    if (row["title"], type_, row.get("leader", leader)) == (project.entry.title, project.type, leader):
        return project
    shown, entry = copy(project), copy(project.entry)
    entry.title = row["title"]
    shown.entry, shown.type = entry, type_
    if row.get("leader", leader) != leader:
        shown.leader = Post(title=row["leader"]) if row["leader"] else None
    return shown
