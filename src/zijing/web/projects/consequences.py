"""Deciding what a ranking proposes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.core.errors import Invalid, Missing
from zijing.projects.actions import decide, lift
from zijing.projects.models import Consequence
from zijing.web.access import ActingRequest, acting
from zijing.web.home.signing import safe_next

DECISIONS = ("confirm", "drop", "lift")


@require_POST
@acting
def decide_consequence(request: ActingRequest, pk: int) -> HttpResponse:
    """Confirm or drop a proposal, or lift a confirmed consequence; each with a reason."""
    consequence = Consequence.objects.visible_to(request.actor).filter(pk=pk).first()
    if consequence is None:
        raise Missing(_("There is no such consequence within your sight."))
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
    if decision not in DECISIONS:
        raise Invalid(_("Choose to confirm, to drop or to lift."), field="decision")
    if decision == "lift":
        lift(actor=request.actor, at=request.now, consequence=consequence, reason=reason)
    else:
        confirm = decision == "confirm"
        decide(actor=request.actor, at=request.now, consequence=consequence, confirm=confirm, reason=reason)
    messages.success(request, {"confirm": _("Confirmed."), "drop": _("Dropped."), "lift": _("Lifted.")}[decision])
    return redirect(safe_next(request, "board"))
