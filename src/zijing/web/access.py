"""What a view knows of who asks: the actor, the office and its clock. Set by ``zijing.web.middleware.ActingPost``."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext, gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from zijing.core.errors import Invalid
from zijing.people.access import Actor
from zijing.people.models import Account, Holding
from zijing.places.models import Place

P = ParamSpec("P")


class ActingRequest(HttpRequest):
    """A request of a signed-in person who acts in a post that is in force."""

    user: Account
    actor: Actor
    holding: Holding
    holdings: list[Holding]
    office: Place
    now: datetime
    today: date
    htmx: HtmxDetails


def acting(
    view: Callable[Concatenate[ActingRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for whoever acts in a post; anyone else is sent to sign in and comes back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "actor", None) is None:
            return to_sign_in(request)
        return view(cast(ActingRequest, request), *args, **kwargs)

    return guarded


def read_by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which reads JSON and not a page."""
    return request.headers.get("Accept", "") == "application/json"


def whose(request: HttpRequest) -> str:
    """The mark of what a phone keeps for whoever acts: account and post; "" for nobody."""
    actor: Actor | None = getattr(request, "actor", None)
    return f"{actor.account_id}.{actor.post_id}" if actor else ""


def told(sentence: str, status: int) -> JsonResponse:
    """A refusal for a script, in the shape of the API's."""
    fault = {"message": sentence, "field": ""}
    return JsonResponse({"error": fault | {"errors": [fault]}}, status=status)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page, also for a fragment asked for by htmx after the session has ended."""
    if read_by_script(request):
        return told(gettext("Sign in to go on."), 401)
    away = redirect_to_login(request.get_full_path() if request.method == "GET" else "/today/")
    return HttpResponseClientRedirect(away.url) if getattr(request, "htmx", False) else away


def while_unready(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Mark a view that also serves somebody who must change the password or set up a second factor first."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.while_unready = marked.without_post = True  # type: ignore[attr-defined]
    return marked


def without_post(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Mark a view that also serves somebody whose post is no longer in force (sign-out, language, first page)."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.without_post = True  # type: ignore[attr-defined]
    return marked


def client_id_of(request: HttpRequest) -> UUID:
    """The id the form was made with (``{% client_id %}``); ``Invalid`` when it is missing or no UUID."""
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError as error:
        raise Invalid(_("This form is incomplete. Open the page again and send it once more.")) from error
