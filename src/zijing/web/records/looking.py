"""A look at a personal value: asked for with a reason, shown once, kept in the log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zijing.core.errors import Invalid
from zijing.records.personal import reveal
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import address, record_of
from zijing.web.records.pages import heading


@require_POST
@acting
def look(request: ActingRequest, noun: str, pk: int) -> HttpResponse:
    """The personal value of a record that the form names; without a reason it is asked for again."""
    record = record_of(request.actor, noun, pk)
    context = {"record": record, "kind": record.kind, "heading": heading(record), "back": address(noun, pk)}
    keys, reason = request.POST.getlist("field"), request.POST.get("reason", "")
    try:
        found = reveal(actor=request.actor, at=request.now, record=record, keys=keys, reason=reason)
    except Invalid as error:
        return render(request, "records/look.html", context | {"error": error, "keys": keys}, status=error.status)
    return render(request, "records/look.html", context | {"values": [(f.label, text) for f, text in found.items()]})
