"""Values between a database and a backup: the same text for the same value on SQLite and PostgreSQL.

Times are UTC with microseconds where there are any, decimals and JSON are text, durations microseconds, ids of 32
hexadecimal digits. Both databases hand over most of it as it is stored, which keeps a backup fast.
"""

import base64
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

Convert = Callable[[Any], Any]


def selected(field: models.Field, vendor: str) -> str:
    """The SQL expression that reads a column."""
    column = f'"{field.column}"'
    if vendor != "postgresql":
        return column
    match field.get_internal_type():
        case "DateTimeField":
            return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        case "DateField" | "TimeField" | "JSONField" | "DecimalField":
            return f"{column}::text"
        case "UUIDField":
            return f"replace({column}::text, '-', '')"
        case "DurationField":
            return f"(extract(epoch FROM {column}) * 1000000)::bigint"
    return column


def outward(field: models.Field) -> Convert | None:
    """What turns a value as read into the backup's; None where it is that already."""
    match field.get_internal_type():
        case "DateTimeField":
            return _without_zeros
        case "BooleanField":
            return _maybe(bool)
        case "DecimalField":
            places = Decimal(1).scaleb(-field.decimal_places)  # type: ignore[attr-defined]
            return _maybe(lambda value: str(Decimal(str(value)).quantize(places)))
        case "BinaryField":
            return _maybe(lambda value: base64.b64encode(bytes(value)).decode())
    return None


def inward(field: models.Field, vendor: str) -> Convert | None:
    """What turns the backup's value into what the database takes; None where it is that already."""
    match field.get_internal_type():
        case "BinaryField":
            return _maybe(lambda value: base64.b64decode(value, validate=True))
        case "DateTimeField" if vendor == "postgresql":
            return _maybe(lambda value: f"{value}+00")
        case "DurationField" if vendor == "postgresql":
            return _maybe(lambda value: f"{int(value)} microseconds")
    return None


def converted(row: Sequence[Any], converters: Sequence[tuple[int, Convert]]) -> Sequence[Any]:
    """A row with the columns that need it converted."""
    if not converters:
        return row
    changed = list(row)
    for index, convert in converters:
        changed[index] = convert(changed[index])
    return changed


def numbered(converters: Sequence[Convert | None]) -> list[tuple[int, Convert]]:
    """The converters there are, with the index of their column."""
    return [(n, convert) for n, convert in enumerate(converters) if convert is not None]


def _without_zeros(value: Any) -> Any:
    return value[:-7] if value is not None and value.endswith(".000000") else value


def _maybe(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)
