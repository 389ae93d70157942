"""Proofs of who somebody is: sessions, sign-in log, second factors, passwords that were; screens without an account.

Times here are real time, not an office's clock: a demo that replays a year must not keep a session or a lock alive.
"""

from datetime import timedelta
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from zijing.people.models.duties import Account
from zijing.places.models import Place, Sighted, under

WAYS = {
    "password": _("password"),
    "code": _("second factor"),
    "oidc": _("sign-in service"),
    "demo": _("one-click role of the demo"),
    "admin": _("by the administrator"),
}


class Session(AbstractBaseSession):
    """A browser that is signed in (GB/T 22239-2019 8.1.4.1 b: sessions end by themselves)."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_minutes = models.PositiveSmallIntegerField(default=0)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)

    objects: ClassVar[Any] = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def number(self) -> str:
        """What a page calls it by: the key itself would open it."""
        return salted_hmac("zijing.session", self.session_key, algorithm="sha256").hexdigest()[:16]

    @property
    def idle_until(self) -> Any:
        """When it ends by itself unless something is done in it."""
        return self.seen_at + timedelta(minutes=self.idle_minutes or settings.SESSION_IDLE_MINUTES)


class SignInQuerySet(models.QuerySet[Any]):
    """Reads of the sign-in log."""

    def visible_to(self, actor: Sighted) -> "SignInQuerySet":
        """Those of the accounts of the actor's office; those of no account are seen by every office's auditor."""
        return self.filter(under(actor.office_path, "account__office__path") | Q(account=None))


class SignIn(models.Model):
    """One attempt to sign in, or what was done about attempts: time, account, address, way, outcome; never a password.

    Append-only, kept for good: at least six months are asked for (网络安全法 art. 21 no. 3).
    What was typed as user name is kept only as a keyed digest: people type their password there.
    """

    class Outcome(models.TextChoices):
        IN = "in", _("signed in")
        PASSWORD = "password", _("wrong password")
        CODE = "code", _("wrong code")
        LOCKED = "locked", _("refused while locked")
        UNKNOWN = "unknown", _("refused: no such account here")
        FORGED = "forged", _("refused: the answer of the sign-in service was not valid")
        UNLOCKED = "unlocked", _("unlocked by the security administrator")
        OUT = "out", _("signed out")

    at = models.DateTimeField()
    name = models.CharField(max_length=64)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    way = models.CharField(max_length=12)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    objects = SignInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "at"], name="sign_in_by_name"),
            models.Index(fields=["address", "at"], name="sign_in_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.outcome}"

    @property
    def way_in_words(self) -> str:
        """How it was tried, as a reader would say it."""
        return str(WAYS.get(self.way, self.way))


class SecondFactor(models.Model):
    """An account's authenticator (RFC 6238): ``secret`` sealed, ``last_step`` the time step of the last code used."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="second_factor")
    secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.account)


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost; good once, kept as a keyed digest."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account)


class OldPassword(models.Model):
    """A password an account had, as Django hashes it, so that it does not come back at once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account)


class ScreenQuerySet(models.QuerySet[Any]):
    """Reads of screens."""

    def visible_to(self, actor: Sighted) -> "ScreenQuerySet":
        return self.filter(under(actor.office_path, "office__path"))


class Screen(models.Model):
    """A wall screen that shows its office's board without an account; only a digest of its key is kept."""

    digest = models.CharField(max_length=64, unique=True)
    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ScreenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label
