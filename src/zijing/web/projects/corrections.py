"""Correcting a daily report, or taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Missing
from zijing.people.access import require
from zijing.projects.actions import correct_report, withdraw_report
from zijing.projects.models import Report
from zijing.records.fields import Field
from zijing.web.access import ActingRequest, acting
from zijing.web.projects.forms import Faults

CORRECTED = ("share", "count", "crew", "remark")


def visible_report(request: ActingRequest, pk: int) -> Report:
    """The report with its record, or ``Missing``."""
    rows = Report.objects.visible_to(request.actor)
    report = rows.select_related("activity__kind", "stage__milestone", "project__entry").filter(pk=pk).first()
    if report is None:
        raise Missing(_("There is no such report within your sight."))
    return report


def asked(report: Report) -> list[Field]:
    """The fields a correction offers: the share or the count, whichever was given, the crew and the remark."""
    unused = "share" if report.activity.fields.get("count") is not None else "count"
    known = report.activity.kind.by_key
    return [known[key] for key in CORRECTED if key != unused and key in known]


@acting
def correct(request: ActingRequest, pk: int) -> HttpResponse:
    """Correct what a report says; board, curve and figures follow, the journal keeps what it said before."""
    report = visible_report(request, pk)
    require(request.actor, "projects.correct")
    fields = asked(report)
    faults = Faults(frozenset(f.key for f in fields))
    if request.method == "POST":
        values = {f.key: request.POST[f.key] for f in fields if f.key in request.POST}
        try:
            changed = correct_report(actor=request.actor, at=request.now, report=report, values=values)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            faults.add(error)
        else:
            messages.success(request, _("Corrected.") if changed else _("Nothing was different."))
            return redirect("record", "activity", pk)
    return _form(request, report, fields, faults)


def _form(request: ActingRequest, report: Report, fields: list[Field], faults: Faults) -> HttpResponse:
    rows = [
        (f, request.POST.get(f.key, _stored(report, f)), faults.at.get(f.key, ""))
        for f in fields
    ]  # fmt: skip
    context = {"report": report, "fields": rows, "general": faults.general}
    failed = bool(faults.at or faults.general)
    return render(request, "projects/correct.html", context, status=422 if failed else 200)


def _stored(report: Report, field: Field) -> str:
    value = report.activity.value(field)
    return "" if value is None else str(field.for_json(value))


@acting
def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    """Take a report back, with a reason; it stays readable and counts nowhere."""
    report = visible_report(request, pk)
    require(request.actor, "projects.withdraw")
    error = ""
    if request.method == "POST":
        try:
            withdraw_report(actor=request.actor, at=request.now, report=report, reason=request.POST.get("reason", ""))
        except DomainError as refusal:
            if refusal.field != "reason":
                raise
            error = str(refusal)
        else:
            messages.success(request, _("Withdrawn. The report counts nowhere any more."))
            return redirect("record", "activity", pk)
    return render(request, "projects/withdraw.html", {"report": report, "error": error}, status=422 if error else 200)
