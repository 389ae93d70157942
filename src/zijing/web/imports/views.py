"""Importing a sheet: choose a ledger, upload, see what would happen, correct the mapping, confirm."""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from zijing.core.errors import DomainError
from zijing.outbox.models import Job
from zijing.packs import intake
from zijing.packs.importing import bring_in_or_ask
from zijing.packs.replying import labels_of
from zijing.packs.templates import template_of
from zijing.people.access import require
from zijing.records import sheets
from zijing.records.sheets import Options, Result, Target, held
from zijing.records.sheets.guards import too_large
from zijing.records.sheets.pasted import NAME, too_long, workbook_of
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.imports.forms import choices_of, number_of, options_from

ROWS_SHOWN, CHANGES_SHOWN, ERRORS_SHOWN = 20, 50, 200
ENVELOPE = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@acting
def index(request: ActingRequest) -> HttpResponse:
    """The ledgers this post may import into."""
    found = [(t.key, sheets.title_of(t)) for t in intake.targets(request.actor)]
    return render(request, "imports/index.html", {"targets": found})


@require_GET
@acting
def template(request: ActingRequest, key: str) -> FileResponse:
    """The workbook to fill in for a ledger."""
    name, content = template_of(actor=request.actor, key=key)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


@csrf_exempt
def kind(request: HttpRequest, key: str) -> HttpResponseBase:
    """The import of one ledger. A body that is too large is refused by its stated length, before anything reads it."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    if size.isdigit() and int(size) > settings.UPLOAD_LIMIT + ENVELOPE:
        return _refuse_large(request, key, too_large(int(size)))
    try:
        return _checked(request, key)
    except RequestDataTooBig:  # of a form everything counts but its files
        return _refuse_large(request, key, too_long())


@acting
def _refuse_large(request: ActingRequest, key: str, error: DomainError) -> HttpResponse:
    return _upload(request, _target(request, key), error, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@require_http_methods(["GET", "POST"])
@acting
def _steps(request: ActingRequest, key: str) -> HttpResponseBase:
    target = _target(request, key)
    step = request.POST.get("step") if request.method == "POST" else "preview" if "file" in request.GET else "form"
    try:
        if step in STEPS:
            return STEPS[step](request, target)
    except DomainError as error:
        return _upload(request, target, error, status=error.status)
    return _upload(request, target)


_checked = csrf_protect(_steps)


def _target(request: ActingRequest, key: str) -> Target:
    target = intake.target(key, request.actor)
    require(request.actor, target.right)
    return target


def _upload(
    request: ActingRequest, target: Target, error: DomainError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "title": sheets.title_of(target), "target": target, "error": error, "of_text": error and error.field == "text",
        "limit": settings.UPLOAD_LIMIT // 2**20,
        "fields": [f for f in target.fields if f.type != "file"],
        "pasted": request.POST.get("text", "") if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "",
    }  # fmt: skip
    return render(request, "imports/upload.html", context, status=status)


def _hold(request: ActingRequest, target: Target) -> HttpResponse:
    """Keep the upload and go to its preview; without a file, the form says so."""
    upload = request.FILES.get("file")
    source, name = (upload.file or BytesIO(), upload.name or "") if upload else (BytesIO(), "")
    token = held.hold(actor=request.actor, source=source, name=name)
    return redirect(f"{reverse('import-kind', args=[target.key])}?file={token}")


def _paste(request: ActingRequest, target: Target) -> HttpResponse:
    """Make a workbook of what was pasted, and go on as with any."""
    content = workbook_of(request.POST.get("text", ""), target.fields, labels_of(target.key))
    token = held.hold(actor=request.actor, source=BytesIO(content), name=NAME)
    return redirect(f"{reverse('import-kind', args=[target.key])}?file={token}")


def _asked(request: ActingRequest) -> tuple[str, Options]:
    """The held file and the decisions about it: by address at first, by form afterwards."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get("file", ""), options_from(given.dict())


def _preview(request: ActingRequest, target: Target) -> HttpResponse:
    token, options = _asked(request)
    source = held.held(actor=request.actor, token=token)
    result = sheets.preview(target=target, actor=request.actor, at=request.now, source=source, options=options)
    return _show(request, target, token, options, result)


def _show(request: ActingRequest, target: Target, token: str, options: Options, result: Result) -> HttpResponse:
    rows = sheets.shown_rows(result, ROWS_SHOWN)
    standing = {number: one.pk for number, one in result.standing.items() if one.pk}
    context = {
        "title": sheets.title_of(target), "target": target, "token": token, "options": options, "result": result,
        "choices": choices_of(result, target, rows), "rows": [(*row, standing.get(row[0])) for row in rows],
        "changes": result.changes[:CHANGES_SHOWN],
        "errors": result.errors[:ERRORS_SHOWN], "more_errors": max(0, len(result.errors) - ERRORS_SHOWN),
        "nothing_new": bool(result.outcomes) and result.same == result.read,
    }  # fmt: skip
    return render(request, "imports/preview.html", context, status=422 if result.errors else 200)


def _marked(request: ActingRequest, target: Target) -> FileResponse:
    """The workbook with every error at its cell."""
    token, options = _asked(request)
    source = held.held(actor=request.actor, token=token)
    result = sheets.preview(
        target=target, actor=request.actor, at=request.now, source=source, options=options, marked=True
    )
    name = f"{_('Import result')} {sheets.title_of(target)}.xlsx"
    return FileResponse(BytesIO(result.annotated), as_attachment=True, filename=name, content_type=XLSX)


def _confirm(request: ActingRequest, target: Target) -> HttpResponse:
    """Import what was previewed: everything, or nothing and the reasons; a large sheet is left to the work process."""
    token, options = _asked(request)
    result = bring_in_or_ask(
        target=target, actor=request.actor, at=request.now, options=options, client_id=client_id_of(request),
        source=held.held(actor=request.actor, token=token), rows=number_of(request.POST.get("rows", "")),
    )  # fmt: skip
    if isinstance(result, Job):
        held.drop(actor=request.actor, token=token)
        return redirect("job", result.pk)
    if not result.landed:
        return _show(request, target, token, options, result)
    held.drop(actor=request.actor, token=token)
    messages.success(
        request, _("%(read)s rows: %(created)s new, %(changed)s changed, %(same)s unchanged.") % result.counts
    )
    return redirect("import-kind", target.key) if target.key in sheets.BUILT_IN else redirect("list", target.key)


STEPS: dict[str | None, Callable[[ActingRequest, Target], HttpResponseBase]] = {
    "upload": _hold, "paste": _paste, "preview": _preview, "check": _preview, "marked": _marked, "confirm": _confirm,
}  # fmt: skip
