"""Placeholders in a text: ``{{figure|form|period|place}}``, read and explained; what is not understood is refused.

A name is a figure's key or title, or a word the document itself knows (单位, 期间 …). Options stand in any order:
``{{立案数|同比}}``, ``{{issues.closed|value|year}}``, ``{{立案数、结案数|表}}``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

PLACEHOLDER = re.compile(r"\{\{([^{}\n]{1,300})\}\}")
STRAY = re.compile(r"\{\{|\}\}")
SEVERAL = re.compile(r"[、,]")


class Period(StrEnum):
    """Which days a number counts, seen from the document's own."""

    THIS = "this"
    BEFORE = "before"
    YEAR_BEFORE = "year_before"
    YEAR = "year"
    LAST_YEAR = "last_year"
    EVER = "ever"


PERIODS: dict[str, Period] = {
    "本期": Period.THIS, "this period": Period.THIS,
    "上期": Period.BEFORE, "period before": Period.BEFORE,
    "上年同期": Period.YEAR_BEFORE, "year before": Period.YEAR_BEFORE,
    "本年": Period.YEAR, "year": Period.YEAR,
    "上年": Period.LAST_YEAR, "last year": Period.LAST_YEAR,
    "累计": Period.EVER, "ever": Period.EVER,
}  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """A placeholder as it is ``written``: what it names, and its options in their order."""

    written: str
    names: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


def plain(text: str) -> str:
    """A name or option as it is compared: half-width, without blanks around it, in lower case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read(inner: str, written: str) -> Wish:
    """One placeholder from what stands between its braces."""
    name, *options = [part.strip() for part in inner.replace("｜", "|").split("|")]
    several = tuple(part.strip() for part in SEVERAL.split(name) if part.strip())
    return Wish(written, several or (name,), tuple(o for o in options if o))


def pieces(text: str) -> Iterator[str | Wish]:
    """A line as it alternates between words and placeholders; empty words are left out."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield read(found[1], found[0])
        end = found.end()
    if end < len(text):
        yield text[end:]


def wishes(text: str) -> list[Wish]:
    """Every placeholder of a text, each once, in the order in which they first stand there."""
    return list(dict.fromkeys(p for line in text.splitlines() for p in pieces(line) if isinstance(p, Wish)))


def stray(text: str) -> str:
    """The first line with braces that open or close no placeholder; "" when there is none."""
    return next((line for line in text.splitlines() if STRAY.search(PLACEHOLDER.sub("", line))), "")
