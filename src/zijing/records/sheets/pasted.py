"""Rows copied from a spreadsheet, or orders copied as "label：value" from a page, as a workbook: from there on a sheet.

Nothing is guessed about what the text means; headings, cells and faults are those of any workbook.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.fields import Field
from zijing.records.sheets.guards import MEGABYTE, check_size
from zijing.records.sheets.headings import names_of, normal
from zijing.records.sheets.structure import COLUMN_LIMIT, TITLE_ROWS

NAME = "pasted.xlsx"
LONGEST_CELL = 32_767
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff]")
LABELLED = re.compile(r"^\s*(?P<label>[^\s:：，。；,;]{1,12})\s*[:：]\s*(?P<value>.*)$", re.DOTALL)
Rows = list[list[str]]


def workbook_of(text: str, fields: Iterable[Field], answers: Iterable[str] = ()) -> bytes:
    """The pasted text as a workbook of one sheet; ``Invalid`` when it holds no rows and no labels.

    ``fields`` and ``answers`` (other headings) tell labels from words that happen to have a colon behind them.
    """
    check_size(len(text.encode("utf-8", "replace")))
    known = {name for field in fields for name in names_of(field)} | {normal(label) for label in answers}
    plain = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    rows = _from_sheet(plain) if _is_sheet(plain, known) else _from_labels(plain, known)
    if len(rows) < 2:
        raise Invalid(
            _("Nothing to import was found in the text. Copy the rows with their headings, or “label: value” lines."),
            field="text",
        )
    return _written(rows)


def too_long() -> Invalid:
    """The refusal of a text that is larger than what a form may send."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
    return Invalid(
        _("The text is too long: at most %(limit)s MB are taken at once. Paste it in parts, or upload a workbook."),
        field="text", limit=limit,
    )  # fmt: skip


def _is_sheet(text: str, known: set[str]) -> bool:
    """Whether one of the first lines holds headings between tabs, not labels with a colon."""
    for line in text.split("\n")[:TITLE_ROWS]:
        cells = [c.strip().strip('"') for c in line.split("\t")]
        if sum(normal(c) in known for c in cells if not c.endswith((":", "："))) >= min(2, len(known)):
            return True
    return False


def _from_sheet(text: str) -> Rows:
    """Cells as a spreadsheet copies them, quoted where they hold line breaks; as they are where quotes do not fit."""
    try:
        rows = list(csv.reader(StringIO(text, newline=""), dialect="excel-tab", strict=True))
    except csv.Error:
        rows = [line.split("\t") for line in text.split("\n")]
    return [row for row in rows if any(cell.strip() for cell in row)]


def _from_labels(text: str, known: set[str]) -> Rows:
    """A row for each order: a label that the order has already begins the next one."""
    orders = list[dict[str, str]]()
    last = ""
    for line in _lines(text, known):
        found = LABELLED.match(line)
        if found and normal(found["label"]) in known:
            last = found["label"]
            if not orders or last in orders[-1]:
                orders.append({})
            orders[-1][last] = found["value"].strip()
        elif last and line.strip():
            orders[-1][last] = f"{orders[-1][last]}\n{line.strip()}".strip()
    labels = list(dict.fromkeys(label for order in orders for label in order))
    return [labels, *([order.get(label, "") for label in labels] for order in orders)]


def _lines(text: str, known: set[str]) -> Iterable[str]:
    """The lines; where known labels stand beside each other in one, a line for each."""
    for line in text.split("\n"):
        gathered = ""
        for part in re.split(r"\t+|\s{2,}", line):
            found = LABELLED.match(part)
            if gathered and found and normal(found["label"]) in known:
                yield gathered
                gathered = part
            else:
                gathered = f"{gathered} {part}" if gathered else part
        yield gathered


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415  # a tenth of a second to import, and few processes write a workbook

    out = BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("1")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row[:COLUMN_LIMIT]):
                if len(cell) > LONGEST_CELL:
                    raise Invalid(
                        _("Row %(row)s holds a text of more than %(most)s characters. Shorten it."),
                        field="text", row=number + 1, most=LONGEST_CELL,
                    )  # fmt: skip
                if cell.strip():
                    sheet.write_string(number, column, cell)
    return out.getvalue()
