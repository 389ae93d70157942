"""A project's schedule: the chart and the list, laying out, planning, freezing, and the form of one work."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import require
from zijing.projects.actions import ask_plan, change_work, freeze, lay_out
from zijing.projects.models import Project, Work
from zijing.projects.queries.planning import name_of
from zijing.projects.queries.schedules import schedule_page
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.projects.gantt import draw

SEARCH_SECONDS = 60


@acting
def schedule(request: ActingRequest, pk: int) -> HttpResponse:
    """The schedule; a POST lays it out, plans it anew or freezes it, as ``do`` says."""
    page = schedule_page(request.actor, pk, request.now)
    if page is None:
        raise Missing(_("There is no such project within your sight."))
    if request.method == "POST":
        return _do(request, page.project)
    context = {
        "page": page, "project": page.project, "gantt": draw(page, request.today), "today": request.today,
        "may_schedule": request.actor.may("projects.schedule"),
    }  # fmt: skip
    return render(request, "projects/schedule.html", context)


def _do(request: ActingRequest, project: Project) -> HttpResponse:
    given: dict[str, Any] = {"actor": request.actor, "at": request.now}
    match request.POST.get("do", ""):
        case "lay_out":
            n = lay_out(**given, project=project)
            messages.success(request, _("Laid out: %(n)d works.") % {"n": n})
        case "freeze":
            freeze(**given, project=project)
            messages.success(request, _("What is foreseen is the baseline now."))
        case "plan":
            office = project.entry.office
            job = ask_plan(**given, office=office, client_id=client_id_of(request), seconds=SEARCH_SECONDS)
            messages.success(
                request, _("Planned anew. A better plan is searched for; ending the search keeps the best.")
            )
            return redirect("job", job.pk)
        case _:
            raise Invalid(_("Choose to lay out, to plan or to freeze."), field="do")
    return redirect("schedule", project.pk)


@acting
def change(request: ActingRequest, pk: int) -> HttpResponse:
    """The form of a work: its days, its first possible day, what it waits for."""
    works = Work.objects.visible_to(request.actor)
    work = works.select_related("project__entry__office", "building__entry").filter(pk=pk).first()
    if work is None:
        raise Missing(_("There is no such work within your sight."))
    require(request.actor, "projects.schedule")
    error = ""
    if request.method == "POST":
        try:
            change_work(
                actor=request.actor, at=request.now, work=work, values=_values(request, work), seen=_seen(request)
            )
        except DomainError as refusal:
            if refusal.status in {403, 404}:
                raise
            error = str(refusal)
        else:
            messages.success(request, _("Changed. All schedules are planned anew."))
            return redirect("schedule", work.project_id)
    return _form(request, work, error)


def _form(request: ActingRequest, work: Work, error: str) -> HttpResponse:
    rows = Work.objects.visible_to(request.actor).filter(project=work.project_id).exclude(pk=work.pk)
    others = [(other, name_of(other)) for other in rows.select_related("building__entry").order_by("order", "pk")]
    waits = set(work.waits_for.values_list("after", flat=True))
    context = {"work": work, "name": name_of(work), "others": others, "waits": waits, "error": error}
    return render(request, "projects/work.html", context, status=422 if error else 200)


def _values(request: ActingRequest, work: Work) -> dict[str, Any]:
    """What the form says; what waits keeps the days between it had."""
    lags = dict(work.waits_for.values_list("after", "lag"))
    chosen = {int(x) for x in request.POST.getlist("after") if x.isdecimal() and len(x) < 19}
    mine = Work.objects.visible_to(request.actor).filter(project=work.project_id, pk__in=chosen)
    try:
        first = request.POST.get("not_before", "").strip()
        return {
            "days": int(request.POST.get("days", "")), "not_before": date.fromisoformat(first) if first else None,
            "after": [(other, lags.get(other.pk, 0)) for other in mine],
        }  # fmt: skip
    except ValueError:
        raise Invalid(_("Give the days as a whole number, and the first day as a date."), field="days") from None


def _seen(request: ActingRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
