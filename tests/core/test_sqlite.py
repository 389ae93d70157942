"""A connection is kept as long as the database is the same file, and no longer."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from zijing.core.sqlite.base import DatabaseWrapper

KEPT = {
    "ENGINE": "zijing.core.sqlite", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": False, "OPTIONS": {}, "TIME_ZONE": None,
    "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
}  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path, db: None) -> Any:
    wrapper = DatabaseWrapper(KEPT | {"NAME": tmp_path / "office.sqlite3"}, alias="kept")
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (at text)")
    yield wrapper
    wrapper.close()


def seen(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM seen")
        return int(cursor.fetchone()[0])


def test_it_is_kept_while_the_file_is_the_same(kept: DatabaseWrapper) -> None:
    before = kept.connection
    kept.close_if_unusable_or_obsolete()
    assert before is not None and kept.connection is before


def test_a_file_put_aside_is_let_go_of_at_once(kept: DatabaseWrapper, tmp_path: Path) -> None:
    file, other = tmp_path / "office.sqlite3", tmp_path / "restored.sqlite3"
    shutil.copy(file, other)
    with kept.cursor() as cursor:
        cursor.execute("INSERT INTO seen VALUES ('now')")
    file.rename(tmp_path / "aside.sqlite3")
    other.rename(file)
    assert seen(kept) == 1
    kept.close_if_unusable_or_obsolete()
    assert seen(kept) == 0
