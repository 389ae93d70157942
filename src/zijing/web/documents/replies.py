"""What a recipient does on a document's page: confirm that it has come, and reply."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError, Missing
from zijing.documents.actions import confirm_receipt, reply
from zijing.documents.queries import document_of, recipients_of
from zijing.web.access import ActingRequest, acting
from zijing.web.documents.views import show


@require_POST
@acting
def answer(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Confirm the receipt for the own unit, or reply for it."""
    document = document_of(request.actor, pk)
    mine = next((r for r in recipients_of(document) if r.unit_id == request.actor.unit_id), None)
    if mine is None:
        raise Missing(_("This document is not for your unit."))
    text = request.POST.get("text", "")
    try:
        if request.POST.get("do") == "reply":
            reply(actor=request.actor, at=request.now, recipient=mine, text=text)
        else:
            confirm_receipt(actor=request.actor, at=request.now, recipient=mine)
    except DomainError as refused:
        if refused.status in {403, 404}:
            raise
        return show(request, document, refused, {"do": "reply", "text": text})
    messages.success(request, _("Done."))
    return redirect("document", pk=pk)
