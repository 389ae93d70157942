"""The same workbook, filled: looks kept, each number a link to its evidence, what is not known marked and listed."""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.packs.builder.counts import Cells, counted
from zijing.packs.builder.outcome import Filled, Tell
from zijing.packs.builder.plan import Plan, days_of, of_figures
from zijing.packs.builder.rows import AT_ONCE, Line, Rows, rows_of
from zijing.packs.builder.sources import NUMBER, figure_of
from zijing.people.access import Actor
from zijing.records import tables
from zijing.records.sheets.export import MULTIPLE, values_of
from zijing.records.sheets.guards import NOT_A_WORKBOOK
from zijing.records.sheets.marking import LARGEST_MARKED, UNREADABLE, WRONG, explain, writable
from zijing.records.sheets.outcome import Column

MOST_LINKS = 60_000
HAN = re.compile("[\u4e00-\u9fff]")


def fill(plan: Plan, *, actor: Actor, at: datetime, tell: Tell | None = None) -> Filled:
    """Fill the sheet within the actor's sight, in the language of its headings.

    What already holds something is left, unless it is written over.
    """
    with translation.override("zh-hans" if _chinese(plan) else translation.get_language()):
        return _fill(plan, actor, at, tell)


def _chinese(plan: Plan) -> bool:
    return any(HAN.search(c.heading) for c in plan.columns)


def _fill(plan: Plan, actor: Actor, at: datetime, tell: Tell | None) -> Filled:
    rows = rows_of(plan, actor, at)
    book = _opened(plan)
    sheet = book[plan.sheet.name]
    made = Filled(unknown=[c.heading for c in plan.unknown], strange=rows.strange)
    if rows.blank:
        _make_room(sheet, plan, rows)
    for done, (line, cells) in enumerate(_cells(plan, rows.lines, actor, at)):
        if tell and done % 50 == 0:
            tell(done, len(rows.lines))
        _write_row(sheet, line, cells, plan, made, done + 1)
    _mark(sheet, plan, rows)
    _tell(book.create_sheet(_("How it was filled")[:31]), plan, made, at)
    made.content = _saved(book)
    return made


def _opened(plan: Plan) -> Workbook:
    if sum(len(line) for line in plan.sheet.rows) * 40 > LARGEST_MARKED:
        raise Invalid(_("The workbook is too large to be filled."), field="file")
    try:
        return load_workbook(BytesIO(plan.book.content))
    except UNREADABLE as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    try:
        book.save(out)
    except UNREADABLE as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
    return out.getvalue()


# values


def _cells(plan: Plan, lines: Sequence[Line], actor: Actor, at: datetime) -> Iterator[tuple[Line, Cells]]:
    if of_figures(plan):
        yield from counted(plan, lines, actor, at)
        return
    columns = [c for c in plan.mapped if plan.source(c) != NUMBER]
    known = [_in_unit(plan.subject.columns[plan.source(c)], c) for c in columns]
    following = iter(lines)
    while some := list(islice(following, AT_ONCE)):
        records = [line.record for line in some if line.record]
        for line, found in zip(some, values_of(records, known), strict=True):
            href = f"/records/{line.record.kind.noun}/{line.record.pk}/" if line.record else ""
            yield line, _of_record(plan, columns, found, href)


def _in_unit(column: tables.Column, asked: Column) -> tables.Column:
    """The column in the unit that the heading asks for."""
    if column.type == "money" and column.field and asked.unit in MULTIPLE:
        return replace(column, field=replace(column.field, unit=asked.unit))
    return column


def _of_record(plan: Plan, columns: Sequence[Column], found: Sequence[Any], href: str) -> Cells:
    naming = plan.subject.naming
    return {
        c.index: (_scaled(c, value), href if plan.source(c) in naming else "", "")
        for c, value in zip(columns, found, strict=True)
    }


def _scaled(column: Column, value: Any) -> Any:
    plain_number = isinstance(value, Decimal) and column.field is not None and column.field.type != "money"
    return value / column.factor if plain_number and column.factor != 1 else value


# cells


