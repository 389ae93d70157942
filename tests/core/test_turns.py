"""Turns at writing: in order between processes, ended by whatever ends a process, reentrant within one."""

import gc
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from zijing.core.rows import laid, prepared
from zijing.core.turns import PAGES_OF_LOG, Turns, tidied_afterwards
from zijing.journal.models import ChainHead

GREEDY = """
import sys, time
from zijing.core.turns import Turns
turns = Turns()
print("writes", flush=True)
while True:
    assert turns.acquire(20, sys.argv[1])
    time.sleep(0.05)
    turns.release()
"""


def greedy(file: Path) -> "subprocess.Popen[str]":
    """A process that writes without a pause."""
    command = [sys.executable, "-c", GREEDY, str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writes\n"
    return process


def test_a_process_that_writes_without_a_pause_lets_others_have_their_turn(tmp_path: Path) -> None:
    file = tmp_path / "db"
    other = greedy(file)
    try:
        mine, took = Turns(), []
        for _round in range(10):
            began = time.monotonic()
            assert mine.acquire(5, str(file))
            took.append(time.monotonic() - began)
            mine.release()
        assert sorted(took)[5] < 0.5, "one transaction of the other's, and some patience with a busy machine"
    finally:
        other.kill()
        other.wait()


def test_a_killed_process_leaves_its_turn(tmp_path: Path) -> None:
    file = tmp_path / "db"
    other = greedy(file)
    other.kill()
    other.wait()
    mine = Turns()
    assert mine.acquire(1, str(file))
    assert mine.acquire(0, str(file)), "who writes may write"
    late = Turns()
    assert not late.acquire(0.05, str(file))
    mine.release()
    assert not late.acquire(0.05, str(file))
    mine.release()
    assert late.acquire(1, str(file))
    late.release()


def test_without_a_file_it_is_a_lock_of_the_process() -> None:
    turns = Turns()
    assert turns.acquire(0)
    turns.release()


def tidies() -> tuple[bool, bool]:
    """Whether Python tidies its memory and the database its log by themselves; PostgreSQL always does."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return gc.isenabled(), gc.isenabled()
        cursor.execute("PRAGMA wal_autocheckpoint")
        return gc.isenabled(), cursor.fetchone()[0] == PAGES_OF_LOG


@pytest.mark.parametrize("fault", [None, ValueError])
def test_tidying_waits_for_the_end_of_a_large_turn_however_it_ends(
    django_db_setup: None, django_db_blocker: Any, fault: type[Exception] | None
) -> None:
    with django_db_blocker.unblock():
        with suppress(ValueError), tidied_afterwards():
            assert tidies() == (False, False)
            if fault:
                raise fault
        assert tidies() == (True, True)
        connection.close()


def test_laying_rows_ready_takes_no_turn(django_db_setup: None, django_db_blocker: Any) -> None:
    values = prepared([ChainHead(office=900_000 + n, seq=n) for n in range(50)])
    with django_db_blocker.unblock():
        with laid(ChainHead, values) as source, connection.cursor() as cursor:
            assert not connection.in_atomic_block
            if source:
                assert not connection.connection.in_transaction
                assert cursor.execute(f"SELECT count(*), max(seq) FROM {source}").fetchone() == (50, 49)
        connection.close()
