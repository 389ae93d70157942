"""A workbook in memory: its sheets, the values of one, and what was noticed of its structure."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from zijing.core.errors import Invalid, Missing
from zijing.records.sheets.guards import NOT_A_WORKBOOK, Source, admit, directory
from zijing.records.sheets.structure import SheetPart, Structure, survey

RESULT_SHEETS = ("导入结果", "Import result")
FILLED = ("填报说明", "How it was filled")
EXPLAINED = ("填写说明", "How to fill in")
LISTS = ("可选内容", "Lists to choose from")
ASIDE = (*RESULT_SHEETS, *FILLED, *EXPLAINED, *LISTS)


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is row 1. Empty cells are ""."""

    name: str
    structure: Structure
    rows: list[list[Any]]
    from_1904: bool = False

    def cell(self, row: int, column: int) -> Any:
        """The value at a row and column, both from 1; "" outside the data."""
        line = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return line[column - 1] if 0 < column <= len(line) else ""


@dataclass(frozen=True)
class Book:
    """An admitted workbook. Values are read sheet by sheet, when asked for."""

    content: bytes
    parts: tuple[SheetPart, ...]
    from_1904: bool

    @property
    def filled(self) -> list[SheetPart]:
        """Sheets that hold something, without what an import or a template has put beside them."""
        return [p for p in self.parts if p.structure.last_row and p.name not in ASIDE]

    def sheet(self, name: str) -> Sheet:
        """The sheet ``name`` with its values; ``Missing`` when there is none."""
        part = next((p for p in self.parts if p.name == name), None)
        if part is None:
            names = ", ".join(p.name for p in self.filled)
            sentence = _("There is no sheet “%(name)s” in the workbook; it has: %(names)s.")
            raise Missing(sentence, field="sheet", name=name, names=names)
        return Sheet(part.name, part.structure, _values(self.content, part.name), self.from_1904)


def read(source: Source, name: str = "") -> Book:
    """The workbook of a path, bytes or an open file, past all guards. ``Invalid`` says why it is not read."""
    content = admit(source, name)
    parts, from_1904 = survey(content, directory(content))
    return Book(content, tuple(parts), from_1904)


def _values(content: bytes, name: str) -> list[list[Any]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