def _write_row(sheet: Worksheet, line: Line, cells: Cells, plan: Plan, made: Filled, number: int) -> None:
    made.rows += 1
    for column in plan.mapped:
        value, href, note = cells.get(column.index, (None, "", ""))
        if plan.source(column) == NUMBER:
            value = number
        cell = sheet.cell(line.row, column.index)
        if not isinstance(cell, Cell) or (value is None and not note):
            continue
        if cell.value not in (None, "") and (not plan.over or cell.data_type == "f" or _names(plan, column)):
            made.kept += 0 if _names(plan, column) or plan.source(column) == NUMBER else 1
            _link(cell, href, made)
            continue
        if note:
            explain(cell, note)
        _put(cell, value)
        made.cells += 1
        _link(cell, href, made)


def _names(plan: Plan, column: Column) -> bool:
    """Whether the cells of a column say what a row is about: those are the asker's."""
    return plan.source(column) in plan.subject.naming


def _link(cell: Cell, href: str, made: Filled) -> None:
    if href and made.links < MOST_LINKS:
        cell.hyperlink = f"{settings.ADDRESS}{href}"
        made.links += 1


def _put(cell: Cell, value: Any) -> None:
    if isinstance(value, Decimal | int):
        percent = "%" in cell.number_format and value
        cell.value = value / Decimal(100) if percent else value
    elif isinstance(value, date | datetime):
        plain_format = cell.number_format == "General"
        cell.value = value
        if plain_format:
            cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    elif value is not None:
        cell.value, cell.data_type, cell.quotePrefix = str(value)[:32_000], "s", True


def _make_room(sheet: Worksheet, plan: Plan, rows: Rows) -> None:
    """Let a blank table have as many rows as it needs: what stands below moves down, new rows look like the first."""
    first, n = plan.header.last + 1, len(rows.lines)
    free = rows.footer - first if rows.footer else n
    if rows.footer and n > free:
        _move_down(sheet, rows.footer, n - free)
    width = max(sheet.max_column, *plan.header.named(), 1)
    looks = [copy(sheet.cell(first, c)._style) for c in range(1, width + 1)]
    for row in range(first + 1, first + n):
        if rows.footer and row < rows.footer:
            continue
        sheet.row_dimensions[row].height = sheet.row_dimensions[first].height
        for c, look in enumerate(looks, start=1):
            sheet.cell(row, c)._style = copy(look)


def _move_down(sheet: Worksheet, row: int, by: int) -> None:
    moved = [m for m in sheet.merged_cells.ranges if m.min_row >= row]
    for merged in moved:
        sheet.unmerge_cells(str(merged))
    sheet.move_range(f"A{row}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}", rows=by, translate=True)
    for merged in moved:
        merged.shift(row_shift=by)
        sheet.merge_cells(str(merged))


def _mark(sheet: Worksheet, plan: Plan, rows: Rows) -> None:
    for column in plan.unknown:
        cell = writable(sheet, plan.header.last, column.index)
        cell.fill = WRONG
        explain(cell, _("Not known here; this column is left empty."))
    index = next((c.index for c in plan.mapped if _names(plan, c)), 1)
    for row, _text in rows.strange:
        cell = writable(sheet, row, index)
        cell.fill = WRONG
        explain(cell, _("No such record or place, or more than one of this name."))


def _tell(sheet: Worksheet, plan: Plan, made: Filled, at: datetime) -> None:
    """The last sheet: what each column was filled with, and the sentence of each figure with its days."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 30
    sheet.column_dimensions["C"].width = 90
    lines = [(_("Column"), _("Filled with"), _("What is counted"))]
    for column in plan.columns:
        figure, _span = figure_of(plan.source(column))
        said = ""
        if figure:
            since, until = days_of(plan, column, day_of(at))
            said = f"{figure.sentence} {since} – {until}"
        lines.append((column.heading, column.field.label if column.field else _("not known, left empty"), said))
    lines += [(_("Row %(n)s") % {"n": row}, text, _("not known, left empty")) for row, text in made.strange]
    for number, texts in enumerate(lines, start=1):
        for index, text in enumerate(texts, start=1):
            cell = sheet.cell(number, index)
            if isinstance(cell, Cell):
                _put(cell, text)
