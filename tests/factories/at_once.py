"""Several calls in the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


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
