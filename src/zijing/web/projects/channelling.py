"""Putting a project into the green channel and taking it out, as forms send them."""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.projects.actions import put_in_channel, take_out_of_channel
from zijing.projects.models import GreenChannel, Project
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import project_at
from zijing.web.cases.doing import Refusal
from zijing.web.projects.channel import ENTER, LEAVE
from zijing.web.projects.pages import show_project
from zijing.web.records.sending import done_once, is_for_the_page, taken


@require_POST
@acting
def step(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Put the project into the green channel, or take it out, as ``do`` says; the page shows what was refused."""
    project = Project.objects.visible_to(request.actor).select_related("entry__office").filter(pk=pk).first()
    if project is None:
        raise Missing(_("There is no such project within your sight."))

    def do() -> dict[str, Any]:
        STEPS[request.POST.get("do", "")](request, project)
        return {"project": pk}

    if request.POST.get("do") not in STEPS:
        raise Missing(_("There is no such step."))
    try:
        done_once(request, {}, do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return _given_back(request, pk, error)
    return taken(request, _("Done."), project_at(pk))


def _given_back(request: ActingRequest, pk: int, error: DomainError) -> HttpResponse:
    return show_project(request, pk, Refusal(request.POST["do"], request.POST.dict(), error))


def _enter(request: ActingRequest, project: Project) -> None:
    text = request.POST.get("since", "")
    try:
        since = date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("Say from which day."), field="since") from None
    reason = request.POST.get("reason", "")
    put_in_channel(actor=request.actor, at=request.now, project=project, reason=reason, since=since)


def _leave(request: ActingRequest, project: Project) -> None:
    known = GreenChannel.objects.visible_to(request.actor).filter(project=project)
    said = request.POST.get("channel", "")
    one = known.select_related("project__entry__office").filter(pk=said).first() if said.isdecimal() else None
    if one is None:
        raise Missing(_("This project is not in the green channel any more."))
    reason = request.POST.get("reason", "")
    take_out_of_channel(actor=request.actor, at=request.now, channel=one, reason=reason)


STEPS = {ENTER: _enter, LEAVE: _leave}
