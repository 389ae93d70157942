"""The history of a record, read from the journal: when, who, what in words, and which values changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.journal.models import JournalEntry
from zijing.people.models import Post
from zijing.records.fields import REFERENCES, names_of
from zijing.records.models import Record
from zijing.records.tables import Column, every_column, stage_label

LONGEST = 200

# The last word of a verb in words; a verb of one kind ("activities.daily-report") has none and reads "recorded".
WORDS: dict[str, str | Promise] = {
    "put": _("entered"),
    "change": _("changed"),
    "correct": _("corrected"),
    "withdraw": _("withdrawn"),
    "retire": _("taken out of use"),
    "attach": _("file added"),
    "state": _("value stated"),
    "file": _("filed"),
    "dispatch": _("dispatched"),
    "accept": _("accepted"),
    "object": _("objected to"),
    "submit": _("reported as done"),
    "close": _("checked and closed"),
    "rework": _("sent back for rework"),
    "reopen": _("reopened"),
    "void": _("voided"),
    "supervise": _("put on a supervision list"),
    "strike_off": _("struck off the supervision list"),
}
CHANNELS: dict[str, str | Promise] = {
    "web": _("in the browser"),
    "api": _("through the API"),
    "cli": _("at the command line"),
    "import": _("from a sheet"),
    "clock": _("by the clock"),
}
LABELS: dict[str, str | Promise] = {
    "file": _("file"),
    "part": _("part"),
    "period": _("period"),
    "actual": _("actual"),
    "expected": _("expected"),
    "supervision": _("supervision list"),
    "until": _("until"),
    "reason_given": _("reason given"),
    "business_key": _("number"),
}


@dataclass(frozen=True)
class Change:
    """A journalled value before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Happening:
    """An entry of the journal as a reader sees it. ``seq`` and ``digest`` name it in the chain."""

    seq: int
    at: datetime
    who: str
    channel: str
    verb: str
    changes: list[Change]
    digest: str


def history(record: Record) -> list[Happening]:
    """What the journal says of a record the reader may see, the newest first, at most 200 entries."""
    mine = JournalEntry.objects.filter(subject_type=record._meta.label_lower, subject_id=record.pk)
    entries = list(mine.order_by("-seq")[:LONGEST])
    posts = Post.objects.in_bulk({e.post for e in entries if e.post})
    columns = _columns_of(record)
    names = _names(entries, columns)
    return [
        Happening(
            e.seq, e.happened_at, posts[e.post].title if e.post in posts else gettext("the system"),
            str(CHANNELS.get(e.channel, e.channel)), verb_in_words(e.verb),
            [_change(name, pair, columns.get(name), names) for name, pair in e.changes.items()], e.digest,
        )
        for e in entries
    ]  # fmt: skip


def verb_in_words(verb: str) -> str:
    """What happened, as a reader would say it."""
    return str(WORDS.get(verb.rsplit(".", 1)[-1], _("recorded")))


def _columns_of(record: Record) -> dict[str, Column]:
    known = every_column(record.kind)
    return {c.key: c for c in known} | {c.attribute: c for c in known if c.attribute}


def _change(name: str, pair: list[Any], column: Column | None, names: dict[str, dict[int, str]]) -> Change:
    label = column.title if column else str(LABELS.get(name, name))
    old, new = (_shown(value, column, names) for value in pair)
    return Change(label, old, new)


def _shown(value: Any, column: Column | None, names: dict[str, dict[int, str]]) -> str:
    if value is None or value == "":
        return ""
    if column:
        return column.show(value, names.get(column.type))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = str(value)
    return text[:12] if len(text) == 64 else stage_label(text)


def _names(entries: Iterable[JournalEntry], columns: dict[str, Column]) -> dict[str, dict[int, str]]:
    ids: dict[str, set[int]] = {}
    for entry in entries:
        for name, pair in entry.changes.items():
            column = columns.get(name)
            if column and column.type in REFERENCES:
                ids.setdefault(column.type, set()).update(int(v) for v in pair if v)
    return {type_: names_of(type_, wanted) for type_, wanted in ids.items()}
