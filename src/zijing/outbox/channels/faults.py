"""How sending may fail, in a word that is kept and a sentence that is read. A server's own words are not kept: they may
name a person.
"""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "unreachable": _("The server does not answer."),
    "certificate": _("The server's certificate is not valid here."),
    "no_tls": _("The server offers no encryption."),
    "sign_in": _("The server refuses user name or password."),
    "deferred": _("The server asks to try again later."),
    "rate": _("Too many at a time: the server asks to wait."),
    "server": _("The server reports an error of its own."),
    "recipient": _("The server refuses this recipient."),
    "refused": _("The server refuses this letter."),
    "redirected": _("The server sends elsewhere, which is not followed."),
    "not_allowed": _("The operator has not allowed this host."),
    "private": _("The host has an address inside the house, which is not allowed."),
    "cut_off": _("The connection broke when it may have been delivered already."),
    "answer": _("The server's answer is not understood; it may have been delivered."),
    "killed": _("The work process ended when it may have been delivered already."),
    "closed": _("The channel is closed or the office does not allow it any more."),
    "sealed": _("The address was sealed with another key."),
    "broken": _("Sending failed in a way that was not foreseen; the log says more."),
}


class Fault(Exception):
    """It was not delivered. ``fault`` is a key of ``SENTENCES``, ``detail`` a number the server gave."""

    def __init__(self, fault: str, detail: object = "") -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, str(detail)


class Never(Fault):
    """Trying again would change nothing."""


class Unclear(Fault):
    """It may have been delivered."""


class Later(Fault):
    """Trying again may help, after ``wait`` if that is said; ``down``: so it is for everything by this channel."""

    def __init__(self, fault: str, detail: object = "", *, wait: timedelta | None = None, down: bool = False) -> None:
        super().__init__(fault, detail)
        self.wait, self.down = wait, down
