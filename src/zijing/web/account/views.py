"""What a person sees and changes of the own account, whatever post it acts in, or none."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError, Missing
from zijing.core.origin import address_of
from zijing.outbox.channels import outlets
from zijing.outbox.models import Outlet, Topic
from zijing.people import second_factor, signing
from zijing.people.access import oneself
from zijing.people.actions import change_password, end_own_session
from zijing.people.models import Account
from zijing.places import clock
from zijing.web.access import ActingRequest, to_sign_in, while_unready
from zijing.web.account.devices import in_words

View = Callable[[ActingRequest, Account], HttpResponseBase]


def own(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Only for who is signed in; also while something must be done first, and without a post in force."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not isinstance(request.user, Account):
            return to_sign_in(request)
        return view(request, request.user)  # type: ignore[arg-type]  # the middleware has made it an acting one

    return while_unready(never_cache(guarded))


@own
def page(request: ActingRequest, account: Account) -> HttpResponseBase:
    """Password, second factor, mail, and the browsers that are signed in."""
    return _show(request, account)


def _show(request: ActingRequest, account: Account, error: DomainError | None = None) -> HttpResponse:
    offered, given = outlets.offered(account), outlets.mail_of(account)
    wishes = {wish.post_id: wish.topics for wish in given.wishes.all()} if given else {}
    held = outlets.posts_of(account, _at(request, account)) if given and given.open_at else {}
    context = {
        "account": account,
        "factor": second_factor.has(account),
        "required": second_factor.is_required(account),
        "codes_left": second_factor.codes_left(account),
        "sessions": [(one, in_words(one.device)) for one in signing.sessions_of(account)],
        "this": request.session.session_key,
        "signed": signing.last_of(account),
        "mail": given,
        "offered": [(key, title) for key, title in Topic.choices if key in offered],
        "wishes": [(post, title, wishes.get(post, ())) for post, title in held.items()],
        "rhythms": Outlet.Rhythm.choices,
        "error": error,
    }
    return render(request, "account/account.html", context, status=error.status if error else 200)


@sensitive_post_parameters("address", "code")
@require_POST
@own
def mail(request: ActingRequest, account: Account) -> HttpResponseBase:
    """Give a mail address, prove it, choose what comes there, or stop."""
    verb = MAIL.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))
    try:
        said = verb(
            request, {"actor": oneself(account, channel="web"), "at": _at(request, account), "account": account}
        )
    except DomainError as error:
        return _show(request, account, error)
    messages.success(request, said)
    return redirect("account")


def _give(request: ActingRequest, own: dict[str, Any]) -> str:
    outlets.give_address(**own, address=request.POST.get("address", ""))
    return _("A code is on its way there; enter it here.")


def _prove(request: ActingRequest, own: dict[str, Any]) -> str:
    outlets.prove_address(**own, code=request.POST.get("code", ""))
    return _("Your mail address is proved.")


def _choose(request: ActingRequest, own: dict[str, Any]) -> str:
    posts = [int(post) for post in request.POST.getlist("post") if post.isdecimal() and len(post) < 19]
    topics = {post: request.POST.getlist(f"topics-{post}") for post in posts}
    outlets.choose(**own, rhythm=request.POST.get("rhythm", ""), topics=topics)
    return _("Done.")


def _stop(_request: ActingRequest, own: dict[str, Any]) -> str:
    outlets.stop_mail(**own)
    return _("You get no mail any more. Your address is deleted.")


MAIL: dict[str, Callable[[ActingRequest, dict[str, Any]], str]] = {
    "give": _give, "prove": _prove, "choose": _choose, "stop": _stop,
}  # fmt: skip


@sensitive_post_parameters()
@own
def password(request: ActingRequest, account: Account) -> HttpResponseBase:
    """Change the own password; the other sessions end."""
    error = None
    if request.method == "POST":
        try:
            _change(request, account)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("Your password is changed. Your other sessions have ended."))
            return _done(request, "change-password")
    context = {
        "error": error,
        "rules": password_validators_help_texts(),
        "must": "change-password" in request.session.get("must", []),
    }
    return render(request, "account/password.html", context, status=error.status if error else 200)


def _change(request: ActingRequest, account: Account) -> None:
    actor = oneself(account, channel="web")
    new, again = request.POST.get("new", ""), request.POST.get("again", "")
    change_password(
        actor=actor, at=_at(request, account), account=account, old=request.POST.get("old", ""), new=new, again=again,
        address=address_of(request), keep=request.session.session_key or "",
    )  # fmt: skip
    update_session_auth_hash(request, account)


def _at(request: ActingRequest, account: Account) -> datetime:
    """The time the journal of the account's office is written in."""
    return clock.now(account.office) if account.office else request.now


def _done(request: ActingRequest, duty: str) -> HttpResponse:
    """On to what else must be done, or back to the account's page."""
    left = [name for name in request.session.get("must", []) if name != duty]
    was, request.session["must"] = request.session.get("must", []), left
    return redirect(left[0] if left else "today" if was else "account")


@sensitive_post_parameters()
@own
def factor(request: ActingRequest, account: Account) -> HttpResponseBase:
    """Set up the second factor: scan or type the secret, prove it with a code, write down the recovery codes."""
    if second_factor.has(account):
        return redirect("account")
    begun, error = second_factor.begin(account), None
    if request.method == "POST":
        try:
            made = second_factor.confirm(
                actor=oneself(account, channel="web"), at=_at(request, account), account=account,
                code=request.POST.get("code", ""), now=timezone.now(),
            )  # fmt: skip
        except DomainError as refused:
            error = refused
        else:
            left = [name for name in request.session.get("must", []) if name != "second-factor"]
            request.session["must"] = left
            return render(request, "account/codes.html", {"codes": made, "next": left[0] if left else "today"})
    context = {
        "secret": second_factor.shown_secret(begun),
        "error": error,
        "must": "second-factor" in request.session.get("must", []),
    }
    return render(request, "account/second_factor.html", context, status=error.status if error else 200)


@own
def picture(_request: ActingRequest, account: Account) -> HttpResponseBase:
    """The QR code of the factor being set up; gone once it is confirmed."""
    if second_factor.has(account):
        raise Http404
    return HttpResponse(second_factor.qr_code(second_factor.begin(account)), content_type="image/png")


@sensitive_post_parameters()
@own
def codes(request: ActingRequest, account: Account) -> HttpResponseBase:
    """New recovery codes for who shows a present code."""
    if request.method != "POST":
        return redirect("account")
    made = signing.renew_codes(
        actor=oneself(account, channel="web"), at=_at(request, account), account=account,
        code=request.POST.get("code", ""), address=address_of(request), now=timezone.now(),
    )  # fmt: skip
    return render(request, "account/codes.html", {"codes": made, "next": "account"})


@require_POST
@own
def end_session(request: ActingRequest, account: Account) -> HttpResponseBase:
    """End one of the own sessions."""
    end_own_session(
        actor=oneself(account, channel="web"), at=_at(request, account), number=request.POST.get("session", "")
    )
    messages.success(request, _("This session has ended."))
    return redirect("account")
