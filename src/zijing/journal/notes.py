"""What an act noted, waiting to be sealed: everything that can be put into words before is, so that sealing is short.

While an act is sealed nobody else in the office may write. The canonical text of an entry is that of
``chain.digest_of``; only its number and the digest before it are unknown until then.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from zijing.journal.chain import ALGORITHMS
from zijing.journal.models import JournalEntry

COLUMNS = (
    "office", "seq", "happened_at", "recorded_at", "actor", "post", "channel", "verb", "subject_type", "subject_id",
    "path", "changes", "request_id", "algorithm", "previous", "digest",
)  # fmt: skip


CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode


def canonical(value: Any) -> str:
    """JSON as it is hashed: sorted, no blanks, Chinese as it is; what JSON does not know as its text."""
    return CANONICAL(value)


@lru_cache(1000)
def _said(value: Any) -> str:
    return canonical(value)


@lru_cache(1000)
def _moment(at: datetime) -> str:
    return f'"{at.astimezone(UTC).isoformat(timespec="microseconds")}"'


@lru_cache(1000)
def _stored(at: datetime, vendor: str) -> Any:  # each database keeps times in its own way
    return JournalEntry._meta.get_field("happened_at").get_db_prep_save(at, connection)


@dataclass(slots=True)
class Note:
    """One entry to be: who, what, when, and what it was done to; ``changes`` are canonical JSON already."""

    office: int
    happened_at: datetime
    recorded_at: datetime
    actor: int | None
    post: int | None
    channel: str
    verb: str
    subject_type: str
    subject_id: int
    path: str
    changes: str
    request_id: str
    algorithm: str
    begun: str = ""

    def begin(self) -> None:
        """Put into words what is known before the entry has its place in the chain."""
        self.begun = (
            f'{{"actor":{_said(self.actor)},"algorithm":"{self.algorithm}","changes":{self.changes},'
            f'"channel":{_said(self.channel)},"happened_at":{_moment(self.happened_at)},"office":{self.office},'
            f'"path":{_said(self.path)},"post":{_said(self.post)},"previous":"'
        )

    def sealed(self, seq: int, previous: str, vendor: str) -> tuple[str, list[Any]]:
        """The entry's digest at this place of the chain, and its row in the order of ``COLUMNS`` for a database."""
        if not self.begun:
            self.begin()
        text = (
            f'{self.begun}{previous}",'
            f'"recorded_at":{_moment(self.recorded_at)},"request_id":{_said(self.request_id)},"seq":{seq},'
            f'"subject_id":{self.subject_id},"subject_type":"{self.subject_type}","verb":{_said(self.verb)}}}'
        )
        digest = ALGORITHMS[self.algorithm](text.encode())
        times = _stored(self.happened_at, vendor), _stored(self.recorded_at, vendor)
        return digest, [
            self.office, seq, *times, self.actor, self.post, self.channel, self.verb, self.subject_type,
            self.subject_id, self.path, self.changes, self.request_id, self.algorithm, previous, digest,
        ]  # fmt: skip


def chained(notes: Iterable[Note], seq: int, digest: str) -> tuple[list[Sequence[Any]], int, str]:
    """The rows of these notes behind an entry of a chain, and where the chain ends then."""
    rows: list[Sequence[Any]] = []
    vendor = connection.vendor
    for note in notes:
        seq += 1
        digest, row = note.sealed(seq, digest, vendor)
        rows.append(row)
    return rows, seq, digest
