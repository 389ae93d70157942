"""Keeping in memory what changes seldom, provably fresh: one small read says whether anything has changed since.

The triggers give a stamp a random value with every change, so that a value never comes back with other content, not
even after a rollback. The stamp is read before the content: what is kept may be newer than its stamp, never older.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import getrandbits
from typing import Any, Generic, TypeVar

from zijing.core.asking import ask

V = TypeVar("V")
PEOPLE, PLACES, KINDS = "people", "places", "kinds"
NAMES = (PEOPLE, PLACES, KINDS)
MOST = 20_000

SQLITE = """
CREATE TRIGGER stamp_{table}_{event} AFTER {event}{columns} ON {table}
BEGIN UPDATE core_stamp SET value = random() WHERE name = '{name}'; END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION stamp_{name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN UPDATE core_stamp SET value = (random() * 9e15)::bigint WHERE name = '{name}'; RETURN NULL; END $$
"""
POSTGRES = """
CREATE TRIGGER stamp_{table}_{event} AFTER {event}{columns} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION stamp_{name}()
"""


def watch(table: str, name: str, columns: str = "") -> Any:
    """A migration function (for ``RunPython``): changes of ``table`` change the stamp ``name``.

    ``columns`` limits updates to those that matter, e.g. not to the time of the last sign-in.
    """

    def forwards(_apps: Any, schema_editor: Any) -> None:
        own = schema_editor.connection
        template = SQLITE if own.vendor == "sqlite" else POSTGRES
        with own.cursor() as cursor:
            if own.vendor != "sqlite":
                cursor.execute(POSTGRES_FUNCTION.format(name=name))
            for event in ("INSERT", "UPDATE", "DELETE"):
                only = f" OF {columns}" if columns and event == "UPDATE" else ""
                cursor.execute(template.format(table=table, event=event, columns=only, name=name))

    return forwards


def unwatch(table: str) -> Any:
    """The reverse of ``watch``."""

    def backwards(_apps: Any, schema_editor: Any) -> None:
        on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        with schema_editor.connection.cursor() as cursor:
            for event in ("INSERT", "UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER stamp_{table}_{event}{on}")

    return backwards


def now() -> tuple[int, ...]:
    """The values of all stamps, in the order of their names; where one is missing, a value that never comes back."""
    values = tuple(row[0] for row in ask("SELECT value FROM core_stamp ORDER BY name"))
    return values if len(values) == len(NAMES) else (getrandbits(63),)


_held: ContextVar[list[tuple[int, ...]] | None] = ContextVar("stamps", default=None)


@contextmanager
def steady() -> Iterator[None]:
    """Inside, the stamps are read once: for what is answered by the state of affairs it began with."""
    if _held.get() is not None:
        yield
        return
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def changing() -> Iterator[None]:
    """Inside, the stamps are read each time, because what is kept may change; what was read before counts no more."""
    token = _held.set(None)
    try:
        yield
    finally:
        _held.reset(token)
        if held := _held.get():
            held.clear()


def present() -> tuple[int, ...]:
    """The values under which what is kept is given just now."""
    held = _held.get()
    if held is None:
        return now()
    if not held:
        held.append(now())
    return held[0]


class Kept(Generic[V]):
    """Values by key, read anew when any stamp has changed. What is kept is shared: nobody changes it."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, ...], dict[Hashable, V]] = ((), {})

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """The value under ``key``, as ``read`` gives it or gave it since the last change."""
        stamp = present()
        standing, values = self._kept
        if standing != stamp or len(values) > MOST:
            values = {}
            self._kept = (stamp, values)
        if key not in values:
            values[key] = read()
        return values[key]
