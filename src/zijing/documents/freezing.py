"""What a document prints, frozen with the records behind every number, and compared with today's."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from zijing.core.worktime import day_of
from zijing.documents.about import about
from zijing.documents.answers import Setting, Span
from zijing.documents.composing import Composed, Number, look_up, understand
from zijing.documents.models import Document, Quoted
from zijing.documents.source import Block, Chart, Paragraph, Run, Table
from zijing.documents.words import words_of
from zijing.figures.actions import definition_of
from zijing.figures.counting import Scope
from zijing.figures.known import known
from zijing.figures.models import Figure
from zijing.figures.publishing import Changed, changed_since, pairs_of
from zijing.figures.queries import Value
from zijing.people.access import Actor

Pairs = dict[str, list[list[int]]]


def setting_of(document: Document, actor: Actor, at: datetime) -> Setting:
    """The setting in which a document's placeholders are understood."""
    language = document.language
    with translation.override(language):
        words = words_of(document, at, about(document, actor, day_of(at)))
    return Setting(actor, at, document.office, document.place, document.since, document.until, words)


def frozen(composed: Composed, order: Mapping[str, int]) -> dict[str, Any]:
    """Blocks as they are kept; ``order`` says under which number each printed placeholder opens."""
    return {
        "blocks": [_kept(block, order) for block in composed.blocks],
        "left_out": [[s.section, s.text] for s in composed.sentences if not s.kept],
    }


def _kept(block: Block, order: Mapping[str, int]) -> dict[str, Any]:
    def run(r: Run) -> list[Any]:
        return [r.text, f"#{order[r.written]}" if r.written in order else r.url, r.missing]

    match block:
        case Paragraph():
            return {"paragraph": [run(r) for r in block.runs], "level": block.level}
        case Table():
            rows = [[[run(r) for r in cell] for cell in row] for row in block.rows]
            return {"table": block.title, "head": list(block.head), "rows": rows}
    values = [None if v is None else str(v) for v in block.values]
    return {"chart": block.title, "labels": list(block.labels), "values": values, "unit": block.unit, "url": block.url}


def thawed(content: Mapping[str, Any], link: str) -> tuple[Block, ...]:
    """The blocks that were kept; ``link`` is put before the number under which a printed one opens."""

    def run(kept: Sequence[Any]) -> Run:
        text, url, missing = kept
        return Run(text, link + url[1:] + "/" if url.startswith("#") else url, missing)

    def block(kept: Mapping[str, Any]) -> Block:
        if "paragraph" in kept:
            return Paragraph(tuple(run(r) for r in kept["paragraph"]), kept["level"])
        if "table" in kept:
            rows = tuple(tuple(tuple(run(r) for r in cell) for cell in row) for row in kept["rows"])
            return Table(kept["table"], tuple(kept["head"]), rows)
        values = tuple(None if v is None else Decimal(v) for v in kept["values"])
        return Chart(kept["chart"], tuple(kept["labels"]), values, kept["unit"], kept["url"])

    return tuple(block(kept) for kept in content.get("blocks", ()))


def quoted(document: Document, numbers: Sequence[Number], setting: Setting) -> list[Quoted]:
    """A document's numbers with the records behind them, as they are kept."""
    return [_quoted(document, order, number, setting) for order, number in enumerate(numbers, 1)]


def _quoted(document: Document, order: int, number: Number, setting: Setting) -> Quoted:
    asked, answer = number.asked, number.answer
    behind = {f.key: f for v in number.values for f in (v.figure, *(i.figure for i in v.inputs))}
    evidence = [_pairs(behind.values(), setting.scope(asked.place, span)) for span in asked.spans]
    return Quoted(
        document=document, order=order, written=asked.wish.written, figure=asked.figure.key,
        version=asked.figure.version, form=asked.form.key, place=asked.place,
        spans=[[d.isoformat() if d else None for d in span] for span in asked.spans], shown=answer.text or "",
        amount=answer.amount, unit=answer.unit, n=number.values[0].n if number.values else 0,
        definition={key: definition_of(f) | {"version": f.version} for key, f in behind.items()},
        evidence=zlib.compress(json.dumps(evidence, separators=(",", ":"), sort_keys=True).encode()),
    )  # fmt: skip


def _pairs(figures: Any, scope: Scope) -> Pairs:
    return {f.key: pairs_of(f, scope) for f in figures if f.measure != Figure.Measure.SHARE}


def digest_of(title: str, content: Mapping[str, Any], numbers: Sequence[Quoted]) -> str:
    """What a document prints and rests on, in one digest: a change of either is found out."""
    said = [[q.order, q.written, q.shown, q.figure, q.version, q.spans] for q in numbers]
    body = hashlib.sha256(json.dumps([title, content, said], sort_keys=True, ensure_ascii=False).encode())
    for q in numbers:
        body.update(bytes(q.evidence))
    return body.hexdigest()


@dataclass(frozen=True)
class Verified:
    """A printed number held against today's records: ``now`` is what would be printed, ``changes`` what differs."""

    quoted: Quoted
    figure: Figure | None
    now: str | None
    value: Value | None
    changes: list[tuple[Span, Changed]]

    @property
    def holds(self) -> bool:
        """Whether the same would be printed today, from the same records."""
        return self.now == self.quoted.shown and not self.changed

    @property
    def changed(self) -> int:
        return sum(c.n for _span, c in self.changes)


def verify(document: Document, quoted: Quoted, reader: Actor, at: datetime) -> Verified:
    """Hold one printed number against the records as they stand now, for one reader's sight."""
    figure = known(quoted.figure)
    if figure is None:
        return Verified(quoted, None, None, None, [])
    setting = setting_of(document, reader, at)
    with translation.override(document.language):
        asked = understand(quoted.written, setting)[quoted.written]
        now = look_up([asked], setting)[quoted.written]
    evidence: list[Pairs] = json.loads(zlib.decompress(bytes(quoted.evidence)))
    changes = []
    for span, then in zip(spans_of(quoted), evidence, strict=True):
        for key, pairs in then.items():
            if behind := known(key):
                changes.append((span, changed_since(behind, setting.scope(quoted.place, span), pairs, reader)))
    return Verified(quoted, figure, now.answer.text or "", now.values[0], [c for c in changes if c[1].n])


def spans_of(quoted: Quoted) -> list[Span]:
    """The days each count of a printed number covers."""
    return [tuple(date.fromisoformat(d) if d else None for d in span) for span in quoted.spans]  # type: ignore[misc]
