"""Verbs and reads of those outside the office who reported a case: by a code, without an account."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zijing.cases.actions import note
from zijing.cases.models import Case, Reporter, Stage
from zijing.core.errors import Conflict, DomainError, Invalid
from zijing.core.sealing import blind
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import resident
from zijing.places.models import Place

# Many residents share one outer address of a mobile network; nobody reports this much in earnest.
MOST = ((timedelta(minutes=10), 10), (timedelta(days=1), 60))
MOST_COMPLAINTS = ((timedelta(minutes=10), 20), (timedelta(days=1), 200))
RATED_WITHIN = timedelta(days=30)
# Where a case comes from that was reported on the public page.
RESIDENT = "resident"
ALPHABET, SPOKEN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class TooMany(DomainError):
    """Too many reports from one address."""

    status = 429


def code_of(client_id: UUID) -> str:
    """The code of a report, the same when the form is sent again: 60 bits of a keyed digest, without I, L, O, U."""
    bits = bytes.fromhex(blind(f"reporter:{client_id}"))[:10]
    return base64.b32encode(bits).translate(bytes.maketrans(ALPHABET, SPOKEN)).decode()[:12]


def as_typed(code: str) -> str:
    """A code as somebody copied it from paper: spaces, dashes and small letters do not matter."""
    plain = "".join(c for c in code.upper()[:40] if c.isalnum())
    return plain.translate(str.maketrans("ILO", "110"))


def refuse_flood(address: str, now: datetime) -> None:
    """``TooMany`` while too much has come from an address lately. ``now`` is real time."""
    mine = Reporter.objects.filter(address=blind(address))
    for span, most in MOST:
        if mine.filter(at__gt=now - span)[:most].count() >= most:
            raise TooMany(_("Many reports came from your network just now. Try again later, or call the office."))


def refuse_complaints(office: Place, now: datetime) -> None:
    """``TooMany`` while an office has got too many complaints lately from whomever: their addresses are not kept."""
    theirs = Reporter.objects.filter(address="", case__office=office)
    for span, most in MOST_COMPLAINTS:
        if theirs.filter(at__gt=now - span)[:most].count() >= most:
            raise TooMany(_("Many complaints came in just now. Try again later, or write to the office."))


def note_reporter(*, case: Case, code: str, address: str, now: datetime) -> Reporter:
    """Keep who reported a case: within the act that files it. Without an ``address`` nothing is kept of it."""
    return Reporter.objects.create(case=case, code=code, address=blind(address) if address else "", at=now)


def followed(code: str) -> Reporter | None:
    """What a code follows, if it is one."""
    found = Reporter.objects.select_related(
        "case__kind", "case__unit", "case__place", "case__office", "case__merged_into"
    )
    return found.filter(code=as_typed(code)).first()


def may_rate(reporter: Reporter, at: datetime) -> bool:
    """Whether the handling of what was reported can be rated now: closed, not long ago, and not rated since."""
    case = reporter.case.standing
    if case.stage != Stage.CLOSED or case.closed_at is None or at > case.closed_at + RATED_WITHIN:
        return False
    return reporter.rated_at is None or reporter.rated_at < case.closed_at


def ratings(case: Case, merged: Sequence[Case] = ()) -> list[Reporter]:
    """How those who reported a case, and what was ``merged`` into it, have rated it."""
    reported = [one.pk for one in (case, *merged) if one.source == RESIDENT]
    rated = Reporter.objects.filter(case__in=reported, rated_at__isnull=False)
    return list(rated.order_by("pk")) if reported else []


def rate(
    *, at: datetime, reporter: Reporter, responded: bool | None, resolved: bool | None, satisfied: bool | None,
    said: str = "",
) -> None:  # fmt: skip
    """Say how a case was handled (响应、解决、满意), within thirty days of its closing and once for each closing.

    Whoever reported what was merged into another rates the handling of the one that stands.
    """
    if None in {responded, resolved, satisfied}:
        raise Invalid(_("Answer the three questions."), field="resolved")
    case, office = reporter.case.standing, Place.objects.get(pk=reporter.case.office_id)
    with act(resident(office), at) as a:
        standing = Reporter.objects.select_for_update(of=("self",)).select_related("case").get(pk=reporter.pk)
        if not may_rate(standing, at):
            raise Conflict(_("It can be rated within thirty days of its closing, and once."))
        answers = {"responded": responded, "resolved": resolved, "satisfied": satisfied}
        Reporter.objects.filter(pk=reporter.pk).update(**answers, said=said.strip()[:500], rated_at=at)
        touch(a, case)
        note(a, case, "rated", case.stage)
        a.record("cases.rated", case, {name: [None, value] for name, value in answers.items()})
