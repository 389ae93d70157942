"""The projects and their daily reports."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from zijing.activities.models import Activity
from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Exact, Id, Ref, ref, seen, written
from zijing.core.errors import Missing
from zijing.places.known import known_place
from zijing.projects import actions, queries
from zijing.projects.models import Project, Report

router = Router(tags=["projects"])


class LeaderOut(Schema):
    """Who leads a project; without an id where a published week names somebody who does not lead it any more."""

    id: int | None
    name: str


class ProjectOut(Schema):
    """A project of the ledger."""

    id: int
    number: str
    title: str
    type: str
    level: str
    place: Ref
    leader: LeaderOut | None
    started_on: date | None
    promised_on: date

    @staticmethod
    def resolve_id(p: Project) -> int:
        return p.pk

    @staticmethod
    def resolve_number(p: Project) -> str:
        return p.entry.business_key

    @staticmethod
    def resolve_title(p: Project) -> str:
        return p.entry.title

    @staticmethod
    def resolve_place(p: Project) -> Any:
        return ref(known_place(p.entry.place_id))

    @staticmethod
    def resolve_leader(p: Project) -> Any:
        return ref(p.leader)


class LineOut(Schema):
    """Where a project stands on the board. Percents are of the whole project; points = actual − planned."""

    project: ProjectOut
    rank: int | None
    previous_rank: int | None
    movement: int | None
    planned: Exact
    actual: Exact
    points: Exact
    gain: Exact
    light: str
    late: bool
    apart: str
    open_blockers: int | None
    last_report: date | None
    days_missing: int
    green_channel: bool


class StageOut(Schema):
    """A stage of a project; its weight and shares are percent."""

    id: int
    number: str
    name: str
    weight: Exact
    planned_start: date
    planned_end: date
    planned_share: Exact
    actual_share: Exact
    quantity: Exact | None
    unit: str
    late: bool

    @staticmethod
    def resolve_id(s: Any) -> int:
        return int(s.stage.pk)

    @staticmethod
    def resolve_number(s: Any) -> str:
        return str(s.stage.milestone.business_key)


class ReportOut(Schema):
    """A daily report: what part of a stage was done by the end of ``day``. A withdrawn one is ``void``."""

    id: int
    project: int
    stage: str
    day: date
    share: Exact | None
    crew: int | None
    void: bool

    @staticmethod
    def resolve_id(r: Report) -> int:
        return r.pk

    @staticmethod
    def resolve_project(r: Report) -> int:
        return r.project_id

    @staticmethod
    def resolve_stage(r: Report) -> str:
        return r.stage.milestone.business_key if r.stage else ""


class MonthOut(Schema):
    """Money of a month in fen: done in it, done since January, and the even share of the year's plan."""

    first: date
    done: int
    so_far: int
    planned: int


class MoneyOut(Schema):
    """Amounts in fen: the whole investment, this year's plan, done this year, done to date; the months of this year."""

    total: int | None
    plan: int
    done: int
    ever: int
    months: list[MonthOut]


class PermitOut(Schema):
    """A permit of a project. ``light``: green granted, red overdue, yellow due within two weeks, else empty."""

    id: int
    number: str
    title: str
    applied_on: date | None
    due_on: date | None
    granted_on: date | None
    light: str

    @staticmethod
    def resolve_id(p: Any) -> int:
        return int(p.entry.pk)

    @staticmethod
    def resolve_number(p: Any) -> str:
        return str(p.entry.business_key)

    @staticmethod
    def resolve_title(p: Any) -> str:
        return str(p.entry.title)


class ClearanceOut(Schema):
    """What is to be cleared for a project, of one unit: in all, cleared, left. Units are never added together."""

    what: str
    total: Exact
    done: Exact
    left: Exact
    due_on: date | None
    late: bool


class ComingOut(Schema):
    """Something of the next seven days, or overdue: a record by noun and id."""

    day: date
    what: str
    title: str
    noun: str
    id: int
    late: bool

    @staticmethod
    def resolve_id(c: Any) -> int:
        return int(c.pk)


class BuildingsOut(Schema):
    """A project's buildings."""

    count: int
    flats: int
    topped: int


class PersonOut(Schema):
    """A post or unit that answers for the project."""

    part: str
    post: Ref | None
    unit: Ref | None

    @staticmethod
    def resolve_post(a: Any) -> Any:
        return ref(a.post)

    @staticmethod
    def resolve_unit(a: Any) -> Any:
        return ref(a.unit)


class CaseLineOut(Schema):
    """A case of a project in short."""

    id: int
    kind: str
    title: str
    stage: str

    @staticmethod
    def resolve_kind(c: Any) -> str:
        return str(c.kind.key)


