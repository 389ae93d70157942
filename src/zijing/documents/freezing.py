"""What a document prints, frozen with the records behind every number, and compared with today's."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from zijing.core.worktime import day_of
from zijing.documents.about import about
from zijing.documents.answers import BAR, CELL, REST, Cell, Setting, Span, has_data, written
from zijing.documents.composing import Composed, Number, look_up, understand
from zijing.documents.models import Document, Quoted
from zijing.documents.source import Block, Chart, Paragraph, Run, Table
from zijing.documents.words import words_of
from zijing.figures.actions import definition_of
from zijing.figures.counting import Scope
from zijing.figures.courses import rollup
from zijing.figures.known import known
from zijing.figures.models import Figure
from zijing.figures.publishing import Changed, changed_since, pairs_by_part, pairs_of
from zijing.figures.queries import Value, value as count
from zijing.people.access import Actor

Pairs = dict[str, list[list[int]]]
CELLS = frozenset({CELL, REST, BAR})


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
    drawn = {"chart": block.title, "labels": list(block.labels), "values": values, "unit": block.unit}
    urls = [f"#{order[key]}" if key in order else "" for key in block.written]
    return drawn | ({"url": "", "urls": urls} if urls else {"url": block.url})


def thawed(content: Mapping[str, Any], link: str) -> tuple[Block, ...]:
    """The blocks that were kept; ``link`` is put before the number under which a printed one opens."""

    def opened(url: str) -> str:
        return link + url[1:] + "/" if url.startswith("#") else url

    def run(kept: Sequence[Any]) -> Run:
        text, url, missing = kept
        return Run(text, opened(url), missing)

    def block(kept: Mapping[str, Any]) -> Block:
        if "paragraph" in kept:
            return Paragraph(tuple(run(r) for r in kept["paragraph"]), kept["level"])
        if "table" in kept:
            rows = tuple(tuple(tuple(run(r) for r in cell) for cell in row) for row in kept["rows"])
            return Table(kept["table"], tuple(kept["head"]), rows)
        values = tuple(None if v is None else Decimal(v) for v in kept["values"])
        urls = tuple(opened(url) for url in kept.get("urls", ()))
        return Chart(kept["chart"], tuple(kept["labels"]), values, kept["unit"], kept["url"], urls)

    return tuple(block(kept) for kept in content.get("blocks", ()))


def orders(numbers: Sequence[Number]) -> dict[str, int]:
    """Under which number each printed one opens, from 1; those of a table or chart cell by cell."""
    keys = [key for n in numbers for key in ([c.key for c in n.answer.cells] or [n.written])]
    return {key: order for order, key in enumerate(keys, 1)}


def quoted(document: Document, numbers: Sequence[Number], setting: Setting) -> list[Quoted]:
    """A document's numbers with the records behind them, as they are kept, in their order."""
    kept: list[Quoted] = []
    for number in numbers:
        kept += (
            _quoted_cells(document, number, setting) if number.answer.cells else [_quoted(document, number, setting)]
        )
    for order, each in enumerate(kept, 1):
        each.order = order
    return kept


def _quoted_cells(document: Document, number: Number, setting: Setting) -> list[Quoted]:
    """The numbers of a table or chart; the records of each figure are read once for all its cells."""
    asked, cells = number.asked, number.answer.cells
    scope = setting.scope(asked.place, asked.spans[0])
    everyone = {f.key: f for c in cells for f in _behind(c.value)}
    parts = {f.key: pairs_by_part(f, scope, number.answer.step) for f in _counted(everyone.values())}
    defined = {f.key: _defined(f) for f in everyone.values()}
    return [_quoted_cell(document, number, cell, parts, defined) for cell in cells]


def _quoted_cell(
    document: Document, number: Number, cell: Cell, parts: Mapping[str, Mapping[str, list[list[int]]]],
    defined: Mapping[str, Any],
) -> Quoted:  # fmt: skip
    figure, behind = cell.value.figure, list(_behind(cell.value))
    evidence = [{f.key: parts[f.key].get(cell.part, []) for f in _counted(behind)}]
    return Quoted(
        document=document, written=number.written, figure=figure.key, version=figure.version, form=cell.form,
        place=cell.place, spans=_days([cell.span]), shown=cell.shown, amount=cell.value.amount, unit=figure.unit,
        n=cell.value.n, definition={f.key: defined[f.key] for f in behind}, evidence=_packed(evidence),
    )  # fmt: skip


