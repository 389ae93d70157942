"""What a cell holds, said so that a field can clean it: Excel's ways with numbers, days and percents undone."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.quantity import LARGEST, parse_number
from zijing.records.fields import Field
from zijing.records.sheets.book import Sheet
from zijing.records.sheets.outcome import Column
from zijing.records.sheets.units import NUMERIC

DIGITS = ".15g"
SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
DAY_ZERO = date(1899, 12, 30)
SERIALS = range(18_264, 73_051)
"""Day numbers of 1950 to 2099 in the 1900 date system (ECMA-376 part 1, 18.17.4.1)."""


def raw_of(sheet: Sheet, row: int, column: Column) -> Any:
    """The cell's content for ``Field.clean``, None when empty; ``Invalid`` for formulas and faults of the sheet."""
    field, here = column.field, (row, column.index)
    assert field is not None
    if here in sheet.structure.formulas:
        raise Invalid(_("The cell holds a formula. Copy the column and paste it as values."))
    if here in sheet.structure.faults:
        raise Invalid(_("The cell shows an error of the sheet, such as #REF! or #N/A. Write the value."))
    value = sheet.cell(row, column.index)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(sheet, here, column, field, value)
    if isinstance(value, date | time | timedelta):
        return _moment(field, value)
    if field.column == "business_key" and SHORTENED.fullmatch(value.strip()):
        raise Invalid(_("The number was shortened by the spreadsheet. Format the column as text and copy it again."))
    return _text(column, field, str(value))


def _number(sheet: Sheet, here: tuple[int, int], column: Column, field: Field, value: float) -> Any:
    if not math.isfinite(value) or abs(value) >= LARGEST:
        raise Invalid(_("The number is too large, or the sheet kept only 15 of its digits. Write it as text."))
    whole = int(value) if float(value).is_integer() else None
    if field.type in NUMERIC:
        number = Decimal(whole if whole is not None else format(value, DIGITS)) * column.factor
        shares = field.type == "percent" or field.unit == "%"
        return number * 100 if shares and here in sheet.structure.percents else number
    if field.type == "date" and whole is not None and whole in SERIALS:
        if sheet.from_1904:
            raise Invalid(_("“%(text)s” is no date. Write for example 2020-08-31 or 2020年8月31日."), text=whole)
        return DAY_ZERO + timedelta(days=whole)
    return format(value, DIGITS) if whole is None else str(whole)


def _moment(field: Field, value: date | time | timedelta) -> Any:
    if field.type == "date" and isinstance(value, date):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _text(column: Column, field: Field, text: str) -> Any:
    """A bare written number is brought to the field's unit; one with its own multiple or unit speaks for itself."""
    if field.type not in NUMERIC or column.factor == 1:
        return text
    if re.search(r"[十百千万亿]", unicodedata.normalize("NFKC", text)):
        return text
    number, unit = parse_number(text)
    return number * column.factor if not unit else text
