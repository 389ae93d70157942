"""Take a backup: everything as it was at one moment, while Zijing runs."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from zijing import __version__
from zijing.core import sealing
from zijing.core.health import require_present_version
from zijing.outbox.backup import columns
from zijing.outbox.backup.archive import CHUNK, FILES, MANIFEST, Anchor, Manifest, Table, Writer, writing

BATCH = 2000
# Sessions are nobody's data, types and permissions are made by migrating, pulses tell of this machine, and a search
# index follows the journal.
LEFT_OUT = frozenset({"sessions", "contenttypes", "auth", "search"})
LEFT_OUT_TABLES = frozenset({"core_stamp", "outbox_pulse", "people_session"})

Query = Any


def kept(model: type[models.Model]) -> bool:
    """Whether the table of a model belongs in a backup."""
    meta = model._meta
    return meta.managed and not meta.proxy and meta.app_label not in LEFT_OUT and meta.db_table not in LEFT_OUT_TABLES


def take(target: Path, *, at: datetime) -> Manifest:
    """Write everything to the file ``target``, as it stands in one snapshot; returns what is in it.

    Writes go on meanwhile and are not in it. Memory stays bounded. ``Invalid`` when the file exists, when it cannot be
    written or when the database is not migrated; then nothing is left behind.
    """
    require_present_version()
    with writing(target) as out, snapshot() as read:
        migrations = _migrations(read)
        tables = [_table(read, out, m) for m in sorted(_models(), key=lambda m: m._meta.db_table)]
        count, digest = _files(out)
        manifest = Manifest(
            taken_at=at.isoformat(), zijing=__version__, database=connection.vendor, migrations=migrations,
            tables=tables, anchors=_anchors(read), files=count, files_digest=digest, key=sealing.key_id(),
        ).sealed()  # fmt: skip
        out.add(MANIFEST, [manifest.dumped()])
    return manifest


@contextmanager
def snapshot() -> Iterator[Query]:
    """A function that reads rows in batches, all of one moment: ``read(sql) -> batches of tuples``."""
    if connection.vendor == "sqlite":
        with _sqlite_snapshot() as read:
            yield read
        return
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield lambda sql: _postgres_batches(own, sql)
    finally:
        own.close()


@contextmanager
def _sqlite_snapshot() -> Iterator[Query]:
    """A read transaction of its own: Django's would lock out every writer."""
    name = Path(str(connection.settings_dict["NAME"]))
    try:
        own = sqlite3.connect(f"{name.as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise DatabaseError(str(error)) from error
    try:
        own.execute("BEGIN")

        def read(sql: str) -> Iterator[list[Any]]:
            cursor = own.execute(sql)
            while batch := cursor.fetchmany(BATCH):
                yield batch

        yield read
    except sqlite3.Error as error:
        raise DatabaseError(str(error)) from error
    finally:
        own.close()


def _postgres_batches(own: BaseDatabaseWrapper, sql: str) -> Iterator[list[Any]]:
    with own.cursor() as cursor:
        cursor.execute(f"DECLARE everything NO SCROLL CURSOR FOR {sql}")
        while True:
            cursor.execute(f"FETCH {BATCH} FROM everything")
            batch = cursor.fetchall()
            if not batch:
                break
            yield batch
        cursor.execute("CLOSE everything")


def _models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if kept(m)]


def _migrations(read: Query) -> list[list[str]]:
    table = MigrationRecorder.Migration._meta.db_table
    return sorted([app, name] for batch in read(f"SELECT app, name FROM {table}") for app, name in batch)  # noqa: S608


def _table(read: Query, out: Writer, model: type[models.Model]) -> Table:
    fields = list(model._meta.local_concrete_fields)
    convert = columns.numbered([columns.outward(f) for f in fields])
    wanted = ", ".join(columns.selected(f, connection.vendor) for f in fields)
    name, rows = model._meta.db_table, 0
    primary = model._meta.pk
    sql = f'SELECT {wanted} FROM "{name}" ORDER BY "{primary.column}"'  # noqa: S608  # our own names

    def lines() -> Iterator[bytes]:
        nonlocal rows
        for batch in read(sql):
            rows += len(batch)
            texts = [_encode(columns.converted(row, convert)) for row in batch]
            yield ("\n".join(texts) + "\n").encode()

    digest = out.add(f"tables/{name}.jsonl", lines())
    return Table(name, [str(f.column) for f in fields], rows, digest, _last_id(read, name, primary))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _last_id(read: Query, table: str, primary: models.Field) -> int | None:
    """The highest id ever given: those of deleted rows are not given again after a restore either."""
    if not isinstance(primary, models.AutoField | models.BigAutoField):
        return None
    sql = (
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"  # noqa: S608
        if connection.vendor == "sqlite"
        else f"SELECT pg_sequence_last_value(pg_get_serial_sequence('\"{table}\"', '{primary.column}'))"
    )
    found = [row[0] for batch in read(sql) for row in batch]
    return found[0] or None if found else None


def _anchors(read: Query) -> list[Anchor]:
    sql = (
        "SELECT h.office, coalesce(c.code, ''), coalesce(p.name, ''), h.seq, h.digest FROM journal_chainhead h "
        "LEFT JOIN places_place p ON p.id = h.office "
        "LEFT JOIN places_placecode c ON c.place_id = h.office AND c.until IS NULL ORDER BY h.office"
    )
    return [Anchor(*row) for batch in read(sql) for row in batch]


def _files(out: Writer) -> tuple[int, str]:
    """Write the files; how many, and the digest of their list. A file is kept under its digest and never changes."""
    folder = Path(settings.DATA) / "files"
    found = sorted(p for p in folder.glob("*/*") if p.is_file() and not p.name.startswith(("tmp", ".")))
    listed = []
    for path in found:
        name = f"{path.parent.name}/{path.name}"
        try:
            with path.open("rb") as source:
                digest = out.add(f"files/{name}", iter(partial(source.read, CHUNK), b""), packed=False)
        except FileNotFoundError:  # removed in this moment
            continue
        listed.append(json.dumps([name, digest]) + "\n")
    content = "".join(listed).encode()
    out.add(FILES, [content])
    return len(listed), hashlib.sha256(content).hexdigest()
