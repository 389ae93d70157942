"""The calendar of a post: its page, a month at a time, and its feed by a private address."""

from calendar import Calendar as Weeks
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zijing.core.errors import Invalid
from zijing.core.worktime import day_of, is_working
from zijing.people.actions import issue_feed, revoke_feed
from zijing.people.actions.feeds import TooOften, actor_of_feed, reader_of_feed
from zijing.people.models import Feed
from zijing.places import clock
from zijing.projects.queries.dates import Dated, dates
from zijing.web.access import ActingRequest, acting, without_post
from zijing.web.calendar.feed import calendar, words
from zijing.web.records.nouns import page_of_listed

DAY = timedelta(days=1)
OLDEST, NEWEST = date(2000, 1, 1), date(2099, 12, 31)
PAST, FUTURE = timedelta(days=31), timedelta(days=366)
SCOPES = ("mine", "all")


@dataclass(frozen=True)
class Entry:
    """Something dated, ready to show."""

    it: Dated
    what: str
    href: str


@dataclass
class Cell:
    """A day of the month shown, with what falls on it."""

    day: date
    here: bool
    today: bool
    working: bool
    entries: list[Entry] = field(default_factory=list)


def month_of(request: ActingRequest) -> date:
    """The first day of the month that the address names, by default of the running one; ``Invalid`` when it is none."""
    text = request.GET.get("month", "")
    try:
        first = date.fromisoformat(f"{text}-01") if text else request.today.replace(day=1)
    except ValueError as error:
        raise Invalid(_("“%(text)s” is no month."), field="month", text=text[:20]) from error
    if not OLDEST <= first <= NEWEST:
        raise Invalid(_("“%(text)s” is no month."), field="month", text=text[:20])
    return first


def scope_of(request: HttpRequest) -> str:
    """Whose dates are asked for; ``Invalid`` for an unknown scope."""
    scope = request.GET.get("scope", SCOPES[0])
    if scope not in SCOPES:
        raise Invalid(_("A calendar shows what is mine, or all."), field="scope")
    return scope


@require_GET
@acting
def page(request: ActingRequest) -> HttpResponse:
    """A month of what is dated: as a table of weeks, on a phone as a list."""
    first, scope = month_of(request), scope_of(request)
    days = list(Weeks().itermonthdates(first.year, first.month))
    found = dates(request.actor, days[0], days[-1], on=request.today, mine=scope == "mine")
    cells = {d: Cell(d, d.month == first.month, d == request.today, is_working(d)) for d in days}
    for one in found:
        cells[one.day].entries.append(Entry(one, words(one.what), page_of_listed(one.record)))
    shown = list(cells.values())
    context = {
        "first": first,
        "weeks": [shown[n : n + 7] for n in range(0, len(shown), 7)],
        "days": [c for c in shown if c.entries and c.here],
        "previous": f"{first - DAY:%Y-%m}" if first > OLDEST else "",
        "next": f"{first + timedelta(days=31):%Y-%m}",
        "scope": scope,
        "feed": Feed.objects.visible_to(request.actor).filter(holding=request.holding, revoked_at=None).first(),
        "given": request.session.pop("calendar-address", ""),
    }
    return render(request, "calendar/calendar.html", context)


@require_POST
@acting
def address(request: ActingRequest) -> HttpResponse:
    """Take a private address for the own calendar, renew it, or end it."""
    if request.POST.get("do") == "end":
        revoke_feed(actor=request.actor, at=request.now)
        messages.success(request, _("The address has ended: it opens nothing any more."))
    else:
        key = issue_feed(actor=request.actor, at=request.now)
        request.session["calendar-address"] = request.build_absolute_uri(reverse("calendar-feed", args=(key,)))
    return redirect(reverse("calendar") + "#feed")


@require_GET
@without_post
@never_cache
def feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """The calendar by its private address: what the post may see now; unknown, ended and expired ones are 404."""
    try:
        found = reader_of_feed(key, at=timezone.now())
    except TooOften as error:
        return HttpResponse(str(error), status=429, content_type="text/plain", headers={"Retry-After": "3600"})
    if found is None:
        raise Http404
    office = found.holding.post.office
    at = clock.now(office)
    actor = actor_of_feed(found, at)
    if actor is None:
        raise Http404
    today = day_of(at)
    with translation.override(request.GET.get("lang") if request.GET.get("lang") in {"en", "zh-hans"} else "zh-hans"):
        mine = scope_of(request) == "mine"
        shown = dates(actor, today - PAST, today + FUTURE, on=today, mine=mine)
        site = request.build_absolute_uri("/").rstrip("/")
        name = f"{found.holding.post.title} · {office.name}"
        body = calendar(shown, name=name, site=site, at=at)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="zijing.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
