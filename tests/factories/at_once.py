"""Several calls in the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from django.db import connection

from zijing.core.errors import Conflict

T = TypeVar("T")


def look_past_locks() -> None:
    """The tests' database in memory shares its cache, where a reader is refused while another thread writes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA read_uncommitted = 1")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """What they answer, in the order in which they ended; one that fails is missing."""
    answers: list[T] = []
    begin = threading.Barrier(len(calls))

    def answer(call: Callable[[], T]) -> None:
        try:
            begin.wait(20)
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def told(*verbs: Callable[[], object]) -> list[str]:
    """What each verb was told in the same moment, in order of the words: done, or refused (``Conflict``)."""

    def run(verb: Callable[[], object]) -> str:
        look_past_locks()
        try:
            verb()
        except Conflict:
            return "refused"
        return "done"

    return sorted(at_once([partial(run, verb) for verb in verbs]))
