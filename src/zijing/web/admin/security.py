"""The security administrator's pages: accounts and what lets them in, keys for the API and for wall screens."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zijing.core.errors import Missing
from zijing.people import actions, queries, second_factor, signing
from zijing.people.access import require
from zijing.people.models import Account, Holding, Screen, Token
from zijing.web.access import ActingRequest, acting
from zijing.web.admin.system import chosen


@never_cache
@acting
def accounts(request: ActingRequest) -> HttpResponseBase:
    """The accounts, and a form that opens one; its one-time password is shown once."""
    require(request.actor, "accounts.write")
    if request.method == "POST":
        opened, once = actions.open_account(
            actor=request.actor, at=request.now, username=request.POST.get("username", ""),
            label=request.POST.get("label", ""),
        )  # fmt: skip
        return _show(request, opened, once)
    found = queries.accounts(request.actor, request.GET.get("q", "")[:40], request.GET.get("after", "")[:60])
    return render(request, "admin/accounts.html", {"found": found})


@never_cache
@acting
def account(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One account: posts, sessions, keys, last sign-ins, and what may be done about it."""
    require(request.actor, "accounts.write")
    found = Account.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such account within your sight."))
    if request.method != "POST":
        return _show(request, found)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))
    once = verb(request, found)
    if once:
        found.refresh_from_db()
        return _show(request, found, once)
    messages.success(request, _("Done."))
    return redirect("admin-account", pk)


def _show(request: ActingRequest, found: Account, once: str = "") -> HttpResponse:
    held, keys = queries.holdings_and_keys(found)
    context = {
        "account": found,
        "once": once,
        "held": held,
        "keys": keys,
        "today": request.today,
        "factor": second_factor.has(found),
        "sessions": signing.sessions_of(found),
        "signed": signing.last_of(found),
        "waiting": signing.is_waiting(found, timezone.now()),
        "own": found.office_id == request.actor.office_id,
    }
    return render(request, "admin/account.html", context)


def _lock(request: ActingRequest, found: Account) -> str:
    actions.lock_account(actor=request.actor, at=request.now, account=found)
    return ""


def _unlock(request: ActingRequest, found: Account) -> str:
    actions.unlock_account(actor=request.actor, at=request.now, account=found)
    return ""


def _forgive(request: ActingRequest, found: Account) -> str:
    signing.forgive(actor=request.actor, at=request.now, account=found, now=timezone.now())
    return ""


def _reset_password(request: ActingRequest, found: Account) -> str:
    return actions.reset_password(actor=request.actor, at=request.now, account=found)


def _reset_factor(request: ActingRequest, found: Account) -> str:
    actions.reset_second_factor(actor=request.actor, at=request.now, account=found)
    return ""


def _end_sessions(request: ActingRequest, found: Account) -> str:
    actions.end_sessions(actor=request.actor, at=request.now, account=found)
    return ""


def _issue_key(request: ActingRequest, found: Account) -> str:
    held = Holding.objects.filter(account=found).select_related("post__place")
    one = chosen(held, request.POST.get("holding", ""), _("Choose the post."))
    return actions.issue_key(actor=request.actor, at=request.now, holding=one, label=request.POST.get("label", ""))


def _revoke_key(request: ActingRequest, found: Account) -> str:
    keys = Token.objects.filter(holding__account=found).select_related("holding__post__place")
    one = chosen(keys, request.POST.get("key", ""), _("There is no such step."))
    actions.revoke_token(actor=request.actor, at=request.now, token=one)
    return ""


VERBS: dict[str, Callable[[ActingRequest, Account], str]] = {
    "lock": _lock,
    "unlock": _unlock,
    "forgive": _forgive,
    "reset-password": _reset_password,
    "reset-factor": _reset_factor,
    "end-sessions": _end_sessions,
    "issue-key": _issue_key,
    "revoke-key": _revoke_key,
}


@never_cache
@acting
def screens(request: ActingRequest) -> HttpResponseBase:
    """The wall screens of the office; a new one's address is shown once."""
    require(request.actor, "accounts.write")
    rows, address = Screen.objects.visible_to(request.actor).select_related("office"), ""
    if request.method == "POST" and request.POST.get("verb") == "revoke":
        one = chosen(rows, request.POST.get("screen", ""), _("There is no such step."))
        actions.revoke_screen(actor=request.actor, at=request.now, screen=one)
        messages.success(request, _("Done."))
        return redirect("admin-screens")
    if request.method == "POST":
        key = actions.issue_screen(actor=request.actor, at=request.now, label=request.POST.get("label", ""))
        address = request.build_absolute_uri(reverse("screen", args=[key]))
    return render(request, "admin/screens.html", {"rows": rows.order_by("-pk"), "once": address})
