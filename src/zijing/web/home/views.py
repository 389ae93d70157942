"""The first page, the sign of life, and the demo clock's button."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from zijing.core.errors import Invalid
from zijing.core.health import answers
from zijing.demo import replay
from zijing.packs.residents import open_offices
from zijing.web.access import ActingRequest, acting, without_post
from zijing.web.home.roles import demo_roles, town_roles
from zijing.web.home.signing import safe_next

AT_ONCE = "1234567"


@without_post
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the ways in, and the tour."""
    ways = {"roles": demo_roles(), "town": town_roles()} if settings.DEMO else {}
    return render(request, "home/home.html", {**ways, "open_offices": open_offices()})


@without_post
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answers when the server serves and the database answers it."""
    answers()
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
@acting
def advance(request: ActingRequest) -> HttpResponse:
    """Move the demo office's clock on by some days; whatever falls due on the way happens."""
    if not settings.DEMO:
        raise Http404
    days = request.POST.get("days", "1")
    if days not in AT_ONCE or len(days) != 1:
        raise Invalid(_("Say by how many days, at most seven at once."), field="days")
    done = replay.advance(request.office, request.now + timedelta(days=int(days)), request.actor)
    messages.success(request, ngettext("One thing happened.", "%(n)s things happened.", done) % {"n": done})
    return redirect(safe_next(request))
