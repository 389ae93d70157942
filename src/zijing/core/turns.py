"""Taking turns at writing to SQLite, which has one writer for all processes of the office.

SQLite lets a waiting process poll its lock ever more seldom, so that one process that writes without a pause keeps
another out for long. Here whoever waits stands at a turnstile, and who has just written queues behind: nobody waits for
more than the one transaction that runs. The locks are the kernel's (flock) and end with their process, however it ends.
"""

import fcntl
import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from django.db import DatabaseError, connection

LOOK_AGAIN = 0.002
PAGES_OF_LOG = 1000
"""After how many pages of its log SQLite's writer brings them into the database's file, unless told otherwise."""


class Turns:
    """A lock for the threads of this process, and with a ``file`` also for all processes that use it; reentrant."""

    def __init__(self) -> None:
        self._threads = threading.RLock()
        self._depth = 0
        self._doors: tuple[int, str, list[int]] = (0, "", [])

    def acquire(self, timeout: float, file: str = "") -> bool:
        """Wait for the turn for at most ``timeout`` seconds; whether it came."""
        until = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            return False
        if self._depth == 0 and file and not self._pass(file, until):
            self._threads.release()
            return False
        self._depth += 1
        return True

    def release(self) -> None:
        """Let the next one write."""
        self._depth -= 1
        if self._depth == 0 and self._doors[0] == os.getpid():
            fcntl.flock(self._doors[2][1], fcntl.LOCK_UN)
        self._threads.release()

    def _pass(self, file: str, until: float) -> bool:
        queue, turn = self._open(file)
        if not _lock(queue, until):
            return False
        try:
            return _lock(turn, until)
        finally:
            fcntl.flock(queue, fcntl.LOCK_UN)

    def _open(self, file: str) -> list[int]:
        """The two doors of this process; a forked child opens its own, or it would share its parent's turn."""
        process, name, doors = self._doors
        if (process, name) != (os.getpid(), file):
            if process == os.getpid():
                for door in doors:
                    os.close(door)
            names = (f"{file}-queue", f"{file}-turn")
            doors = [os.open(n, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for n in names]
            self._doors = (os.getpid(), file, doors)
        return doors


def _lock(door: int, until: float) -> bool:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(LOOK_AGAIN)


@contextmanager
def tidied_afterwards() -> Iterator[None]:
    """For a large transaction inside: whatever can be tidied up after its turn waits until then.

    SQLite brings what it wrote from its log into the database's file, Python looks for what it needs no more: either
    takes as long as half the turn.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with _logged():
            yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def _logged() -> Iterator[None]:
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _pragma("wal_autocheckpoint = 0")
    try:
        yield
    finally:
        with suppress(DatabaseError):  # the next writer does it
            _pragma("wal_checkpoint(PASSIVE)")
        _pragma(f"wal_autocheckpoint = {PAGES_OF_LOG}")


def _pragma(said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {said}")


@cache
def shared_file(name: object) -> str:
    """The file that processes share when the database of this name is one; "" for one in memory."""
    text = str(name)
    return "" if "mode=memory" in text or ":memory:" in text or not Path(text).parent.is_dir() else text
