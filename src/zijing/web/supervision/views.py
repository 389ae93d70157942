"""What stands on leaders' lists: the page of them all, and the steps for what has no steps of its own."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zijing.cases.supervision import supervised
from zijing.core.errors import DomainError, Missing
from zijing.records.models import Noun
from zijing.web.access import ActingRequest, acting
from zijing.web.cases.doing import Refusal
from zijing.web.home.signing import safe_next
from zijing.web.projects.pages import show_project
from zijing.web.records.nouns import PROJECT, page_of_listed, record_of
from zijing.web.records.pages import show_record
from zijing.web.records.sending import done_once, is_for_the_page, taken
from zijing.web.supervision.forms import all_shown
from zijing.web.supervision.verbs import VERBS

NOUNS = {Noun.REGISTER, Noun.COMMITMENT}


@require_GET
@acting
def page(request: ActingRequest) -> HttpResponse:
    """What stands on lists within sight, the nearest last day first; ``mine=yes`` what the reader has listed."""
    mine = request.GET.get("mine") == "yes"
    actor = request.actor
    listed = supervised(actor, by=(actor.post_id or 0) if mine else None)
    context = {
        "lines": [(line, page_of_listed(line.one.subject)) for line in all_shown(listed, request.today)],
        "mine": mine,
        "may_list": actor.may("cases.supervise"),
    }
    return render(request, "supervision/index.html", context)


@require_POST
@acting
def step(request: ActingRequest, noun: str, pk: int, verb: str) -> HttpResponseBase:
    """Put a project or a commitment on a list, report on it, or strike it off."""
    if noun not in NOUNS or verb not in VERBS:
        raise Missing(_("There is no such step."))
    record = record_of(request.actor, noun, pk)
    seen = request.POST.get("seen", "")
    record.revision = int(seen) if seen.isdecimal() and len(seen) < 10 else record.revision

    def do() -> dict[str, Any]:
        VERBS[verb](request, record)
        return {"record": record.pk}

    try:
        done_once(request, {}, do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return _given_back(request, noun, pk, Refusal(verb, request.POST.dict(), error))
    return taken(request, _("Done."), safe_next(request, page_of_listed(record)))


def _given_back(request: ActingRequest, noun: str, pk: int, refused: Refusal) -> HttpResponse:
    """The page of the record as it stands now, with the refused form."""
    record = record_of(request.actor, noun, pk)
    return show_project(request, pk, refused) if record.kind.key == PROJECT else show_record(request, record, refused)
