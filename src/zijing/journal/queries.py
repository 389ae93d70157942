"""Reads of the journal for whoever audits: by time, verb, account and subject, newest first."""

from dataclasses import dataclass
from datetime import datetime

from zijing.journal.models import JournalEntry

SIZE = 50


@dataclass(frozen=True)
class Asked:
    """What an auditor looks for; empty parts do not narrow."""

    verb: str = ""
    account: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def entries(office: int, asked: Asked) -> list[JournalEntry]:
    """Entries of an office's chain, at most a page and one more."""
    rows = JournalEntry.objects.filter(office=office).order_by("-seq")
    if asked.verb:
        rows = rows.filter(verb__startswith=asked.verb)
    if asked.account is not None:
        rows = rows.filter(actor=asked.account)
    if asked.since:
        rows = rows.filter(happened_at__gte=asked.since)
    if asked.until:
        rows = rows.filter(happened_at__lt=asked.until)
    if asked.before is not None:
        rows = rows.filter(seq__lt=asked.before)
    return list(rows[: SIZE + 1])
