"""Restore a backup into an empty installation: all of it, checked, or nothing."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps as present_apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from zijing.core.errors import Conflict, DomainError, Invalid
from zijing.journal import chain
from zijing.outbox.backup import columns
from zijing.outbox.backup.archive import CHUNK, Anchor, Manifest, Reader, Table, reading, sync_folder

BATCH = 5000
NAMES = ("zijing.sqlite3", "zijing.sqlite3-wal", "zijing.sqlite3-shm", "files")


@dataclass(frozen=True)
class Restored:
    """What was restored, and where what stood there before has been put."""

    manifest: Manifest
    put_aside: Path | None = None


def restore(source: Path, *, at: datetime, force: bool = False) -> Restored:
    """Bring back everything in the backup ``source`` and check it before it counts.

    The installation must be empty: no tables, or no office and no account. With ``force`` an SQLite installation that
    is not is put aside in a folder of the data folder, whole. ``Invalid`` when the backup is foreign, damaged, changed
    or of a newer version, ``Conflict`` when the installation is not empty; then nothing has changed.
    """
    with reading(source) as backup:
        backup.manifest.require_seal()
        plan = _plan(backup.manifest)
        occupied = not is_empty()
        if occupied and not (force and connection.vendor == "sqlite"):
            raise Conflict(
                _("There is an installation here already. Restore into an empty one; SQLite: --force puts it aside.")
            )
        with _files_beside(backup) as files:
            restoring = _into_sqlite if connection.vendor == "sqlite" else _into_postgres
            return restoring(backup, plan, files, at if occupied else None)


def is_empty() -> bool:
    """Whether nobody has entered anything here yet."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name in {"places_place", "people_account"} & tables:
            cursor.execute(f'SELECT 1 FROM "{name}" LIMIT 1')  # noqa: S608  # our own names
            if cursor.fetchone():
                return False
    return True


def _plan(manifest: Manifest) -> list[tuple[str, str]]:
    """The migrations to apply before loading; ``Invalid`` when the backup has some that are unknown here."""
    known = MigrationExecutor(None).loader.graph.nodes
    wanted = [(app, name) for app, name in manifest.migrations]
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise Invalid(
            _("This backup was made by a newer version of Zijing (%(version)s). Install that version first."),
            version=manifest.zijing[:20],
        )
    return wanted


def _into_sqlite(backup: Reader, plan: list[tuple[str, str]], files: Path, put_aside_at: datetime | None) -> Restored:
    """Build the database beside the present one and put it in place when all of it is right."""
    target = Path(str(connection.settings_dict["NAME"]))
    beside = target.with_name("zijing.restoring.sqlite3")
    leftovers = [beside.with_name(beside.name + end) for end in ("", "-wal", "-shm")]
    connection.close()
    connection.settings_dict["NAME"] = beside
    try:
        for path in leftovers:
            path.unlink(missing_ok=True)
        _build(backup, plan)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except BaseException:
        connection.close()
        for path in leftovers:
            path.unlink(missing_ok=True)
        raise
    finally:
        connection.close()
        connection.settings_dict["NAME"] = target
    aside = _put_aside(target.parent, put_aside_at)
    _place_files(files)
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    beside.replace(target)
    sync_folder(target.parent)
    return Restored(backup.manifest, aside)


def _into_postgres(
    backup: Reader, plan: list[tuple[str, str]], files: Path, _put_aside_at: datetime | None
) -> Restored:
    try:
        _drop_tables()
        _build(backup, plan)
        _place_files(files)
    except BaseException:
        connection.close()
        _drop_tables()
        raise
    return Restored(backup.manifest)


def _build(backup: Reader, plan: list[tuple[str, str]]) -> None:
    """Tables as they were when the backup was taken, the rows, the checks, then the present version."""
    executor = MigrationExecutor(connection)
    wanted = set(plan)
    leaves = [n for n in wanted if not any(c.key in wanted for c in executor.loader.graph.node_map[n].children)]
    executor.migrate(leaves)
    then = executor.loader.project_state(leaves).apps
    try:
        with transaction.atomic():
            load(backup, then)
            connection.check_constraints()
            check_chains(backup.manifest.anchors, then)
    except DomainError:
        raise
    except (DatabaseError, ValueError, TypeError, ArithmeticError) as error:
        raise Invalid(
            _("The backup contradicts itself (%(why)s). Nothing was restored; use another backup."),
            why=str(error).splitlines()[0][:200],
        ) from error
    call_command("migrate", interactive=False, verbosity=0)


