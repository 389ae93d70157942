"""A real server over an installation of its own, on SQLite or on a durable PostgreSQL, and the clients that call it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

import postgres

TICKS = os.sysconf("SC_CLK_TCK")
STARTING = 90.0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """A folder with an office in it, its database, its server and who may call it."""

    folder: Path
    database: str
    url: str = ""
    port: int = field(default_factory=free_port)
    key: str = ""
    office: int = 0
    grids: list[int] = field(default_factory=list)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZIJING_", "DJANGO_"))}
        own = {
            "ZIJING_DATA": str(self.folder / "data"), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{HERE}",
            "DJANGO_SETTINGS_MODULE": "plain.settings", "ZIJING_DATABASE_URL": self.url, "LANG": "en",
        }  # fmt: skip
        return kept | own

    def python(self, *args: str) -> str:
        """Run Python in the installation; what it printed."""
        done = subprocess.run([sys.executable, *args], env=self.environ, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def found(self) -> None:
        """Found the office, and make the plain view's table."""
        facts = json.loads(self.python(str(HERE / "founding.py")).splitlines()[-1])
        self.key, self.office, self.grids = facts["key"], facts["office"], facts["grids"]
        self.python("-m", "zijing", "manage", "migrate", "--run-syncdb", "--verbosity", "0")

    def serve(self) -> None:
        """Start ``zijing serve`` and wait until it answers."""
        command = [sys.executable, "-m", "zijing", "serve", "--port", str(self.port)]
        log = (self.folder / "server.log").open("ab")
        self.server = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log, start_new_session=True)
        self.await_health()

    def await_health(self) -> float:
        """Wait until the server says it is well; the seconds it took."""
        opener, began = urllib.request.build_opener(urllib.request.ProxyHandler({})), time.monotonic()
        while time.monotonic() - began < STARTING:
            try:
                with opener.open(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.1)
        sys.exit(f"The server does not answer; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        """Stop the server in order."""
        if self.server and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(30)

    def processes(self) -> dict[int, str]:
        """The server's processes (and the database's), by id: what each runs."""
        command = ["ps", "-ww", "-eo", "pid=,ppid=,args="]  # ww: a COLUMNS in the surroundings would cut the lines
        rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        every = {int(p): (int(parent), args) for p, parent, args in (r.split(None, 2) for r in rows.splitlines())}
        roots = {self.server.pid} if self.server else set()
        if (postmaster := self.postmaster()) is not None:
            roots.add(postmaster)
        found = {p for p in roots if p in every}
        while more := {p for p, (parent, _args) in every.items() if parent in found} - found:
            found |= more
        return {p: every[p][1] for p in found}

    def postmaster(self) -> int | None:
        """The process of the database's server, if it has one and it runs."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.folder / "cluster" / "data" / "postmaster.pid").read_text().split()[0])
        return None

    def cpu_seconds(self) -> float:
        """CPU time all of them have used so far."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += int(facts[11]) + int(facts[12])
        return total / TICKS

    def restart_database(self) -> None:
        """Start PostgreSQL again after it was killed, as its service manager would: until its old backends are gone."""
        for _attempt in range(30):
            with contextlib.suppress(subprocess.CalledProcessError):
                postgres.begin(self.folder / "cluster", int(urlparse(self.url).port or 0), durable=True)
                return
            time.sleep(1)
        sys.exit(f"PostgreSQL does not start again; see {self.folder / 'cluster' / 'log'}")

    def clients(self, *, path: str, clients: int, seconds: float, rate: float = 0) -> "subprocess.Popen[str]":
        """Clients in a process of their own, calling for so long; ``rate`` a second altogether, 0: without a pause."""
        facts = {
            "port": self.port, "key": self.key, "grids": self.grids, "path": path, "clients": clients,
            "seconds": seconds, "rate": rate,
        }  # fmt: skip
        command = [sys.executable, str(HERE / "clients.py"), json.dumps(facts)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@contextmanager
def installation(database: str, *, served: bool = True) -> Iterator[Installation]:
    """An installation with an office, served until the end of the block; nothing is left of it."""
    folder = Path(tempfile.mkdtemp(prefix=f"zijing-bench-{database}-"))
    folder.chmod(0o755)
    made = Installation(folder, database)
    try:
        if database == "postgresql":
            (folder / "cluster").mkdir()
            made.url = postgres.start(folder / "cluster", durable=True)
        made.found()
        if served:
            made.serve()
        yield made
    finally:
        made.stop()
        if made.server:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(made.server.pid, signal.SIGKILL)
        if made.url:
            postgres.stop(folder / "cluster")
        shutil.rmtree(folder, ignore_errors=True)


def databases() -> list[str]:
    """What can be measured on this machine."""
    there = shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return ["sqlite", *(["postgresql"] if there else [])]


def machine(made: Installation) -> dict[str, Any]:
    """What it was measured on, as the installation's own Python says."""
    code = "import json, measuring; measuring.set_up(); print(json.dumps(measuring.machine()))"
    return dict(json.loads(made.python("-c", code)))
