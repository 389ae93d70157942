"""Words of the command line: lazily translated for click, and plain tables that line up in Chinese."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import cast

from django.utils.translation import gettext_lazy

# click declares its texts as str; a lazy one is accepted and shown in the language of the run.
_ = cast("Callable[[str], str]", gettext_lazy)


def width(text: str) -> int:
    """The columns ``text`` takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Rows under a heading, columns aligned; those numbered in ``right`` to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(line[n]) for line in lines) for n in range(len(head))]
    return "\n".join(
        "  ".join(_pad(cell, widths[n], n in right) for n, cell in enumerate(line)).rstrip() for line in lines
    )


def _pad(text: str, columns: int, right: bool) -> str:
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks
