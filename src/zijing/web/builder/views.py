"""A sheet wanted from above: upload it, confirm what its columns are filled with, take it away filled."""

from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from zijing.core.errors import DomainError
from zijing.outbox.models import Job
from zijing.packs.builder.asking import fill_or_ask
from zijing.packs.builder.plan import look
from zijing.packs.builder.rows import rows_of
from zijing.packs.builder.sources import subjects
from zijing.records.sheets import held
from zijing.records.sheets.export import XLSX
from zijing.records.sheets.guards import too_large
from zijing.records.sheets.pasted import too_long
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.builder.forms import choices_from, filter_in_words, picks_of
from zijing.web.imports.views import ENVELOPE

STRANGE_SHOWN = 20


@csrf_exempt
def wanted(request: HttpRequest) -> HttpResponseBase:
    """The report builder. A body that is too large is refused by its stated length, before anything reads it."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    if size.isdigit() and int(size) > settings.UPLOAD_LIMIT + ENVELOPE:
        return _refuse_large(request, too_large(int(size)))
    try:
        return _checked(request)
    except RequestDataTooBig:
        return _refuse_large(request, too_long())


@acting
def _refuse_large(request: ActingRequest, error: DomainError) -> HttpResponse:
    return _upload(request, error, 413)


@require_http_methods(["GET", "POST"])
@acting
def _steps(request: ActingRequest) -> HttpResponseBase:
    step = request.POST.get("step", "") if request.method == "POST" else "check" if "file" in request.GET else ""
    try:
        if step == "upload":
            return _hold(request)
        if step in {"check", "fill"}:
            return _understand(request, fill=step == "fill")
    except DomainError as error:
        return _upload(request, error, error.status)
    return _upload(request)


_checked = csrf_protect(_steps)


def _upload(request: ActingRequest, error: DomainError | None = None, status: int = 200) -> HttpResponse:
    context = {"error": error, "limit": settings.UPLOAD_LIMIT // 2**20}
    return render(request, "builder/upload.html", context, status=status)


def _hold(request: ActingRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    source, name = (upload.file or BytesIO(), upload.name or "") if upload else (BytesIO(), "")
    token = held.hold(actor=request.actor, source=source, name=name)
    request.session["wanted-name"] = PurePath(name).name[:120]
    return redirect(f"{reverse('wanted-sheet')}?file={token}")


def _understand(request: ActingRequest, *, fill: bool) -> HttpResponseBase:
    given = request.POST if request.method == "POST" else request.GET
    token, choices = given.get("file", ""), choices_from(given.dict())
    source = held.held(actor=request.actor, token=token).read()
    if not fill:
        return _preview(request, token, look(actor=request.actor, at=request.now, source=source, choices=choices))
    name = request.session.get("wanted-name") or _("Filled.xlsx")
    _plan, made = fill_or_ask(
        actor=request.actor, at=request.now, content=source, choices=choices, client_id=client_id_of(request),
        name=name,
    )  # fmt: skip
    if isinstance(made, Job):
        return redirect("job", made.pk)
    return FileResponse(BytesIO(made.content), as_attachment=True, filename=name, content_type=XLSX)


def _preview(request: ActingRequest, token: str, plan: Any) -> HttpResponse:
    rows = rows_of(plan, request.actor, request.now)
    context = {
        "token": token, "plan": plan, "rows": rows, "count": len(rows.lines), "picks": picks_of(plan),
        "strange": rows.strange[:STRANGE_SHOWN],
        "subjects": [(s.key, str(s), s.key == plan.subject.key) for s in subjects(request.actor)],
        "sheets": [p.name for p in plan.book.filled], "filter": filter_in_words(plan),
    }  # fmt: skip
    return render(request, "builder/preview.html", context)
