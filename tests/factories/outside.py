"""The world outside the house, on this machine: a mail server and a server of group robots, as real as they are bad."""

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "zijing", "geheim-Kouling"


@dataclass
class Certificate:
    """A certificate for this machine that signs itself: ``ca`` is the file that whoever trusts it names."""

    ca: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, self.key)
        return context


def certificate(folder: Path, name: str = "good") -> Certificate:
    """For 127.0.0.1 and localhost, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    ca, secret = folder / f"{name}.pem", folder / f"{name}.key"
    ca.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificate(ca, secret)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Letterbox:
    """A mail server's memory: what came, and what it is to answer instead of taking it (by step: RCPT, DATA)."""

    port: int = field(default_factory=free_port)
    came: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    tried: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.tried += 1
        if said := self.answers.get("RCPT") or self.answers.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if said := self.answers.get("DATA"):
            return said
        came = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(came, EmailMessage)
        self.came.append(came)
        return "250 taken"


@contextmanager
def mail_server(
    *, secured: Certificate | None = None, box: Letterbox | None = None, sign_in: bool = False
) -> Iterator[Letterbox]:
    """A mail server with STARTTLS if it has a certificate."""
    box = box or Letterbox()

    def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=right, handled=right)

    more: dict[str, Any] = {"tls_context": secured.context(), "require_starttls": True} if secured else {}
    if sign_in:
        more |= {"authenticator": known, "auth_required": True}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Chat:
    """A server of group robots: what was posted, and what it answers."""

    port: int = 0
    came: list[tuple[str, Any]] = field(default_factory=list)
    status: int = 200
    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    before: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}/cgi-bin/webhook/send?key=GEHEIM"


@contextmanager
def robot_server(secured: Certificate) -> Iterator[Chat]:
    """A server that takes posts by https."""
    chat = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.came.append((self.path, said))
            chat.before()
            time.sleep(chat.slow)
            self.send_response(chat.status)
            for name, value in chat.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(chat.body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = secured.context().wrap_socket(server.socket, server_side=True)
    chat.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
