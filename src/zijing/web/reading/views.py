"""The plan reader: paste or upload a plan, then decide on its drafts beside the text."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from zijing.commitments.actions import accept_drafts, drop_drafts, edit_draft, keep_paper, merge_drafts
from zijing.commitments.models import Commitment, Draft, Paper, Sort
from zijing.commitments.models.papers import MAY_READ
from zijing.commitments.papers import draft_page, leads, papers, plans, waiting
from zijing.commitments.reading.families import FAMILIES
from zijing.commitments.reading.files import LARGEST, text_of
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import require
from zijing.people.models import Unit
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.reading.forms import BOUNDS, RHYTHMS, chosen_in, values_in

NEXT = "next"


@require_http_methods(["GET", "POST"])
@acting
def index(request: ActingRequest) -> HttpResponseBase:
    """Papers read so far, and the form for another."""
    require(request.actor, MAY_READ)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return redirect("paper", pk=_keep(request).pk)
        except DomainError as found:
            error = found
    context = {"papers": papers(request.actor), "error": error, "text": request.POST.get("text", ""),
               "limit": LARGEST // 2**20}  # fmt: skip
    return render(request, "reading/index.html", context, status=error.status if error else 200)


def _keep(request: ActingRequest) -> Paper:
    upload = request.FILES.get("file")
    if upload and upload.size and upload.size > LARGEST:
        raise Invalid(_("The file has more than %(limit)s MB."), field="file", limit=LARGEST // 2**20)
    name = upload.name or "" if upload else ""
    text = text_of(upload.read()) if upload else request.POST.get("text", "")
    title = request.POST.get("title", "").strip() or name.rpartition(".")[0]
    client_id = client_id_of(request)
    return keep_paper(actor=request.actor, at=request.now, title=title, text=text, client_id=client_id)


@require_http_methods(["GET", "POST"])
@acting
def paper(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The text beside the drafts; one form decides on those chosen, also on pages shown before."""
    found = get_object_or_404(Paper.objects.visible_to(request.actor).select_related("root"), pk=pk)
    if request.method != "POST" or request.POST.get("verb") == NEXT:
        return _show(request, found)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))
    try:
        said = verb(request, found)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _show(request, found, error)
    messages.success(request, said)
    return redirect("paper", pk=pk)


def _show(request: ActingRequest, found: Paper, error: DomainError | None = None) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    mark = given.get("next" if given.get("verb") == NEXT else "after", "")
    page = draft_page(
        request.actor, found, after=int(mark) if mark.isdigit() and len(mark) < 19 else 0, every="all" in given
    )
    chosen = set(request.POST.getlist("chosen"))
    if request.method == "GET" and given.get("choose") in {"firm", "all"}:
        found_open = waiting(request.actor, found, firm=given["choose"] == "firm")
        chosen |= {f"{pk}:{revision}" for pk, revision in found_open}
    shown = {c.draft.pk for c in page.cards}
    context = {
        "paper": found, "page": page, "error": error, "every": "all" in given, "mark": mark,
        "checked": {c.draft.pk for c in page.cards if f"{c.draft.pk}:{c.draft.revision}" in chosen},
        "elsewhere": sorted(c for c in chosen if _number(c.partition(":")[0]) not in {0, *shown}),
        "leads": leads(request.actor), "plans": plans(request.actor), "bounds": BOUNDS, "rhythms": RHYTHMS,
        "families": FAMILIES.items(), "named": "named" in request.POST or request.method == "GET",
        "sorts": Sort.choices, "lead": request.POST.get("lead") or str(request.actor.unit_id or ""),
        "deadline": request.POST.get("deadline") or str(date(found.year, 12, 31)),
        "parent": request.POST.get("parent", ""),
    }  # fmt: skip
    return render(request, "reading/paper.html", context, status=error.status if error else 200)


def _accept(request: ActingRequest, found: Paper) -> str:
    given = request.POST
    lead = (
        Unit.objects.visible_to(request.actor)
        .filter(office=request.actor.office_id, pk=_number(given.get("lead")))
        .first()
    )
    if lead is None:
        raise Invalid(_("Say which unit answers for them."), field="lead")
    try:
        deadline = date.fromisoformat(given.get("deadline", ""))
    except ValueError as error:
        raise Invalid(_("Give the last day of those that state none."), field="deadline") from error
    parent = None
    if given.get("parent"):
        parent = get_object_or_404(Commitment.objects.visible_to(request.actor), pk=_number(given.get("parent")))
    made = accept_drafts(
        actor=request.actor, at=request.now, paper=found, chosen=chosen_in(given), lead=lead, deadline=deadline,
        parent=parent, named="named" in given,
    )  # fmt: skip
    return ngettext("%(n)d commitment was made.", "%(n)d commitments were made.", len(made)) % {"n": len(made)}


def _drop(request: ActingRequest, found: Paper) -> str:
    n = drop_drafts(actor=request.actor, at=request.now, paper=found, chosen=chosen_in(request.POST))
    return ngettext("%(n)d draft was dropped.", "%(n)d drafts were dropped.", n) % {"n": n}


def _merge(request: ActingRequest, found: Paper) -> str:
    merge_drafts(actor=request.actor, at=request.now, paper=found, chosen=chosen_in(request.POST))
    return _("Merged into one.")


def _edit(request: ActingRequest, found: Paper) -> str:
    drafts = Draft.objects.visible_to(request.actor).filter(paper=found)
    draft = get_object_or_404(drafts, pk=_number(request.POST.get("draft")))
    revision = _number(request.POST.get("revision"))
    edit_draft(actor=request.actor, at=request.now, draft=draft, revision=revision, values=values_in(request.POST))
    return _("Saved.")


def _number(text: Any) -> int:
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


VERBS: dict[str, Callable[[ActingRequest, Paper], str]] = {
    "accept": _accept, "drop": _drop, "merge": _merge, "edit": _edit,
}  # fmt: skip