def load(backup: Reader, then: Apps) -> None:
    """The rows into the empty tables of that time; ``Invalid`` when a table or its columns are not those."""
    found = {m._meta.db_table: m for m in then.get_models(include_auto_created=True)}
    for table in backup.manifest.tables:
        model = found.get(table.name)
        if model is None or {f.column for f in model._meta.local_concrete_fields} != set(table.columns):
            raise Invalid(_("The backup holds a table “%(name)s” that does not fit its version."), name=table.name[:60])
        with connection.cursor() as cursor:
            # What a migration puts there by itself is in the backup, too; the journal refuses even an empty DELETE.
            cursor.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1')  # noqa: S608
            if cursor.fetchone():
                cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608
        _load_table(backup, table, model)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [found[t.name] for t in backup.manifest.tables]):
            cursor.execute(sql)
        for table in backup.manifest.tables:
            _give_no_id_again(cursor, table, found[table.name])


def _load_table(backup: Reader, table: Table, model: type[models.Model]) -> None:
    by_column = {f.column: f for f in model._meta.local_concrete_fields}
    fields = [by_column[c] for c in table.columns]
    convert = columns.numbered([columns.inward(f, connection.vendor) for f in fields])
    names = ", ".join(f'"{c}"' for c in table.columns)
    rows = (columns.converted(row, convert) for row in backup.rows(table))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = f'COPY "{table.name}" ({names}) FROM STDIN'
            with connection.wrap_database_errors, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        sql = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(sql, batch)


def _give_no_id_again(cursor: Any, table: Table, model: type[models.Model]) -> None:
    """Ids of rows deleted before the backup stay given."""
    if not table.last_id:
        return
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, int(table.last_id)])
    else:
        column = model._meta.pk.column
        quoted = f'"{table.name}"'
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, column, int(table.last_id)])


def check_chains(anchors: Sequence[Anchor], then: Apps) -> None:
    """Every journal follows from its first entry to the head noted in the manifest; ``Invalid`` otherwise."""
    entry, head = then.get_model("journal", "JournalEntry"), then.get_model("journal", "ChainHead")
    noted = {a.office: a for a in anchors}
    written = set(entry._default_manager.order_by().values_list("office", flat=True).distinct())
    if written - noted.keys() or set(head._default_manager.values_list("office", flat=True)) != noted.keys():
        raise Invalid(_("The backup does not name the head of every journal. Nothing was restored."))
    for office, anchor in noted.items():
        every: Any = entry._default_manager.filter(office=office).order_by("seq").iterator(chunk_size=BATCH)
        with closing(every) as rows:
            verdict = chain.check(chain.as_record(row) for row in rows)
        stored = head._default_manager.get(office=office)
        if not verdict.sound or (verdict.checked, verdict.head) != (anchor.seq, anchor.digest):
            where = verdict.broken or f"{office}/{verdict.checked}"
            raise Invalid(_("The journal in the backup was changed, at %(entry)s. Nothing was restored."), entry=where)
        if (stored.seq, stored.digest) != (anchor.seq, anchor.digest):
            raise Invalid(_("The journal in the backup was changed, at %(entry)s. Nothing was restored."), entry=office)


def _drop_tables() -> None:
    """Remove our tables from an empty installation, so that they can be made as they were."""
    ours = {m._meta.db_table for m in present_apps.get_models(include_auto_created=True)} | {"django_migrations"}
    labels = tuple(f"{config.label}_" for config in present_apps.get_app_configs())
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name in ours or name.startswith(labels):
                cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')


@contextmanager
def _files_beside(backup: Reader) -> Iterator[Path]:
    """The files, written beside their place and removed again unless somebody moves them there."""
    folder = Path(settings.DATA) / "files.restoring"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for name, digest in backup.files():
            _write_file(backup, name, digest, folder / name)
        yield folder
    except OSError as error:
        why = error.strerror or str(error)
        raise Invalid(_("The files could not be written to %(file)s: %(why)s"), file=folder, why=why) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_file(backup: Reader, name: str, digest: str, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    measured = hashlib.sha256()
    with backup.open_file(name) as source, target.open("wb") as out:
        while part := source.read(CHUNK):
            measured.update(part)
            out.write(part)
    target.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    if measured.hexdigest() != digest:
        raise Invalid(_("The backup has changed while it was being read."))


def _place_files(files: Path) -> None:
    """Move the files into their place, beside what an empty installation may hold there."""
    place = Path(settings.DATA) / "files"
    place.mkdir(exist_ok=True)
    for folder in sorted(files.iterdir()):
        (place / folder.name).mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.replace(place / folder.name / path.name)


def _put_aside(data: Path, at: datetime | None) -> Path | None:
    """Move the installation that stood here into a folder of its own."""
    if at is None:
        return None
    aside = data / f"before-restore-{at:%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for name in NAMES:
        if (data / name).exists():
            (data / name).rename(aside / name)
    return aside
