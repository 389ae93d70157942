"""Any list as a workbook or as CSV: real days and numbers, references by name, and no cell that could be a formula.

A spreadsheet runs what begins with = + - or @ (CWE-1236). In a workbook every text is a string cell, which no program
runs; in CSV, where everything is text, such a cell gets an apostrophe in front.
"""

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zijing.records.cleaning import plain
from zijing.records.fields import ids_in
from zijing.records.models import Kind, Record
from zijing.records.referring import REFERENCES, names_of
from zijing.records.tables import Column, every_column

if TYPE_CHECKING:
    import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
AT_ONCE = 500
DANGEROUS = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")  # wide signs are read as signs too
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
LONGEST, MOST_DIGITS = 32_767, 15
WIDEST, NARROWEST = 40, 8
FORMATS = {
    "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "integer": "#,##0", "decimal": "#,##0.####", "percent": "0.##",
    "money": "#,##0.######",
}  # fmt: skip
MULTIPLE = {"元": 100, "千元": 10**5, "万元": 10**6, "百万元": 10**8, "亿元": 10**10}


@dataclass(frozen=True)
class Heading:
    """What stands above an exported list: whose it is, under which filter, when, by whom, what is left out of it."""

    office: str
    title: str
    filter: str
    at: datetime
    by: str
    n: int
    hidden: int = 0
    note: str = ""

    @property
    def line(self) -> str:
        """The heading in one sentence."""
        said = _("%(office)s · %(title)s · filter: %(filter)s · %(n)d records · exported %(at)s by %(by)s") % {
            "office": self.office, "title": self.title, "filter": self.filter or _("none"), "n": self.n,
            "at": timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M"), "by": self.by,
        }  # fmt: skip
        if self.hidden:
            said += " · " + _("%(n)d more lie outside your sight") % {"n": self.hidden}
        return f"{said} · {self.note}" if self.note else said


def exported(kind: Kind, chosen: Sequence[str] | None = None) -> list[Column]:
    """The columns of an export: all that a sheet can hold, or the ``chosen`` ones in that order."""
    known = {c.key: c for c in every_column(kind) if c.type != "file"}
    return list(known.values()) if chosen is None else [known[key] for key in chosen if key in known]


def heading_of(column: Column) -> str:
    """A column's heading; an amount says its unit, so that the sheet is read again as it was written."""
    return f"{column.title}（{unit_of(column)}）" if column.type == "money" else column.title


def unit_of(column: Column) -> str:
    """What a column of money counts in."""
    unit = column.field.unit if column.field else ""
    return unit if unit in MULTIPLE else "元"


def workbook(kind: Kind, records: Iterable[Record], columns: Sequence[Column], heading: Heading | None) -> bytes:
    """The list as .xlsx: one line that says what it is, the headings (frozen), the rows. Memory stays constant.

    Without a ``heading`` it begins with the columns' titles, as they are.
    """
    import xlsxwriter  # noqa: PLC0415  # a tenth of a second to import, and few processes write a workbook

    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "nan_inf_to_errors": True,
        }  # fmt: skip
        with xlsxwriter.Workbook(file, options) as book:
            _fill(book, kind, records, columns, heading)
        file.seek(0)
        return file.read()


def _fill(
    book: "xlsxwriter.Workbook",
    kind: Kind,
    records: Iterable[Record],
    columns: Sequence[Column],
    heading: Heading | None,
) -> None:
    title, top = heading.title if heading else str(kind), 1 if heading else 0
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", plain(title))[:31] or "1")
    quiet, bold = book.add_format({"italic": True}), book.add_format({"bold": True, "bottom": 1})
    formats = [book.add_format({"num_format": _format(c)}) for c in columns]
    for n, column in enumerate(columns):
        sheet.set_column(n, n, _width(column), formats[n])
    if heading:
        sheet.write_string(0, 0, heading.line, quiet)
    for n, column in enumerate(columns):
        sheet.write_string(top, n, heading_of(column) if heading else column.title, bold)
    sheet.freeze_panes(top + 1, 0)
    for row, values in enumerate(values_of(records, columns), start=top + 1):
        for n, value in enumerate(values):
            _write(sheet, row, n, value, formats[n])
    if heading and heading.n:
        sheet.autofilter(1, 0, heading.n + 1, max(0, len(columns) - 1))


def _format(column: Column) -> str:
    return FORMATS.get(column.type, "@")


def _width(column: Column) -> int:
    usual = {"date": 12, "moment": 17, "place": 18, "unit": 18, "entry": 24, "money": 14, "long_text": WIDEST}
    asked = max(usual.get(column.type, NARROWEST), 2 * len(heading_of(column)) + 2)
    return min(WIDEST, 30 if column.attribute == "title" else asked)


def _write(sheet: Any, row: int, column: int, value: Any, shape: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, shape)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value, shape)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], shape)


def as_csv(kind: Kind, records: Iterable[Record], columns: Sequence[Column], heading: Heading) -> bytes:
    """The list as CSV in UTF-8 with a byte order mark, which Excel and WPS need to read Chinese."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([defused(heading.line)])
    writer.writerow([defused(heading_of(c)) for c in columns])
    for values in values_of(records, columns):
        writer.writerow([_as_text(v) for v in values])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def csv_lines(head: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table that is no list of records as CSV, line by line, as ``as_csv`` writes one."""
    yield b"\xef\xbb\xbf"
    for line in chain([head], lines):
        out = StringIO()
        csv.writer(out).writerow([defused(text) for text in line])
        yield out.getvalue().encode()


def stamp(at: datetime) -> str:
    """A moment in local time as an export writes it."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else defused(str(value))


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula; plain numbers stay as they are."""
    return f"'{text}" if DANGEROUS.match(text) and not NUMBER.match(text) else text


def values_of(records: Iterable[Record], columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The cells of each record, several hundred records at a time: names of references cost one query a type."""
    following = iter(records)
    while some := list(islice(following, AT_ONCE)):
        names = {t: _named(t, some, columns) for t in {c.type for c in columns} & set(REFERENCES)}
        for record in some:
            yield [_value(c, c.value(record), names) for c in columns]


def _named(type_: str, records: Sequence[Record], columns: Sequence[Column]) -> dict[int, str]:
    found = (pk for c in columns if c.type == type_ for r in records for pk in ids_in(c.value(r)))
    return names_of(type_, set(found))


def _value(column: Column, value: Any, names: dict[str, dict[int, str]]) -> Any:
    """What a cell holds: days and numbers as such, all else in words, personal values masked as on the pages."""
    if value is None or value == "":
        return None
    typed = TYPED.get(column.type)
    if typed is None or (column.field is not None and column.field.personal):
        return plain(column.show(value, names.get(column.type)))
    return typed(column, value)


def _number(value: Any) -> Decimal | str:
    """A number as such, or as text when a cell would lose digits of it (a spreadsheet keeps fifteen)."""
    number = Decimal(str(value))
    return number if len(number.normalize().as_tuple().digits) <= MOST_DIGITS else format(number, "f")


TYPED: dict[str, Callable[[Column, Any], Any]] = {
    "money": lambda c, v: _number(Decimal(v) / MULTIPLE[unit_of(c)]),
    **dict.fromkeys(("integer", "decimal", "percent"), lambda c, v: _number(v)),
    "date": lambda c, v: v if isinstance(v, date) else date.fromisoformat(str(v)),
    "moment": lambda c, v: timezone.localtime(v).replace(tzinfo=None),
}
