"""Signing in and out, the one-click roles of a demo, and which of several posts to act in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zijing.people.models import Account
from zijing.web.access import ActingRequest, without_post
from zijing.web.home.roles import demo_roles

TRIES, WINDOW = 5, 600


def safe_next(request: HttpRequest, default: str = "today") -> str:
    """Where to go afterwards: an address of this site only, else the default page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else default


@without_post
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form. Five failures of a name from one address close it for ten minutes."""
    if request.method != "POST":
        return _form(request)
    username = request.POST.get("username", "").strip()[:60]
    key = f"sign-in:{username.lower()}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(key, 0) >= TRIES:
        return _form(request, _("Too many failed attempts. Wait ten minutes, or ask the administrator."), 429)
    account = authenticate(request, username=username, password=request.POST.get("password", ""))
    if account is None:
        cache.add(key, 0, WINDOW)
        cache.incr(key)
        return _form(request, _("User name or password is not right."), 422)
    cache.delete(key)
    return _enter(request, account)


def _form(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    context = {"error": error, "username": request.POST.get("username", ""), "next": safe_next(request, "")}
    return render(request, "home/sign_in.html", context, status=status)


def _enter(request: HttpRequest, account: Account) -> HttpResponse:
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    for key in ("holding", "tour"):
        request.session.pop(key, None)
    return redirect(safe_next(request))


@without_post
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("home")


@without_post
@require_POST
def demo_sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """Enter as a role of the demo without a password; outside a demo this address does not exist."""
    names = {r.key: r.username for r in demo_roles()} if settings.DEMO else {}
    if role not in names:
        raise Http404
    return _enter(request, get_object_or_404(Account, username=names[role], is_active=True))


@without_post
@require_POST
def act_as(request: ActingRequest, pk: int) -> HttpResponse:
    """Act in another post that the signed-in person holds."""
    held = next((h for h in getattr(request, "holdings", []) if h.pk == pk), None)
    if held is None:
        raise Http404
    request.session["holding"] = held.pk
    messages.success(request, _("You now act as %(post)s.") % {"post": held.post.title})
    return redirect("today")
