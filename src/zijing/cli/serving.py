"""``zijing serve``: the web server and the work process together, begun again when one dies, stopped together."""

import logging
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress

import click
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from zijing.cli.children import start, stop
from zijing.cli.texts import _
from zijing.core.errors import Invalid
from zijing.core.health import require_present_version

HOST = "127.0.0.1"
STARTING = 60.0
# How many web processes there are at most on PostgreSQL, and how many requests all of them serve at a time.
MOST_WORKERS, THREADS = 4, 8
# How long to wait before a process that died is begun again: longer each time, until it has lived for a while.
FIRST_WAIT, LONGEST_WAIT, LIVED = 0.5, 30.0, 60.0
logger = logging.getLogger(__name__)


def web_command(port: int) -> list[str]:
    """The server's command line. SQLite has one writer: one process with a few threads; PostgreSQL one per core."""
    cores = os.cpu_count() or 1
    workers = 1 if connection.vendor == "sqlite" else min(MOST_WORKERS, cores)
    threads = min(THREADS // workers, 2 * cores + 1)  # granian warns of more
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning",
        "--workers-kill-timeout", "10", "zijing.cli.worker:application",
    ]  # fmt: skip


@click.command(help=_("Serve the pages and the API on this machine, and do what the clock makes due."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("Port (default: ZIJING_PORT, else 8000)."))
def serve(port: int | None) -> None:
    port = port or settings.PORT
    refuse_taken(port)
    require_present_version()
    ended = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda *_args: ended.set())
    children = [Child("web", web_command(port)), Child("work", [sys.executable, "-m", "zijing", "work"])]
    failed = False
    try:
        if _wait_until_up(port, children, ended):
            announce(port)
            _keep_up(children, ended)
        failed = not ended.is_set()
    finally:
        stop([child.process for child in children])
    if failed:
        raise Invalid(gettext("A process has ended unexpectedly; stopped the others too. See the messages above."))


class Child:
    """A process that is begun again when it dies; what it had begun itself is ended first."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command, self.wait, self.again_at = name, command, FIRST_WAIT, 0.0
        self._begin()

    def _begin(self) -> None:
        self.process, self.begun = start(self.command), time.monotonic()

    @property
    def died(self) -> bool:
        return self.process.poll() is not None

    def look_after(self) -> None:
        """Begin it again if it has died and waited long enough."""
        if not self.died:
            return
        now = time.monotonic()
        if not self.again_at:
            if now - self.begun > LIVED:
                self.wait = FIRST_WAIT
            self._end_rest()
            logger.error("%s ended (%s); begun again in %.1f s", self.name, self.process.returncode, self.wait)
            self.again_at, self.wait = now + self.wait, min(self.wait * 2, LONGEST_WAIT)
        elif now >= self.again_at:
            self.again_at = 0.0
            self._begin()

    def _end_rest(self) -> None:
        """End what is left of its session, so that nothing holds the port or writes behind its successor's back."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def refuse_taken(port: int) -> None:
    """``Invalid`` when something else listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Invalid(
                gettext("Port %(port)d is taken. Stop what uses it, or choose another: ZIJING_PORT=8001"), port=port
            ) from error


def _wait_until_up(port: int, children: list[Child], ended: threading.Event) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _attempt in range(int(STARTING / 0.2)):
        if ended.wait(0.2) or any(c.died for c in children):
            return False
        try:
            with opener.open(f"http://{HOST}:{port}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError as error:
            raise Invalid(gettext("The server does not work (%(status)d)."), status=error.code) from error
        except OSError:
            continue
    raise Invalid(gettext("The server does not answer."))


def announce(port: int) -> None:
    """Say in both languages where the pages are."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            click.echo(
                gettext("Zijing is at http://%(host)s:%(port)d/ (Ctrl-C stops it)") % {"host": HOST, "port": port}
            )


def _keep_up(children: list[Child], ended: threading.Event) -> None:
    """Until a signal: begin again what dies."""
    while not ended.wait(0.2):
        for child in children:
            child.look_after()
