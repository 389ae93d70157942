"""Who does what only one process may do at a time: the ticker among many work processes."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def turn(name: str) -> Iterator[bool]:
    """Whether this process has the turn for ``name``; it keeps it until the end of the block, and never waits for it.

    PostgreSQL: an advisory lock of the session, which a process that dies gives back by itself. SQLite: a lock on a
    file in the data folder, given back likewise.
    """
    if connection.vendor == "postgresql":
        key = zlib.crc32(f"zijing.{name}".encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return
    with (Path(settings.DATA) / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
