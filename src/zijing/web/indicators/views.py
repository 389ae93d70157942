"""Indicators: all of a year as small multiples and a table; one of them with its months; a month's sheet to state."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.commitments import actions
from zijing.commitments.actions import Stated
from zijing.commitments.models import Commitment, Statement
from zijing.commitments.progress import SLIPPED
from zijing.commitments.queries import Course, courses, missing_in
from zijing.commitments.queries.indicators import corrections_of, indicators, last_month, months
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.plans import forms
from zijing.web.records.sending import uploads_of

RIGHT = "figures.read"
DRAWN = 12


def _year(request: ActingRequest) -> int:
    said = request.GET.get("year", "")
    return int(said) if said.isdecimal() and len(said) == 4 and 1990 < int(said) < 2100 else request.today.year


@acting
def sheet(request: ActingRequest) -> HttpResponseBase:
    """Every indicator of a year: where it stands against the plan, the time and the county, and what is missing."""
    require(request.actor, RIGHT)
    year = _year(request)
    rows = courses(request.actor, year, request.now)
    state = request.GET.get("state", "")
    shown = [c for c in rows if not state or _meets(c, state)]
    context = {
        "rows": shown, "year": year, "years": [year - 1, year, year + 1], "state": state, "n": len(rows),
        "behind": sum(c.state in SLIPPED for c in rows), "missing": sum(bool(c.missing) for c in rows),
        "drawn": [c for c in shown if c.latest and c.commitment.recurrence][:DRAWN],
        "may_state": request.actor.may("commitments.state"),
    }  # fmt: skip
    return render(request, "indicators/sheet.html", context)


def _meets(c: Course, state: str) -> bool:
    return c.state == state or (state == "missing" and bool(c.missing)) or (state == "slipped" and c.state in SLIPPED)


def _course(request: ActingRequest, pk: int) -> Course:
    c = forms.commitment_of(request, pk)
    if c.sort != "indicator" or c.deadline is None:
        raise Missing(_("There is no such record within your sight."))
    found = courses(request.actor, c.deadline.year, request.now, only=[pk])
    if not found:
        raise Missing(_("There is no such record within your sight."))
    return found[0]


Verb = Callable[[ActingRequest, Commitment], Any]


def _state(request: ActingRequest, c: Commitment) -> Any:
    period, status = forms.month(request, "period"), _status(request)
    return actions.state(
        actor=request.actor, at=request.now, commitment=c, period=period, status=status,
        value=forms.needed_number(request, "value", c.measure), note=request.POST.get("note", ""),
        source=request.POST.get("source", "")[:120], evidence=list(uploads_of(request).values()),
        seen=forms.saw(request, period, status),
    )  # fmt: skip


def _status(request: ActingRequest) -> str:
    said = request.POST.get("status", "")
    if said not in Statement.Status.values:
        raise Invalid(_("Say whether it is expected or actual."), field="status")
    return said


def _correct(request: ActingRequest, c: Commitment) -> Any:
    statement = (
        c.statements.filter(pk=forms.whole(request, "statement") or 0).select_related("commitment__kind").first()
    )
    if statement is None:
        raise Missing(_("There is no such record within your sight."))
    value = forms.needed_number(request, "value", c.measure)
    return actions.correct(
        actor=request.actor, at=request.now, statement=statement, value=value, reason=request.POST.get("reason", ""),
        seen=forms.number(request, "seen"),
    )  # fmt: skip


def _curve(request: ActingRequest, c: Commitment) -> Any:
    year = c.deadline.year if c.deadline else request.today.year
    points = {period: forms.number(request, f"plan-{period:%m}", c.measure) for period in months(year)}
    return actions.plan_curve(actor=request.actor, at=request.now, commitment=c, points=points)


def _compare(request: ActingRequest, c: Commitment) -> Any:
    return actions.compare_with(
        actor=request.actor, at=request.now, commitment=c, period=forms.month(request, "period"),
        whose=request.POST.get("whose", ""), value=forms.needed_number(request, "value", c.measure),
        source=request.POST.get("source", ""), average=request.POST.get("average") == "1",
    )  # fmt: skip


VERBS: dict[str, Verb] = {"state": _state, "correct": _correct, "curve": _curve, "compare": _compare}


@acting
def page(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One indicator: its course, its months with their records, the curve planned, others beside it."""
    require(request.actor, RIGHT)
    course = _course(request, pk)
    if request.method != "POST":
        return _page(request, course, None)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))

    def do() -> dict[str, Any]:
        verb(request, course.commitment)
        return {"pk": pk}

    return forms.sent(request, do, lambda error: _page(request, course, error), "indicator", pk)


