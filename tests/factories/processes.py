"""Several calls in the same moment, each in a process of its own: nothing is shared but the database."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from zijing.core.errors import Conflict

PROCESSES = multiprocessing.get_context("fork")


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """The tests' database where other processes reach it: SQLite's, which is in memory, goes on as a file."""
    if connection.vendor != "sqlite":
        yield
        return
    kept, name, path = connection.connection, connection.settings_dict["NAME"], folder / "office.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept, name


def in_processes(calls: Sequence[Callable[[], object]]) -> list[str]:
    """What each was told, in order of the words: done, failed, refused (``Conflict``)."""
    begin, told = PROCESSES.Barrier(len(calls)), PROCESSES.SimpleQueue()

    def run(call: Callable[[], object]) -> None:
        said = "failed"
        try:
            begin.wait(20)
            call()
            said = "done"
        except Conflict:
            said = "refused"
        finally:
            connection.close()
            told.put(said)

    connection.close()
    processes = [PROCESSES.Process(target=run, args=(call,)) for call in calls]
    for process in processes:
        process.start()
    answers = [told.get() for _process in processes]
    for process in processes:
        process.join(60)
    return sorted(answers)
