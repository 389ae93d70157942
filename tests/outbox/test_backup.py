"""A backup brings everything back, on either database; a damaged, foreign, newer or changed one brings back nothing."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories.installation import KINDS, Installation, empty, of_release, ready, upgraded
from zijing.core.errors import Invalid
from zijing.outbox.backup import examine
from zijing.outbox.backup.archive import reading

FILE = "ab/abcdef"


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Installation:
    """A small office with a file and an id that was given and taken back."""
    made = upgraded(tmp_path_factory.mktemp("office") / "data", "0.1.0")
    (made.data / "files" / "ab").mkdir(parents=True)
    (made.data / "files" / FILE).write_bytes(bytes(range(256)) * 50)
    with closing(sqlite3.connect(made.file)) as connection, connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 700 WHERE name = 'cases_case'")
    return made


@pytest.fixture(scope="module")
def taken(office, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("backups") / "office.zip"
    said = office.run("backup", str(target))
    assert "1 files" in said
    assert "紫荆路街道 (410181005000): " in said
    return target


def content(path):
    """Every table's rows with JSON read, so that spelling does not count, and the highest ids."""

    def plain(value):
        try:
            return json.loads(value) if isinstance(value, str) and value[:1] in '{["' else value
        except ValueError:
            return value

    with reading(path) as backup:
        tables = backup.manifest.tables
        rows = {t.name: [[plain(v) for v in row] for row in backup.rows(t)] for t in tables}
        return rows, {t.name: t.last_id for t in tables}, list(backup.files()), backup.manifest.anchors


def changed(source, target, name, content):
    """A copy of a backup with one entry replaced (None: left out)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
            elif content is not None:
                new.writestr(info, content)
    return target


def forged(source, target, table, change):
    """A copy in which a table's rows went through ``change`` and the manifest was made to fit."""
    with reading(source) as backup:
        manifest = json.loads(backup.bundle.read("manifest.json"))
        entry = next(t for t in manifest["tables"] if t["name"] == table)
        rows = list(backup.rows(next(t for t in backup.manifest.tables if t.name == table)))
        lines = [json.dumps(row, ensure_ascii=False) for row in change(rows, entry["columns"])]
    text = "".join(line + "\n" for line in lines).encode()
    entry |= {"rows": len(lines), "digest": hashlib.sha256(text).hexdigest()}
    half = changed(source, target.with_suffix(".half"), f"tables/{table}.jsonl", text)
    return changed(half, target, "manifest.json", json.dumps(manifest))


def remade(source, target, **facts):
    """A copy whose manifest says something else."""
    with zipfile.ZipFile(source) as old:
        manifest = json.loads(old.read("manifest.json"))
    return changed(source, target, "manifest.json", json.dumps(manifest | facts))


def has_nothing(installation):
    """Whether an installation is as empty as before, also of half-made files."""
    names = {p.name for p in installation.data.iterdir()} - {"secret-key", "field-key", "static", "zijing.sqlite3"}
    counted = installation.python(
        "from django.db import connection as c; from zijing.outbox.backup.restoring import is_empty\n"
        "print(is_empty(), [t for t in c.introspection.table_names() if t.startswith('places')])"
    )
    return counted.split(maxsplit=1)[0] == "True" and names <= {"files"} and not list(installation.data.glob("files/*"))


@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_back_and_can_be_backed_up_again(kind, taken, tmp_path):
    with empty(kind, tmp_path / "new") as new:
        said = new.run("restore", str(taken))
        assert "Restored and checked" in said
        assert new.run("verify").count("sound") == 2
        again = tmp_path / "again.zip"
        new.run("backup", str(again))
        assert content(again) == content(taken)
        assert (new.data / "files" / FILE).read_bytes() == bytes(range(256)) * 50


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_empty_installation_is_restored_into(kind, taken, tmp_path):
    with ready(kind, tmp_path / "new") as new:
        new.run("restore", str(taken))
        head = new.run("verify")
        assert "There is an installation here already" in new.refused("restore", str(taken))
        assert new.run("verify") == head


def test_force_puts_what_stood_here_aside_whole(taken, tmp_path):
    standing = of_release(tmp_path / "data", "0.1.0")
    before = dumped(standing.file)
    said = standing.run("restore", "--force", str(taken))
    [aside] = standing.data.glob("before-restore-*")
    assert str(aside) in said
    assert dumped(aside / "zijing.sqlite3") == before
    assert standing.run("verify").count("sound") == 2


