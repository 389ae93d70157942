"""What values alone do not say of a sheet: hidden rows and columns, merged ranges, formulas, errors, number formats.

Read as a stream of XML events, never as a tree, so that memory stays small; every part of the file passes here once.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.sheets.guards import NOT_A_WORKBOOK, unpack

ROW_LIMIT, COLUMN_LIMIT, CELL_LIMIT = 100_000, 200, 5_000_000
TITLE_ROWS = 20
TEXT_LIMIT = 200_000_000
PERCENT_BUILT_IN = {9, 10}
SHORTENS = re.compile(r"[0#?],+(?![0#?,])")
YES = {"1", "true"}

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows and columns count from 1."""

Start = Callable[[str, dict[str, str]], None]


@dataclass
class Structure:
    """What was noticed of one sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    faults: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    scaled: set[tuple[int, int]] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0
    shared_texts: int = 0

    def is_hidden_column(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)


@dataclass(frozen=True)
class Styles:
    """Cell formats whose shown number is not the stored one."""

    percent: frozenset[str] = frozenset()
    scaled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    hidden: bool
    structure: Structure


def parse(
    content: bytes, info: zipfile.ZipInfo, start: Start | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Feed one XML part to ``start`` (local name, attributes) and ``text``; ``Invalid`` when broken or with a DTD."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities
    if start:
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if text:
        parser.CharacterDataHandler = text
        parser.buffer_text = True
    try:
        for piece in unpack(content, info):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, UnicodeError) as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error


def _refuse_entities(*_given: Any) -> None:
    raise Invalid(_("The workbook declares XML entities; no ordinary workbook does. It is not read."), field="file")


class Scanner:
    """Collects the structure of one sheet from its XML events."""

    def __init__(self, styles: Styles) -> None:
        self.found, self.styles = Structure(), styles
        self.row = self.column = 0
        self.style = self.type = ""
        self.handlers: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self.at_row, "c": self.at_cell, "v": self.at_value, "is": self.at_value, "f": self.at_formula,
            "mergeCell": self.at_merged, "col": self.at_column,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.handlers.get(name)
        if handler:
            handler(attributes)

    def at_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes.get("r") or self.row + 1)
        self.column = 0
        if attributes.get("hidden") in YES or attributes.get("ht") == "0":
            self.found.hidden_rows.add(self.row)

    def at_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self.row, self.column = position(reference)
        else:
            self.column += 1
        self.style, self.type = attributes.get("s", ""), attributes.get("t", "")
        if self.type == "e":
            self.found.faults.add((self.row, self.column))

    def at_value(self, _attributes: dict[str, str]) -> None:
        found, here = self.found, (self.row, self.column)
        if self.row > found.last_row or self.column > found.last_column:
            found.last_row, found.last_column = max(found.last_row, self.row), max(found.last_column, self.column)
            _check_extent(found)
        if self.type == "s":
            found.shared_texts += 1
        if self.style in self.styles.percent:
            found.percents.add(here)
        elif self.style in self.styles.scaled:
            found.scaled.add(here)

    def at_formula(self, attributes: dict[str, str]) -> None:
        self.at_value(attributes)
        self.found.formulas.add((self.row, self.column))

    def at_merged(self, attributes: dict[str, str]) -> None:
        first, _colon, last = attributes.get("ref", "").partition(":")
        self.found.merged.append((*position(first), *position(last or first)))

    def at_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in YES or attributes.get("width") == "0":
            self.found.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))


def position(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as C7; ValueError when it is none."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})", reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _check_extent(found: Structure) -> None:
    if found.last_row > ROW_LIMIT + TITLE_ROWS:
        raise Invalid(_("A sheet has more than %(n)s rows. Split it into several files."), field="file", n=ROW_LIMIT)
    if found.last_column > COLUMN_LIMIT:
        raise Invalid(
            _("A sheet has more than %(n)s columns. Delete those that are not needed."), field="file", n=COLUMN_LIMIT
        )
    if found.last_row * found.last_column > CELL_LIMIT:
        raise Invalid(_("A sheet has more than %(n)s cells. Split it into several files."), field="file", n=CELL_LIMIT)


def survey(content: bytes, parts: Mapping[str, zipfile.ZipInfo]) -> tuple[list[SheetPart], bool]:
    """Every worksheet in the workbook's order, and whether its days count from 1904. Reads each XML part once."""
    listed, from_1904 = _listed(content, parts)
    styles = _styles(content, parts)
    sheets = {}
    for name, info in parts.items():
        if name in listed.values():
            scanner = Scanner(styles)
            parse(content, info, scanner.start)
            sheets[name] = scanner.found
        elif name.endswith((".xml", ".rels")):
            parse(content, info)
        elif name.endswith(".vml"):
            _check_drawing(content, info)
    _check_texts(content, parts, sheets)
    return [SheetPart(title, hidden, sheets[part]) for (title, hidden), part in listed.items()], from_1904