def _quoted(document: Document, number: Number, setting: Setting) -> Quoted:
    asked, answer = number.asked, number.answer
    behind = {f.key: f for v in number.values for f in _behind(v)}
    evidence = [_pairs(behind.values(), setting.scope(asked.place, span)) for span in asked.spans]
    return Quoted(
        document=document, written=asked.wish.written, figure=asked.figure.key,
        version=asked.figure.version, form=asked.form.key, place=asked.place,
        spans=_days(asked.spans), shown=answer.text or "",
        amount=answer.amount, unit=answer.unit, n=number.values[0].n if number.values else 0,
        definition={key: _defined(f) for key, f in behind.items()}, evidence=_packed(evidence),
    )  # fmt: skip


def _behind(value: Value) -> Iterator[Figure]:
    yield value.figure
    yield from (i.figure for i in value.inputs)


def _counted(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Those that count records themselves: a share does not."""
    return (f for f in figures if f.measure != Figure.Measure.SHARE)


def _defined(figure: Figure) -> dict[str, Any]:
    return definition_of(figure) | {"version": figure.version}


def _days(spans: Iterable[Span]) -> list[list[str | None]]:
    return [[d.isoformat() if d else None for d in span] for span in spans]


def _packed(evidence: list[Pairs]) -> bytes:
    return zlib.compress(json.dumps(evidence, separators=(",", ":"), sort_keys=True).encode())


def _pairs(figures: Iterable[Figure], scope: Scope) -> Pairs:
    return {f.key: pairs_of(f, scope) for f in _counted(figures)}


def digest_of(title: str, content: Mapping[str, Any], numbers: Sequence[Quoted]) -> str:
    """What a document prints and rests on, in one digest: a change of either is found out."""
    said = [[q.order, q.written, q.shown, q.figure, q.version, q.spans, *_where(q)] for q in numbers]
    body = hashlib.sha256(json.dumps([title, content, said], sort_keys=True, ensure_ascii=False).encode())
    for q in numbers:
        body.update(bytes(q.evidence))
    return body.hexdigest()


def _where(quoted: Quoted) -> list[Any]:
    return [quoted.form, quoted.place_id] if quoted.form in CELLS else []


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
    setting = setting_of(document, reader, at) if quoted.form not in CELLS else _bare(document, reader, at)
    with translation.override(document.language):
        now, value = _cell_now(quoted, figure, setting) if quoted.form in CELLS else _now(quoted, setting)
    evidence: list[Pairs] = json.loads(zlib.decompress(bytes(quoted.evidence)))
    changes, alone = [], quoted.form == REST
    for span, then in zip(spans_of(quoted), evidence, strict=True):
        scope = setting.scope(quoted.place, span)
        for key, pairs in then.items():
            if behind := known(key):
                changes.append((span, changed_since(behind, scope, pairs, reader, alone=alone)))
    return Verified(quoted, figure, now, value, [c for c in changes if c[1].n])


def _bare(document: Document, reader: Actor, at: datetime) -> Setting:
    """The setting without words of its own: a cell is counted, not read."""
    return Setting(reader, at, document.office, document.place, document.since, document.until)


def _now(quoted: Quoted, setting: Setting) -> tuple[str, Value]:
    """What a placeholder of the text would print today, and the number behind it."""
    asked = understand(quoted.written, setting)[quoted.written]
    now = look_up([asked], setting)[quoted.written]
    return now.answer.text or "", now.values[0]


def _cell_now(quoted: Quoted, figure: Figure, setting: Setting) -> tuple[str, Value]:
    """What a table or chart would print today in the place of one number, counted by itself."""
    scope = setting.scope(quoted.place, spans_of(quoted)[0])
    asked: Any = {"at": scope.at, "place": scope.place, "since": scope.since, "until": scope.until}
    below = rollup(figure, scope.actor, **asked) if quoted.form == REST else None
    found = below.outside if below else count(figure, scope.actor, **asked)
    printed = found.amount is not None if quoted.form == BAR else has_data(found)
    return written(figure, found.amount) if printed else "", found


def spans_of(quoted: Quoted) -> list[Span]:
    """The days each count of a printed number covers."""
    return [tuple(date.fromisoformat(d) if d else None for d in span) for span in quoted.spans]  # type: ignore[misc]
