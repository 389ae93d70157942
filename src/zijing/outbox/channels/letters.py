"""What leaves the house: how many messages wait, about what, and where to read them. No record is named, nobody's data
is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _, ngettext

from zijing.outbox.models import Topic


@dataclass(frozen=True)
class Target:
    """Where to: a mail address or a robot's, with what it is signed with; ``key`` is the same for every try."""

    address: str
    secret: str = ""
    key: str = ""


@dataclass(frozen=True)
class Letter:
    """A subject and a text."""

    subject: str
    text: str


def news(counts: Mapping[str, int], *, more: bool, urgent: bool, group: str = "") -> Letter:
    """How many messages wait about what; ``more``: and something that is neither named nor counted.

    A restricted kind's existence shows in no number: of it the letter says that there is a message, and no more.
    """
    total = sum(counts.values())
    subject = ngettext("%(n)d new message", "%(n)d new messages", total) % {"n": total} if total else _("New message")
    subject = _("Urgent: %(subject)s") % {"subject": subject} if urgent else subject
    lines = [_("%(topic)s: %(n)d") % {"topic": Topic(topic).label, "n": n} for topic, n in counts.items() if n]
    lines += [_("You have a message.")] if more else []
    return _letter(f"{group} {subject}".strip(), [*lines, f"{settings.ADDRESS}/messages/"])


def code(digits: str, minutes: int) -> Letter:
    """The code that proves an address."""
    says = _("Your code is %(code)s. It is good for %(n)d minutes.") % {"code": digits, "n": minutes}
    return _letter(_("Code to prove your address"), [says, _("You did not ask for it? Then do nothing.")])


def trial() -> Letter:
    """What an administrator sends to see whether it arrives."""
    return _letter(_("Trial"), [_("This channel works."), settings.ADDRESS])


def _letter(subject: str, lines: list[str]) -> Letter:
    return Letter(f"{settings.SITE_NAME} · {subject}", "\n".join(lines))
