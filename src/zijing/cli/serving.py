"""``zijing serve``: the web server and the work process together, stopped together."""

import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import click
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from zijing.cli.children import start, stop
from zijing.cli.texts import _
from zijing.core.errors import Invalid

HOST = "127.0.0.1"
STARTING = 60.0


def web_command(port: int) -> list[str]:
    """The server's command line. SQLite has one writer: one process with a few threads; PostgreSQL has many."""
    workers, threads = (1, 4) if connection.vendor == "sqlite" else (4, 2)
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning",
        "--workers-kill-timeout", "5", "zijing.cli.worker:application",
    ]  # fmt: skip


@click.command(help=_("Serve the pages and the API on this machine, and do what the clock makes due."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("Port (default: ZIJING_PORT, else 8000)."))
def serve(port: int | None) -> None:
    port = port or settings.PORT
    refuse_taken(port)
    ended = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda *_args: ended.set())
    children = [start(web_command(port)), start([sys.executable, "-m", "zijing", "work"])]
    try:
        if _wait_until_up(port, children, ended):
            announce(port)
        failed = _wait(children, ended)
    finally:
        stop(children)
    if failed:
        raise Invalid(gettext("A process has ended unexpectedly; stopped the others too. See the messages above."))


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


def _wait_until_up(port: int, children: "list[subprocess.Popen[bytes]]", ended: threading.Event) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _attempt in range(int(STARTING / 0.2)):
        if ended.wait(0.2) or any(c.poll() is not None for c in children):
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


def _wait(children: "list[subprocess.Popen[bytes]]", ended: threading.Event) -> bool:
    """Until a signal or a child's end; whether a child ended by itself."""
    while not ended.wait(0.5):
        if any(child.poll() is not None for child in children):
            return True
    return False
