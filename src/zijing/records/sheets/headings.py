"""Which row holds the headings, and which field each heading means."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from zijing.core.errors import Invalid
from zijing.records.cleaning import plain
from zijing.records.fields import Field
from zijing.records.sheets.book import Sheet
from zijing.records.sheets.outcome import Column, Options, Result
from zijing.records.sheets.structure import COLUMN_LIMIT, TITLE_ROWS
from zijing.records.sheets.units import split_heading, unit_note, with_unit

SIMILAR, CLEARLY = 0.85, 0.05
TALLEST = 3


@dataclass(frozen=True)
class Header:
    """The rows that hold the headings: usually one, up to three when cells are merged downwards."""

    first: int
    last: int
    texts: tuple[tuple[str, ...], ...]
    """For each column, what may name it, the most telling first; empty when there is no heading."""

    def named(self) -> dict[int, tuple[str, ...]]:
        return {n: texts for n, texts in enumerate(self.texts, start=1) if texts}


def normal(text: str) -> str:
    """A heading without width, case, blanks and punctuation, so that "项目 名称*" and "项目名称" are one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def fillable(fields: Iterable[Field]) -> list[Field]:
    """Fields that a sheet can fill: all but files."""
    return [f for f in fields if f.type != "file"]


def names_of(field: Field) -> list[str]:
    """Every normal form a heading of this field may take."""
    given = (field.title_zh, field.title_en, field.key, *field.aliases)
    return list(dict.fromkeys(n for g in given for n in (normal(g), normal(split_heading(g)[0])) if n))


def find_header(sheet: Sheet, fields: list[Field], options: Options) -> Header:
    """The heading rows; ``Invalid`` when none is recognised or two different rows could be it."""
    if options.header:
        if not any(plain(v) for v in _line(sheet, options.header)):
            raise Invalid(_("Row %(row)s is empty; it cannot hold the headings."), field="header", row=options.header)
        return _header(sheet, options.header)
    scores = {row: _score(sheet, row, fields) for row in range(1, min(TITLE_ROWS, len(sheet.rows)) + 1)}
    best = max(scores.values(), default=0.0)
    if best < min(2, len(fields)):
        sentence = _("No row of headings was recognised. Expected are, for example: %(headings)s.")
        raise Invalid(sentence, headings=_expected(fields))
    row, *others = [row for row, score in scores.items() if score == best]
    header = _header(sheet, row)
    rivals = [o for o in others if o > header.last and _words(_line(sheet, o)) != _words(_line(sheet, row))]
    if rivals:
        raise Invalid(
            _("Rows %(one)s and %(other)s both look like headings. Delete one, or say which row holds the headings."),
            one=row, other=rivals[0],
        )  # fmt: skip
    return header


def _expected(fields: list[Field]) -> str:
    wanted = [f for f in fields if f.required] or fields
    return _(", ").join(f.label for f in wanted[:8])


def _line(sheet: Sheet, row: int) -> list[Any]:
    return sheet.rows[row - 1][:COLUMN_LIMIT] if 0 < row <= len(sheet.rows) else []


def _words(line: list[Any]) -> list[str]:
    return [normal(str(v)) for v in line if str(v).strip()]


def _score(sheet: Sheet, row: int, fields: list[Field]) -> float:
    words = {normal(str(v)) for v in _line(sheet, row)} | {normal(split_heading(str(v))[0]) for v in _line(sheet, row)}
    words.discard("")
    exact = [f for f in fields if words & set(names_of(f))]
    similar = [f for f in fields if f not in exact and any(likeness(w, f) >= SIMILAR for w in words)] if words else []
    return len(exact) + 0.5 * len(similar)


def likeness(word: str, field: Field) -> float:
    """How alike a normal heading is to the closest name of a field, 0 to 1; very short words are never alike."""
    if len(word) < TALLEST or len(word) > 60:
        return 0.0
    return max((_ratio(word, name) for name in names_of(field) if len(name) >= TALLEST), default=0.0)


def _ratio(one: str, other: str) -> float:
    if 2 * min(len(one), len(other)) < SIMILAR * (len(one) + len(other)):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _header(sheet: Sheet, row: int) -> Header:
    reaching = [m for m in sheet.structure.merged if m[0] <= row <= m[2] and m[0] < m[2] < m[0] + TALLEST]
    first = max(min([row, *(m[0] for m in reaching)]), row - TALLEST + 1)
    last = min(max([row, *(m[2] for m in reaching)]), first + TALLEST - 1)
    spread = {
        (r, c): plain(sheet.cell(m[0], m[1]))
        for m in sheet.structure.merged if m[2] >= first and m[0] <= last and m[3] - m[1] <= COLUMN_LIMIT
        for r in range(max(m[0], first), min(m[2], last) + 1)
        for c in range(m[1], m[3] + 1)
    }  # fmt: skip
    width = max((len(_line(sheet, r)) for r in range(first, last + 1)), default=0)
    texts = []
    for column in range(1, width + 1):
        stack = [spread.get((r, column)) or plain(sheet.cell(r, column)) for r in range(first, last + 1)]
        tiers = list(dict.fromkeys(t for t in stack if t))
        texts.append((tiers[-1], "".join(tiers)) if len(tiers) > 1 else tuple(tiers))
    return Header(first, last, tuple(texts))


