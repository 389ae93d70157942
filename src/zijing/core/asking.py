"""The shortest way to the database and back, for the few statements that come with every filing.

They pass Django's layers by, which take longer than SQLite does; PostgreSQL plans them once a connection. Their errors
are Django's all the same, and whoever watches the statements sees them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections


def ask(statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows that a statement answers with.

    The first statement of a request tells whether the kept connection is still good; if not, a new one is asked.
    """
    own = _own()
    untried = own.health_check_enabled and not own.health_check_done and not own.in_atomic_block
    try:
        rows = _rows(own, statement, values)
    except (OperationalError, InterfaceError):
        if not untried:
            raise
        own.close()
        own.connect()
        return _rows(own, statement, values)
    own.health_check_done = True
    return rows


def tell(statement: str, values: Sequence[Any] = ()) -> None:
    """Send a statement that answers with no rows."""
    own = _own()
    with own.wrap_database_errors:
        _send(own, statement, values)


@contextmanager
def together() -> Iterator[None]:
    """What is told inside goes to a server without a wait for each answer; a failure is raised at the end at latest."""
    own = _own()
    if own.vendor != "postgresql" or _watched(own):
        yield
        return
    with own.wrap_database_errors, own.connection.pipeline():
        yield


def _own() -> Any:
    own = connections[DEFAULT_DB_ALIAS]
    if own.connection is None:
        own.ensure_connection()
    return own


def _watched(own: Any) -> bool:
    """Whether somebody wants to see the statements; then they go by Django's way, which can tell them."""
    return own.force_debug_cursor or bool(own.execute_wrappers)


def _rows(own: Any, statement: str, values: Sequence[Any]) -> list[Any]:
    with own.wrap_database_errors:
        rows: list[Any] = _send(own, statement, values).fetchall()
        return rows


def _send(own: Any, statement: str, values: Sequence[Any]) -> Any:
    if _watched(own):
        cursor = own.cursor()
        cursor.execute(statement, values)
        return cursor
    own.validate_no_broken_transaction()
    if own.vendor == "sqlite":
        return own.connection.execute(_with_marks(statement), values)
    return own.Database.Cursor(own.connection).execute(statement, values)


@lru_cache(1000)
def _with_marks(statement: str) -> str:
    """The statement as SQLite's driver writes it; it holds no text of its own."""
    return statement.replace("%s", "?")
