"""What stands around every page: the content policy, the acting post, and errors in words."""

import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError, UnreadablePostError
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from zijing.core.bodies import BROKEN_OFF
from zijing.core.errors import DomainError, Refused, Several
from zijing.core.outages import Unavailable, is_outage, outage
from zijing.core.stamps import Kept, steady
from zijing.core.worktime import ZONE
from zijing.people.access import actor_of
from zijing.people.models import Account, Holding
from zijing.places import clock
from zijing.web.access import read_by_script, told, whose

Respond = Callable[[HttpRequest], HttpResponseBase]

# MapLibre starts its worker from our own address; it makes pictures from blobs, and small pictures are data.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# What a form sends that nobody wrote.
UNWRITTEN = frozenset({"csrfmiddlewaretoken", "client_id", "seen", "query", "verb"})


class ContentSecurityPolicy:
    """Sends the policy with every answer: nothing from elsewhere, nothing inline."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response


class WholeForms:
    """Lets no form pass that broke off on its way. The token's check, which stands before, reads a form first and lets
    such a one go on, with no values and no error for whoever asks for them later.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        return HttpResponse(status=400) if BROKEN_OFF in request.META else None


class ActingPost:
    """Says who asks: ``request.actor``, ``office``, ``now``, ``today``; and ``holdings``, the posts to switch between.

    A person whose chosen post is no longer in force gets a page that says so, not another post silently.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        carry: Any = request
        carry.actor = carry.office = carry.holding = carry.expired = None
        carry.holdings = []
        carry.now = timezone.now()
        carry.today = carry.now.astimezone(ZONE).date()
        user = request.user
        with steady():
            if not isinstance(user, AnonymousUser):
                self._act(carry, user)
            response = self.get_response(request)
        if carry.holding:  # on a shared office computer the "back" button must show nothing after signing out
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Whose"] = whose(request)
        return response

    def _act(self, request: Any, account: Account) -> None:
        every = held_by(account)
        request.holdings = [h for h in every if is_in_force(h)]
        chosen = request.session.get("holding")
        wanted = [h for h in every if h.pk == chosen] or request.holdings or every
        if not wanted:
            request.expired = ""
            return
        self._take(request, wanted[0])

    def _take(self, request: Any, holding: Holding) -> None:
        request.holding, request.office = holding, holding.post.office
        request.now = clock.now(request.office)
        request.today = request.now.astimezone(ZONE).date()
        try:
            request.actor = actor_of(holding, channel="web", on=request.today)
        except Refused as error:
            request.expired = str(error)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if (sent_as := request.headers.get("X-Whose")) and sent_as != whose(request):
            return told(gettext("This waits for another account or post. Sign in as it to send it."), 401)
        must = request.session.get("must") if request.user.is_authenticated else None
        if must and not (getattr(view, "while_unready", False) or getattr(view, "without_post", False)):
            return redirect(must[0])
        expired = getattr(request, "expired", None)
        if expired is None or getattr(view, "without_post", False):
            return None
        if read_by_script(request):
            return told(expired, 403)
        return render(request, "errors/post.html", {"sentence": expired, "typed": _typed(request)}, status=403)


def _typed(request: HttpRequest) -> list[str]:
    """What somebody had written into a form that was refused, to be copied; it is kept nowhere, and never a secret."""
    if hasattr(request, "sensitive_post_parameters"):
        return []
    written = (text for name in request.POST if name not in UNWRITTEN for text in request.POST.getlist(name))
    return [text for text in written if text.strip()]


class DomainErrors:
    """Turns a refusal that no form caught into a page, or into a fragment for htmx, with its status."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UnreadablePostError):
            return HttpResponse(status=400)
        if is_outage(exception):
            exception = outage(exception)
        if isinstance(exception, Unavailable):
            return unavailable(request, exception)
        if not isinstance(exception, DomainError):
            return None
        sentences = [str(e) for e in exception.errors] if isinstance(exception, Several) else [str(exception)]
        return refusal(request, sentences, exception.status)


def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    """The page, made without the database, that says it cannot be had just now; a program's reader gets JSON."""
    if getattr(request, "htmx", False):
        response = refusal(request, [str(error)], error.status)
    elif read_by_script(request) or request.path.startswith("/api/"):
        response = told(str(error), error.status)
    else:
        response = HttpResponse(loader.render_to_string("errors/unavailable.html", {"sentence": error}))
        response.status_code = error.status
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """What Django answers when a page or the middleware failed: whether the database is away, or the program wrong."""
    error = sys.exc_info()[1]
    if isinstance(error, Unavailable):
        return unavailable(request, error)
    if error is not None and is_outage(error):
        return unavailable(request, outage(error))
    return HttpResponseServerError(loader.render_to_string("500.html"))


def refusal(request: HttpRequest, sentences: list[str], status: int) -> HttpResponse:
    """The page, or the htmx fragment shown at the top of the page, that says why something was not done."""
    if read_by_script(request):
        return told("\n".join(sentences), status)
    context = {"sentences": sentences, "status": status, "typed": _typed(request)}
    if not getattr(request, "htmx", False):
        return render(request, "errors/refusal.html", context, status=status)
    response = render(request, "errors/fragment.html", context, status=status)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notices", "innerHTML show:window:top"
    patch_vary_headers(response, ("HX-Request",))
    return response


def held_by(account: Account) -> list[Holding]:
    """What an account holds or held, in order of beginning; what is in force depends on each office's clock."""
    return _held.get(account.pk, lambda: _holdings(account))


# Shared by all who ask: nobody changes them.
_held = Kept[list[Holding]]()


def _holdings(account: Account) -> list[Holding]:
    named = ("account", "post__role", "post__office", "post__place", "post__unit")
    return list(Holding.objects.filter(account=account).select_related(*named).order_by("since", "pk"))


def is_in_force(holding: Holding) -> bool:
    """Whether a holding and its post hold on the day its office's clock shows."""
    on = clock.today(holding.post.office)
    spans = ((holding.since, holding.until), (holding.post.since, holding.post.until))
    return all(since <= on and (until is None or on <= until) for since, until in spans)
