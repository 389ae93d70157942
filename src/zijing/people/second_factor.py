"""The second factor: time-based one-time codes (RFC 6238: SHA-1, six digits, thirty seconds) and recovery codes.

GB/T 22239-2019 8.1.4.1 d asks for two factors, one of them cryptographic. Any authenticator app serves.
"""

import base64
import secrets
from datetime import datetime
from io import BytesIO

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.sealing import seal, unseal
from zijing.journal.acting import act, writing
from zijing.people.access import Actor, is_administrator
from zijing.people.models import Account, RecoveryCode, SecondFactor

STEP = 30
DRIFT = 1
CODES = 10
# What a person reads and types: without letters that look alike.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def has(account: Account) -> bool:
    """Whether the account has set up a second factor."""
    return SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).exists()


def is_required(account: Account) -> bool:
    """Whether the account must have one: administrators always, everybody by setting."""
    return settings.SECOND_FACTOR == "all" or is_administrator(account)


def codes_left(account: Account) -> int:
    """How many recovery codes are not used yet."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def begin(account: Account) -> SecondFactor:
    """The factor being set up, made when there is none yet; one in use is kept as it is (``Conflict``)."""
    if has(account):
        raise Conflict(_("You already have a second factor. The security administrator can reset it."))
    secret = seal(base64.b32encode(secrets.token_bytes(20)).decode())
    with writing():
        begun, made = SecondFactor.objects.get_or_create(account=account, defaults={"secret": secret})
        if not made and not _opens(begun):
            SecondFactor.objects.filter(pk=begun.pk, confirmed_at=None).update(secret=secret)
            begun.secret = secret
    return begun


def _opens(factor: SecondFactor) -> bool:
    """Whether the secret was sealed with the key at hand: one restored without its field-key gives no code any more."""
    try:
        unseal(factor.secret)
    except Invalid:
        return False
    return True


def _totp(factor: SecondFactor) -> TOTP:
    key = base64.b32decode(unseal(factor.secret))
    return TOTP(key, 6, SHA1(), STEP)  # noqa: S303  # RFC 6238's default, and the only one every authenticator knows


def shown_secret(factor: SecondFactor) -> str:
    """The secret as one types it where no camera reads the QR code: base32 in groups of four."""
    plain = unseal(factor.secret)
    return " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def qr_code(factor: SecondFactor) -> bytes:
    """The enrolment address (otpauth:) as a PNG; served by ourselves, to its account only, before it is confirmed."""
    import segno  # noqa: PLC0415  # only who sets up a second factor wants a picture

    address = _totp(factor).get_provisioning_uri(factor.account.username, settings.SITE_NAME)
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="png", scale=6, border=3)
    return out.getvalue()


def confirm(*, actor: Actor, at: datetime, account: Account, code: str, now: datetime) -> list[str]:
    """Take the factor into use when its first code is right; returns the recovery codes, shown once."""
    factor = SecondFactor.objects.filter(account=account, confirmed_at=None).first()
    if factor is None:
        raise Conflict(_("You already have a second factor. The security administrator can reset it."))
    with act(actor, at) as a:
        if not _matches(factor, code, now):
            raise Invalid(_("This code is not right. Check the clock of your telephone."), field="code")
        if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=now):
            raise Conflict(_("You already have a second factor. The security administrator can reset it."))
        codes = _new_codes(account)
        a.record("people.confirm_second_factor", account)
        return codes


def renew_codes(*, actor: Actor, at: datetime, account: Account) -> list[str]:
    """New recovery codes in place of the old; ``signing.renew_codes`` asks for a present code first."""
    with act(actor, at) as a:
        codes = _new_codes(account)
        a.record("people.renew_recovery_codes", account)
        return codes


def _new_codes(account: Account) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["-".join("".join(secrets.choice(LETTERS) for _n in range(5)) for _m in range(2)) for _k in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(c)) for c in codes)
    return codes


def _digest(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return salted_hmac("zijing.recovery", plain, algorithm="sha256").hexdigest()


def accepts(account: Account, code: str, at: datetime) -> bool:
    """Whether ``code`` is the present one (a step early or late) or a recovery code; this uses it up."""
    factor = SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).first()
    with writing():
        if factor is not None and _matches(factor, code, at):
            return True
        unused = RecoveryCode.objects.filter(account=account, digest=_digest(code), used_at=None)
        return bool(unused.update(used_at=at))


def _matches(factor: SecondFactor, code: str, at: datetime) -> bool:
    """Compare and use up: a code's step must lie after the last one used (RFC 6238 5.2), in one conditional write.

    A last step that is still to come was used while the clock was wrong: it keeps nobody out until then.
    """
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    try:
        totp, now = _totp(factor), int(at.timestamp())
    except Invalid:  # restored without its field-key: only a reset helps
        return False
    latest = now // STEP + DRIFT
    unused = SecondFactor.objects.filter(pk=factor.pk)
    for step in range(latest - 2 * DRIFT, latest + 1):
        try:
            totp.verify(digits.encode(), step * STEP)
        except InvalidToken:
            continue
        return bool(unused.filter(Q(last_step__lt=step) | Q(last_step__gt=latest)).update(last_step=step))
    return False
