"""Follow the journals: what reads on in them keeps its place in each, and may stop between two batches."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zijing.journal.acting import writing
from zijing.journal.models import Bookmark, ChainHead, JournalEntry

BATCH = 500
COLUMNS = ("seq", "verb", "happened_at", "subject_type", "subject_id", "post", "changes")

Go = Callable[[], bool]


@dataclass(frozen=True)
class Entry:
    """What an entry of a journal tells a follower."""

    seq: int
    verb: str
    happened_at: datetime
    subject_type: str
    subject_id: int
    post: int | None
    changes: dict[str, list[Any]]


# Works out what follows from a batch while others write, and gives what then writes it.
Follow = Callable[[Sequence[Entry]], Callable[[], object]]


def always() -> bool:
    """Go on until everything is done."""
    return True


def head_of(office: int) -> int:
    """The number of the last entry of an office's chain."""
    return ChainHead.objects.filter(office=office).values_list("seq", flat=True).first() or 0


def place_of(reader: str, office: int) -> int | None:
    """Up to which entry a follower has read; None when it never began."""
    return Bookmark.objects.filter(reader=reader, office=office).values_list("seq", flat=True).first()


def begin(reader: str, office: int, seq: int) -> None:
    """Let a follower begin after an entry, unless it has begun."""
    Bookmark.objects.get_or_create(reader=reader, office=office, defaults={"seq": seq})


def read_on(reader: str, office: int, follow: Follow, *, limit: int = 2000, go: Go = always) -> int:
    """Hand what is new to ``follow`` in batches, at most about ``limit`` entries; how many are left.

    A batch and its bookmark are written together: a crash repeats or leaves out none, and of two processes one writes.
    """
    begun = place_of(reader, office)
    done, head = begun or 0, head_of(office)
    while done < min(head, (begun or 0) + limit) and go():
        entries = [
            Entry(*row)
            for row in JournalEntry.objects.filter(office=office, seq__gt=done)
            .order_by("seq")
            .values_list(*COLUMNS)[:BATCH]
        ]
        if not entries:
            break
        write = follow(entries)
        with writing():
            if not Bookmark.objects.filter(reader=reader, office=office, seq=done).update(seq=entries[-1].seq):
                break
            write()
        done = entries[-1].seq
    return max(0, head - done)


def lag(reader: str, offices: Iterable[int]) -> int:
    """How many entries of these offices' journals a follower has not read yet."""
    done = dict(Bookmark.objects.filter(reader=reader).values_list("office", "seq"))
    heads = ChainHead.objects.filter(office__in=offices).values_list("office", "seq")
    return sum(max(0, seq - done.get(office, 0)) for office, seq in heads)
