"""Public lists on the wall of the hall: a page of large lines at a time, turning by itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zijing.cases.supervision import supervised
from zijing.core.worktime import day_of
from zijing.people.access import Actor, onlooker
from zijing.people.queries import office_of_screen
from zijing.places import clock
from zijing.places.models import Place
from zijing.web.access import ActingRequest, acting, without_post
from zijing.web.projects.wall import SECONDS, chosen, in_pages
from zijing.web.supervision.forms import shown


@acting
def wall_page(request: ActingRequest) -> HttpResponse:
    """One page of what is public of the lists within sight. Watching keeps the session of the screen alive."""
    request.session.modified = True
    return _show(request, request.actor, request.office, reverse("supervision-wall"))


@without_post
@never_cache
def screen_page(request: HttpRequest, key: str) -> HttpResponse:
    """The same for a screen with a key and without an account; an ended or unknown key is 404."""
    office = office_of_screen(key)
    if office is None:
        raise Http404
    return _show(request, onlooker(office), office, request.path)


def _show(request: HttpRequest, actor: Actor, office: Place, base: str) -> HttpResponse:
    now = clock.now(office)
    lines = [shown(one, day_of(now)) for one in supervised(actor, public=True)]
    pages = in_pages(lines)
    index = chosen(pages, request.GET.get("page", "1"))
    context = {
        "lines": pages[index] if pages else [],
        "pages": [(f"{base}?page={n}", n == index + 1) for n in range(1, len(pages) + 1)],
        "next": f"{base}?page={(index + 1) % len(pages) + 1}" if pages else base,
        "seconds": SECONDS,
        "office": office,
        "now": now,
        "n": len(lines),
    }
    return render(request, "supervision/wall.html", context)
