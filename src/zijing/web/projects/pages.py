"""A project's page."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zijing.core.errors import Missing
from zijing.people.access import Actor
from zijing.people.models import Assignment
from zijing.projects.models import Project
from zijing.projects.queries import CurvePoint, ProjectPage, curve, project_page
from zijing.projects.queries.chances import chances
from zijing.projects.queries.mentions import mentions
from zijing.records.tables import stage_label
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import list_of
from zijing.web.cases.doing import NOT_REFUSED, Refusal
from zijing.web.documents.about import papers_about
from zijing.web.home.signing import safe_next
from zijing.web.projects.affairs import affairs
from zijing.web.projects.channel import of_project
from zijing.web.projects.rows import RECORDED, rows, stage_rows
from zijing.web.supervision.forms import on_lists

PARTS = [part.value for part in Assignment.Part]


def page_or_missing(actor: Actor, pk: int, on: date) -> ProjectPage:
    """What a project's page shows; ``Missing`` when there is none within sight."""
    page = project_page(actor, pk, on)
    if page is None:
        raise Missing(_("There is no such project within your sight."))
    return page


@acting
def project(request: ActingRequest, pk: int) -> HttpResponse:
    """Everything about one project, from its stages and its curve to its money, its people and its journal."""
    return show_project(request, pk)


def show_project(request: ActingRequest, pk: int, refused: Refusal = NOT_REFUSED) -> HttpResponse:
    """The page of a project; after a refusal with what was typed and what is wrong with it."""
    page = page_or_missing(request.actor, pk, request.today)
    unled = page.project.leader_id is None
    points = curve(page, request.today)
    context = {
        "page": page,
        "line": page.line,
        "row": rows([page.line], request.today, chances([pk], request.today))[0],
        "stages": stage_rows(page.stages, pk, request.today),
        "curve": points,
        "curve_data": curve_data(points, request.today),
        "links": links(page.project, request.today),
        "affairs": affairs(page, request.today),
        "people": sorted(page.people, key=lambda one: PARTS.index(one.part)),
        "cases": [(case, stage_label(case.stage)) for case in page.cases],
        "journal": mentions(request.actor, page.project),
        "may_decide": request.actor.may("projects.consequence"),
        "unled": unled,
        "may_report": request.actor.may("projects.report"),
        "record": page.project.entry,
        **on_lists(page.project.entry, request.actor, request.today, refused),
        **papers_about(page.project.entry, request.actor),
        **of_project(page, request.actor, request.today, refused),
        "error": refused.error,
        "next": safe_next(request, ""),
    }
    return render(request, "projects/project.html", context, status=refused.status)


def curve_data(points: list[CurvePoint], today: date) -> dict[str, Any]:
    """The curve as its script draws it."""
    return {
        "days": [p.day.isoformat() for p in points],
        "planned": [float(p.planned) for p in points],
        "actual": [None if p.actual is None else float(p.actual) for p in points],
        "today": today.isoformat(),
        "names": {"planned": _("planned"), "actual": _("done"), "today": _("today")},
    }


def links(project: Project, on: date) -> dict[str, str]:
    """The records behind the page's numbers."""
    pk = project.pk
    return {
        "entry": reverse("record", args=("register", pk)),
        "reports": list_of("daily-report", subject=pk, all="yes"),
        "blockers": list_of("blocker", subject=pk),
        "findings": list_of("finding", subject=pk),
        "invested": list_of("investment", subject=pk, happened=f"{on.year}-01-01..{on}"),
        "invested_ever": list_of("investment", subject=pk),
        "buildings": list_of("building", subject=pk),
        "topped": list_of("building", subject=pk, **{"f.topped_on": RECORDED}),
    }
