"""The forms documents are written by: taken away as DOCX, put back as the office's own version."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zijing.core.errors import DomainError, Invalid
from zijing.documents.actions import put_template, take_back_template
from zijing.documents.models import Template
from zijing.documents.printing import DOCX
from zijing.documents.queries import templates as known
from zijing.documents.reading import docx_of, text_of
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting

LARGEST = 5 * 2**20
KEEP = "documents.templates"


@acting
def templates(request: ActingRequest) -> HttpResponseBase:
    """Every form the office writes by."""
    require(request.actor, "documents.write")
    return render(request, "documents/templates.html", {"templates": known(request.actor)})


@require_http_methods(["GET", "POST"])
@acting
def template(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One form's text; a changed DOCX becomes the office's own version."""
    require(request.actor, "documents.write")
    found = _of(request, pk)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return redirect("document-template", pk=_kept(request, found).pk)
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
    lines = found.text_zh.splitlines()
    context = {"template": found, "error": error, "may_keep": request.actor.may(KEEP), "lines": lines}
    return render(request, "documents/template.html", context, status=error.status if error else 200)


def _of(request: ActingRequest, pk: int) -> Template:
    found: Template = get_object_or_404(Template.objects.visible_to(request.actor), pk=pk)
    return found


def _kept(request: ActingRequest, found: Template) -> Template:
    if request.POST.get("do") == "take_back":
        take_back_template(actor=request.actor, at=request.now, template=found)
        messages.success(request, _("The pack's version is used again."))
        return Template.objects.visible_to(request.actor).get(office=None, key=found.key)
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        raise Invalid(_("Choose a file."), field="file")
    if upload.size > LARGEST:
        raise Invalid(_("The file has more than %(limit)s MB."), field="file", limit=LARGEST // 2**20)
    kept = put_template(actor=request.actor, at=request.now, template=found, text=text_of(upload.read()))
    messages.success(request, _("This is the office's version from now on."))
    return kept


@acting
def download(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The form as a DOCX to be changed in Word or WPS."""
    require(request.actor, "documents.write")
    found = _of(request, pk)
    response = HttpResponse(docx_of(found.text_zh), content_type=DOCX)
    name = content_disposition_header(as_attachment=True, filename=f"{found.title_zh}.docx")
    response.headers["Content-Disposition"] = name or "attachment"
    return response
