"""What the form of a preview says: sheet, heading row, mapping, hidden rows, remarks read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zijing.records.sheets import Column, Options, Result, Target

MAPPED = re.compile(r"map-(\d{1,3})")
HIDDEN = {"with", "without"}


def options_from(data: Mapping[str, str]) -> Options:
    """The decisions of a person; a mapping made for another sheet or heading row is guessed anew."""
    sheet, header = data.get("sheet", ""), number_of(data.get("header", ""))
    stays = sheet == data.get("mapped-sheet", "") and header == number_of(data.get("mapped-header", ""))
    mapping = {int(found[1]): value for name, value in data.items() if (found := MAPPED.fullmatch(name))}
    hidden = data.get("hidden", "")
    return Options(
        sheet=sheet,
        header=header,
        mapping=mapping if stays and mapping else None,
        hidden=hidden if hidden in HIDDEN else "",
        confirmed=data.get("confirmed") == "yes",
    )


def number_of(text: str) -> int:
    """A row number a form has sent; 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@dataclass(frozen=True)
class Choice:
    """A column with the fields it may be read as: (key, label, chosen)."""

    column: Column
    options: list[tuple[str, str, bool]]
    sample: str


def choices_of(result: Result, target: Target, shown: list[tuple[int, list[str], str]]) -> list[Choice]:
    """The mapping table: every column of the sheet with its select."""
    samples = dict(zip([c.index for c in result.mapped], shown[0][1] if shown else [], strict=False))
    fields = [f for f in target.fields if f.type != "file"]

    def options(column: Column) -> list[tuple[str, str, bool]]:
        return [(f.key, f.label, column.field is not None and column.field.key == f.key) for f in fields]

    return [Choice(column, options(column), samples.get(column.index, "")) for column in result.columns]
