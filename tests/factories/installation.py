"""Installations of their own: a data folder and a database that no other test shares, spoken to by command."""

import fcntl
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import psycopg

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("ZIJING_DATABASE_URL", "")
# The databases there are to test on.
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)


@dataclass(frozen=True)
class Installation:
    """A data folder, and the address of its database ("" for SQLite)."""

    data: Path
    url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZIJING_", "DJANGO_", "LC_"))}
        own = {"ZIJING_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src"), "LANG": "en"}
        return kept | own | ({"ZIJING_DATABASE_URL": self.url} if self.url else {})

    @property
    def file(self) -> Path:
        return self.data / "zijing.sqlite3"

    def command(self, *args: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run ``zijing`` with these arguments."""
        line = [sys.executable, "-m", "zijing", *args]
        return subprocess.run(
            line, env=self.environ | more, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT
        )

    def run(self, *args: str, **more: str) -> str:
        """Run a command that must succeed; what it said."""
        done = self.command(*args, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *args: str, **more: str) -> str:
        """Run a command that must be refused in a sentence; the sentence."""
        done = self.command(*args, **more)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def python(self, code: str, **more: str) -> str:
        """Run code with Django set up; what it printed."""
        line = [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"]
        own = self.environ | {"DJANGO_SETTINGS_MODULE": "zijing.config.settings"} | more
        own["PYTHONPATH"] += f"{os.pathsep}{ROOT}"
        done = subprocess.run(line, env=own, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def of_release(data: Path, version: str) -> Installation:
    """An SQLite installation as the release of that version left it."""
    data.mkdir(parents=True)
    text = gzip.decompress((ROOT / "tests" / "upgrades" / f"{version}.sql.gz").read_bytes()).decode()
    made = Installation(data)
    with closing(sqlite3.connect(made.file)) as connection:
        connection.executescript(text)
    return made


def present(data: Path) -> Installation:
    """An SQLite installation of the present version in which nothing is yet."""
    return _copied("present", lambda made: made.run("migrate"), data)


def upgraded(data: Path, version: str) -> Installation:
    """What the release of that version left, brought to the present version."""

    def make(made: Installation) -> str:
        made.data.rmdir()
        return of_release(made.data, version).run("migrate")

    return _copied(f"upgraded-{version}", make, data)


def _copied(name: str, make: Callable[[Installation], object], data: Path) -> Installation:
    """A copy of an installation that whichever worker comes first makes once for the run."""
    folder = Path(f"{os.environ['ZIJING_DATA']}-once")
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            half = folder / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(Installation(half))
            half.rename(folder / name)
    shutil.copytree(folder / name, data, dirs_exist_ok=True)
    return Installation(data)


@contextmanager
def empty(kind: str, data: Path) -> Iterator[Installation]:
    """An installation in which nothing is yet, on either database."""
    data.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Installation(data)
        return
    name = f"zijing_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')  # type: ignore[call-overload]
    try:
        yield Installation(data, urlparse(SERVER)._replace(path=f"/{name}").geturl())
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


@contextmanager
def ready(kind: str, data: Path) -> Iterator[Installation]:
    """An installation that has its tables and nothing in them, on either database."""
    with empty(kind, data) as made:
        if kind == "sqlite":
            present(data)
        else:
            made.run("migrate")
        yield made
