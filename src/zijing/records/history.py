"""The history of a record, read from the journal: when, who, what in words, and which values changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.worktime import Clock
from zijing.journal.models import JournalEntry
from zijing.people.models import Post
from zijing.records.fields import ids_in
from zijing.records.models import Attachment, Record
from zijing.records.referring import REFERENCES, names_of
from zijing.records.tables import STAGES, Column, every_column, stage_label

LONGEST = 200
Names = dict[str, dict[int, str]]

# A verb in words, or its last word where that says the same of everything; a verb of one kind has none: "recorded".
WORDS: dict[str, str | Promise] = {
    "put": _("entered"),
    "change": _("changed"),
    "correct": _("corrected"),
    "withdraw": _("withdrawn"),
    "retire": _("taken out of use"),
    "restore": _("taken back into use"),
    "merge": _("merged with its double"),
    "attach": _("file added"),
    "look": _("personal data looked at"),
    "state": _("value stated"),
    "retarget": _("given another target or deadline"),
    "move": _("hung elsewhere in its plan"),
    "reorder": _("what stands below it put in another order"),
    "fulfil": _("said to be kept"),
    "confirm": _("order confirmed"),
    "send_back": _("order sent back"),
    "share": _("shares of who answers stated"),
    "plan_curve": _("planned curve changed"),
    "compare": _("value of another office noted"),
    "copy_plan": _("copied from another plan"),
    "remind": _("a value is owed for a month that is over"),
    "assign": _("assigned"),
    "unassign": _("no longer assigned"),
    "receive": _("report received"),
    "verify": _("verified and filed"),
    "refuse": _("not filed"),
    "file": _("filed"),
    "dispatch": _("dispatched"),
    "accept": _("accepted"),
    "object": _("objected to"),
    "submit": _("reported as done"),
    "close": _("checked and closed"),
    "rework": _("sent back for rework"),
    "reopen": _("reopened"),
    "void": _("voided"),
    "unmerge": _("merging undone"),
    "merged_in": _("another one merged into it"),
    "merged_out": _("another one no longer merged into it"),
    "extension_asked": _("more time asked for"),
    "extension_granted": _("more time granted"),
    "extension_denied": _("more time not granted"),
    "extension_lapsed": _("more time no longer asked for"),
    "parking_asked": _("parking asked for"),
    "parking_granted": _("parking granted"),
    "parking_denied": _("parking not granted"),
    "parking_lapsed": _("parking no longer asked for"),
    "park": _("parked"),
    "resume": _("resumed"),
    "appeal_asked": _("appealed"),
    "appeal_granted": _("appeal accepted"),
    "appeal_denied": _("appeal not accepted"),
    "appeal_lapsed": _("the appeal has lapsed"),
    "exclusion_asked": _("said to be an unreasonable demand"),
    "exclusion_granted": _("found to be an unreasonable demand"),
    "exclusion_denied": _("not found to be an unreasonable demand"),
    "exclusion_lapsed": _("exclusion no longer asked for"),
    "involved": _("another unit involved"),
    "rated": _("rated by who reported it"),
    "part_answered": _("answered for its part"),
    "warned": _("the last quarter of the limit has begun"),
    "overdue": _("the limit has run out"),
    "came_back": _("came back: closed, and filed again soon"),
    "forget": _("personal data destroyed: the time it is kept is over"),
    "escalated": _("told to the posts above"),
    "stage_warned": _("the last quarter of the time for its step has begun"),
    "stage_overdue": _("the time for its step has run out"),
    "stage_escalated": _("told to the posts above: its step is overdue"),
    "supervise": _("put on a supervision list"),
    "strike_off": _("struck off the supervision list"),
    "progress": _("progress reported to the supervision list"),
    "progress_due": _("a progress report is due today"),
    "progress_missed": _("a progress report is missing"),
    "list_overdue": _("the last day of the supervision has passed"),
    "report_missing": _("daily report missing"),
    "propose": _("consequence proposed"),
    "decide": _("consequence decided"),
    "enter_channel": _("put into the green channel"),
    "leave_channel": _("taken out of the green channel"),
    "lay_out": _("schedule laid out"),
    "change_work": _("a work of the schedule changed"),
    "freeze": _("baseline frozen"),
    "documents.draft": _("document drafted"),
    "documents.submit": _("document handed in for checking"),
    "documents.check": _("document checked, for signature"),
    "documents.sign": _("document signed, to be issued"),
    "documents.send_back": _("document sent back"),
    "documents.issue": _("document issued"),
    "documents.reply": _("replied to the document"),
    "documents.void": _("document taken back"),
}
CHANNELS: dict[str, str | Promise] = {
    "web": _("in the browser"),
    "public": _("on the public page"),
    "api": _("through the API"),
    "cli": _("at the command line"),
    "import": _("from a sheet"),
    "clock": _("by the clock"),
    "demo": _("in the demo"),
}
LABELS: dict[str, str | Promise] = {
    "lead": _("lead"),
    "joint": _("joint"),
    "assisting": _("assisting"),
    "approver": _("approver"),
    "file": _("file"),
    "looked_at": _("fields"),
    "part": _("part"),
    "period": _("period"),
    "actual": _("actual"),
    "expected": _("expected"),
    "supervision": _("supervision list"),
    "green_channel": _("green channel from"),
    "until": _("until"),
    "every": _("days from one report to the next"),
    "public": _("public"),
    "amount": _("amount"),
    "clock": _("counted in"),
    "told": _("told to"),
    "turn": _("stage"),
    "again": _("the new case"),
    "reason_given": _("reason given"),
    "business_key": _("number"),
    "day": _("day"),
    "double": _("double"),
    "merged_into": _("kept entry"),
    "moved": _("references moved"),
}
VALUES: dict[str, str | Promise] = {
    Clock.CONTINUOUS_HOURS: _("hours, nights and holidays included"),
    Clock.OFFICE_HOURS: _("office hours"),
    Clock.WORKING_DAYS: _("working days"),
    Clock.CALENDAR_DAYS: _("calendar days"),
    **dict(Attachment.Part.choices),
    "office": _("office list"),
    "county": _("county list"),
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
            _changes(e, columns, names), e.digest,
        )
        for e in entries
    ]  # fmt: skip


def verb_in_words(verb: str) -> str:
    """What happened, as a reader would say it."""
    return str(WORDS.get(verb) or WORDS.get(verb.rsplit(".", 1)[-1], _("recorded")))


def _columns_of(record: Record) -> dict[str, Column]:
    known = [Column("unit", gettext("Unit"), "unit", "unit_id"), *every_column(record.kind)]
    return {c.attribute: c for c in known if c.attribute} | {c.key: c for c in known}


def _changes(entry: JournalEntry, columns: dict[str, Column], names: Names) -> list[Change]:
    """The changes an entry tells, without those that show nothing (a new record simply stands)."""
    told = [_change(name, pair, columns, names) for name, pair in entry.changes.items()]
    return [c for c in told if c.old or c.new]


def _change(name: str, pair: list[Any], columns: dict[str, Column], names: Names) -> Change:
    column = columns.get(name)
    if name == "stage" and {v for v in pair if v} <= STAGES.keys():
        column = columns.get("record.stage", column)
    label = column.title if column else str(LABELS.get(name, name))
    if name == "looked_at":
        return Change(label, "", gettext(", ").join(columns[k].title if k in columns else k for k in pair[1]))
    old, new = (_shown(value, column, names) for value in pair)
    return Change(label, old, new)


def _shown(value: Any, column: Column | None, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict):  # who a record is assigned or told to
        return gettext(", ").join(names[type_].get(pk, f"#{pk}") for type_, pks in value.items() for pk in ids_in(pks))
    if column:
        return column.show(value, names.get(column.type))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = str(value)
    return text[:12] if len(text) == 64 else str(VALUES.get(text) or stage_label(text))


def _names(entries: Iterable[JournalEntry], columns: dict[str, Column]) -> Names:
    ids: dict[str, set[int]] = {}
    for entry in entries:
        for name, pair in entry.changes.items():
            for type_, pk in _references(columns.get(name), pair):
                ids.setdefault(type_, set()).add(pk)
    return {type_: names_of(type_, wanted) for type_, wanted in ids.items()}


def _references(column: Column | None, pair: list[Any]) -> Iterator[tuple[str, int]]:
    for value in pair:
        if isinstance(value, dict):
            yield from ((type_, pk) for type_, pks in value.items() for pk in ids_in(pks))
        elif value and column and column.type in REFERENCES:
            yield from ((column.type, pk) for pk in ids_in(value))