class ConsequenceOut(Schema):
    """What a ranking proposed, and what was decided."""

    id: int
    project: int
    type: str
    week: date
    status: str
    reason: str

    @staticmethod
    def resolve_project(c: Any) -> int:
        return int(c.project_id)


class ProjectPageOut(Schema):
    """All that a project's page shows."""

    project: ProjectOut
    line: LineOut
    stages: list[StageOut]
    people: list[PersonOut]
    cases: list[CaseLineOut]
    reports: list[ReportOut]
    money: MoneyOut
    buildings: BuildingsOut
    consequences: list[ConsequenceOut]
    permits: list[PermitOut]
    clearances: list[ClearanceOut]
    area: Exact
    coming: list[ComingOut]

    @staticmethod
    def resolve_permits(p: Any) -> Any:
        return p.affairs.permits

    @staticmethod
    def resolve_clearances(p: Any) -> Any:
        return p.affairs.clearances

    @staticmethod
    def resolve_area(p: Any) -> Any:
        return p.affairs.area


class ReportIn(Body):
    """A day's work. ``values`` are those of the daily report's fields: stage, share or count, crew, remark."""

    client_id: UUID
    day: date | None = None
    values: dict[str, Any]
    blocker: dict[str, Any] | None = None


class ReportCorrectionIn(Body):
    """New values of some fields."""

    values: dict[str, Any]
    client_id: UUID | None = None


class ReasonIn(Body):
    """Why."""

    reason: str
    client_id: UUID | None = None


@router.get("/projects", response=list[ProjectOut], summary="Projects within sight")
def projects(
    request: ApiRequest, type: str = "", level: str = "", light: str = "", leader: str = "", unit: str = ""
) -> Any:
    """``light``: red, yellow, green, or why a project stands apart (missing, waiting, done); ``leader`` a post's id,
    ``unit`` the id of a unit that keeps it or is given it. With ``light`` retired projects are left out.
    """
    asked = queries.wanted(type, level, light, leader, "number", unit)
    if light:
        return [line.project for line in queries.listing(request.auth.actor, request.auth.today, asked).lines]
    rows = Project.objects.visible_to(request.auth.actor).filter(**asked.columns).select_related("entry", "leader")
    if asked.unit:
        rows = rows.filter(queries.of_unit(asked.unit, request.auth.today))
    return rows.order_by("entry__business_key", "pk")


@router.get("/projects/{id}", response=ProjectPageOut, summary="A project's page")
def project(request: ApiRequest, id: Id) -> Any:
    caller = request.auth
    page = queries.project_page(caller.actor, id, caller.today)
    if page is None:
        raise Missing(_("There is no such record within your sight."))
    return page


@router.post("/projects/{id}/reports", response={201: ReportOut}, summary="Report a day's work")
def report(request: ApiRequest, id: Id, body: ReportIn) -> Any:
    """Exactly once for each ``client_id``; a ``blocker`` files a case in the same act."""
    caller = request.auth
    project = seen(Project.objects.visible_to(caller.actor).select_related("entry"), id)

    def do() -> dict[str, Any]:
        return shown(actions.report(
            actor=caller.actor, at=caller.at, project=project, day=body.day or caller.today, values=body.values,
            blocker=body.blocker, client_id=body.client_id,
        ))  # fmt: skip

    return written(request, caller, body.client_id, do, status=201)


@router.patch("/reports/{id}", response=ReportOut, summary="Correct a report")
def correct(request: ApiRequest, id: Id, body: ReportCorrectionIn) -> Any:
    caller, found = request.auth, report_in_sight(request, id)

    def do() -> dict[str, Any]:
        actions.correct_report(actor=caller.actor, at=caller.at, report=found, values=body.values)
        return shown(found)

    return written(request, caller, body.client_id, do)


@router.post("/reports/{id}/withdraw", response=ReportOut, summary="Withdraw a report")
def withdraw(request: ApiRequest, id: Id, body: ReasonIn) -> Any:
    caller, found = request.auth, report_in_sight(request, id)

    def do() -> dict[str, Any]:
        actions.withdraw_report(actor=caller.actor, at=caller.at, report=found, reason=body.reason)
        return shown(found)

    return written(request, caller, body.client_id, do)


def report_in_sight(request: ApiRequest, id: Id) -> Report:
    """The report with this id whose work record the caller sees."""
    rows = Activity.objects.visible_to(request.auth.actor).filter(report__isnull=False)
    return seen(rows.select_related("kind", "report__project__entry", "report__stage__milestone"), id).report


def shown(report: Report) -> dict[str, Any]:
    """A report as it is answered, in JSON, so that a repeated request can be answered the same."""
    return ReportOut.from_orm(report).model_dump(mode="json")
