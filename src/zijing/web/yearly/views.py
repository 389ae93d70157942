"""The year-end report as the records stand: every number opens; what it does not speak of stands below it."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext as _

from zijing.core.errors import Invalid, Missing
from zijing.documents.layout.portable import pdf
from zijing.documents.layout.word import docx
from zijing.packs.yearly import YearReport, drafts_of, year_report
from zijing.web.access import ActingRequest, acting

LAID_OUT = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}
# A report of January speaks of the year that is over.
NEW_YEAR = 3


def _year(request: ActingRequest) -> int:
    """The year asked for; without one the year before in the first months, else the running one."""
    asked = request.GET.get("year", "")
    if asked:
        if not asked.isascii() or not asked.isdecimal() or len(asked) != 4:
            raise Invalid(_("Write the year with four digits."), field="year")
        return int(asked)
    today = request.now.date()
    return today.year - (today.month <= NEW_YEAR)


def _language(request: HttpRequest) -> str:
    return "zh-hans" if (get_language() or "zh").startswith("zh") else "en"


def _report(request: ActingRequest) -> YearReport:
    return year_report(actor=request.actor, at=request.now, year=_year(request), language=_language(request))


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The report of a year, its coverage, and documents drafted from it; empty where no pack describes one."""
    year = _year(request)
    shown = {"year": year, "years": (year - 1, year, year + 1)}
    try:
        found = _report(request)
    except Missing:
        return render(request, "yearly/report.html", shown)
    drafted = {"may_draft": request.actor.may("documents.write"), "drafts": drafts_of(found)}
    return render(request, "yearly/report.html", {**shown, **drafted, "report": found})


@acting
def download(request: ActingRequest, form: str) -> HttpResponseBase:
    """The report as a file: laid out, or as programs read it."""
    if form != "json" and form not in LAID_OUT:
        raise Http404
    found = _report(request)
    if form == "json":
        return JsonResponse(found.sentences, safe=False, json_dumps_params={"ensure_ascii": False})
    laid_out, type_ = LAID_OUT[form]
    site = request.build_absolute_uri("/").rstrip("/")
    return FileResponse(
        BytesIO(laid_out(found.official(site))),
        as_attachment=True,
        filename=f"{found.title}.{form}",
        content_type=type_,
    )