def _page(request: ActingRequest, course: Course, error: DomainError | None) -> HttpResponseBase:
    c = course.commitment
    typed = request.POST if error else {}
    plan = [
        (p, typed.get(f"plan-{p:%m}", course.curve.get(p))) for p in months(c.deadline.year if c.deadline else 2000)
    ]
    context = {
        "course": course, "c": c, "error": error, "typed": typed, "doing": typed.get("verb", ""), "plan": plan,
        "seen": forms.as_seen(c.statements.all()),
        "corrections": corrections_of(c), "correcting": typed.get("statement", "") if error else "",
        "month": last_month(request.today).strftime("%Y-%m"),
        "may_state": request.actor.may("commitments.state"), "may": request.actor.may("commitments.write"),
    }  # fmt: skip
    return render(request, "indicators/indicator.html", context, status=error.status if error else 200)


@acting
def month(request: ActingRequest) -> HttpResponseBase:
    """A month's values of all indicators on one sheet: what is missing stands first."""
    require(request.actor, "commitments.state")
    if request.method != "POST":
        return _month(request, _asked(request), None)

    def do() -> dict[str, Any]:
        period, known = (
            forms.month(request, "period"),
            {c.pk: c for c in indicators(request.actor, _asked(request).year)},
        )
        status = _status(request)
        rows = [
            Stated(known[pk], value, request.POST.get(f"note-{pk}", "")[:300],
                   forms.saw(request, period, status, f"seen-{pk}"))
            for pk in known
            if (value := forms.number(request, f"value-{pk}", known[pk].measure)) is not None
        ]  # fmt: skip
        actions.state_month(actor=request.actor, at=request.now, period=period, rows=rows, status=status)
        return {"n": len(rows)}

    return forms.sent(request, do, lambda error: _month(request, _asked(request), error), "indicators")


def _asked(request: ActingRequest) -> date:
    said = request.POST.get("period", "") or request.GET.get("period", "")
    try:
        return date.fromisoformat(f"{said[:7]}-01")
    except ValueError:
        return last_month(request.today)


def _month(request: ActingRequest, period: date, error: DomainError | None) -> HttpResponseBase:
    rows = [c for c in indicators(request.actor, period.year) if c.is_open and not c.figure]
    wanted = {c.pk for c in missing_in(request.actor, period)}
    known: dict[int, dict[str, Statement]] = {c.pk: {} for c in rows}
    for s in Statement.objects.visible_to(request.actor).filter(commitment__in=rows, period=period):
        known[s.commitment_id][s.status] = s
    typed = request.POST if error else {}
    lines = [
        {"c": c, "missing": c.pk in wanted, "stated": known[c.pk], "seen": forms.as_seen(known[c.pk].values()),
         "value": typed.get(f"value-{c.pk}", ""), "note": typed.get(f"note-{c.pk}", "")}
        for c in sorted(rows, key=lambda c: (c.pk not in wanted, c.business_key))
    ]  # fmt: skip
    context = {"lines": lines, "period": period, "error": error, "missing": len(wanted), "typed": typed}
    return render(request, "indicators/month.html", context, status=error.status if error else 200)
