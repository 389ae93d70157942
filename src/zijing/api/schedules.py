"""Schedules: what is foreseen of a project, planning anew, ending a search, changing a work."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Id, answer, seen, written
from zijing.api.jobs import JobOut, shown
from zijing.core.errors import Missing
from zijing.outbox.jobs import cancel
from zijing.outbox.models import Job
from zijing.projects import actions
from zijing.projects.models import Project, Work
from zijing.projects.queries.planning import name_of
from zijing.projects.queries.schedules import schedule_page

router = Router(tags=["projects"])


class WorkOut(Schema):
    """A work of a schedule: days, first and last days planned and foreseen, days it may slip, percent done."""

    id: int
    name: str
    days: int
    version: int
    baseline_start: date | None
    baseline_end: date | None
    start: date | None
    end: date | None
    slack: int | None
    critical: bool
    done: int

    @staticmethod
    def resolve_name(w: Any) -> str:
        return name_of(w) if isinstance(w, Work) else str(w["name"])


class BlockerOut(Schema):
    """An open blocker: its case, since when, the days by which it moves the end."""

    case: int
    title: str
    since: date
    moves: int


class ScheduleOut(Schema):
    """What is foreseen of a project. ``chance`` is percent, ``reason`` and ``causes`` are sentences; a project that is
    not laid out has no works.
    """

    promised_on: date
    ends_on: date | None
    late_days: int
    chance: int | None
    reason: str
    causes: list[str]
    blockers: list[BlockerOut]
    works: list[WorkOut]


class PlanIn(Body):
    """How long to search for a better plan, in seconds."""

    client_id: UUID
    seconds: int = Field(default=60, ge=2, le=120)


class WaitIn(Body):
    """A work to wait for, and the days between."""

    work: Id
    lag: int = 0


class WorkIn(Body):
    """New values of a work; ``seen`` is the version they were decided on."""

    seen: int
    days: int | None = None
    not_before: date | None = None
    after: list[WaitIn] | None = None
    client_id: UUID | None = None


@router.get("/projects/{id}/schedule", response=ScheduleOut, summary="A project's schedule")
def schedule(request: ApiRequest, id: Id) -> Any:
    caller = request.auth
    page = schedule_page(caller.actor, id, caller.at)
    if page is None:
        raise Missing(_("There is no such record within your sight."))
    found, odds = page.schedule, page.odds
    return {
        "promised_on": page.project.promised_on, "ends_on": found.ends_on if found else None,
        "late_days": found.late_days if found else 0, "chance": odds.percent if odds else None,
        "reason": odds.reason if odds else "", "causes": page.causes,
        "blockers": [
            {"case": b.case.pk, "title": b.case.title, "since": b.since, "moves": b.moves} for b in page.blocked
        ],
        "works": [work for row in page.rows for work in row.works],
    }  # fmt: skip


@router.post("/projects/{id}/schedule", response={202: JobOut}, summary="Plan the office anew and search")
def plan(request: ApiRequest, id: Id, body: PlanIn) -> Any:
    """Plans at once by priority rules and searches in the background; the job tells how far it is."""
    caller = request.auth
    project = seen(Project.objects.visible_to(caller.actor).select_related("entry__office"), id)
    job = actions.ask_plan(
        actor=caller.actor, at=caller.at, office=project.entry.office, client_id=body.client_id, seconds=body.seconds
    )
    return answer(JobOut(**shown(job)).model_dump(mode="json"), status=202)


@router.post("/jobs/{id}/cancel", response=JobOut, summary="End long work")
def end(request: ApiRequest, id: Id) -> Any:
    """A search for a better plan keeps the best it has found."""
    caller = request.auth
    job = seen(Job.objects.visible_to(caller.actor), id)
    cancel(actor=caller.actor, at=caller.at, job=job)
    job.refresh_from_db()
    return shown(job)


@router.patch("/works/{id}", response=WorkOut, summary="Change a work of a schedule")
def change(request: ApiRequest, id: Id, body: WorkIn) -> Any:
    """All schedules of the office are planned anew. A circle is refused by the names of the works."""
    caller = request.auth
    rows = Work.objects.visible_to(caller.actor)
    work = seen(rows.select_related("project__entry__office", "building__entry"), id)
    given = body.model_fields_set
    values: dict[str, Any] = {key: getattr(body, key) for key in ("days", "not_before") if key in given}
    if values.get("days", 0) is None:
        del values["days"]
    if body.after is not None:
        values["after"] = [(seen(rows, x.work), x.lag) for x in body.after]

    def do() -> dict[str, Any]:
        actions.change_work(actor=caller.actor, at=caller.at, work=work, values=values, seen=body.seen)
        work.refresh_from_db()
        return WorkOut.from_orm(work).model_dump(mode="json")

    return written(request, caller, body.client_id, do)
