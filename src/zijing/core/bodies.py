"""Requests that end before their sender said they would: a phone that lost the network, a page that was left.

A server may hand on what came so far (granian does), and Django takes it for the whole: a report would be filed without
the photo behind it, and refused when it comes again with it (RFC 9112, 8: incomplete messages).
"""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
BROKEN_OFF = "zijing.broken_off"
"""Stands in the environment of a request whose body was found not to be whole."""


class BrokenOff(OSError):
    """The sender went away before the body was whole. Django turns it into ``UnreadablePostError``."""


class Whole:
    """The body of a request that is read to its end or not at all: ``BrokenOff`` where it ends before its length."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.body, self.left, self.environ = environ["wsgi.input"], int(environ["CONTENT_LENGTH"]), environ

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
            self.environ[BROKEN_OFF] = True
            raise BrokenOff("the request ended before its body was whole")
        self.left -= len(part)
        return part


def whole(application: Application) -> Application:
    """The application, to which no body is shown as whole that is not."""

    def guarded(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if str(environ.get("CONTENT_LENGTH") or "").isdecimal():
            environ["wsgi.input"] = Whole(environ)
        return application(environ, start)

    return guarded
