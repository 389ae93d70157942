"""An office's own version of a scheme: made, tried on past periods before it holds, withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zijing.assessment.actions import propose_version, withdraw_version
from zijing.assessment.models import Scheme, SchemeVersion
from zijing.assessment.queries import scheme_of, version_for, version_of
from zijing.assessment.trial import Compared, past_periods, try_version
from zijing.core.errors import DomainError, Invalid
from zijing.core.quantity import MINUS, show_number
from zijing.core.worktime import DAY
from zijing.figures.periods import last_of
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.assessment.drafts import follows_from, groups, items_from
from zijing.web.assessment.results import may_read
from zijing.web.records.sending import done_once, is_for_the_page, taken

WRITE = "assessment.write"


@require_http_methods(["GET", "POST"])
@acting
def own(request: ActingRequest, key: str) -> HttpResponseBase:
    """The form of an own version, filled with what holds now; a refusal shows it again with what was typed."""
    require(request.actor, WRITE)
    found, error = scheme_of(key), None
    begins = last_of(request.today, found.period) + DAY
    base = version_for(found, request.office, begins)
    if request.method == "POST":
        try:
            made = done_once(request, {}, lambda: {"version": _made(request, found, base).pk})
        except DomainError as refused:
            if refused.status != Invalid.status or not is_for_the_page(request, refused):
                raise
            error = refused
        else:
            return taken(request, _("Made. Try it before it holds."), "assessment-try", key, made["version"])
    given = request.POST.dict()
    context = {
        "scheme": found, "base": base, "error": error, "groups": groups(base.spec, given, error.field if error else ""),
        "since": given.get("since", begins.isoformat()), "source": given.get("source", ""),
    }  # fmt: skip
    return render(request, "assessment/own.html", context, status=error.status if error else 200)


def _made(request: ActingRequest, found: Scheme, base: SchemeVersion) -> SchemeVersion:
    return propose_version(
        actor=request.actor, at=request.now, office=request.office, scheme=found, since=_day(request, "since"),
        items=items_from(base.spec, request.POST.dict()), source=request.POST.get("source", ""),
        consequences=follows_from(base.spec, request.POST.dict()),
    )  # fmt: skip


def _day(request: ActingRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Invalid(_("Give the day as 2020-08-31."), field=name) from error


@require_POST
@acting
def withdraw(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Take an own version back before it holds."""
    version = version_of(request.actor, pk)

    def do() -> dict[str, Any]:
        withdraw_version(actor=request.actor, at=request.now, version=version)
        return {"version": pk}

    done_once(request, {}, do)
    return taken(request, _("Withdrawn."), "assessment-scheme", version.scheme.key)


@dataclass(frozen=True)
class Row:
    """A member of a dry run; ``gain`` and ``risen`` are written with their sign, "" where nothing is to compare."""

    it: Compared
    gain: str
    risen: str


@require_GET
@acting
def trial(request: ActingRequest, key: str, pk: int) -> HttpResponse:
    """A version tried on a period that is over: who would gain, who would lose, and what would be proposed."""
    may_read(request.actor)
    found, version = scheme_of(key), version_of(request.actor, pk, key)
    periods = past_periods(found, request.today)
    asked = request.GET.get("day", "")
    day = next((p for p in periods if p.isoformat() == asked), periods[0] if periods else None)
    if day is None:
        raise Invalid(_("No period of this scheme is over yet."))
    tried = try_version(actor=request.actor, at=request.now, office=request.office, version=version, day=day)
    context = {
        "scheme": found, "version": version, "trial": tried, "periods": periods,
        "rows": [Row(m, signed(m.gain), "=" if m.risen == 0 else signed(m.risen)) for m in tried.members],
        "waits": version.since > request.today,
    }  # fmt: skip
    return render(request, "assessment/try.html", context)


def signed(value: Any) -> str:
    """A difference with its sign."""
    if value is None:
        return ""
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{show_number(abs(value))}"
