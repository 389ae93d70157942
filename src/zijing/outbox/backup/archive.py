"""The file itself: a zip written whole or not at all, and read only when every part of it has its digest."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from zijing.core import sealing
from zijing.core.errors import Invalid

FORMAT = "zijing-backup"
EDITION = 1
MANIFEST, FILES = "manifest.json", "files.jsonl"
CHUNK = 1 << 20
# A line is one row; fields are limited far below this, so a longer one is an attack or damage.
LONGEST_LINE = 64 << 20
LONGEST_MANIFEST = 16 << 20


@dataclass(frozen=True)
class Table:
    """What the manifest says of a table: its name in the database, columns, rows, digest, and the highest id given."""

    name: str
    columns: list[str]
    rows: int
    digest: str
    last_id: int | None = None

    @property
    def entry(self) -> str:
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class Anchor:
    """The end of an office's journal when the backup was taken."""

    office: int
    code: str
    name: str
    seq: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    taken_at: str
    zijing: str
    database: str
    migrations: list[list[str]]
    tables: list[Table]
    anchors: list[Anchor]
    files: int
    files_digest: str
    key: str
    seal: str = ""

    @property
    def rows(self) -> int:
        return sum(t.rows for t in self.tables)

    @property
    def key_fits(self) -> bool:
        """Whether the field key of this installation is the one personal fields in the backup are sealed with."""
        return self.key == sealing.key_id()

    def sealed(self) -> "Manifest":
        """The same with a seal only the holder of the field key can make: nobody else forges a backup."""
        return replace(self, seal=sealing.blind(self._facts()))

    def require_seal(self) -> None:
        """``Invalid`` when the key fits and the seal does not. Without the key it cannot be told."""
        if self.key_fits and replace(self, seal="").sealed().seal != self.seal:
            raise _damaged(MANIFEST)

    def _facts(self) -> str:
        return json.dumps(asdict(replace(self, seal="")), ensure_ascii=False, sort_keys=True)

    def dumped(self) -> bytes:
        facts = {"format": FORMAT, "edition": EDITION, **asdict(self)}
        return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def loaded(raw: bytes) -> Manifest:
    """The manifest, if it is one of ours and of an edition known here; ``Invalid`` otherwise."""
    try:
        facts = json.loads(raw)
        if facts.pop("format") != FORMAT:
            raise _foreign()
        edition = facts.pop("edition")
        if edition != EDITION:
            raise Invalid(
                _("This backup was made by a newer version of Zijing (%(version)s). Install that version first."),
                version=str(facts.get("zijing"))[:20],
            )
        tables = [Table(**t) for t in facts.pop("tables")]
        anchors = [Anchor(**a) for a in facts.pop("anchors")]
        return Manifest(tables=tables, anchors=anchors, **facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(MANIFEST) from error


class Writer:
    """Entries streamed into a backup; each returns its digest."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self.bundle = bundle

    def add(self, name: str, parts: Iterable[bytes], *, packed: bool = True) -> str:
        """Write the parts as one entry; ``packed`` is False for what does not shrink (pictures)."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info._compresslevel = 1  # type: ignore[attr-defined]  # public only as an argument from Python 3.13 on
        digest = hashlib.sha256()
        with self.bundle.open(info, "w", force_zip64=True) as out:
            for part in parts:
                digest.update(part)
                out.write(part)
        return digest.hexdigest()


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A backup that appears under its name when it is complete and on disk, and leaves nothing when it is not."""
    if target.exists():
        raise Invalid(_("%(file)s exists already. Choose another name."), file=target)
    half = target.with_name(f".{target.name}.unfinished")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with zipfile.ZipFile(raw, "w") as bundle:
                yield Writer(bundle)
            raw.flush()
            os.fsync(raw.fileno())
        half.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        why = error.strerror or str(error)
        raise Invalid(_("The backup could not be written to %(file)s: %(why)s"), file=target, why=why) from error
    finally:
        half.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Reader:
    """A backup whose parts have been checked."""

    def __init__(self, bundle: zipfile.ZipFile, manifest: Manifest) -> None:
        self.bundle, self.manifest = bundle, manifest

    def rows(self, table: Table) -> Iterator[list[Any]]:
        """The rows of a table in the order they were written."""
        with self.bundle.open(table.entry) as lines:
            for line in _lines(lines, table.entry):
                row = json.loads(line)
                if not isinstance(row, list) or len(row) != len(table.columns):
                    raise _damaged(table.entry)
                yield row

    def files(self) -> Iterator[tuple[str, str]]:
        """(name, digest) of every file."""
        with self.bundle.open(FILES) as lines:
            for line in _lines(lines, FILES):
                name, digest = json.loads(line)
                yield name, digest

    def open_file(self, name: str) -> IO[bytes]:
        return self.bundle.open(f"files/{name}")


@contextmanager
def reading(source: Path) -> Iterator[Reader]:
    """A backup, every part of which has been read once and matches its digest; ``Invalid`` says what does not."""
    try:
        with source.open("rb") as raw, zipfile.ZipFile(raw) as bundle:
            manifest = _manifest_of(bundle)
            reader = Reader(bundle, manifest)
            _check_parts(reader)
            yield reader
    except zipfile.BadZipFile as error:
        raise _foreign() from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise _damaged(source.name) from error
    except OSError as error:
        raise Invalid(_("%(file)s cannot be read: %(why)s"), file=source, why=error.strerror or str(error)) from error


def examine(source: Path) -> Manifest:
    """Check every part of a backup without any database; its manifest. ``Invalid`` when it is damaged or foreign."""
    with reading(source) as backup:
        return backup.manifest


def _manifest_of(bundle: zipfile.ZipFile) -> Manifest:
    try:
        info = bundle.getinfo(MANIFEST)
    except KeyError as error:
        raise _foreign() from error
    if info.file_size > LONGEST_MANIFEST:
        raise _damaged(MANIFEST)
    return loaded(_read(bundle, MANIFEST))


def _read(bundle: zipfile.ZipFile, name: str) -> bytes:
    try:
        return bundle.read(name)
    except zipfile.BadZipFile as error:
        raise _damaged(name) from error


def _check_parts(reader: Reader) -> None:
    manifest = reader.manifest
    files = _check_files(reader)
    expected = {MANIFEST, FILES, *(t.entry for t in manifest.tables), *files}
    found = reader.bundle.namelist()
    if len(found) != len(expected) or set(found) != expected:
        stray = sorted(set(found) ^ expected)
        raise _damaged(stray[0] if stray else MANIFEST)
    for table in manifest.tables:
        rows, digest = _measured(reader.bundle, table.entry)
        if (rows, digest) != (table.rows, table.digest):
            raise _damaged(table.entry)


def _check_files(reader: Reader) -> list[str]:
    """The entries of the files, each of which has its digest."""
    count, digest = _measured(reader.bundle, FILES)
    if (count, digest) != (reader.manifest.files, reader.manifest.files_digest):
        raise _damaged(FILES)
    names = []
    for name, expected in reader.files():
        if not is_plain(name):
            raise _damaged(FILES)
        if _measured(reader.bundle, f"files/{name}")[1] != expected:
            raise _damaged(f"files/{name}")
        names.append(f"files/{name}")
    return names


def is_plain(name: str) -> bool:
    """Whether a file's name is one folder and one file of plain characters: nothing climbs out of the folder."""
    folder, slash, rest = name.partition("/")
    plain = folder.replace("-", "").isalnum() and rest.replace("-", "").replace(".", "").isalnum()
    return name.isascii() and bool(slash) and plain and not rest.startswith(".")


def _measured(bundle: zipfile.ZipFile, name: str) -> tuple[int, str]:
    """(lines, digest) of an entry."""
    digest, lines = hashlib.sha256(), 0
    try:
        with bundle.open(name) as part:
            while chunk := part.read(CHUNK):
                digest.update(chunk)
                lines += chunk.count(b"\n")
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(name) from error
    return lines, digest.hexdigest()


def _lines(part: IO[bytes], name: str) -> Iterator[bytes]:
    while line := part.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise _damaged(name)
        yield line


def _foreign() -> Invalid:
    return Invalid(_("This is no backup made by Zijing, or its end is missing. Nothing was changed."))


def _damaged(name: str) -> Invalid:
    return Invalid(
        _("The backup is damaged or was changed, at “%(part)s”. Nothing was restored; use another backup."), part=name
    )