def map_columns(result: Result, sheet: Sheet, header: Header, fields: list[Field], options: Options) -> None:
    """Fill ``result.columns`` by choice or by guess, and say what is doubtful, ignored or missing."""
    result.header = header.last
    columns = {n: Column(n, texts[0]) for n, texts in header.named().items()}
    result.columns = tuple(columns.values())
    if options.mapping is not None:
        _choose(result, columns, fields, options.mapping)
    else:
        _guess_exact(result, columns, header, fields)
        _guess_similar(result, columns, fields)
    note = _note_above(sheet, header)
    for index, column in columns.items():
        try:
            columns[index] = with_unit(column, note)
        except Invalid as error:
            result.refuse(header.last, index, error, error.field)
    result.columns = tuple(columns.values())
    _tell(result, header, fields, note)


def guess(sheet: Sheet, header: Header, fields: list[Field]) -> dict[int, str]:
    """The field each column is read as when nobody says otherwise; "" for those that are not imported."""
    scratch = Result("")
    map_columns(scratch, sheet, header, fields, Options())
    return {c.index: c.field.key if c.field else "" for c in scratch.columns}


def _choose(result: Result, columns: dict[int, Column], fields: list[Field], mapping: dict[int, str]) -> None:
    by_key = {f.key: f for f in fields}
    taken: dict[str, int] = {}
    for index, key in mapping.items():
        if index not in columns or not key:
            continue
        if key not in by_key:
            result.refuse(result.header, index, _("There is no field “%(key)s”.") % {"key": key}, key)
        elif key in taken:
            result.refuse(result.header, index, _twice(columns[taken[key]], columns[index], by_key[key]), key)
        else:
            taken[key] = index
            columns[index] = replace(columns[index], field=by_key[key], match="chosen")


def _twice(one: Column, other: Column, field: Field) -> str:
    return _("Columns %(one)s and %(other)s both mean “%(label)s”. Choose one of them.") % {
        "one": one.letter, "other": other.letter, "label": field.label,
    }  # fmt: skip


def _guess_exact(result: Result, columns: dict[int, Column], header: Header, fields: list[Field]) -> None:
    """First by a field's own titles, then by its aliases; whole heading first, then without brackets."""
    taken: dict[str, int] = {}
    for own in (True, False):
        before = set(taken)
        for index, texts in header.named().items():
            if columns[index].field:
                continue
            names = [n for t in texts for n in (normal(t), normal(split_heading(t)[0]))]
            meant = [f for n in names for f in fields if n in _names(f, own)]
            field = next((f for f in meant if f.key not in taken), None)
            if field:
                taken[field.key] = index
                columns[index] = replace(columns[index], field=field, match="exact")
            elif meant and meant[0].key not in before:
                result.refuse(
                    header.last, index, _twice(columns[taken[meant[0].key]], columns[index], meant[0]), meant[0].key
                )


def _names(field: Field, own: bool) -> list[str]:
    return [normal(t) for t in (field.title_zh, field.title_en, field.key)] if own else names_of(field)


def _guess_similar(result: Result, columns: dict[int, Column], fields: list[Field]) -> None:
    free = [f for f in fields if f.key not in {c.field.key for c in columns.values() if c.field}]
    for index, column in columns.items():
        if column.field or not free:
            continue
        word = normal(split_heading(column.heading)[0])
        ranked = sorted(((likeness(word, f), n) for n, f in enumerate(free)), reverse=True)
        best, chosen = ranked[0]
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        if best >= SIMILAR and best - second >= CLEARLY:
            field = free.pop(chosen)
            columns[index] = replace(column, field=field, match="similar")
            sentence = _("Column %(letter)s “%(heading)s” was taken for “%(label)s”.")
            words = {"letter": column.letter, "heading": column.heading, "label": field.label}
            result.remark(sentence % words, ask=True, row=result.header, column=index)


def _note_above(sheet: Sheet, header: Header) -> str:
    lines = [_line(sheet, row) for row in range(1, header.first)]
    return next((unit for line in lines for value in line if (unit := unit_note(str(value)))), "")


def _tell(result: Result, header: Header, fields: list[Field], note: str) -> None:
    found = {c.field.key for c in result.mapped if c.field}
    for column in result.columns:
        if not column.field and column.match == "":
            sentence = _("Column %(letter)s “%(heading)s” is not imported.")
            result.remark(
                sentence % {"letter": column.letter, "heading": column.heading}, row=header.last, column=column.index
            )
    amounts = [c for c in result.mapped if c.field and c.field.type == "money"] if note else []
    by_note = [c.heading for c in amounts if c.unit == note and not split_heading(c.heading)[1]]
    if by_note:
        sentence = _("Amounts in %(columns)s are read in %(unit)s, as the line above the table says.")
        result.remark(sentence % {"columns": _(", ").join(by_note), "unit": note}, ask=True)
    for field in fields:
        if field.required and field.key not in found and not any(e.field == field.key for e in result.errors):
            names = _(" or ").join(dict.fromkeys([field.label, *field.aliases]))
            sentence = _("There is no column for “%(label)s”. Expected heading: %(names)s.")
            result.refuse(header.last, 0, sentence % {"label": field.label, "names": names}, field.key)
