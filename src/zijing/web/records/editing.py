"""Entering a new record and correcting one: a form made from the kind."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import Conflict, DomainError, Refused
from zijing.packs.entering import amend, enter, may_correct, may_enter
from zijing.people.access import Actor
from zijing.records.kinds import kind_of
from zijing.records.models import Kind, Record
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.records.forms import Form, changed_only, defaults, form_of, removed_of, sent, written
from zijing.web.records.nouns import address, record_of
from zijing.web.records.sending import done_once, is_for_the_page, taken, uploads_of
from zijing.web.records.suggesting import asked_with

DAILY = "daily-report"


@acting
def new(request: ActingRequest, key: str) -> HttpResponseBase:
    """A new record of a kind."""
    kind = kind_of(key)
    if kind.key == DAILY:
        return redirect("my-report")
    _check(request.actor, may_enter(request.actor, kind))
    if request.method == "POST":
        return _enter(request, kind)
    form = form_of(kind, request.actor, defaults(kind, request.actor, request.today, request.GET.dict()))
    return _page(request, kind, form)


def _enter(request: ActingRequest, kind: Kind) -> HttpResponseBase:
    values, uploads = sent(kind, request.POST), uploads_of(request)

    def do() -> dict[str, Any]:
        made = enter(
            actor=request.actor,
            at=request.now,
            kind=kind,
            values=values,
            uploads=uploads,
            client_id=client_id_of(request),
        )
        return {"pk": made.pk}

    try:
        answer = done_once(request, uploads, do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return _again(request, kind, values, error)
    return taken(request, _("Recorded."), address(kind.noun, answer["pk"]))


@acting
def edit(request: ActingRequest, noun: str, pk: int) -> HttpResponseBase:
    """Correct a record; the journal keeps what it was."""
    standing = record_of(request.actor, noun, pk)
    if standing.kind.key == DAILY:
        return redirect("report-correct", pk)
    _check(request.actor, may_correct(request.actor, standing))
    if request.method == "POST":
        return _amend(request, standing)
    return _page(request, standing.kind, form_of(standing.kind, request.actor, written(standing)), standing)


def _amend(request: ActingRequest, standing: Record) -> HttpResponseBase:
    values, uploads = sent(standing.kind, request.POST), uploads_of(request)
    told = changed_only(standing.kind, values, removed_of(standing.kind, request.POST))
    seen = request.POST.get("seen", "")

    def do() -> dict[str, Any]:
        changed = amend(
            actor=request.actor, at=request.now, standing=standing, values=told,
            uploads=uploads, seen=int(seen) if seen.isdecimal() else 0,
        )  # fmt: skip
        return {"changed": changed}

    try:
        answer = done_once(request, uploads, do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return _again(request, standing.kind, values, error, record_of(request.actor, standing.kind.noun, standing.pk))
    said = _("Corrected.") if answer["changed"] else _("Nothing was different.")
    return taken(request, said, address(standing.kind.noun, standing.pk))


def _again(
    request: ActingRequest, kind: Kind, values: dict[str, str], error: DomainError, standing: Record | None = None
) -> HttpResponse:
    """The form as it was sent, with what is wrong at each field, and after a conflict with what is recorded now."""
    form = form_of(kind, request.actor, values)
    form.show(error)
    if standing and isinstance(error, Conflict):
        form.compare(standing)
    return _page(request, kind, form, standing, status=error.status)


def _check(actor: Actor, allowed: bool) -> None:
    if not allowed:
        raise Refused(_("Your post (%(post)s) may not do this. Ask the office's administrator."), post=actor.title)


def _page(
    request: ActingRequest, kind: Kind, form: Form, standing: Record | None = None, *, status: int = 200
) -> HttpResponse:
    if standing:
        form.keep(standing)
    context = {
        "kind": kind,
        "form": form,
        "record": standing,
        "wrong": sum(bool(x.error) for x in form.inputs),
        "takes_files": any(x.shape == "file" for x in form.inputs),
        "back": address(kind.noun, standing.pk) if standing else "",
        "asked_with": asked_with(kind),
    }
    return render(request, "records/form.html", context, status=status)
