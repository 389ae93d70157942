"""Channels: what leaves the house by mail and group robot, and how it arrived. For the system administrator."""

from collections.abc import Callable
from datetime import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.outbox.channels import outlets, robots
from zijing.outbox.channels.queries import overview
from zijing.outbox.models import Delivery, Outlet, Topic
from zijing.people.models import Unit
from zijing.web.access import ActingRequest, acting


@sensitive_post_parameters("address", "secret")
@never_cache
@acting
def page(request: ActingRequest) -> HttpResponseBase:
    """What the office lets out and when, the robots of its groups, and the newest deliveries."""
    if request.method != "POST":
        return _show(request)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))
    try:
        verb(request)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _show(request, error)
    messages.success(request, _("Done."))
    return redirect("channels")


def _show(request: ActingRequest, error: DomainError | None = None) -> HttpResponse:
    context = {
        "found": overview(request.actor, request.GET.get("state", "")), "error": error, "topics": Topic.choices,
        "formats": robots.TITLES.items(), "rhythms": Outlet.Rhythm.choices, "states": Delivery.State.choices,
        "state": request.GET.get("state", ""),
    }  # fmt: skip
    return render(request, "channels/channels.html", context, status=error.status if error else 200)


def _rules(request: ActingRequest) -> None:
    given = request.POST
    outlets.keep_rules(
        actor=request.actor, at=request.now, mail="mail" in given, topics=given.getlist("topics"),
        quiet_from=_time(request, "quiet_from"), quiet_until=_time(request, "quiet_until"),
        quiet_days_off="quiet_days_off" in given, digest_at=_time(request, "digest_at"),
    )  # fmt: skip


def _time(request: ActingRequest, name: str) -> time:
    try:
        found = parse_time(request.POST.get(name, ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Invalid(_("Say the time of day like 08:30."), field=name)
    return found.replace(second=0, microsecond=0)


def _open(request: ActingRequest) -> None:
    given = request.POST
    outlets.open_group(
        actor=request.actor, at=request.now, channel=given.get("channel", ""), unit=_unit(request),
        address=given.get("address", ""), secret=given.get("secret", ""), topics=given.getlist("topics"),
        rhythm=given.get("rhythm", ""),
    )  # fmt: skip


def _unit(request: ActingRequest) -> Unit:
    found: Unit | None = Unit.objects.visible_to(request.actor).filter(pk=_number(request, "unit")).first()
    if found is None:
        raise Invalid(_("There is no such unit in your office."), field="unit")
    return found


def _number(request: ActingRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _group(request: ActingRequest) -> Outlet:
    found = Outlet.objects.visible_to(request.actor).filter(account=None, pk=_number(request, "group")).first()
    if found is None:
        raise Missing(_("There is no such channel in your office."))
    return found


def _close(request: ActingRequest) -> None:
    outlets.close_group(actor=request.actor, at=request.now, outlet=_group(request))


def _try(request: ActingRequest) -> None:
    outlets.try_out(actor=request.actor, at=request.now, outlet=_group(request))


def _again(request: ActingRequest) -> None:
    sent = Delivery.objects.visible_to(request.actor).select_related("outlet")
    found = sent.filter(pk=_number(request, "delivery")).first()
    if found is None:
        raise Missing(_("There is no such channel in your office."))
    outlets.send_again(actor=request.actor, at=request.now, delivery=found)


VERBS: dict[str, Callable[[ActingRequest], None]] = {
    "rules": _rules, "open": _open, "close": _close, "try": _try, "again": _again,
}  # fmt: skip
