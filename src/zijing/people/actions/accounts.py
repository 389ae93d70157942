"""Verbs on accounts, the security administrator's: open, lock, reset; and what a person does to the own one."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require, require_office
from zijing.people.models import Account, OldPassword, RecoveryCode, SecondFactor, Session
from zijing.people.signing import confirm_password

# Without 0/O, 1/l/I: a one-time password is read aloud and typed.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
KEPT = 5


def _require_own(actor: Actor, account: Account) -> None:
    require(actor, "accounts.write")
    require_office(actor, account.office_id)


def one_time_password() -> str:
    """Sixteen letters in groups of four, about 79 bits: to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _m in range(4))


def open_account(*, actor: Actor, at: datetime, username: str, label: str) -> tuple[Account, str]:
    """A new account of the actor's office, and its one-time password, shown once. What it may do, posts decide.

    No account comes with a known password (GB/T 22239-2019 8.1.4.2 b).
    """
    require(actor, "accounts.write")
    name, shown = username.strip(), label.strip()
    if not name or len(name) > 60 or not name.isprintable() or " " in name:
        raise Invalid(_("A user name has up to 60 characters and no blanks."), field="username")
    if not shown or len(shown) > 60:
        raise Invalid(_("Say how the person is shown, in up to 60 characters."), field="label")
    with act(actor, at) as a:
        if Account.objects.filter(username__iexact=name).exists():
            raise Conflict(_("There is already an account of this name."), field="username")
        password = one_time_password()
        account = Account.objects.create_user(
            name, password, label=shown, office_id=actor.office_id, must_change_password=True
        )
        a.record("people.open_account", account, path=actor.path)
        return account, password


def lock_account(*, actor: Actor, at: datetime, account: Account) -> None:
    """Let nobody sign in with this account, and end its sessions and keys' use at once; not one's own."""
    _require_own(actor, account)
    if account.pk == actor.account_id:
        raise Invalid(_("Nobody locks the own account."))
    with act(actor, at) as a:
        if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise Conflict(_("This account is locked already."))
        Session.objects.filter(account=account).delete()
        a.record("people.lock_account", account, {"is_active": [True, False]})


def unlock_account(*, actor: Actor, at: datetime, account: Account) -> None:
    """Let an account sign in again."""
    _require_own(actor, account)
    with act(actor, at) as a:
        if not Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
            raise Conflict(_("This account is not locked."))
        a.record("people.unlock_account", account, {"is_active": [False, True]})


def reset_password(*, actor: Actor, at: datetime, account: Account) -> str:
    """A one-time password that must be changed at the next sign-in; every session ends. It is shown once."""
    _require_own(actor, account)
    password = one_time_password()
    with act(actor, at) as a:
        _set(account, password, must_change=True)
        Session.objects.filter(account=account).delete()
        a.record("people.reset_password", account)
    return password


def reset_second_factor(*, actor: Actor, at: datetime, account: Account) -> None:
    """Take the second factor away (a telephone was lost); where one is required, the next sign-in sets up another."""
    _require_own(actor, account)
    with act(actor, at) as a:
        if not SecondFactor.objects.filter(account=account).exists():
            raise Conflict(_("This account has no second factor."))
        _forget_factor(a, account)


def end_sessions(*, actor: Actor, at: datetime, account: Account) -> int:
    """End every session of an account; returns how many there were."""
    _require_own(actor, account)
    with act(actor, at) as a:
        ended, _kinds = Session.objects.filter(account=account).delete()
        a.record("people.end_sessions", account, {"sessions": [ended, 0]})
        return ended


def end_own_session(*, actor: Actor, at: datetime, number: str) -> None:
    """End one of the own sessions by its public number, in whatever browser it is."""
    with act(actor, at) as a:
        mine = [s.pk for s in Session.objects.filter(account=actor.account_id) if s.number == number]
        if not Session.objects.filter(pk__in=mine).delete()[0]:
            raise Conflict(_("This session has ended already."))
        a.record("people.end_session", Account.objects.get(pk=actor.account_id))


def set_password(*, actor: Actor, at: datetime, account: Account, password: str) -> None:
    """Set a password that the validators have accepted (the operator at the command line)."""
    require(actor, "accounts.write")
    with act(actor, at) as a:
        _set(account, password, must_change=False)
        Session.objects.filter(account=account).delete()
        a.record("people.set_password", account)


def change_password(
    *, actor: Actor, at: datetime, account: Account, old: str, new: str, again: str, address: str, keep: str = ""
) -> None:
    """Change the own password; every session but ``keep`` ends. ``Invalid`` says which rule the new one breaks,
    ``TooMany`` that the present one was guessed at too often.
    """
    confirm_password(account=account, password=old, address=address, at=timezone.now())
    if new != again:
        raise Invalid(_("The two new passwords differ."), field="again")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise Invalid("\n".join(error.messages).replace("%", "%%"), field="new") from error
    with act(actor, at) as a:
        _set(account, new, must_change=False)
        Session.objects.filter(account=account).exclude(pk=keep).delete()
        a.record("people.change_password", account)


def _set(account: Account, password: str, *, must_change: bool) -> None:
    """Set it as of now in real time, by which its age is told: an office's clock may show another year."""
    now = timezone.now()
    if account.has_usable_password():
        OldPassword.objects.create(account=account, password=account.password, until=now)
        kept = OldPassword.objects.filter(account=account).order_by("-pk").values_list("pk", flat=True)[:KEPT]
        OldPassword.objects.filter(account=account).exclude(pk__in=list(kept)).delete()
    account.set_password(password)
    account.must_change_password, account.password_set_at = must_change, now
    account.save(update_fields=["password", "must_change_password", "password_set_at"])


def _forget_factor(a: Act, account: Account) -> None:
    SecondFactor.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    Session.objects.filter(account=account).delete()
    a.record("people.reset_second_factor", account)
