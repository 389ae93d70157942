"""A real server over an installation of its own, with an office in it, and the calls made to it over HTTP."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.factories.installation import ROOT, Installation

FOUNDING = """
from tests.factories import office as offices
from zijing.outbox.models import Rhythm
from zijing.people.actions import issue_token
from zijing.records.models import Kind
made = offices.office()
Rhythm.objects.all().delete()  # years of them are due: the server shall be at rest
kind = Kind.objects.get(key="issue")
Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"receiver": "U-section"})
key = issue_token(
    actor=made.system, at=offices.FOUNDED, username=made.account("grid").username, post_code="P-grid", label="test"
)
print(key, made.places["第一网格"].pk, made.place.pk)
"""


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """An office on a server: its key, the grid cases are filed in, and the port."""

    installation: Installation
    port: int
    key: str
    grid: int
    office: int
    process: "subprocess.Popen[str]"

    def call(self, method: str, path: str, body: Any = None, *, timeout: float = 60) -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers of an answer of the API."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en"}
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            text = answer.read().decode()
            is_json = "json" in (answer.headers.get("Content-Type") or "")
            return (
                answer.status,
                json.loads(text) if is_json else text,
                {k.title(): v for k, v in answer.headers.items()},
            )
        finally:
            line.close()

    def file(self, client_id: str = "", **more: Any) -> tuple[int, Any, dict[str, str]]:
        """File a case."""
        values = {"what": "路面塌陷", "class": "safety"}
        body = {"client_id": client_id or str(uuid.uuid4()), "kind": "issue", "values": values, "place": self.grid}
        return self.call("POST", "/api/v1/cases", body | more)


@contextmanager
def served(installation: Installation, **environment: str) -> Iterator[Served]:
    """Found an office in an installation of the present version, and serve it until the end of the block."""
    key, grid, office = installation.python(FOUNDING).split()
    port = free_port()
    command = [sys.executable, "-u", "-m", "zijing", "serve", "--port", str(port)]
    own = installation.environ | environment
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        try:
            yield Served(installation, port, key, int(grid), int(office), process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
