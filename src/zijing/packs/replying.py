"""A list of orders as the sheet that their sender sent, with the columns filled in that the sender wants answered.

Which headings are answered with what is said by the pack; which headings there are, and their order, by the sheet that
was imported last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from zijing.cases.answering import Answer, answers_of
from zijing.cases.models import Case
from zijing.records.kinds import find_kind
from zijing.records.models import Kind, Record
from zijing.records.sheets.export import AT_ONCE, workbook
from zijing.records.sheets.headings import normal
from zijing.records.sheets.remembered import last_layout
from zijing.records.tables import Column

Answers = dict[int, Answer]


@dataclass(frozen=True)
class Filled(Column):
    """A column of the sender's that is filled with a part of the answer, or left empty (``fill`` "")."""

    fill: str = ""
    words: dict[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)

    def value(self, record: Record) -> Any:
        answer = self.answers[record.pk]
        parts = {
            "answer": answer.text, "closed_on": answer.closed_on, "unit": answer.unit,
            "result": self.words.get(answer.result, ""),
        }  # fmt: skip
        return parts.get(self.fill)


def labels_of(key: str) -> list[str]:
    """The headings that a ledger's sender wants answered."""
    kind = find_kind(key)
    return [label for reply in _replies(kind) for label in reply["labels"]] if kind else []


def reply_sheet(*, kind: Kind, office: int, records: Iterable[Record]) -> bytes:
    """The orders in the columns of the sheet last imported; answers that it has no column for come behind."""
    answers: Answers = {}
    return workbook(kind, _answered(records, answers), _columns(kind, office, answers), None)


def _answered(records: Iterable[Record], answers: Answers) -> Iterator[Record]:
    following = iter(records)
    while some := list(islice(following, AT_ONCE)):
        answers |= answers_of([r for r in some if isinstance(r, Case)])
        yield from some


def _replies(kind: Kind) -> list[dict[str, Any]]:
    return list(kind.definition.get("replies") or [])


def _columns(kind: Kind, office: int, answers: Answers) -> list[Column]:
    replies = _replies(kind)
    by_label = {normal(label): reply for reply in replies for label in reply["labels"]}
    known = kind.by_key
    layout = last_layout(office, kind.key) or [(f.label, f.key) for f in kind.fields if f.type != "file"]
    columns, given = list[Column](), set[str]()
    for n, (heading, key) in enumerate(layout):
        if reply := by_label.get(normal(heading)):
            columns.append(_filled(heading, reply, answers))
            given.add(reply["fill"])
        elif described := known.get(key):
            columns.append(Column(key, heading, described.type, described.attribute, described))
        else:
            columns.append(Filled(f"empty{n}", heading, "text", answers=answers))
    return columns + [_filled(r["labels"][0], r, answers) for r in replies if r["fill"] not in given]


def _filled(heading: str, reply: dict[str, Any], answers: Answers) -> Filled:
    fill = reply["fill"]
    type_ = "date" if fill == "closed_on" else "text"
    return Filled(fill, heading, type_, fill=fill, words=reply.get("words") or {}, answers=answers)