def dumped(file):
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def flipped(source, target, part):
    """A copy with one byte changed in the middle of an entry."""
    with zipfile.ZipFile(source) as bundle:
        info = bundle.getinfo(part)
    raw = bytearray(source.read_bytes())
    raw[info.header_offset + 60 + len(part) + info.compress_size // 2] ^= 0xFF
    target.write_bytes(raw)
    return target


def climbing(source, target):
    line = json.dumps(["../secret-key", hashlib.sha256(b"x").hexdigest()]).encode() + b"\n"
    facts = {"files": 1, "files_digest": hashlib.sha256(line).hexdigest()}
    half = changed(source, target.with_suffix(".half"), "files.jsonl", line)
    return remade(half, target, **facts)


def with_stray(source, target):
    shutil.copy(source, target)
    with zipfile.ZipFile(target, "a") as bundle:
        bundle.writestr("tables/django_session.jsonl", "[]\n")
    return target


DAMAGE = {
    "cut short": lambda s, t: t.write_bytes(s.read_bytes()[:-400]) and t,
    "half of it": lambda s, t: t.write_bytes(s.read_bytes()[: s.stat().st_size // 2]) and t,
    "empty": lambda s, t: t.write_bytes(b"") or t,
    "no zip": lambda s, t: t.write_text("SQLite format 3") and t,
    "a byte in a table": lambda s, t: flipped(s, t, "tables/journal_journalentry.jsonl"),
    "a byte in a file": lambda s, t: flipped(s, t, f"files/{FILE}"),
    "a table is missing": lambda s, t: changed(s, t, "tables/people_post.jsonl", None),
    "a file is missing": lambda s, t: changed(s, t, f"files/{FILE}", None),
    "a row is changed": lambda s, t: changed(s, t, "tables/places_placecode.jsonl", b"[1]\n"),
    "no manifest": lambda s, t: changed(s, t, "manifest.json", None),
    "manifest of something else": lambda s, t: changed(s, t, "manifest.json", b'{"format": "other"}'),
    "manifest no JSON": lambda s, t: changed(s, t, "manifest.json", b"{"),
    "manifest a list": lambda s, t: changed(s, t, "manifest.json", b"[]"),
    "manifest without tables": lambda s, t: changed(s, t, "manifest.json", b'{"format": "zijing-backup", "edition": 1}'),
    "a path that climbs out": climbing,
    "another table": with_stray,
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_or_foreign_file_is_refused_in_a_sentence(damage, taken, tmp_path):
    broken = DAMAGE[damage](taken, tmp_path / "broken.zip")
    with pytest.raises(Invalid, match="备份"):
        examine(broken)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(Invalid, match="nowhere"):
        examine(tmp_path / "nowhere.zip")


def renamed_case(rows, columns):
    rows[0][columns.index("kind_id")] = 99_999
    return rows


def quiet_rewrite(rows, columns):
    rows[3][columns.index("verb")] = "cases.nothing"
    return rows


def shortened(rows, _columns):
    return rows[:-1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "table, change, why",
    [
        ("cases_case", renamed_case, "contradicts itself"),
        ("journal_journalentry", quiet_rewrite, "journal in the backup was changed"),
        ("journal_journalentry", shortened, "journal in the backup was changed"),
        ("places_placecode", lambda rows, columns: [row[:-1] for row in rows], "damaged"),
        ("places_placecode", lambda rows, columns: [["x", *row[1:]] for row in rows], "contradicts itself"),
    ],
)
def test_what_was_changed_behind_fitting_digests_is_refused_and_nothing_stays(
    kind, table, change, why, taken, tmp_path
):
    bad = forged(taken, tmp_path / "forged.zip", table, change)
    with empty(kind, tmp_path / "new") as new:
        assert why in new.refused("restore", str(bad))
        assert has_nothing(new)


def test_a_backup_of_a_newer_version_asks_for_that_version(taken, tmp_path):
    migrations = [*examine(taken).migrations, ["cases", "0999_what_is_to_come"]]
    newer = remade(taken, tmp_path / "newer.zip", migrations=migrations, zijing="9.9")
    with empty("sqlite", tmp_path / "new") as new:
        assert "newer version of Zijing (9.9)" in new.refused("restore", str(newer))
        assert has_nothing(new)
    with pytest.raises(Invalid, match=r"9\.9"):
        examine(remade(taken, tmp_path / "edition.zip", edition=2, zijing="9.9"))


def test_a_backup_is_written_whole_or_not_at_all(office, tmp_path):
    target = tmp_path / "once.zip"
    office.run("backup", str(target))
    before = target.read_bytes()
    assert "exists already" in office.refused("backup", str(target))
    assert target.read_bytes() == before
    assert "could not be written" in office.refused("backup", str(tmp_path / "nowhere" / "x.zip"))
    assert target.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["once.zip"]


def test_a_backup_of_no_database_says_what_to_do(tmp_path):
    with empty("sqlite", tmp_path / "data") as new:
        assert "zijing migrate" in new.refused("backup", str(tmp_path / "x.zip"))
    assert not (tmp_path / "x.zip").exists()


def test_personal_fields_stay_sealed_and_a_key_that_does_not_fit_is_said(office, taken, tmp_path):
    with empty("sqlite", tmp_path / "new") as new:
        done = new.command("restore", str(taken))
        assert done.returncode == 0
        assert "field-key" in done.stderr
    with empty("sqlite", tmp_path / "fits") as new:
        shutil.copy(office.data / "field-key", new.data / "field-key")
        assert new.command("restore", str(taken)).stderr == ""


def test_whoever_has_not_the_key_forges_no_backup(office, taken, tmp_path):
    def another(rows, columns):
        rows[0][columns.index("title")] = "别的"
        return rows

    bad = forged(taken, tmp_path / "forged.zip", "cases_case", another)
    with empty("sqlite", tmp_path / "new") as new:
        shutil.copy(office.data / "field-key", new.data / "field-key")
        assert "damaged or was changed" in new.refused("restore", str(bad))
        assert has_nothing(new)


def test_no_key_and_no_session_is_in_it(office, taken):
    with zipfile.ZipFile(taken) as bundle:
        names = set(bundle.namelist())
        everything = b"".join(bundle.read(n) for n in names)
    for key in ("secret-key", "field-key"):
        assert (office.data / key).read_bytes().strip() not in everything
    assert not {n for n in names if "session" in n or "key" in n}
