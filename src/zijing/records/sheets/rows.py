"""From cells to typed rows: which rows are data, what each cell means, and every fault by its cell."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field as attribute
from typing import Any

from django.utils.translation import gettext as _, ngettext

from zijing.core.errors import DomainError, Invalid
from zijing.people.access import Actor
from zijing.records.cleaning import plain
from zijing.records.sheets.book import Sheet
from zijing.records.sheets.cells import raw_of
from zijing.records.sheets.headings import Header, normal
from zijing.records.sheets.letters import column_letter
from zijing.records.sheets.outcome import ERROR_LIMIT, Column, Options, Result, Target, TypedRow, Values
from zijing.records.sheets.structure import COLUMN_LIMIT, ROW_LIMIT, Range

NOTE = re.compile(
    r"^\W*(备?注|说明|填表|填报|制表|审核|负责人|单位负责人|联系|notes?|remarks?)\S{0,6}?\s*[:：]", re.IGNORECASE
)
TOTALS = {"合计", "总计", "小计", "共计", "累计合计", "total", "subtotal", "grandtotal", "sum"}
MISSING = object()
TOLD_EVERY = 200
Tell = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Nobody listens to the progress."""


@dataclass
class Reader:
    """Reads the rows below the headings of one sheet into a result."""

    sheet: Sheet
    header: Header
    target: Target
    actor: Actor
    options: Options
    result: Result
    tell: Tell = silent
    known: dict[int, dict[Any, Any]] = attribute(default_factory=lambda: defaultdict(dict))
    keys: dict[str, list[int]] = attribute(default_factory=lambda: defaultdict(list))
    first: set[int] = attribute(default_factory=set)

    def run(self) -> None:
        """Type every data row; a row with a fault is not among ``result.rows``."""
        self.columns = [c for c in self.result.mapped if not self._left_out(c)]
        if self._undecided() or self._lacking():
            return
        numbers = list(self._data_rows())
        if len(numbers) > ROW_LIMIT:
            raise Invalid(
                _("A sheet has more than %(n)s rows. Split it into several files."), field="file", n=ROW_LIMIT
            )
        if not numbers and not self.result.errors:
            self.result.refuse(0, 0, _("The sheet has headings but no rows below them."))
        merged = self._refuse_merged(numbers)
        for done, number in enumerate(numbers):
            if done % TOLD_EVERY == 0:
                self.tell(done, len(numbers))
            self._type_row(number, merged)
            if len(self.result.errors) >= ERROR_LIMIT:
                self.result.remark(_("There are more errors than are listed here. Correct these first."))
                return
        self._refuse_duplicates()
        self._tell_small_shares()

    def _left_out(self, column: Column) -> bool:
        return self.options.hidden == "without" and self.sheet.structure.is_hidden_column(column.index)

    def _lacking(self) -> bool:
        """Whether a column that is needed would be left out because it is hidden."""
        needed = [c for c in self.result.mapped if c not in self.columns and c.field and c.field.required]
        for column in needed:
            sentence = _("Column %(letter)s “%(heading)s” is hidden but needed. Show it, or import what is hidden.")
            self.result.refuse(
                self.header.last, column.index, sentence % {"letter": column.letter, "heading": column.heading}
            )
        return bool(needed)

    def _undecided(self) -> bool:
        """Hidden data is neither dropped nor imported silently: a person decides."""
        found = self.sheet.structure
        rows = [r for r in sorted(found.hidden_rows) if r > self.header.last and self._filled(r)]
        columns = [c for c in self.result.mapped if found.is_hidden_column(c.index)]
        for column in columns:
            sentence = _("Column %(letter)s “%(heading)s” is hidden in the sheet.")
            self._about_hidden(0, column.index, sentence % {"letter": column.letter, "heading": column.heading})
        for row in rows:
            self._about_hidden(row, 0, _("Row %(row)s is hidden in the sheet.") % {"row": row})
        self.result.asks_hidden = bool(rows or columns)
        return bool(rows or columns) and not self.options.hidden

    def _about_hidden(self, row: int, column: int, sentence: str) -> None:
        said = {
            "": _("Show it, or decide whether hidden rows and columns are imported."),
            "with": _("It is imported, as chosen."),
            "without": _("It is not imported, as chosen."),
        }[self.options.hidden]  # fmt: skip
        if self.options.hidden:
            self.result.remark(f"{sentence} {said}", row=row, column=column)
        else:
            self.result.refuse(row or self.header.last, column, f"{sentence} {said}")

    def _filled(self, row: int) -> bool:
        return any(not _empty(self.sheet.cell(row, c.index)) for c in self.columns)

    def _data_rows(self) -> Iterator[int]:
        """The numbers of the rows that hold records; what else stands there is told, never dropped silently."""
        headings = [normal(plain(v)) for v in self._cells(self.header.last)]
        hidden = self.sheet.structure.hidden_rows if self.options.hidden == "without" else set()
        for number in range(self.header.last + 1, len(self.sheet.rows) + 1):
            cells = [] if number in hidden else self._cells(number)
            aside = self._aside(number, cells, headings) if cells else ""
            if aside:
                shown = {"row": number, "text": plain(cells[0])[:40]}
                self.result.remark(aside % shown, ask=self._filled(number), row=number)
            elif cells and self._filled(number):
                yield number
            elif cells and not all(re.fullmatch(r"[\d.]+", plain(c)) for c in cells):
                sentence = _("Row %(row)s (“%(text)s”) has nothing in the imported columns; it is left out.")
                self.result.remark(sentence % {"row": number, "text": plain(cells[0])[:40]}, row=number)

    def _cells(self, number: int) -> list[Any]:
        """The filled cells of a row."""
        if not 0 < number <= len(self.sheet.rows):
            return []
        return [v for v in self.sheet.rows[number - 1][:COLUMN_LIMIT] if not _empty(v)]

    def _aside(self, number: int, cells: list[Any], headings: list[str]) -> str:
        """Why a row is no record ("" when it is one)."""
        first = plain(cells[0])
        telling = next((w for w in map(normal, map(plain, cells)) if not w.isdigit()), "")
        if telling in headings and [normal(plain(c)) for c in cells] == headings:
            return _("Row %(row)s repeats the headings; it is left out.")
        if telling in TOTALS:
            return _("Row %(row)s (“%(text)s”) is a total; it is left out.")
        if NOTE.match(first) and (all(NOTE.match(plain(c)) for c in cells) or not self._required(number, first)):
            return _("Row %(row)s (“%(text)s”) is a note; it is left out.")
        if len(cells) == 1 and self._is_banner(number):
            return _("Row %(row)s (“%(text)s”) is a line across the table; it is left out.")
        return ""

    def _required(self, number: int, but: str) -> bool:
        """Whether a required cell of the row is filled with anything but ``but``."""
        cells = (plain(self.sheet.cell(number, c.index)) for c in self.columns if c.field and c.field.required)
        return any(cell not in {"", but} for cell in cells)

    def _is_banner(self, number: int) -> bool:
        enough = max(2, (len(self.result.columns) + 1) // 2)
        return any(m[0] == m[2] == number and m[3] - m[1] + 1 >= enough for m in self.sheet.structure.merged)

    def _refuse_merged(self, numbers: list[int]) -> list[Range]:
        """Refuse each merged range among the data; its cells are not read any further."""
        wanted = set(numbers)
        refused = []
        for merged in self.sheet.structure.merged:
            rows = any(r in wanted for r in range(merged[0], min(merged[2], len(self.sheet.rows)) + 1))
            if rows and any(merged[1] <= c.index <= merged[3] for c in self.columns):
                refused.append(merged)
                sentence = _("The cells %(range)s are merged. Unmerge them and fill in each cell.")
                self.result.refuse(merged[0], merged[1], sentence % {"range": name_of(merged)})
        return refused

    def _type_row(self, number: int, merged: list[Range]) -> None:
        values: Values = {}
        fine = True
        for column in self.columns:
            try:
                if any(m[0] <= number <= m[2] and m[1] <= column.index <= m[3] for m in merged):
                    fine = False
                elif column.field:
                    values[column.field.key] = self._value(number, column)
            except DomainError as error:
                fine = False
                self.result.refuse(number, column.index, error, column.field.key if column.field else "")
        key = values.get(self.target.business_key)
        if key is not None:
            self.keys[str(key)].append(number)
        if fine:
            self.result.rows.append(TypedRow(number, values))

    def _value(self, number: int, column: Column) -> Any:
        """The cleaned value of a cell; equal cells of a column are cleaned once."""
        raw = raw_of(self.sheet, number, column)
        key = (type(raw), raw) if raw.__hash__ else MISSING
        known = self.known[column.index]
        if key not in known:
            known[key] = self._clean(raw, column)
        found = known[key]
        if isinstance(found, DomainError):
            raise found
        return found

    def _clean(self, raw: Any, column: Column) -> Any:
        field = column.field
        assert field is not None
        try:
            return field.clean(raw, self.actor)
        except DomainError as error:
            return error
        except (ArithmeticError, ValueError, TypeError) as error:
            sentence = _("“%(text)s” cannot be read as “%(label)s”.")
            return Invalid(sentence, field=field.key, text=str(raw)[:40], label=field.label).with_traceback(
                error.__traceback__
            )

    def _refuse_duplicates(self) -> None:
        key = self.target.business_key
        column = next((c.index for c in self.columns if c.field and c.field.key == key), 0)
        if not column:
            return
        rows = {r.number: r for r in self.result.rows}
        for shown, numbers in self.keys.items():
            if len(numbers) > 1 and self._repeats([rows.get(n) for n in numbers]):
                continue
            for number in numbers if len(numbers) > 1 else ():
                others = _(", ").join(str(n) for n in numbers if n != number)
                sentence = _("“%(key)s” stands in row %(others)s too. Each may stand only once.")
                self.result.refuse(number, column, sentence % {"key": shown[:60], "others": others[:80]}, key)
        twice = {n for numbers in self.keys.values() if len(numbers) > 1 for n in numbers} - self.first
        self.result.rows = [r for r in self.result.rows if r.number not in twice]

    def _repeats(self, rows: "list[TypedRow | None]") -> bool:
        """Whether rows with one key all say the same: then the first of them stands, and the others are left out."""
        first, *others = rows
        if first is None or any(row is None or row.values != first.values for row in others):
            return False
        for row in filter(None, others):
            sentence = _("Row %(row)s repeats row %(first)s; it is left out.")
            self.result.remark(sentence % {"row": row.number, "first": first.number}, row=row.number)
        self.first.add(first.number)
        return True

    def _tell_small_shares(self) -> None:
        """A column of shares that are all between 0 and 1 may be parts of one that lost their percent format."""
        for column in self.columns:
            if not column.field or column.field.type != "percent" or "%" in column.heading.replace("％", "%"):
                continue
            key = column.field.key
            shares = {r.number: r.values[key] for r in self.result.rows if r.values[key] is not None}
            formatted = any((number, column.index) in self.sheet.structure.percents for number in shares)
            if any(shares.values()) and all(0 <= s <= 1 for s in shares.values()) and not formatted:
                sentence = _(
                    "All shares in column %(letter)s “%(heading)s” are at most 1; 0.5 is read as 0.5 percent, not 50."
                )
                words = {"letter": column.letter, "heading": column.heading}
                self.result.remark(sentence % words, ask=True, column=column.index)


def tell_formats(result: Result, sheet: Sheet) -> None:
    """Say where the number shown in the sheet is not the number stored, which is the one that is read."""
    for column in result.mapped:
        cells = [r.number for r in result.rows if (r.number, column.index) in sheet.structure.scaled]
        if cells and column.field and column.field.type in {"money", "decimal", "integer"}:
            sentence = ngettext(
                "Column %(letter)s “%(heading)s”: %(n)s cell is shown shortened; it is read in full (%(unit)s).",
                "Column %(letter)s “%(heading)s”: %(n)s cells are shown shortened; they are read in full (%(unit)s).",
                len(cells),
            )
            unit = column.unit or _("plain numbers")
            words = {"n": len(cells), "letter": column.letter, "heading": column.heading, "unit": unit}
            result.remark(sentence % words, ask=True, column=column.index)


def name_of(merged: Range) -> str:
    """A range as the sheet names it: B5:B7."""
    return f"{column_letter(merged[1])}{merged[0]}:{column_letter(merged[3])}{merged[2]}"


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
