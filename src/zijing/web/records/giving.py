"""Who a record is given to, in which part: given and taken back from the record's own page."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import require
from zijing.people.actions import assign_one, unassign
from zijing.people.models import Assignment, Post, Unit
from zijing.people.queries import given_to, receivers
from zijing.records.models import Record
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import address, record_of
from zijing.web.records.pages import heading

RIGHT = "records.assign"


@acting
def assignments(request: ActingRequest, noun: str, pk: int) -> HttpResponseBase:
    """Who a record within sight is given to; give it, for a while or for good, and take it back."""
    record, error = record_of(request.actor, noun, pk), None
    require(request.actor, RIGHT)
    if request.method == "POST":
        verb = {"give": _give, "take": _take}.get(request.POST.get("verb", ""))
        if verb is None:
            raise Missing(_("There is no such step."))
        try:
            verb(request, record)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments", noun, pk)
    units, posts = receivers(request.actor, request.today)
    context = {
        "record": record, "kind": record.kind, "heading": heading(record), "back": address(noun, pk), "error": error,
        "given": given_to(record, request.today), "units": units, "posts": posts, "today": request.today,
        "parts": Assignment.Part.choices,
    }  # fmt: skip
    return render(request, "records/assignments.html", context, status=error.status if error else 200)


def _give(request: ActingRequest, record: Record) -> None:
    assign_one(
        actor=request.actor, at=request.now, subject=record, part=request.POST.get("part", ""), to=_receiver(request),
        since=_day(request, "since") or request.today, until=_day(request, "until"),
    )  # fmt: skip


def _receiver(request: ActingRequest) -> Unit | Post:
    units, posts = receivers(request.actor, request.today)
    known: dict[str, Unit | Post] = {f"unit-{u.pk}": u for u in units} | {f"post-{p.pk}": p for p in posts}
    found = known.get(request.POST.get("to", ""))
    if found is None:
        raise Invalid(_("Choose a unit or a post."), field="to")
    return found


def _day(request: ActingRequest, name: str) -> date | None:
    text = request.POST.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(_("Give the day."), field=name) from error


def _take(request: ActingRequest, record: Record) -> None:
    standing = {str(a.pk): a for a in given_to(record, request.today).standing}
    one = standing.get(request.POST.get("assignment", ""))
    if one is None:
        raise Invalid(_("It is taken back already."))
    unassign(actor=request.actor, at=request.now, subject=record, assignment=one)
