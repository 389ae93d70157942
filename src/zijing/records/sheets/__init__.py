"""Spreadsheets in: read safely, mapped by their headings, typed, rehearsed, and written all or not at all."""

from zijing.records.sheets.intake import BUILT_IN, bring_in, preview, shown_rows, title_of
from zijing.records.sheets.outcome import CellError, Change, Column, Options, Remark, Result, Target, TypedRow

__all__ = [
    "BUILT_IN", "CellError", "Change", "Column", "Options", "Remark", "Result", "Target", "TypedRow",
    "bring_in", "preview", "shown_rows", "title_of",
]  # fmt: skip
