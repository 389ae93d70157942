"""Inserting rows by a statement that is put together once per table: half of what the ORM's costs on hot paths."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, lru_cache
from itertools import count
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)
from django.db.models.fields import AutoFieldMixin

from zijing.core.asking import ask, tell

M = TypeVar("M", bound=Model)
Keeper = tuple[str, type | None, bool, Callable[[Model, Any], Any]]
AT_ONCE = 400
FEW = 20
LARGEST = 2**63 - 1
MOMENT: Any = DateTimeField()
# A character of Chinese as itself: three bytes, not the six of its escape.
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_numbers = count(1)


@cache
def _columns(model: type[Model]) -> "tuple[list[Field[Any, Any]], str]":
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoFieldMixin)]
    return fields, ", ".join(f'"{f.column}"' for f in fields)


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'


def _values(row: Model) -> list[Any]:
    return _as_kept(row, _keepers(type(row)).values())


def values_of(row: Model, columns: Sequence[str]) -> list[Any]:
    """The row's values in these columns (attribute names) as the database keeps them."""
    keepers = _keepers(type(row))
    return _as_kept(row, [keepers[column] for column in columns])


def _as_kept(row: Model, keepers: Iterable[Keeper]) -> list[Any]:
    own = connections[DEFAULT_DB_ALIAS]
    return [
        value if type(value := getattr(row, name)) is plain or (value is None and nothing) else made(row, own)
        for name, plain, nothing, made in keepers
    ]


def prepared(rows: Sequence[Model]) -> list[list[Any]]:
    """New rows of one table as the database keeps them, ready for ``insert_prepared``.

    ``OverflowError`` or ``ArithmeticError`` when a number is too large to be kept.
    """
    ready = [_values(row) for row in rows]
    if any(type(v) is int and not -LARGEST <= v <= LARGEST for values in ready for v in values):
        raise OverflowError
    return ready


@cache
def _keepers(model: type[Model]) -> dict[str, Keeper]:
    return {field.attname: _keeper(field) for field in _columns(model)[0]}


def _keeper(field: "Field[Any, Any]") -> Keeper:
    """What makes a row's value the database's. Plain texts, whole numbers and nothing are so already."""
    usual = type(field).pre_save in {Field.pre_save, DateField.pre_save, DateTimeField.pre_save}
    set_by_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if not usual or set_by_itself:
        return field.attname, None, False, lambda row, own: field.get_db_prep_save(field.pre_save(row, add=True), own)
    name, ready = field.attname, _ready(field)
    return name, _plain(field), not isinstance(field, JSONField), lambda row, own: ready(getattr(row, name), own)


def _ready(field: "Field[Any, Any]") -> Callable[[Any, Any], Any]:
    if isinstance(field, DateTimeField):
        return _moment
    return _json if isinstance(field, JSONField) else field.get_db_prep_save


def _plain(field: "Field[Any, Any]") -> type | None:
    if isinstance(field, CharField | TextField):
        return str
    return int if isinstance(field, IntegerField | ForeignKey) else None


def _moment(at: datetime, own: Any) -> Any:
    return _moment_of(at, own.vendor)


def _json(value: Any, _own: Any) -> str:
    return COMPACT(value)


