"""The service worker and what it keeps, the manifest, the page without a network, and what waits to be sent."""

import hashlib
from functools import cache

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET

from zijing.projects.queries.reporting import to_report
from zijing.web.access import ActingRequest, acting, read_by_script, whose, without_post
from zijing.web.addresses import page_of
from zijing.web.phone.keeping import cases_of, forms_of, pages_of

MODULES = ("main", "page", "store", "photos", "sending", "forms", "drafts", "waiting")
ASSETS = (
    "vendor/tabler.min.css", "vendor/icons.svg", "vendor/htmx.min.js", "zijing/zijing.css", "zijing/home.css",
    "zijing/records.css", "zijing/board.css", "zijing/report.css", "zijing/phone.css", "zijing/mark.svg",
    "zijing/theme.js", "zijing/zijing.js", "zijing/burden.js", "zijing/records.js", "zijing/report.js",
    "zijing/picking.js",
    *(f"zijing/phone/{name}.js" for name in MODULES),
)  # fmt: skip


@cache
def assets() -> list[str]:
    """The addresses of the files that the kept pages are made of."""
    return [staticfiles_storage.url(name) for name in ASSETS]


@require_GET
@without_post
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, at the top so that it serves every page. A new release is another text: another worker."""
    script = staticfiles_storage.url("zijing/phone/worker.js")
    shell = [*assets(), page_of("manifest"), page_of("offline")]
    release = hashlib.sha256("\n".join([script, *shell]).encode()).hexdigest()[:12]
    told = JsonResponse({"release": release, "shell": shell}).content.decode()
    return _fresh(f'self.zijing = {told};\nimportScripts("{script}");\n', "text/javascript")


@require_GET
@without_post
def manifest(_request: HttpRequest) -> HttpResponse:
    """The web app manifest: for whoever wants it on the home screen. Nothing has to be installed."""
    told = {
        "name": _("Zijing work platform"), "short_name": _("Zijing"), "lang": get_language(), "id": "/",
        "start_url": page_of("today"), "scope": "/", "display": "minimal-ui", "theme_color": "#7a3e8e",
        "background_color": "#f5f4f6",
        "icons": [{"src": staticfiles_storage.url("zijing/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return _fresh(JsonResponse(told).content.decode(), "application/manifest+json")


def _fresh(text: str, media_type: str) -> HttpResponse:
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
@without_post
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a network in place of a page that is not on the phone. It says nothing of anybody."""
    return render(request, "phone/offline.html")


@require_GET
@acting
def waiting(request: ActingRequest) -> HttpResponse:
    """What waits on this phone to be sent, and which forms and cases work offline. A script reads what to keep."""
    if read_by_script(request):
        pages = [[kept.address, kept.stamp] for kept in pages_of(request)]
        return JsonResponse({"whose": whose(request), "pages": pages})
    context = {
        "kinds": forms_of(request.actor),
        "projects": [one.project for one in to_report(request.actor, request.today)],
        "cases": cases_of(request),
    }
    return render(request, "phone/waiting.html", context)
