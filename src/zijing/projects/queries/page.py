"""A project's page: its stages, people, cases, money, buildings, and its curve of planned and actual."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from zijing.cases.models import Case
from zijing.core.worktime import DAY
from zijing.people.access import Actor
from zijing.people.models import Assignment
from zijing.projects.models import Building, Consequence, GreenChannel, Project, Report, in_green_channel
from zijing.projects.queries.affairs import Affairs, Coming, Money, affairs_of, coming, money_of
from zijing.projects.queries.board import Line, line_of
from zijing.projects.queries.stages import StageLine, stage_lines
from zijing.projects.queries.standing import WEEK, monday
from zijing.projects.ranking import planned_percent, weighted
from zijing.records.models import Attachment
from zijing.registers.models import Entry

DOCUMENTS = 12


@dataclass(frozen=True)
class Buildings:
    """A project's buildings: how many, their flats, how many have topped out."""

    count: int
    flats: int
    topped: int


@dataclass(frozen=True)
class ProjectPage:
    """What a project's page shows; ``channel`` is its place in the green channel, also one that is to begin."""

    project: Project
    line: Line
    stages: list[StageLine]
    people: list[Assignment]
    cases: list[Case]
    reports: list[Report]
    money: Money
    buildings: Buildings
    consequences: list[Consequence]
    affairs: Affairs
    documents: list[Attachment]
    coming: list[Coming]
    channel: GreenChannel | None


def project_page(actor: Actor, pk: int, on: date) -> ProjectPage | None:
    """Everything on a project's page at ``on``; None when there is no such project within sight."""
    rows = Project.objects.visible_to(actor).select_related("entry__place", "entry__kind", "leader")
    project = rows.annotate(green_channel=in_green_channel(on)).filter(pk=pk).first()
    line = line_of(actor, project, on) if project else None
    if project is None or line is None:
        return None
    people = Assignment.objects.filter(subject_type=Entry._meta.label_lower, subject_id=pk, until=None)
    cases = Case.objects.visible_to(actor).filter(subject=pk).select_related("kind", "unit").order_by("-recorded_at")
    documents = Attachment.objects.filter(subject_type=Entry._meta.label_lower, subject_id=pk)
    reports = Report.objects.filter(project=pk, day__lte=on).select_related("activity", "stage__milestone")
    stages, recent, affairs = stage_lines(project, on), list(cases[:30]), affairs_of(project, on)
    return ProjectPage(
        project=project,
        line=line,
        stages=stages,
        people=list(people.select_related("post", "unit").order_by("part", "pk")),
        cases=recent,
        reports=list(reports.order_by("-day", "-pk")[:10]),
        money=money_of(project, on),
        buildings=buildings_of(project),
        consequences=list(project.consequences.order_by("-week", "type")[:12]),
        affairs=affairs,
        documents=list(documents.select_related("file").order_by("-attached_at")[:DOCUMENTS]),
        coming=coming(stages, recent, affairs, on),
        channel=GreenChannel.objects.standing().filter(project=pk).select_related("put_by").first(),
    )


def buildings_of(project: Project) -> Buildings:
    """The project's buildings, counted from the ledger."""
    row = Building.objects.filter(project=project).aggregate(
        n=Count("pk"), flats=Sum("flats"), topped=Count("pk", filter=Q(topped_on__isnull=False))
    )
    return Buildings(row["n"], row["flats"] or 0, row["topped"])


@dataclass(frozen=True)
class CurvePoint:
    """Planned and actual percent of a project at the end of a day."""

    day: date
    planned: Decimal
    actual: Decimal | None


def curve(page: ProjectPage, until: date) -> list[CurvePoint]:
    """The project's planned and actual percent week by week, the actual one until ``until``."""
    project, stages = page.project, [line.facts for line in page.stages]
    if not stages:
        return []
    reports = list(
        Report.objects.filter(project=project, void=False, stage__isnull=False, share__isnull=False, day__lte=until)
        .order_by("day", "pk")
        .values_list("day", "stage", "share")
    )
    first = min(s.planned_start for s in stages)
    last = max(until, *(s.planned_end for s in stages))
    days = [d for d in _weeks(max(first, date(until.year, 1, 1)), last) if d != until] + [until]
    shares: dict[int, Decimal] = {}
    points, at = [], 0
    for day in sorted(days):
        while at < len(reports) and reports[at][0] <= day:
            shares[reports[at][1]] = reports[at][2] or Decimal(0)
            at += 1
        done = weighted(stages, shares) if day <= until else None
        points.append(CurvePoint(day, planned_percent(stages, day), done))
    return points


def _weeks(first: date, last: date) -> list[date]:
    start = monday(first) + DAY * 6
    return [start + WEEK * n for n in range((last - start).days // 7 + 1)]
