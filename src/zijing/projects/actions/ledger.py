"""Verbs on the project ledger: projects with their leaders and teams, their stages, their buildings.

The ledger entry is the record a person reads and corrects; the project's own columns are kept in step by these verbs.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions import put_commitments
from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.people.actions import assign
from zijing.people.models import Assignment, Post, Role, Unit
from zijing.places.models import Place
from zijing.projects.models import Building, Project, RankingRule, Stage, titles_of
from zijing.records.kinds import kind_of
from zijing.records.putting import Put
from zijing.registers.actions import correct_entry, put_entries
from zijing.registers.models import Entry

PROJECT, BUILDING, MILESTONE = "project", "building", "milestone"


def put_projects(*, actor: Actor, at: datetime, rows: list[dict[str, Any]], place: Place) -> list[Put]:
    """Create or change projects by number; their leader, team and section become assignments."""
    kind = kind_of(PROJECT)
    with act(actor, at):
        results = put_entries(actor=actor, at=at, kind=kind, rows=rows, place=place)
        for result in results:
            if result.outcome != "same":
                _index_project(actor, at, result.record)
        return results


def correct_ledger(
    *, actor: Actor, at: datetime, entry: Entry, values: dict[str, Any], seen: int | None = None
) -> bool:
    """Correct the ledger entry of a project or a building, and what follows from it."""
    with act(actor, at):
        changed = correct_entry(actor=actor, at=at, entry=entry, values=values, seen=seen)
        if changed and entry.kind.key == PROJECT:
            _index_project(actor, at, entry)
        elif changed:
            _index_building(entry)
        return changed


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _index_project(actor: Actor, at: datetime, entry: Entry) -> None:
    f = entry.fields
    promised = _day(f.get("promised_on"))
    if promised is None:
        raise Invalid(_("A project needs a promised date."), field="promised_on")
    Project.objects.update_or_create(
        entry=entry,
        defaults={
            "type": f["type"],
            "level": f.get("level") or "",
            "started_on": _day(f.get("started_on")),
            "promised_on": promised,
            "year_plan_fen": f.get("year_plan") or 0,
            "leader_id": f.get("leader"),
        },
    )
    _check_leader(entry)
    leads: list[Unit | Post] = [*Post.objects.filter(pk=f.get("leader")), *Unit.objects.filter(pk=f.get("lead_unit"))]
    joint: list[Unit | Post] = [*Unit.objects.filter(pk=f.get("team"))]
    assisting = [*Unit.objects.filter(pk=f.get("section"))]
    for part, holders in (
        (Assignment.Part.LEAD, leads), (Assignment.Part.JOINT, joint), (Assignment.Part.ASSISTING, assisting)
    ):  # fmt: skip
        assign(actor=actor, at=at, subject=entry, path=entry.path, part=part, to=holders)


def _check_leader(entry: Entry) -> None:
    """Refuse a project whose level asks for a principal leader where another leads and nobody says why."""
    f = entry.fields
    row = RankingRule.objects.order_by("pk").last()
    roles = (row.led_by if row else {}).get(f.get("level") or "", [])
    if not roles or not f.get("leader") or f.get("leader_why"):
        return
    if not Post.objects.filter(pk=f["leader"], role__key__in=roles).exists():
        raise Invalid(
            _("A project of the level “%(level)s” is led by %(roles)s. Name such a post, or say why another leads."),
            field="leader", level=titles_of("level").get(f["level"], f["level"]),
            roles=", ".join(str(r) for r in Role.objects.filter(key__in=roles).order_by("pk")),
        )  # fmt: skip


def put_stages(*, actor: Actor, at: datetime, rows: list[dict[str, Any]], place: Place) -> list[Put]:
    """Create or change stages: each is a milestone (the promise) with a weight and planned days.

    ``Invalid`` when the weights of a project that is touched do not sum to 100 afterwards.
    """
    kind = kind_of(MILESTONE)
    with act(actor, at):
        results = put_commitments(actor=actor, at=at, kind=kind, rows=rows, place=place, deadline="planned_end")
        next_order = _orders({r.record.subject_id for r in results})
        for result, row in zip(results, rows, strict=True):
            if row["planned_end"] < row["planned_start"]:
                raise Invalid(_("A stage cannot end before it starts."), field="planned_end")
            if result.outcome != "same":
                _index_stage(result.record, row, next_order)
        check_weights({r.record.subject_id for r in results if r.outcome != "same"})
        return results


def _orders(projects: Iterable[int]) -> dict[int, int]:
    result = defaultdict[int, int](int)
    for project, order in Stage.objects.filter(project__in=list(projects)).values_list("project", "order"):
        result[project] = max(result[project], order)
    return result


def _index_stage(milestone: Commitment, row: dict[str, Any], next_order: dict[int, int]) -> None:
    project = milestone.subject_id
    if project is None or not Project.objects.filter(pk=project).exists():
        raise Invalid(_("A stage belongs to a project of the ledger."), field="project")
    columns = {"weight": row["weight"], "planned_start": row["planned_start"], "planned_end": row["planned_end"]}
    if not Stage.objects.filter(pk=milestone.pk).update(**columns):
        next_order[project] += 1
        Stage.objects.create(milestone=milestone, project_id=project, order=next_order[project], **columns)


def check_weights(projects: Iterable[int]) -> None:
    """Refuse stages whose weights do not make a whole."""
    sums = defaultdict[int, Decimal](Decimal)
    names: dict[int, str] = {}
    rows = Stage.objects.filter(project__in=list(projects)).select_related("project__entry")
    for stage in rows:
        sums[stage.project_id] += stage.weight
        names[stage.project_id] = stage.project.entry.title
    for project, total in sums.items():
        if total != 100:
            raise Invalid(
                _("The stages of “%(project)s” weigh %(sum)s percent together; they must make 100."),
                field="weight", project=names[project], sum=format(total.normalize(), "f"),
            )  # fmt: skip


def put_buildings(*, actor: Actor, at: datetime, rows: list[dict[str, Any]], place: Place) -> list[Put]:
    """Create or change buildings by number."""
    kind = kind_of(BUILDING)
    with act(actor, at):
        results = put_entries(actor=actor, at=at, kind=kind, rows=rows, place=place)
        for result in results:
            if result.outcome != "same":
                _index_building(result.record)
        return results


def _index_building(entry: Entry) -> None:
    if not Project.objects.filter(pk=entry.subject_id).exists():
        raise Invalid(_("A building belongs to a project of the ledger."), field="project")
    f = entry.fields
    Building.objects.update_or_create(
        entry=entry,
        defaults={
            "project_id": entry.subject_id,
            "floors": f.get("floors"),
            "flats": int(entry.quantity or 0),
            "topped_on": _day(f.get("topped_on")),
        },
    )
