"""The workbook handed back: each faulty cell coloured and explained, and a first sheet that sums up.

Nothing added here can become a formula: every text is written as text and marked as quoted, so that "=…" taken from
somebody's cell stays what it is (CWE-1236).
"""

import zipfile
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from zijing.records.cleaning import plain
from zijing.records.sheets.book import RESULT_SHEETS
from zijing.records.sheets.guards import MEGABYTE, directory
from zijing.records.sheets.outcome import CellError, Result

AUTHOR = "Zijing"
WRONG = PatternFill("solid", fgColor="FFFFC7CE")
LARGEST_MARKED = 80 * MEGABYTE
COMMENT_WIDTH, COMMENT_LINE = 320, 22
MARKED_STANDING = 1000
UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OSError,
    zipfile.BadZipFile,
    InvalidFileException,
)


def annotate(content: bytes, result: Result) -> bytes:
    """The original with the errors marked; the summary alone when it is too large or strange to be written again."""
    book = _original(content)
    for name in [n for n in book.sheetnames if n in RESULT_SHEETS]:
        del book[name]
    if result.sheet in book.sheetnames and isinstance(book[result.sheet], Worksheet):
        _mark(book[result.sheet], result)
    _summarise(book.create_sheet(_("Import result"), 0), result)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    return _saved(book) or _saved(_alone(result))


def _original(content: bytes) -> Workbook:
    if sum(part.file_size for part in directory(content).values()) > LARGEST_MARKED:
        return _empty()
    try:
        return load_workbook(BytesIO(content))
    except UNREADABLE:
        return _empty()


def _empty() -> Workbook:
    book = Workbook()
    del book[book.sheetnames[0]]
    return book


def _alone(result: Result) -> Workbook:
    book = _empty()
    _summarise(book.create_sheet(_("Import result")), result)
    return book


def _saved(book: Workbook) -> bytes:
    """The workbook's bytes, b"" when something the original holds cannot be written again."""
    out = BytesIO()
    try:
        book.save(out)
    except UNREADABLE:
        return b""
    return out.getvalue()


def _mark(sheet: Worksheet, result: Result) -> None:
    _unmark(sheet)
    by_cell = defaultdict[tuple[int, int], list[str]](list)
    for error in result.errors:
        if error.row:
            by_cell[error.row, error.column or 1].append(error.message)
    for row, standing in islice(result.standing.items(), MARKED_STANDING):
        explain(writable(sheet, row, 1), standing.message)
    for (row, column), messages in by_cell.items():
        cell = writable(sheet, row, column)
        cell.fill = WRONG
        explain(cell, "\n".join(dict.fromkeys(messages)))


def _unmark(sheet: Worksheet) -> None:
    """Take away the marks of an earlier import."""
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, PatternFill()


def writable(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, or the upper left one of a merged range it lies in."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    around = (m for m in sheet.merged_cells.ranges if cell.coordinate in m)
    corners = (sheet.cell(m.min_row, m.min_col) for m in around)
    return next(corner for corner in corners if isinstance(corner, Cell))


def explain(cell: Cell, text: str) -> None:
    """Add a comment to a cell."""
    old = f"{cell.comment.text}\n" if cell.comment else ""
    text = plain(f"{old}{text}")[:2000]
    height = COMMENT_LINE * (2 + len(text) // 22 + text.count("\n"))
    cell.comment = Comment(text, AUTHOR, height=min(height, 600), width=COMMENT_WIDTH)


def _summarise(sheet: Worksheet, result: Result) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 24
    sheet.column_dimensions["C"].width = 100
    _write(sheet, (_verdict(result),), bold=True)
    for label, number in _counts(result):
        _write(sheet, (label, str(number)))
    if result.errors:
        _write(sheet, ())
        _write(sheet, (_("Cell"), _("Column"), _("What is wrong")), bold=True)
    for error in result.errors:
        _write(sheet, (error.where or "—", error.heading, error.message))
        _link(sheet, error)
    if result.remarks:
        _write(sheet, ())
        _write(sheet, (_("Row"), "", _("Remarks")), bold=True)
    for remark in result.remarks:
        _write(sheet, (str(remark.row or "—"), "", remark.message))


def _verdict(result: Result) -> str:
    if result.errors:
        return _("Nothing was imported. Correct the marked cells and import the workbook again.")
    if result.landed:
        return _("Everything was imported.")
    return _("Nothing was imported yet; no errors were found.")


def _counts(result: Result) -> list[tuple[str, int]]:
    if result.errors:
        return [(_("Errors"), len(result.errors))]
    return [
        (_("Rows read"), result.read), (_("New"), result.created), (_("Changed"), result.changed),
        (_("Unchanged"), result.same),
    ]  # fmt: skip


def _write(sheet: Worksheet, texts: Sequence[str], *, bold: bool = False) -> None:
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, text in enumerate(texts or (" ",), start=1):
        cell: Any = sheet.cell(row, column)
        _put_text(cell, text)
        if bold:
            cell.font = Font(bold=True)


def _put_text(cell: Any, text: str) -> None:
    try:
        cell.value = plain(text)[:32_000]
    except IllegalCharacterError:
        cell.value = "".join(c for c in text if c.isprintable())[:32_000]
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _link(sheet: Worksheet, error: CellError) -> None:
    """Let the reader jump from the summary to the cell."""
    if error.row and error.sheet in sheet.parent.sheetnames:
        cell: Any = sheet.cell(sheet.max_row, 1)
        quoted = error.sheet.replace("'", "''")
        where = error.where if error.column else f"A{error.row}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{where}")
        cell.font = Font(underline="single", color="FF0563C1")
