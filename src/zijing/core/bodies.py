"""Requests that end before their sender said they would: a phone that lost the network, a page that was left.

A server may hand on what came so far (granian does), and Django takes it for the whole: a report would be filed without
the photo behind it, and refused when it comes again with it (RFC 9112, 8: incomplete messages).
"""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class BrokenOff(OSError):
    """The sender went away before the body was whole. Django turns it into ``UnreadablePostError``."""


class Whole:
    """A body of ``length`` bytes that is read to its end or not at all: ``BrokenOff`` where it ends before."""

    def __init__(self, body: Any, length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        parts = []
        while wanted:
            part = self._counted(self.body.read(wanted))
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        return self._counted(self.body.readline(wanted)) if wanted else b""

    def _counted(self, part: bytes) -> bytes:
        if not part:
            raise BrokenOff("the request ended before its body was whole")
        self.left -= len(part)
        return part


def whole(application: Application) -> Application:
    """The application, to which no body is shown as whole that is not."""

    def guarded(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        said = environ.get("CONTENT_LENGTH") or ""
        if said.isdecimal():
            environ["wsgi.input"] = Whole(environ["wsgi.input"], int(said))
        return application(environ, start)

    return guarded
