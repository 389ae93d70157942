"""What many tests begin with is made once in a process, by the verbs; after that its rows are laid down as they were."""

import copy
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from zijing.journal.models import JournalEntry
from zijing.places.models import Place

T = TypeVar("T")
# A table, its columns, and its rows as the database gave them.
Laid = tuple[str, str, Sequence[Any]]


@dataclass(frozen=True)
class _Kept(Generic[T]):
    made: T
    tables: list[Laid]


_kept: dict[Hashable, _Kept[Any]] = {}


def again(key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` makes and returns. In a database with nothing in it, from the second time on, the same rows (ids and
    all) without the verbs; in any other, it is made. Whatever ``make`` depends on must be in ``key``.
    """
    if Place.objects.exists() or JournalEntry.objects.exists():
        return make()
    with transaction.atomic():
        if kept := _kept.get(key):
            _lay(kept.tables)
        else:
            made = make()
            kept = _kept[key] = _Kept(copy.deepcopy(made), _rows())
    return copy.deepcopy(kept.made)


@cache
def _filled_by_acts() -> "list[type[Model]]":
    """Every table of ours that the migrations leave empty."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("zijing.") and m._meta.db_table != "core_stamp"]
    return [m for m in ours if m._meta.managed and not m._meta.proxy]


def _rows() -> list[Laid]:
    found = []
    with connection.cursor() as cursor:
        for model in _filled_by_acts():
            names = [f'"{f.column}"' for f in model._meta.local_concrete_fields]
            table, columns = f'"{model._meta.db_table}"', ", ".join(names)
            if connection.vendor == "sqlite":
                unread = ", ".join(f"+{name}" for name in names)  # a plain column would be read as its type
                cursor.execute(f"SELECT {unread} FROM {table} ORDER BY rowid")
                rows = cursor.fetchall()
            else:
                with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as out:
                    rows = [bytes(part) for part in out]
            if rows:
                found.append((table, columns, rows))
    return found


def _lay(tables: Sequence[Laid]) -> None:
    """PostgreSQL's sequences, which no rollback takes back, stand behind these ids since the rows were made; SQLite's
    follow the rows.
    """
    with connection.cursor() as cursor:
        for table, columns, rows in tables:
            if connection.vendor == "sqlite":
                values = ", ".join(["%s"] * (columns.count(",") + 1))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)
            else:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                    for row in rows:
                        into.write(row)
