"""The daily report: which of my projects, the form, and what it changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Missing
from zijing.core.worktime import is_working
from zijing.people.access import require
from zijing.projects import actions
from zijing.projects.models import Project, Report
from zijing.projects.queries import ProjectPage, my_projects, stage_lines
from zijing.records.files import Upload
from zijing.web.access import ActingRequest, acting, client_id_of, read_by_script
from zijing.web.projects.forms import Draft, Faults, day_of, draft, fields_of, photo_of
from zijing.web.projects.pages import page_or_missing
from zijing.web.projects.rows import bar, rows
from zijing.web.records.sending import is_for_the_page, taken

ASKED = ("stage", "share", "count", "crew", "remark")
SHOWN = frozenset({*ASKED, "date", "photo", "class", "what"})


@acting
def mine(request: ActingRequest) -> HttpResponse:
    """My projects and whether today's report is in; who has one project goes straight to its form."""
    require(request.actor, "projects.report")
    projects = list(my_projects(request.actor))
    if len(projects) == 1:
        return redirect("report", projects[0].pk)
    today = Report.objects.visible_to(request.actor).filter(project__in=projects, day=request.today, void=False)
    reported = set(today.values_list("project", flat=True))
    listed = sorted(((p, p.pk in reported) for p in projects), key=lambda item: item[1])
    return render(request, "projects/mine.html", {"projects": listed, "due": is_working(request.today)})


def visible_project(request: ActingRequest, pk: int) -> Project:
    """The project, or ``Missing``."""
    rows = Project.objects.visible_to(request.actor).select_related("entry__place", "entry__kind")
    project = rows.filter(pk=pk).first()
    if project is None:
        raise Missing(_("There is no such project within your sight."))
    return project


@acting
def report(request: ActingRequest, pk: int) -> HttpResponse:
    """The form of a day's report; sent twice with the same id it makes one report."""
    project = visible_project(request, pk)
    require(request.actor, "projects.report")
    faults = Faults(SHOWN)
    if request.method == "POST":
        try:
            made = _send(request, project)
        except DomainError as error:
            if error.status in {403, 404} or not is_for_the_page(request, error):
                raise
            faults.add(error)
        else:
            return _taken(request, made)
    return _form(request, project, faults)


def _taken(request: ActingRequest, made: Report) -> HttpResponse:
    """The page that says what the report changed; to a phone that sends what waited, where it is."""
    if read_by_script(request):
        return taken(request, _("The report is in."), "report-sent", made.project_id, made.pk)
    return redirect("report-sent", made.project_id, made.pk)


def _send(request: ActingRequest, project: Project) -> Report:
    client_id, day, photo = client_id_of(request), day_of(request, request.today), photo_of(request)
    blocked = request.POST.get("blocked") == "yes"
    return actions.report(
        actor=request.actor, at=request.now, project=project, day=day, client_id=client_id,
        values={key: request.POST[key] for key in ASKED if key in request.POST},
        blocker={key: request.POST.get(key, "") for key in ("class", "what")} if blocked else None,
        photo=Upload(*photo) if photo else None,
    )  # fmt: skip


def _form(request: ActingRequest, project: Project, faults: Faults) -> HttpResponse:
    stages = stage_lines(project, request.today)
    chosen = request.GET.get("stage") or request.POST.get("chosen", "")
    by = request.GET.get("by") or request.POST.get("by", "")
    begun = draft(project, stages, request.today, chosen, by)
    context = {
        "project": project,
        "stages": stages,
        "draft": begun,
        "values": {**begun.values, **request.POST.dict()},
        "faults": faults,
        "fields": fields_of("daily-report"),
        "blocker": fields_of("blocker"),
        "share_bar": _share_bar(begun),
        "today": request.today.isoformat(),
    }
    failed = bool(faults.at or faults.general)
    return render(request, "projects/report.html", context, status=422 if failed else 200)


def _share_bar(begun: Draft) -> Any:
    return bar(begun.stage.planned_share, begun.stage.actual_share) if begun.stage else None


@acting
def sent(request: ActingRequest, pk: int, report: int) -> HttpResponse:
    """What the report changed: the stage before and after, the project's standing now."""
    page = page_or_missing(request.actor, pk, request.today)
    made = page.project.reports.filter(pk=report).select_related("stage__milestone", "activity").first()
    if made is None:
        raise Missing(_("There is no such report within your sight."))
    context = {
        "page": page,
        "line": page.line,
        "row": rows([page.line], request.today)[0],
        "report": made,
        "before": _before(made),
        "more": _others(request, page),
        "record": reverse("record", args=("activity", made.pk)),
    }
    return render(request, "projects/sent.html", context)


def _before(made: Report) -> Report | None:
    earlier = made.project.reports.filter(stage=made.stage_id, void=False, share__isnull=False)
    return earlier.filter(day__lt=made.day).order_by("-day", "-pk").first()


def _others(request: ActingRequest, page: ProjectPage) -> list[Project]:
    done = Report.objects.visible_to(request.actor).filter(day=request.today, void=False).values("project")
    return list(my_projects(request.actor).exclude(pk__in=done).exclude(pk=page.project.pk))