def _listed(content: bytes, parts: Mapping[str, zipfile.ZipInfo]) -> tuple[dict[tuple[str, bool], str], bool]:
    """{(sheet name, hidden): part}, and the date system."""
    targets: dict[str, str] = {}
    listed: dict[tuple[str, bool], str] = {}
    flags: set[str] = set()

    def at_relation(name: str, a: dict[str, str]) -> None:
        if name == "Relationship" and a.get("Type", "").endswith("/worksheet"):
            targets[a.get("Id", "")] = normpath(join("/xl", a.get("Target", "").replace("\\", "/"))).lstrip("/").lower()

    def at_sheet(name: str, a: dict[str, str]) -> None:
        if name == "workbookPr" and a.get("date1904") in YES:
            flags.add("1904")
        part = targets.get(next((v for k, v in a.items() if k.endswith(":id")), ""), "") if name == "sheet" else ""
        if part in parts:
            listed[a.get("name", ""), a.get("state", "visible") != "visible"] = part

    relations = parts.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        raise Invalid(NOT_A_WORKBOOK, field="file")
    parse(content, relations, at_relation)
    parse(content, parts["xl/workbook.xml"], at_sheet)
    if len({name for name, _hidden in listed}) != len(listed) or len(set(listed.values())) != len(listed):
        raise Invalid(NOT_A_WORKBOOK, field="file")
    return listed, bool(flags)


def _styles(content: bytes, parts: Mapping[str, zipfile.ZipInfo]) -> Styles:
    formats: dict[int, str] = {}
    used: list[int] = []
    section = [""]

    def at(name: str, a: dict[str, str]) -> None:
        if name in {"cellXfs", "cellStyleXfs"}:
            section[0] = name
        elif name == "numFmt":
            formats[int(a.get("numFmtId", 0))] = a.get("formatCode", "")
        elif name == "xf" and section[0] == "cellXfs":
            used.append(int(a.get("numFmtId") or 0))

    if "xl/styles.xml" in parts:
        parse(content, parts["xl/styles.xml"], at)
    percent = {n for n, code in formats.items() if "%" in _placeholders(code)} | PERCENT_BUILT_IN
    scaled = {n for n, code in formats.items() if SHORTENS.search(_placeholders(code)) or re.search("[万亿]", code)}
    return Styles(
        frozenset(str(i) for i, n in enumerate(used) if n in percent),
        frozenset(str(i) for i, n in enumerate(used) if n in scaled - percent),
    )


def _placeholders(code: str) -> str:
    """A number format without its quoted words, escapes and colours."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code)


def _check_drawing(content: bytes, info: zipfile.ZipInfo) -> None:
    whole = b"".join(unpack(content, info)).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in whole or b"<!ENTITY" in whole:
        _refuse_entities()


def _check_texts(content: bytes, parts: Mapping[str, zipfile.ZipInfo], sheets: Mapping[str, Structure]) -> None:
    """Refuse a sheet in which few long shared texts, each used very often, would fill the memory."""
    info = parts.get("xl/sharedstrings.xml")
    often = max((s.shared_texts for s in sheets.values()), default=0)
    if info is None or often * info.file_size <= TEXT_LIMIT:
        return
    lengths: list[int] = []

    def at(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    parse(content, info, at, text)
    for name, found in sheets.items():
        if found.shared_texts * max(lengths, default=0) > TEXT_LIMIT:
            _weigh(content, parts[name], lengths)


def _weigh(content: bytes, info: zipfile.ZipInfo, lengths: list[int]) -> None:
    shared, total, digits = [False], [0], [""]

    def settle() -> None:
        if shared[0] and digits[0].strip().isdigit() and int(digits[0]) < len(lengths):
            total[0] += lengths[int(digits[0])]
        if total[0] > TEXT_LIMIT:
            raise Invalid(
                _("The texts of the sheet are too long altogether. Split it into several files."), field="file"
            )
        digits[0] = ""

    def at(name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            settle()
            shared[0] = attributes.get("t") == "s"

    def text(piece: str) -> None:
        digits[0] = piece if len(piece) < 12 else ""

    parse(content, info, at, text)
    settle()
