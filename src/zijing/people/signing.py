"""Signing in: what is tried is logged, too many failures wait. The one place where a password or a code is checked.

Failures are counted in the sign-in log itself, so that every process counts the same (GB/T 22239-2019 8.1.4.1 b).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, hashers
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError, Invalid
from zijing.journal.acting import act, in_turn, writing
from zijing.people import second_factor
from zijing.people.access import Actor, is_administrator, require, require_office
from zijing.people.models import Account, Session, SignIn
from zijing.people.passwords import is_too_old

FAILURES, WINDOW = 5, timedelta(minutes=15)
# An office may share one outer address; nobody types this many wrong passwords in a quarter of an hour.
FROM_ONE_ADDRESS = 50
FAILED = (SignIn.Outcome.PASSWORD, SignIn.Outcome.CODE, SignIn.Outcome.FORGED)
DEMO = "demo"
CLEARED = (SignIn.Outcome.IN, SignIn.Outcome.UNLOCKED)
# The number of PostgreSQL's lock for decisions on attempts; any that nothing else uses.
DECIDING = 7_216_001


class NotSignedIn(DomainError):
    """The name, the password or the code is not right; which of them is not said."""


class TooMany(DomainError):
    """Too many failures of this name from this address, or from this address; says nothing about the account."""

    status = 429


def digest_of_name(name: str) -> str:
    """What the log keeps of a typed user name: enough to count by, useless to whoever typed a password there."""
    return salted_hmac("zijing.sign-in", name.strip().lower(), algorithm="sha256").hexdigest()


def note(*, name: str, account: Account | None, address: str, way: str, outcome: str, at: datetime) -> None:
    """Write one line of the sign-in log."""
    with in_turn():
        SignIn.objects.create(
            at=at, name=digest_of_name(name), account=account, address=address[:45], way=way, outcome=outcome
        )


def refuse_too_many(name: str, address: str, at: datetime) -> None:
    """Raise ``TooMany`` while the name at this address, or the address, has to wait. ``at`` is real time.

    What was noted more than a quarter of an hour ahead was noted by a wrong clock, and counts no more.
    """
    key = digest_of_name(name)
    cleared = SignIn.objects.filter(name=key, outcome__in=CLEARED, address__in=(address, "")).order_by("-pk").first()
    since = cleared.pk if cleared else 0
    tried = SignIn.objects.filter(address=address, outcome__in=FAILED, at__lt=at + WINDOW)
    failures = tried.filter(name=key, pk__gt=since)
    last = list(failures.order_by("-pk").values_list("at", flat=True)[:FAILURES])
    locked = len(last) == FAILURES and last[0] - last[-1] <= WINDOW and at < last[0] + WINDOW
    # The rows already counted are fetched at most once more than allowed: a flood costs no more than its limit.
    flood = tried.filter(at__gt=at - WINDOW)[:FROM_ONE_ADDRESS]
    if locked or flood.count() >= FROM_ONE_ADDRESS:
        raise TooMany(_("Too many failed attempts. Wait a quarter of an hour, or ask the security administrator."))


def check_password(*, name: str, password: str, address: str, at: datetime) -> Account:
    """The account of this name and password, not yet signed in. ``NotSignedIn``, ``TooMany``; both are logged."""
    known = Account.objects.filter(username=name).first()
    attempt = Attempt(name, known, address, "password", at)
    attempt.wait_or_go()  # whoever has to wait costs no hashing
    account = authenticate(username=name, password=password)
    right = isinstance(account, Account)
    if not attempt.settle(SignIn.Outcome.PASSWORD, lambda: right):
        raise NotSignedIn(_("User name or password is not right."))
    return cast(Account, account)


def check_code(*, account: Account, code: str, address: str, at: datetime) -> None:
    """The second factor of an account whose password was right. A code used before is refused in every process."""
    attempt = Attempt(account.username, account, address, "code", at)
    if not attempt.settle(SignIn.Outcome.CODE, lambda: second_factor.accepts(account, code, at)):
        raise NotSignedIn(_("This code is not right, or was used before. Wait for the next one."))


def confirm_password(*, account: Account, password: str, address: str, at: datetime) -> None:
    """That whoever is signed in knows the present password. ``Invalid``, ``TooMany``.

    It is counted like an attempt to sign in: a session left open is no place to guess at leisure.
    """
    attempt = Attempt(account.username, account, address, "password", at)
    attempt.wait_or_go()
    right = hashers.check_password(password, account.password)
    if not attempt.settle(SignIn.Outcome.PASSWORD, lambda: right):
        raise Invalid(_("The present password is not right."), field="old")


def renew_codes(
    *, actor: Actor, at: datetime, account: Account, code: str, address: str, now: datetime
) -> list[str]:  # fmt: skip
    """New recovery codes in place of the old, for who shows a present code; counted like an attempt to sign in."""
    attempt = Attempt(account.username, account, address, "code", now)
    if not attempt.settle(SignIn.Outcome.CODE, lambda: second_factor.accepts(account, code, now)):
        raise Invalid(_("This code is not right, or was used before. Wait for the next one."), field="code")
    return second_factor.renew_codes(actor=actor, at=at, account=account)


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in; ``account`` is None for a name nobody has."""

    name: str
    account: Account | None
    address: str
    way: str
    at: datetime

    def wait_or_go(self) -> None:
        """Raise ``TooMany``, and log it, while there were too many failures."""
        try:
            refuse_too_many(self.name, self.address, self.at)
        except TooMany:
            self._note(SignIn.Outcome.LOCKED)
            raise

    def settle(self, wrong: SignIn.Outcome, is_right: Callable[[], bool]) -> bool:
        """Whether the attempt is right; a ``wrong`` one is logged. ``TooMany`` whatever was sent, while it has to wait.

        Attempts are settled one after another: of guesses sent at once no more are answered than of guesses in turn.
        """
        with _one_at_a_time():
            try:
                refuse_too_many(self.name, self.address, self.at)
            except TooMany as error:
                self._note(SignIn.Outcome.LOCKED)
                refused = error
            else:
                right = is_right()
                if not right:
                    self._note(wrong)
                return right
        raise refused  # outside: the note stays

    def _note(self, outcome: SignIn.Outcome) -> None:
        note(name=self.name, account=self.account, address=self.address, way=self.way, outcome=outcome, at=self.at)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A short transaction that no other process has at the same time."""
    with writing():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])
        yield


def by_claim(*, name: str, address: str, at: datetime) -> Account:
    """The account a sign-in service answers for: one that exists and is not locked; none is ever made."""
    account = Account.objects.filter(username=name).first() if name else None
    if account is None or not account.is_active:
        note(name=name, account=account, address=address, way="oidc", outcome=SignIn.Outcome.UNKNOWN, at=at)
        raise NotSignedIn(_("The sign-in service knows you, this office does not. Ask its security administrator."))
    return account


def note_forged(*, address: str, at: datetime) -> None:
    """Note an answer of the sign-in service that was not valid; it counts against the address."""
    note(name="", account=None, address=address, way="oidc", outcome=SignIn.Outcome.FORGED, at=at)


def let_in(*, account: Account, address: str, way: str, at: datetime, session: str) -> int:
    """Note that an account has signed in; earlier failures are forgotten, and the oldest surplus sessions end.

    Returns how many ended. ``session`` is the key of the new one. The visitors of a demo share its accounts: nobody
    who enters by one click ends the session of somebody else.
    """
    with writing():
        note(name=account.username, account=account, address=address, way=way, outcome=SignIn.Outcome.IN, at=at)
        Account.objects.filter(pk=account.pk).update(last_login=at)
        Session.objects.filter(expire_date__lt=at).delete()
        others = Session.objects.filter(account=account).exclude(pk=session).order_by("-started_at")
        surplus = [] if way == DEMO else list(others.values_list("pk", flat=True)[settings.SESSIONS_AT_ONCE - 1 :])
        return Session.objects.filter(pk__in=surplus).delete()[0]


def idle_minutes(account: Account) -> int:
    """How long a session of this account may be idle: short for administrators."""
    if is_administrator(account):
        return int(settings.SESSION_IDLE_MINUTES_ADMINISTRATORS)
    return int(settings.SESSION_IDLE_MINUTES)


def sessions_of(account: Account) -> list[Session]:
    """The sessions of an account that go on, the newest first."""
    rows = Session.objects.filter(account=account, expire_date__gt=timezone.now()).order_by("-started_at")
    return [s for s in rows if s.idle_until > timezone.now()]


def last_of(account: Account, n: int = 8) -> list[SignIn]:
    """The last attempts to sign in to an account."""
    return list(SignIn.objects.filter(account=account).order_by("-pk")[:n])


def duties(account: Account, at: datetime) -> list[str]:
    """What an account must do before anything else, in order: change the password, set up a second factor."""
    password = account.must_change_password or is_too_old(account, at)
    factor = second_factor.is_required(account) and not second_factor.has(account)
    return ["change-password"] * password + ["second-factor"] * factor


def is_waiting(account: Account, at: datetime) -> bool:
    """Whether an account has to wait somewhere after too many failures."""
    failed = SignIn.objects.filter(account=account, outcome__in=FAILED, at__gt=at - 2 * WINDOW)
    for address in failed.order_by("address").values_list("address", flat=True).distinct():
        try:
            refuse_too_many(account.username, address, at)
        except TooMany:
            return True
    return False


def forgive(*, actor: Actor, at: datetime, account: Account, now: datetime) -> None:
    """The security administrator lets an account try again everywhere at once; ``now`` is real time."""
    require(actor, "accounts.write")
    require_office(actor, account.office_id)
    with act(actor, at) as a:
        note(name=account.username, account=account, address="", way="admin", outcome=SignIn.Outcome.UNLOCKED, at=now)
        a.record("people.forgive_failures", account)
