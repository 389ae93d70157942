"""A document made ready to be laid out: cleaned, numbered, its title broken. Both layouts begin here."""

from dataclasses import dataclass
from itertools import pairwise

from zijing.documents.layout import page, wording
from zijing.documents.layout.attendance import Attendance, parted
from zijing.documents.layout.page import ems
from zijing.documents.layout.titles import title_lines
from zijing.documents.source import Attachment, Block, Official, Paragraph, Run, Table

SEAL_LINES = 2
"""Blank lines between text and signature: the seal (42 mm) then ends within one line of the text (7.3.5.1)."""


@dataclass(frozen=True)
class Annex:
    """``label`` stands on its first line, ``entry`` in the list after the text."""

    label: str
    entry: str
    title: tuple[str, ...]
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Shape:
    """What stands on the pages, in order. ``blank`` lines come before the signature."""

    official: Official
    top: tuple[tuple[str, str], ...]
    mark: str
    number: str
    signer: str
    title: tuple[str, ...]
    subtitle: str
    addressed: str
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    attendance: tuple[Attendance, ...]
    issuer: str
    dated: str
    blank: int
    note: str
    copies: str
    printer: str
    printed: str

    @property
    def language(self) -> str:
        return self.official.language

    @property
    def has_head(self) -> bool:
        """Is there a red head? A report has none."""
        return bool(self.official.layout != "report" and (self.mark or self.number))

    @property
    def is_signed(self) -> bool:
        """Do issuer and date end the text? In minutes they stand in the head, in a report below the title."""
        return self.official.layout == "document" and bool(self.issuer or self.dated)

    @property
    def ends_blank(self) -> bool:
        """Does a blank line end the text already? One follows every table and chart, and the title."""
        if self.annexes or not self.body:
            return not (self.annexes or self.addressed)
        return not isinstance(self.body[-1], Paragraph)

    @property
    def has_record(self) -> bool:
        """Is there a 版记?"""
        return bool(self.copies or self.printer or self.printed)


def shape(official: Official) -> Shape:
    """The elements of the document in words."""
    language = official.language
    clean = wording.clean
    dated = wording.day(official.dated, language) if official.dated else ""
    stop = wording.word("stop", language)
    body, attendance = parted(official)
    below = (_line(official.issuer), dated) if official.layout == "report" else ()
    return Shape(
        official=official,
        top=tuple(wording.top_left(official)),
        mark=_line(official.mark),
        number=_line(official.number),
        signer=_line(official.signed_by),
        title=tuple(title_lines(clean(official.title), language)) or (" ",),
        subtitle="　".join(filter(None, below)),
        addressed=wording.addressed(official.addressed_to, language) if official.addressed_to.strip() else "",
        body=tuple(wording.numbered(body, language)),
        annexes=tuple(_annexes(official.attachments, language)),
        attendance=attendance,
        issuer=_line(official.issuer) if official.layout != "report" else "",
        dated=dated if official.layout != "report" else "",
        blank=(SEAL_LINES if official.sealed and official.issuer else 1),
        note=wording.in_brackets(official.note, language) if official.note.strip() else "",
        copies=wording.finished(official.copies_to, stop) if official.copies_to.strip() else "",
        printer=_line(official.printed_by),
        printed=_printed(official),
    )  # fmt: skip


def _line(text: str) -> str:
    """One line of text."""
    return " ".join(wording.clean(text).split())


def _printed(official: Official) -> str:
    if not official.printed_on:
        return ""
    said, on = wording.word("printed", official.language), wording.day(official.printed_on, official.language)
    return said + on if official.language == "en" else on + said


def _annexes(given: tuple[Attachment, ...], language: str) -> list[Annex]:
    found = []
    for place, annex in enumerate(given, 1):
        title = " ".join(wording.clean(annex.title).split()).rstrip("。.；;，,")
        label = (wording.word("attachment", language) + (str(place) if len(given) > 1 else "")).strip()
        entry = (f"{place}." if len(given) > 1 else "") + title
        lines = tuple(title_lines(title, language))
        found.append(Annex(label, entry, lines, tuple(wording.numbered(annex.body, language))))
    return found


def signature(issuer: str, dated: str, *, sealed: bool) -> tuple[float, float]:
    """Indents from the right of issuer and date in characters (7.3.5).

    With a seal the date stands four characters in and the issuer is centred over it. Without one the issuer stands two
    characters in and the date begins two characters after it; a longer date stands two in, the issuer more.
    """
    name, on = ems(issuer), ems(dated)
    if sealed:
        right = 4 + (on - name) / 2
        return (right, 4.0) if right >= 0 else (0.0, 4 - right)
    if on > name:
        return on + 4 - name, 2.0
    return 2.0, max(0.0, name - on)


def widths(table: Table) -> list[float]:
    """The share of each column, by its longest cell: between 4 and 25 characters."""
    count = max([len(table.head), *(len(row) for row in table.rows), 1])
    longest = [3.0] * count
    for row in (tuple((Run(text),) for text in table.head), *table.rows):
        for at, cell in enumerate(row):
            longest[at] = max(longest[at], min(24.0, ems("".join(r.text for r in cell)[:60])))
    total = sum(longest) + count
    return [(width + 1) / total for width in longest]


WIDEST_CELL_PT = page.SMALL_PT


def cell_size(columns: int) -> float:
    """Points of the text in a table of so many columns."""
    return next((size for most, size in ((4, WIDEST_CELL_PT), (7, 12.0), (12, 10.5)) if columns <= most), 8.0)


def bars(values: tuple[object, ...]) -> tuple[float, float]:
    """The least and the greatest value a chart must show; zero is always between them."""
    known = [float(v) for v in values if v is not None]  # type: ignore[arg-type]
    low, high = min([0.0, *known]), max([0.0, *known])
    return (low, high) if high > low else (0.0, 1.0)


def spread(shares: list[float], whole: int) -> list[int]:
    """Shares of a whole in whole units that add up to it."""
    ends = [0, *(round(sum(shares[: n + 1]) * whole) for n in range(len(shares)))]
    return [b - a for a, b in pairwise(ends)]
