"""The tour "follow this number": five real pages, each with a line on top that says what to look at."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zijing.activities.models import Activity
from zijing.core.errors import Missing
from zijing.projects.models import Report
from zijing.records.files import lately_pictured
from zijing.web.access import ActingRequest, acting

STEPS = 5


@dataclass(frozen=True)
class Step:
    """What the banner says on a page of the tour; ``next`` is empty at the end."""

    number: int
    text: str
    next: str
    end: str
    all: int = STEPS


@acting
def go(request: ActingRequest, step: int) -> HttpResponse:
    """Go to the page of a step; 0 ends the tour."""
    if step == 0:
        request.session.pop("tour", None)
        return redirect("today")
    if step == 1 or "tour" not in request.session:
        request.session["tour"] = subject_of(request)
    return redirect(address(min(step, STEPS), request.session["tour"]))


def subject_of(request: ActingRequest) -> dict[str, Any]:
    """The report the tour leads to: the newest one with a photo within sight, else the newest one."""
    reports = Report.objects.visible_to(request.actor).filter(void=False)
    newest = reports.select_related("project__entry").order_by("-day", "-pk")
    report = newest.filter(pk__in=lately_pictured(Activity)).first() or newest.first()
    if report is None:
        raise Missing(_("The tour follows a daily report, and there is none within your sight yet."))
    return {"project": report.project_id, "title": report.project.entry.title, "report": report.pk}


def address(step: int, subject: dict[str, Any]) -> str:
    """Where a step takes place."""
    record = reverse("record", args=("activity", subject["report"]))
    return {
        1: reverse("board") + f"#project-{subject['project']}",
        2: reverse("project", args=(subject["project"],)),
        3: reverse("list", args=("daily-report",)) + f"?subject={subject['project']}",
        4: record,
        5: record + "?tour=5#journal",
    }[step]


def current(request: HttpRequest) -> Step | None:
    """The step the page being shown is, while a tour runs; no query."""
    subject = getattr(request, "session", {}).get("tour")
    if not subject or not getattr(request, "actor", None):
        return None
    number = _number(request)
    following = reverse("tour", args=(number + 1,)) if number < STEPS else ""
    return Step(number, says(number, subject["title"]), following, reverse("tour", args=(0,)))


def _number(request: HttpRequest) -> int:
    match = request.resolver_match
    name = match.url_name if match else ""
    if name == "record":
        return 5 if request.GET.get("tour") == "5" else 4
    return {"board": 1, "project": 2, "list": 3}.get(name or "", 0)


def says(number: int, title: str) -> str:
    """What to look at, and what to click."""
    return {
        0: _("The tour goes on where you left it."),
        1: _("The week's ranking. Find “%(title)s” and click its points: the difference between done and planned."),
        2: _("Where the points come from: stages, weights, planned and reported shares. Click the share done."),
        3: _("The very reports that make up the share. Click the newest one."),
        4: _("One report of one day, entered once on the site. Look at its photo, then at its journal."),
        5: _("The journal line: who, when, what, chained to the one before. “zijing verify” finds one changed byte."),
    }[number] % {"title": title}
