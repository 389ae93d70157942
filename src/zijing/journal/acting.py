"""``act``: the one door through which state changes. Opens the transaction, buffers journal entries, seals them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from zijing.core.asking import ask, tell, together
from zijing.core.outages import busy, in_words
from zijing.core.rows import insert_rows
from zijing.core.stamps import changing
from zijing.core.turns import Turns, shared_file
from zijing.journal.models import ChainHead, JournalEntry
from zijing.journal.notes import COLUMNS, Note, canonical, chained


class Acting(Protocol):
    """Who acts: a person in a post of an office, or the system."""

    @property
    def account_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def office_id(self) -> int: ...
    @property
    def channel(self) -> str: ...


# SQLite has one writer; waiting here is fair and cheap, polling its file lock is neither.
WRITER = Turns()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait until it is this thread's turn to write; for a single statement outside an act.

    ``Unavailable`` after ``settings.WRITE_WAIT`` seconds behind another writer, or when the database cannot be written.
    """
    sqlite = connection.vendor == "sqlite"
    if sqlite and not WRITER.acquire(settings.WRITE_WAIT, shared_file(connection.settings_dict["NAME"])):
        raise busy()
    try:
        with changing(), in_words():
            yield
    finally:
        if sqlite:
            WRITER.release()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction, begun when it is this thread's turn to write; ``Unavailable`` as ``in_turn`` says."""
    with in_turn(), transaction.atomic():
        yield


def noted(
    who: Acting, at: datetime, verb: str, subject: models.Model, changes: Mapping[str, Any] | None = None, *,
    path: str = "", happened_at: datetime | None = None,
) -> Note:  # fmt: skip
    """A note that waits for an act to take it, under the id that ``subject`` has by then: see ``Act.record``."""
    return Note(
        office=who.office_id,
        happened_at=happened_at or at,
        recorded_at=at,
        actor=who.account_id,
        post=who.post_id,
        channel=who.channel,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        path=path or getattr(subject, "path", ""),
        changes=canonical(changes or {}),
        request_id="",
        algorithm=settings.JOURNAL_DIGEST,
    )


class Act:
    """A running change of state: collects what happened until it is sealed."""

    def __init__(self, actor: Acting, at: datetime, request_id: str) -> None:
        if timezone.is_naive(at):
            raise ValueError("an act needs an aware time")
        self.actor, self.at, self.request_id = actor, at, request_id
        self.entries: list[Note] = []

    def record(
        self,
        verb: str,
        subject: models.Model,
        changes: Mapping[str, Any] | None = None,
        *,
        path: str = "",
        actor: Acting | None = None,
        happened_at: datetime | None = None,
    ) -> None:
        """Note that ``verb`` happened to ``subject``. ``changes`` holds journalled fields only: {field: [old, new]}."""
        said = noted(actor or self.actor, self.at, verb, subject, changes, path=path, happened_at=happened_at)
        self.take([said])

    def take(self, notes: Iterable[Note]) -> None:
        """Enter notes that were ``noted`` beforehand."""
        for note in notes:
            note.request_id = self.request_id
            self.entries.append(note)

    def joined_by(self, actor: Acting, at: datetime) -> "Act":
        """The same act as another verb sees it: its entries are sealed with these, under its own actor and time."""
        inner = Act(actor, at, self.request_id)
        inner.entries = self.entries
        return inner

    def seal(self) -> None:
        """Lock the chain heads, number and hash the entries, insert them. Called last of all."""
        for office in sorted({e.office for e in self.entries}):
            mine = [e for e in self.entries if e.office == office]
            seq, digest = _locked_head(office)
            rows, seq, digest = chained(mine, seq, digest)
            with together():
                insert_rows(JournalEntry, COLUMNS, rows)
                tell(SET_HEAD, [seq, digest, office])


SET_HEAD = "UPDATE journal_chainhead SET seq = %s, digest = %s WHERE office = %s"
READ_HEAD = "SELECT seq, digest FROM journal_chainhead WHERE office = %s"


def _locked_head(office: int) -> tuple[int, str]:
    """Where the office's chain ends, locked until the transaction does; SQLite's transaction has its lock already."""
    read = READ_HEAD if connection.vendor == "sqlite" else f"{READ_HEAD} FOR UPDATE"
    found = ask(read, [office])
    if not found:
        ChainHead.objects.get_or_create(office=office)
        found = ask(read, [office])
    return found[0][0], found[0][1]


_current: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def act(actor: Acting, at: datetime, *, request_id: str = "") -> Iterator[Act]:
    """Everything inside happens together or not at all; the journal entries are sealed at the end.

    An act inside an act joins the outer one: a verb may call a verb, and still one transaction is committed.
    """
    outer = _current.get()
    if outer is not None:
        yield outer.joined_by(actor, at)
        return
    running = Act(actor, at, request_id)
    with writing():
        token = _current.set(running)
        try:
            yield running
            running.seal()
        finally:
            _current.reset(token)


def is_acting() -> bool:
    """Whether this runs inside an act: what is written now stands or falls with it."""
    return _current.get() is not None
