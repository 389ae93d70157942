"""Signing in, in one step or two, and out; the one-click roles of a demo; which of several posts to act in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError
from zijing.core.origin import address_of
from zijing.people import second_factor, signing
from zijing.people.models import Account
from zijing.web.access import ActingRequest, without_post
from zijing.web.home.roles import demo_roles, town_roles

# How long a right password waits for the second step.
PATIENCE = timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def safe_next(request: HttpRequest, default: str = "today") -> str:
    """Where to go afterwards: an address of this site only, else the default page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else default


@without_post
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form. Five failures of a name from one address close it for a quarter of an hour."""
    if request.method != "POST":
        return _form(request)
    try:
        account = signing.check_password(
            name=request.POST.get("username", "").strip()[:60],
            password=request.POST.get("password", "")[:1000],
            address=address_of(request),
            at=timezone.now(),
        )
    except DomainError as error:
        return _form(request, error)
    return first_step_done(request, account, "password", safe_next(request))


def _form(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    context = {
        "error": str(error) if error else "",
        "username": request.POST.get("username", ""),
        "next": safe_next(request, ""),
        "service": settings.OIDC["title"] if settings.OIDC["issuer"] else "",
    }
    return render(request, "home/sign_in.html", context, status=error.status if error else 200)


def first_step_done(request: HttpRequest, account: Account, way: str, leads_to: str) -> HttpResponse:
    """Who has a second factor is asked for a code; everyone else is in."""
    if not second_factor.has(account):
        return enter(request, account, way, leads_to)
    request.session.flush()
    until = (timezone.now() + PATIENCE).isoformat()
    request.session["pending"] = {"account": account.pk, "way": way, "next": leads_to, "until": until}
    return redirect("sign-in-code")


@without_post
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the authenticator, or a recovery code. Wrong ones count like wrong passwords."""
    pending = request.session.get("pending")
    if not pending or datetime.fromisoformat(pending["until"]) < timezone.now():
        request.session.pop("pending", None)
        return redirect("sign-in")
    account = get_object_or_404(Account, pk=pending["account"], is_active=True)
    error = None
    if request.method == "POST":
        code = request.POST.get("code", "")[:40]
        try:
            signing.check_code(account=account, code=code, address=address_of(request), at=timezone.now())
        except DomainError as refused:
            error = refused
        else:
            return enter(request, account, pending["way"], pending["next"])
    return render(request, "home/sign_in_code.html", {"error": error}, status=error.status if error else 200)


def enter(request: HttpRequest, account: Account, way: str, leads_to: str) -> HttpResponse:
    """Begin the session of an account that has proved who it is."""
    request.session.flush()
    login(request, account, backend=BACKEND)
    now, address = timezone.now(), address_of(request)
    facts = {
        "idle": signing.idle_minutes(account),
        "address": address,
        "device": request.headers.get("User-Agent", "")[:120],
        "must": [] if way == signing.DEMO else signing.duties(account, now),
    }
    request.session.update(facts)
    request.session.save()
    ended = signing.let_in(account=account, address=address, way=way, at=now, session=request.session.session_key or "")
    if ended:
        sentence = ngettext("An older session of yours has ended.", "%(n)s older sessions of yours have ended.", ended)
        messages.info(request, sentence % {"n": ended})
    return redirect(leads_to)


@without_post
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("home")


@without_post
@require_POST
def demo_sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """Enter as a role of the demo without a password; outside a demo this address does not exist."""
    names = {r.key: r.username for r in (*demo_roles(), *town_roles())} if settings.DEMO else {}
    if role not in names:
        raise Http404
    account = get_object_or_404(Account, username=names[role], is_active=True)
    return enter(request, account, signing.DEMO, safe_next(request))


@without_post
@require_POST
def act_as(request: ActingRequest, pk: int) -> HttpResponse:
    """Act in another post that the signed-in person holds; the session remembers which."""
    held = next((h for h in getattr(request, "holdings", []) if h.pk == pk), None)
    if held is None:
        raise Http404
    request.session["holding"] = held.pk
    messages.success(request, _("You now act as %(post)s.") % {"post": held.post.title})
    return redirect("today")
