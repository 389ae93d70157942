"""A workbook with several sheets: see what each would do, then import all of them or none."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zijing.core.errors import DomainError
from zijing.packs.workbooks import bring_in_workbook
from zijing.records import sheets
from zijing.records.sheets import held
from zijing.web.access import ActingRequest, acting

ERRORS_SHOWN = 50


@require_http_methods(["GET", "POST"])
@acting
def whole(request: ActingRequest) -> HttpResponse:
    """Upload, look, confirm."""
    upload, token = request.FILES.get("file"), request.POST.get("file", "")
    if request.method == "GET" or not (upload or token):
        return render(request, "imports/whole.html")
    try:
        if upload and upload.file:
            token = held.hold(actor=request.actor, source=upload.file, name=upload.name or "")
        return _bring_in(request, token, confirmed=request.POST.get("step") == "confirm")
    except DomainError as error:
        return render(request, "imports/whole.html", {"error": error}, status=error.status)


def _bring_in(request: ActingRequest, token: str, *, confirmed: bool) -> HttpResponse:
    done = bring_in_workbook(
        actor=request.actor, at=request.now, source=held.held(actor=request.actor, token=token), confirmed=confirmed,
        dry_run=not confirmed,
    )  # fmt: skip
    refused = not all(sheet.result.landed for sheet in done)
    if confirmed and not refused:
        held.drop(actor=request.actor, token=token)
        messages.success(request, _("%(n)d sheets imported.") % {"n": len(done)})
        return redirect("import")
    context = {
        "token": token, "refused": refused,
        "sheets": [(s.name, sheets.title_of(s.target), s.result, s.result.errors[:ERRORS_SHOWN]) for s in done],
    }  # fmt: skip
    return render(request, "imports/whole.html", context, status=422 if refused else 200)
