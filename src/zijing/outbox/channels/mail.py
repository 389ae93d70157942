"""Mail by SMTP (RFC 5321), through the server the operator named; one letter to one recipient."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.outbox.channels.connecting import not_for_ever, trusted
from zijing.outbox.channels.faults import Later, Never, Unclear
from zijing.outbox.channels.letters import Letter, Target

TITLE = _("mail")
PERMANENT = 500


def is_set_up() -> bool:
    """Whether the operator has named a server."""
    return bool(_own()["host"])


def _own() -> dict[str, Any]:
    own: dict[str, Any] = settings.MAIL
    return own


def send(target: Target, letter: Letter, handing: Callable[[], None]) -> None:
    """Hand a letter to the server. A refusal by its number is final from 500 on, and comes later before that."""
    with _server() as smtp, not_for_ever(smtp.sock):  # type: ignore[arg-type]  # connected, so there is one
        try:
            _answered("refused", *smtp.mail(_own()["from"]))
            _answered("recipient", *smtp.rcpt(target.address))
        except (OSError, smtplib.SMTPException) as error:
            raise Later("unreachable", type(error).__name__) from error
        handing()
        try:
            _answered("refused", *smtp.data(_mime(target, letter).as_bytes()))
        except smtplib.SMTPDataError as error:
            _answered("refused", error.smtp_code, b"")
            raise Never("refused", error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear("cut_off", type(error).__name__) from error


def _answered(fault: str, number: int, _words: bytes) -> None:
    if number >= PERMANENT:
        raise Never(fault, number)
    if number >= 300:
        raise Later("deferred", number, down=number == 421)


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    try:
        smtp = _connected()
    except ssl.SSLCertVerificationError as error:
        raise Later("certificate", error.verify_code, down=True) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Later("no_tls", down=True) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Later("sign_in", error.smtp_code, down=True) from error
    except smtplib.SMTPResponseException as error:
        raise Later("server", error.smtp_code, down=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later("unreachable", type(error).__name__, down=True) from error
    try:
        yield smtp
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _connected() -> smtplib.SMTP:
    own, timeout = _own(), settings.CHANNEL_TIMEOUT
    smtp: smtplib.SMTP
    if own["security"] == "tls":
        smtp = smtplib.SMTP_SSL(own["host"], own["port"], timeout=timeout, context=trusted())
    else:
        smtp = smtplib.SMTP(own["host"], own["port"], timeout=timeout)
    try:
        if own["security"] == "starttls":
            smtp.starttls(context=trusted())
        smtp.ehlo_or_helo_if_needed()
        if own["user"]:
            smtp.login(own["user"], own["password"])
    except BaseException:
        smtp.close()
        raise
    return smtp


def _mime(target: Target, letter: Letter) -> EmailMessage:
    """The letter as a mail; its number is the same for every try, so that a mail server may know it again."""
    sender = _own()["from"]
    mime = EmailMessage()
    mime["Subject"], mime["From"], mime["To"] = letter.subject, formataddr((settings.SITE_NAME, sender)), target.address
    mime["Date"], mime["Message-ID"] = formatdate(), f"<{target.key}@{sender.rpartition('@')[2]}>"
    mime["Auto-Submitted"] = "auto-generated"
    mime.set_content(letter.text + "\n")
    return mime
