"""Serving for real: it comes up, says where, stops all it started, and leaves nothing behind when it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from zijing.cli.running import collect_static

SOURCES = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation of its own, set up."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZIJING_", "DJANGO_"))}
    own = kept | {
        "ZIJING_DATA": str(tmp_path_factory.mktemp("data")), "ZIJING_PORT": str(free_port()), "PYTHONPATH": str(SOURCES),
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "zijing", "setup"], env=own, check=True, timeout=120)
    return own


@pytest.fixture
def server(environ: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A running ``zijing serve`` that has said where it is."""
    command = [sys.executable, "-u", "-m", "zijing", "serve"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{environ['ZIJING_PORT']}/" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def family(pid: int) -> set[int]:
    """A process and everything below it."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    parents = dict(map(int, row.split()) for row in rows)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run (a zombie does not)."""
    return {
        p for p in pids if Path(f"/proc/{p}/stat").exists() and Path(f"/proc/{p}/stat").read_text().split()[2] != "Z"
    }


def gone(pids: set[int], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not alive(pids)


def healthz(environ: dict[str, str]) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{environ['ZIJING_PORT']}/healthz", timeout=5) as answer:
        return int(answer.status)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_all_it_started(server: Any, environ: dict[str, str], signum: signal.Signals) -> None:
    assert healthz(environ) == 200
    started = family(server.pid)
    assert len(started) >= 4, "serve, the server and its worker, work"
    server.send_signal(signum)
    assert server.wait(20) == 0
    assert gone(started)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel to tie children to their parent")
def test_nothing_is_left_when_it_is_killed(server: Any) -> None:
    started = family(server.pid)
    server.kill()
    assert gone(started)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel to tie children to their parent")
@pytest.mark.parametrize("victim", ["zijing work", "granian", "worker"])
def test_when_a_child_dies_it_is_begun_again(server: Any, environ: dict[str, str], victim: str) -> None:
    died = process_of(server.pid, victim)
    os.kill(died, signal.SIGKILL)
    assert gone({died})
    assert eventually(lambda: process_of(server.pid, victim) not in {0, died} and healthz(environ) == 200)
    started = family(server.pid)
    server.terminate()
    assert server.wait(20) == 0
    assert gone(started)


def process_of(pid: int, name: str) -> int:
    """The process below ``pid`` with this name in its command line: the server (granian) or its worker; 0 if none."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    below = family(pid)
    found = {int(p): (int(parent), args) for p, parent, args in (r.split(None, 2) for r in rows.splitlines())}
    if name == "worker":
        server = process_of(pid, "granian")
        return next((p for p, (parent, _args) in found.items() if parent == server and "tracker" not in _args), 0)
    return next((p for p in sorted(below) if name in found.get(p, (0, ""))[1]), 0)


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            if true():
                return True
        time.sleep(0.2)
    return False


def test_a_taken_port_is_said_before_anything_starts(cli: Cli) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = cli("serve", "--port", str(other.getsockname()[1]))
    assert result.exit_code == 1
    assert "is taken" in result.stderr


def test_static_files_are_collected_only_when_they_changed(tmp_path: Path, settings: Any) -> None:
    source = tmp_path / "own"
    source.mkdir()
    (source / "a.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    assert collect_static()
    assert list((tmp_path / "static").glob("a.*.css"))
    assert not collect_static()
    (source / "a.css").write_text("a { color: blue }")
    assert collect_static()
