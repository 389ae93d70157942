"""Inserting rows by a statement that is put together once per table: half of what the ORM's costs on hot paths."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
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

M = TypeVar("M", bound=Model)
AT_ONCE = 400
FEW = 20
LARGEST = 2**63 - 1


def hot() -> Any:
    """A cursor for statements that come again and again: PostgreSQL plans them once a connection and keeps the plan.

    SQLite's driver keeps every statement. While statements are recorded they go the plain way, which can say them.
    """
    own: Any = connections[DEFAULT_DB_ALIAS]
    if own.vendor != "postgresql" or own.queries_logged:
        return own.cursor()
    own.ensure_connection()
    return own._prepare_cursor(own.Database.Cursor(own.connection))


def _cursor(rows: int) -> Any:
    return hot() if rows <= FEW else connection.cursor()


@cache
def _columns(model: type[Model]) -> "tuple[list[Field[Any, Any]], str]":
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoFieldMixin)]
    return fields, ", ".join(f'"{f.column}"' for f in fields)


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'


def _values(model: type[Model], row: Model) -> list[Any]:
    return [prepare(row) for prepare in _preparers(model, connection.vendor)]


def values_of(row: Model, columns: Sequence[str]) -> list[Any]:
    """The row's values in these columns (attribute names) as the database keeps them."""
    prepare = _by_column(type(row), connection.vendor)
    return [prepare[column](row) for column in columns]


@cache
def _by_column(model: type[Model], vendor: str) -> "dict[str, Callable[[Model], Any]]":
    names = (f.attname for f in _columns(model)[0])
    return dict(zip(names, _preparers(model, vendor), strict=True))


def prepared(rows: Sequence[Model]) -> list[list[Any]]:
    """New rows of one table as the database keeps them, ready for ``insert_prepared``.

    ``OverflowError`` or ``ArithmeticError`` when a number is too large to be kept.
    """
    ready = [_values(type(row), row) for row in rows]
    if any(type(v) is int and not -LARGEST <= v <= LARGEST for values in ready for v in values):
        raise OverflowError
    return ready


@cache
def _preparers(model: type[Model], _vendor: str) -> list[Callable[[Model], Any]]:
    return [_preparer(field) for field in _columns(model)[0]]


def _preparer(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """What makes a row's value the database's. Plain texts and whole numbers are so already."""
    name = field.attname
    plain = str if isinstance(field, CharField | TextField) else int
    as_it_is = isinstance(field, CharField | TextField | IntegerField | ForeignKey)
    if type(field).pre_save not in {Field.pre_save, DateField.pre_save, DateTimeField.pre_save}:
        return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
    if not as_it_is:
        return _remembering(field)

    def prepare(row: Model) -> Any:
        value = getattr(row, name)
        return value if value is None or type(value) is plain else field.get_db_prep_save(value, connection)

    return prepare


def _remembering(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """Prepares a value like any other, but not the same moment again and again: rows of one act share theirs."""
    nothing, last = not isinstance(field, JSONField), list[tuple[Any, Any]]([(None, None)])

    def prepare(row: Model) -> Any:
        value = field.pre_save(row, add=True)
        if value is None and nothing:
            return None
        known, ready = last[0]
        if isinstance(value, datetime) and value is known:
            return ready
        ready = field.get_db_prep_save(value, connection)
        last[0] = (value, ready)
        return ready

    return prepare


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
        with _cursor(len(part)) as cursor:
            cursor.execute(
                f"INSERT INTO {_table(model)} ({names}) VALUES {', '.join([one] * len(part))}",
                [value for row in part for value in row],
            )


def insert(row: M) -> M:
    """Insert a new row; its id is set when the database gives it. Raises what the database raises."""
    return _insert(row, _values(type(row), row))


def _insert(row: M, values: list[Any]) -> M:
    model = type(row)
    fields, names = _columns(model)
    key = model._meta.pk
    back = "" if key in fields else f' RETURNING "{key.column}"'
    places = ", ".join(["%s"] * len(fields))
    with hot() as cursor:
        cursor.execute(f"INSERT INTO {_table(model)} ({names}) VALUES ({places}){back}", values)
        if back:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def insert_all(rows: Sequence[M]) -> None:
    """Insert new rows of one table in their order, in a transaction; their ids are set."""
    insert_prepared(rows, prepared(rows))


def insert_prepared(rows: Sequence[M], values: Sequence[list[Any]]) -> None:
    """``insert_all`` of rows whose ``values`` are ``prepared`` already, so that the transaction is short."""
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
    fields = {f: columns[f.name] for f in model._meta.concrete_fields if f.name in columns}
    where = " AND ".join(f'"{f.column}" = %s' for f in fields)
    with hot() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {_table(model)} WHERE {where} LIMIT 1",
            [f.get_db_prep_value(value, connection) for f, value in fields.items()],
        )
        return cursor.fetchone() is not None
