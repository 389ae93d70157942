"""Typst in a process of its own: what a large document takes is given back when it ends, and it can be ended.

The child reads the data of a document and writes its PDF; it needs no settings and no database.
"""

import subprocess
import sys

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.documents.layout.setting import compiled

CHILD = "from zijing.documents.layout import apart; apart.main()"
LONGEST = 300
"""Seconds; a table of 10,000 rows takes ten."""
TOO_LONG = _(
    "This document is too large for a PDF: it was not done after %(n)d minutes. Put its tables into a workbook."
)


def set_apart(data: bytes, seconds: float = LONGEST) -> bytes:
    """The PDF of the data, set in a child process. ``Invalid`` when it takes longer than there is time."""
    command = [sys.executable, "-c", CHILD]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise Invalid(TOO_LONG, n=int(seconds // 60)) from error
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def main() -> None:
    """What the child does."""
    sys.stdout.buffer.write(compiled(sys.stdin.buffer.read()))
