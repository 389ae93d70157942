"""Reads of the journal: for whoever audits, and for whoever must know what has happened since."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from zijing.journal.models import ChainHead, JournalEntry

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


def position(office: int) -> int:
    """Where an office's chain ends."""
    return ChainHead.objects.filter(office=office).values_list("seq", flat=True).first() or 0


def subjects_since(office: int, seq: int, labels: Collection[str]) -> dict[str, set[int]]:
    """The subjects with these labels to which something has happened after an entry of the chain, by label."""
    rows = JournalEntry.objects.filter(office=office, seq__gt=seq, subject_type__in=labels)
    found = defaultdict[str, set[int]](set)
    for label, pk in rows.order_by("seq").values_list("subject_type", "subject_id"):
        found[label].add(pk)
    return found
