"""Group robots: a post in a work chat by a webhook. A format is a payload and a way to sign.

WeCom (企业微信群机器人): 20 posts a minute at most, a text of 2,048 bytes. DingTalk (钉钉自定义机器人) takes the same
payload and signs its address with the time and HMAC-SHA256.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.outbox.channels.connecting import not_for_ever, trusted
from zijing.outbox.channels.faults import Fault, Later, Never, Unclear
from zijing.outbox.channels.letters import Letter, Target

TITLES = {"wecom": _("WeCom group robot"), "dingtalk": _("DingTalk group robot")}
# Both say in the answer's "errcode" how it went; these mean "not so fast" and "busy".
TOO_FAST, BUSY = frozenset({45009, 45033, 130101, 410100}), -1
RATE_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ANSWER = 64 * 1024
Sign = Callable[[str, str], str]


def unsigned(address: str, _secret: str) -> str:
    """WeCom: who knows the address may post."""
    return address


def signed(address: str, secret: str) -> str:
    """DingTalk: the time in milliseconds and its HMAC; without a secret the group was set up to go without."""
    if not secret:
        return address
    now = str(round(time.time() * 1000))
    digest = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{address}&{urlencode({'timestamp': now, 'sign': base64.b64encode(digest).decode()})}"


def robot(sign: Sign) -> Callable[[Target, Letter, Callable[[], None]], None]:
    """A channel that posts a text to an address signed so."""

    def send(target: Target, letter: Letter, handing: Callable[[], None]) -> None:
        payload = {"msgtype": "text", "text": {"content": f"{letter.subject}\n{letter.text}"}}
        body = json.dumps(payload, ensure_ascii=False).encode()
        _understood(*post(sign(target.address, target.secret), body, handing))

    return send


CHANNELS = {"wecom": robot(unsigned), "dingtalk": robot(signed)}


def refuse_foreign(address: str) -> SplitResult:
    """The parts of an address that a robot may be called at: https, and a host the operator has allowed."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Invalid(_("This is not an address."), field="address") from error
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or not address.isprintable():
        raise Invalid(_("The address begins with https:// and names no user."), field="address")
    if (parts.hostname if port in {None, 443} else f"{parts.hostname}:{port}") not in settings.WEBHOOK_HOSTS:
        raise Invalid(_("The operator has not allowed this host (ZIJING_WEBHOOK_HOSTS)."), field="address")
    return parts


class _Pinned(http.client.HTTPSConnection):
    """Speaks to the very address that was looked at: a name that resolves anew would evade the look."""

    def connect(self) -> None:
        plain = socket.create_connection((_looked_at(self.host, self.port), self.port), settings.CHANNEL_TIMEOUT)
        try:
            self.sock = trusted().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _looked_at(host: str, port: int) -> str:
    """An address of a host; ``Never`` if any of its addresses lies inside the house and that is not allowed."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.WEBHOOK_PRIVATE and not all(ipaddress.ip_address(a.partition("%")[0]).is_global for a in found):
        raise Never("private")
    return found[0]


def post(address: str, body: bytes, handing: Callable[[], None]) -> tuple[int, bytes, str]:
    """Post JSON once, follow nothing: status, the beginning of the answer, and how long it asks to wait."""
    try:
        parts = refuse_foreign(address)
    except Invalid as error:
        raise Never("not_allowed") from error
    line = _Pinned(parts.hostname or "", parts.port or 443, timeout=settings.CHANNEL_TIMEOUT)
    try:
        _reach(line)
        handing()
        try:
            with not_for_ever(line.sock):
                line.request("POST", f"{parts.path or '/'}?{parts.query}", body, {"Content-Type": "application/json"})
                answer = line.getresponse()
                return answer.status, answer.read(LONGEST_ANSWER), answer.getheader("Retry-After", "")
        except (OSError, http.client.HTTPException) as error:
            raise Unclear("cut_off", type(error).__name__) from error
    finally:
        line.close()


def _reach(line: http.client.HTTPSConnection) -> None:
    try:
        line.connect()
    except ssl.SSLCertVerificationError as error:
        raise Later("certificate", error.verify_code, down=True) from error
    except OSError as error:
        raise Later("unreachable", type(error).__name__, down=True) from error


def _understood(status: int, body: bytes, retry_after: str) -> None:
    if status == 429:
        raise Later("rate", status, wait=_wait(retry_after))
    if status >= 500:
        raise Later("server", status)
    if status >= 300:
        raise Never("redirected" if status < 400 else "refused", status)
    if fault := _fault(body):
        raise fault


def _fault(body: bytes) -> Fault | None:
    try:
        said: Any = json.loads(body)
        number = said["errcode"]
    except (ValueError, KeyError, TypeError):
        return Unclear("answer")
    if number in TOO_FAST:
        return Later("rate", number, wait=RATE_WAIT)
    if number == BUSY:
        return Later("server", number)
    return Never("refused", str(number)[:20]) if number else None


def _wait(seconds: str) -> timedelta:
    return min(timedelta(seconds=int(seconds)), LONGEST_WAIT) if seconds.isdecimal() else RATE_WAIT