@lru_cache(1000)
def _moment_of(at: datetime, _vendor: str) -> Any:  # rows of one act share theirs
    return MOMENT.get_db_prep_save(at, connection)


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values that are the database's already: one after the other where that costs no way to a server,
    several hundred in a statement elsewhere.
    """
    names = ", ".join(f'"{c}"' for c in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    if connection.vendor == "sqlite" and len(rows) > FEW:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {_table(model)} ({names}) VALUES {one}", rows)
        return
    for first in range(0, len(rows), AT_ONCE):
        part = rows[first : first + AT_ONCE]
        statement = f"INSERT INTO {_table(model)} ({names}) VALUES {', '.join([one] * len(part))}"
        send = tell if len(part) <= FEW else _tell_once
        send(statement, [value for row in part for value in row])


def _tell_once(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def insert(row: M) -> M:
    """Insert a new row; its id is set when the database gives it. Raises what the database raises."""
    return _insert(row, _values(row))


def _insert(row: M, values: list[Any]) -> M:
    row.pk = ask(_insertion(type(row)), values)[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@cache
def _insertion(model: type[Model]) -> str:
    fields, names = _columns(model)
    values = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO {_table(model)} ({names}) VALUES ({values}) RETURNING "{model._meta.pk.column}"'


def insert_all(rows: Sequence[M]) -> None:
    """Insert new rows of one table in their order, in a transaction; their ids are set."""
    insert_prepared(rows, prepared(rows))


@contextmanager
def laid(model: type[Model], values: Sequence[list[Any]]) -> Iterator[str]:
    """Lays ``prepared`` rows ready in a temporary table of this thread's connection, and names it; it ends with the
    block. SQLite then takes them from there in half the time; "" where it is not worth it.
    """
    if connection.vendor != "sqlite" or len(values) <= FEW:
        yield ""
        return
    fields, names = _columns(model)
    table = f"laid_{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} ({names})")
        try:
            if not connection.in_atomic_block:
                cursor.execute("BEGIN")  # for the temporary table alone: no turn at writing is needed
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(fields))})", values)
            if not connection.in_atomic_block:
                cursor.execute("COMMIT")
            yield table
        finally:
            with suppress(DatabaseError):  # the connection takes it along when it ends
                cursor.execute(f"DROP TABLE {table}")


def insert_prepared(rows: Sequence[M], values: Sequence[list[Any]], source: str = "") -> None:
    """``insert_all`` of rows whose ``values`` are ``prepared`` already, so that the transaction is short, and shorter
    where they are ``laid`` ready in ``source``.
    """
    if len(rows) < 2:
        for row, value in zip(rows, values, strict=True):
            _insert(row, value)
        return
    model = type(rows[0])
    columns, key = [str(f.column) for f in _columns(model)[0]], str(model._meta.pk.column)
    if key in columns:
        insert_rows(model, columns, values)
    else:
        ids = _reserved(model, len(rows))
        if source:
            names = _columns(model)[1]
            tell(f"INSERT INTO {_table(model)} ({names}) SELECT {names} FROM {source} ORDER BY rowid")
        else:
            insert_rows(model, [key, *columns], [[pk, *value] for pk, value in zip(ids, values, strict=True)])
        for row, pk in zip(rows, ids, strict=True):
            row.pk = pk
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def _reserved(model: type[Model], n: int) -> Sequence[int]:
    """The next ids of a table: PostgreSQL gives them away, SQLite's only writer takes those after the last one used."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            return range(last + 1, last + n + 1)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [_table(model), model._meta.pk.column, n],
        )
        return [row[0] for row in cursor.fetchall()]


def update_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], guard: str) -> int:
    """Update rows by id where ``guard`` still has its old value; how many were. A row: new values, id, old value."""
    named = {f.attname: f.column for f in model._meta.concrete_fields}
    sets = ", ".join(f'"{named[c]}" = %s' for c in columns)
    where = f'"{model._meta.pk.column}" = %s AND "{named[guard]}" = %s'
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_table(model)} SET {sets} WHERE {where}", rows)
        return int(cursor.rowcount)


def exists(model: type[Model], **columns: Any) -> bool:
    """Whether there is a row with these values."""
    statement, fields = _question(model, tuple(columns))
    own = connections[DEFAULT_DB_ALIAS]
    return bool(ask(statement, [f.get_db_prep_value(columns[f.name], own) for f in fields]))


@cache
def _question(model: type[Model], names: tuple[str, ...]) -> "tuple[str, list[Field[Any, Any]]]":
    fields = [f for f in model._meta.concrete_fields if f.name in names]
    where = " AND ".join(f'"{f.column}" = %s' for f in fields)
    return f"SELECT 1 FROM {_table(model)} WHERE {where} LIMIT 1", fields
