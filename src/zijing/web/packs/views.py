"""The packs of the installation beside what the office has: what an edition changes, and applying it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError
from zijing.packs.queries import status, statuses
from zijing.packs.taking import take_over
from zijing.web.access import ActingRequest, acting


@acting
def index(request: ActingRequest) -> HttpResponse:
    """Every pack: the edition applied, the one at hand, and whether anything would change."""
    return render(request, "packs/index.html", {"packs": statuses(request.actor)})


@acting
def page(request: ActingRequest, key: str) -> HttpResponse:
    """One pack: what it brings, what applying it changes in words, and applying it once that has been read."""
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("read") == "yes":
                take_over(actor=request.actor, at=request.now, key=key)
                messages.success(request, _("Applied. The journal of the office notes the edition."))
                return redirect("pack", key)
            error = _("Tick that you have read what changes, then apply.")
        except DomainError as refusal:
            if refusal.status in {403, 404}:
                raise
            error = str(refusal)
    return render(
        request, "packs/pack.html", {"status": status(request.actor, key), "error": error}, status=422 if error else 200
    )
