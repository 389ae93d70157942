"""Connections to other people's servers: trusted certificates, and an end to every wait."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

# So many times the wait for one answer is what a whole sending may take, however slowly the other side speaks.
WHOLE = 3


def trusted() -> ssl.SSLContext:
    """The system's certificates and those of the operator."""
    context = ssl.create_default_context()
    if settings.CHANNEL_CA:
        context.load_verify_locations(settings.CHANNEL_CA)
    return context


@contextmanager
def not_for_ever(sock: socket.socket) -> Iterator[None]:
    """Break a connection off that lasts too long: one byte every few seconds keeps every single wait short."""

    def end() -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE * settings.CHANNEL_TIMEOUT, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
