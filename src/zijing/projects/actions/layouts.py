"""Verbs on the works of a schedule: lay out, change, freeze."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Missing
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.projects.actions.planning import plan
from zijing.projects.models import Building, Dependency, Project, Schedule, Stage, Work, WorkTemplate
from zijing.projects.queries.planning import day, last_day, situation
from zijing.projects.scheduling.backward import backward
from zijing.projects.scheduling.problem import LONGEST

CHANGED = ("days", "size", "not_before", "after")


def lay_out(*, actor: Actor, at: datetime, project: Project) -> int:
    """Lay out a project's works from the template of its type, else a work for each of its stages; how many there are.

    The baseline stands as late as the promised date allows, own crews shared. ``Conflict`` when it is laid out already.
    """
    require(actor, "projects.schedule")
    in_sight(actor, project)
    with act(actor, at) as a:
        if Work.objects.filter(project=project).exists():
            raise Conflict(_("This project has been laid out already."))
        stages = list(Stage.objects.filter(project=project).select_related("milestone").order_by("order"))
        if not stages:
            raise Invalid(_("A schedule needs stages: enter the milestones first."), field="stage")
        rows = list(WorkTemplate.objects.filter(template=project.type).order_by("order"))
        made = _from_template(project, stages, rows) if rows else _from_stages(project, stages)
        Schedule.objects.get_or_create(project=project)
        _baseline(project, day_of(at))
        a.record("projects.lay_out", project.entry, {"works": [None, made]})
        plan(actor=actor, at=at, office=project.entry.office, right="projects.schedule")
        return made


def in_sight(actor: Actor, project: Project) -> None:
    """``Missing`` unless the actor sees a project."""
    if not Project.objects.visible_to(actor).filter(pk=project.pk).exists():
        raise Missing(_("There is no such project within your sight."))


def _from_template(project: Project, stages: list[Stage], rows: list[WorkTemplate]) -> int:
    """A work at every building for each row that says so, one for the others."""
    buildings = list(Building.objects.filter(project=project).select_related("entry").order_by("entry__business_key"))
    of_stage = _stages_by_template(project, stages)
    works, links = [], {}
    for row in rows:
        for building in buildings if row.part == "building" and buildings else [None]:
            key = f"{building.entry.business_key if building else ''}/{row.work}"
            links[key] = row
            days = _days(row, building)
            works.append(
                Work(
                    project=project, building=building, stage=of_stage.get(row.stage), key=key, order=row.order,
                    title_zh=row.work_zh, title_en=row.work_en, days=days, laid=days, crew=row.crew,
                    halted_by=row.halted_by,
                )
            )  # fmt: skip
    made = Work.objects.bulk_create(works)
    _link(made, links, rows)
    return len(made)


def _days(row: WorkTemplate, building: Building | None) -> int:
    """The days of a work at a building: fixed ones, and those for each storey and flat."""
    floors, flats = (building.floors or 0, building.flats) if building else (0, 0)
    return min(LONGEST, max(1, ceil(row.days + row.days_per_floor * floors + row.days_per_flat * flats)))


def _stages_by_template(project: Project, stages: list[Stage]) -> dict[str, Stage]:
    """The project's stages by the template's keys: by name, else by place in the order."""
    from zijing.projects.models import StageTemplate  # noqa: PLC0415

    rows = list(StageTemplate.objects.filter(template=project.type).order_by("order"))
    by_title = {s.milestone.title: s for s in stages}
    by_order = {s.order: s for s in stages}
    found = {r.stage: by_title.get(r.stage_zh) or by_title.get(r.stage_en) or by_order.get(r.order) for r in rows}
    return {key: stage for key, stage in found.items() if stage}


def _link(made: list[Work], rows_of: Mapping[str, WorkTemplate], rows: list[WorkTemplate]) -> None:
    """At a building works wait for those of the same building; what is done once waits for all buildings."""
    at: dict[str, list[Work]] = {}
    for work in made:
        at.setdefault(rows_of[work.key].work, []).append(work)
    links = []
    for work in made:
        for text in rows_of[work.key].after:
            name, _sign, lag = text.partition(":")
            before = at.get(name, [])
            same = [w for w in before if w.building_id == work.building_id] if work.building_id else before
            links += [Dependency(work=work, after=w, lag=int(lag or 0)) for w in same or before]
    Dependency.objects.bulk_create(links)


def _from_stages(project: Project, stages: list[Stage]) -> int:
    """A work for every stage with the days planned; each waits for the one that was planned to end last before it."""
    made: list[Work] = []
    links = []
    for stage in stages:
        title, days = stage.milestone.title[:60], (stage.planned_end - stage.planned_start).days + 1
        work = Work.objects.create(
            project=project, stage=stage, key=f"/stage-{stage.order}", order=stage.order, title_zh=title,
            title_en=title, days=min(days, LONGEST), laid=min(days, LONGEST),
        )  # fmt: skip
        earlier = [w for w in made if w.stage and w.stage.planned_end < stage.planned_start]
        if earlier:
            links.append(Dependency(work=work, after=max(earlier, key=lambda w: w.stage.planned_end)))  # type: ignore[union-attr]
        made.append(work)
    Dependency.objects.bulk_create(links)
    return len(made)


def _baseline(project: Project, today: date) -> None:
    """The days counted back from the promised date."""
    now = situation(project.entry.office, today, [project.pk])
    found = backward(now.problem(left_only=False)).plan
    for pk, work in now.works.items():
        work.baseline_start = day(found.starts[str(pk)])
        work.baseline_end = max(work.baseline_start, last_day(found.ends[str(pk)]))
    Work.objects.bulk_update(now.works.values(), ["baseline_start", "baseline_end"], batch_size=500)


def freeze(*, actor: Actor, at: datetime, project: Project) -> None:
    """Make what is foreseen the baseline from today on."""
    require(actor, "projects.schedule")
    in_sight(actor, project)
    with act(actor, at) as a:
        works = list(Work.objects.filter(project=project, start__isnull=False))
        if not works:
            raise Invalid(_("There is nothing to freeze: lay the project out first."))
        before = max((w.baseline_end for w in works if w.baseline_end), default=None)
        for work in works:
            work.baseline_start, work.baseline_end = work.start, work.end
        Work.objects.bulk_update(works, ["baseline_start", "baseline_end"], batch_size=500)
        Schedule.objects.filter(project=project).update(frozen_on=day_of(at))
        a.record("projects.freeze", project.entry, {"ends": [before, max(w.end for w in works if w.end)]})


def change_work(*, actor: Actor, at: datetime, work: Work, values: Mapping[str, Any], seen: int) -> None:
    """Change a work's days, crews, first possible day or what it waits for (works with days between); plan anew.

    ``seen`` is the version the person saw: ``Conflict`` when somebody else was faster. Circles are refused by name.
    """
    require(actor, "projects.schedule")
    in_sight(actor, work.project)
    with act(actor, at) as a:
        columns = {key: values[key] for key in ("days", "size", "not_before") if key in values}
        _check(columns, day_of(at))
        changed = {k: [getattr(work, k), v] for k, v in columns.items() if getattr(work, k) != v}
        rows = Work.objects.filter(pk=work.pk, version=seen)
        if not rows.update(**columns, version=seen + 1):
            raise Conflict(_("Someone has changed this work meanwhile. Look again and decide anew."))
        if "after" in values:
            changed |= _wait_for(work, values["after"])
        a.record("projects.change_work", work.project.entry, {"work": [None, work.key], **changed})
        situation(work.project.entry.office, day_of(at), [work.project_id]).problem(left_only=False)
        plan(actor=actor, at=at, office=work.project.entry.office, right="projects.schedule")


def _check(columns: Mapping[str, Any], today: date) -> None:
    first = columns.get("not_before")
    if first and (first - today).days > LONGEST:
        raise Invalid(_("A work begins within %(most)d days."), field="not_before", most=LONGEST)
    days, size = columns.get("days", 0), columns.get("size", 1)
    if not 0 <= days <= LONGEST:
        raise Invalid(_("A work takes 0 to %(most)d days."), field="days", most=LONGEST)
    if not 1 <= size <= 100:
        raise Invalid(_("A work needs 1 to 100 crews."), field="size")


def _wait_for(work: Work, after: Iterable[tuple[Work, int]]) -> dict[str, list[Any]]:
    """Set what a work waits for; works of another project are refused."""
    wanted = {other.pk: (other, lag) for other, lag in after}
    if stranger := next((o for o, _lag in wanted.values() if o.project_id != work.project_id), None):
        raise Invalid(_("“%(work)s” belongs to another project."), field="after", work=str(stranger))
    if work.pk in wanted:
        raise Invalid(_("“%(work)s” cannot wait for itself."), field="after", work=str(work))
    if any(not 0 <= lag <= LONGEST for _other, lag in wanted.values()):
        raise Invalid(_("“%(work)s” cannot wait a negative number of days."), field="after", work=str(work))
    before = sorted(work.waits_for.values_list("after__key", flat=True))
    work.waits_for.all().delete()
    Dependency.objects.bulk_create(Dependency(work=work, after=o, lag=lag) for o, lag in wanted.values())
    now = sorted(o.key for o, _lag in wanted.values())
    return {"after": [" ".join(before), " ".join(now)]} if before != now else {}
