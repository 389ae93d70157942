"""A text in paragraphs, sentences and clauses, each knowing where it stands in the original."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from zijing.commitments.reading.numbers import quantities
from zijing.commitments.reading.remarks import NOTE
from zijing.commitments.reading.words import ADVERB, VERB

NUMBERED = (
    re.compile(r"第?[一二三四五六七八九十]{1,3}[、章节部]分?\s*"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]、?\s*"),
    re.compile(r"\d{1,3}(?:[、．]|[.](?!\d)|[.](?=\d{1,2}月|20\d\d年))\s*"),
    re.compile(r"[（(]\d{1,2}[）)]、?\s*|[①-⑳]\s*"),
)
BULLET = re.compile(r"[-*•·●■◆▪—]+\s*|[一二三四五六七八九十]+是(?:要)?|第[一二三四五六七八九十][，,]")
ACTIVE = re.compile(
    rf"(?:\d{{1,2}}月\S{{0,3}}前|年底前|{ADVERB.pattern})*(?:[为对向给将把][^，、。]{{2,24}}?)?{VERB.pattern}"
)
LONGEST = 400
"""Characters of a clause; what is longer is no clause and is cut, so that the time grows with the length only."""
ENDS = "。！？!?"
STOPS = "。！？!?；;"
OPENING, CLOSING = "（(“《[【『「", "）)”》]】』」"


@dataclass
class Passage:
    """A piece of text without line breaks; ``where`` says where a character stood in the original."""

    text: str
    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)

    def where(self, index: int) -> int:
        """The original offset of the character at ``index``."""
        piece = bisect_right(self.starts, index) - 1
        return self.origins[piece] + index - self.starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of ``text[start:end]``, which must not be empty."""
        return self.where(start), self.where(end - 1) + 1

    def add(self, text: str, origin: int) -> None:
        self.starts.append(len(self.text))
        self.origins.append(origin)
        self.text += text


@dataclass
class Paragraph:
    """A paragraph: its outline ``level`` (0 none, 1 for 一、 …), whether it is a heading, the cells of a table row."""

    passage: Passage
    level: int = 0
    heading: bool = False
    cells: list[tuple[int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.passage.text


@dataclass(frozen=True)
class Clause:
    """``text[start:end]`` of a passage, between two commas; ``first`` and ``last`` of its sentence."""

    text: str
    start: int
    end: int
    first: bool
    last: bool


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text, lines that were broken in the middle of a sentence joined again."""
    lines = _lines(text)
    said = [t for t, _o in lines]
    wide, listed = _wrapped_at(said), _is_a_list(said)
    found: list[Paragraph] = []
    joins = False
    for content, origin in lines:
        outline = outline_of(content)
        if joins and not outline[0] and "\t" not in content:
            found[-1].passage.add(content, origin)
        else:
            passage = Passage("")
            passage.add(content, origin)
            found.append(Paragraph(passage, outline[0], cells=_cells(content)))
        joins = _goes_on(found[-1].text if joins else content, content, wide, listed=listed)
    _mark_headings(found, listed=listed)
    return found


def outline_of(text: str) -> tuple[int, int]:
    """Level and length of the number a paragraph begins with; (0, 0) without one."""
    for level, pattern in enumerate(NUMBERED, 1):
        if m := pattern.match(text):
            return level, m.end()
    return 0, 0


def sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Offsets of the sentences of a paragraph, from ``start``, without their full stop."""
    found, at = [], start
    for i in range(start, len(text)):
        if text[i] in ENDS:
            found.append((at, i))
            at = i + 1
    found.append((at, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """The clauses of a sentence: cut at commas and semicolons outside quotes and brackets."""
    cuts, depth, at = [], 0, start
    for i in range(start, end):
        c = text[i]
        if i - at >= LONGEST:
            cuts.append((at, i))
            at, depth = i, 0
        if c in OPENING:
            depth += 1
        elif c in CLOSING:
            depth = max(0, depth - 1)
        elif c in "，,；;：:" and not _inside_number(text, i) and (depth == 0 or i - at > 120):
            cuts.append((at, i))
            at, depth = i + 1, 0
    cuts.append((at, end))
    kept = [(a, b) for a, b in (_trimmed(text, a, b) for a, b in cuts) if a < b]
    return [Clause(text[a:b], a, b, n == 0, n == len(kept) - 1) for n, (a, b) in enumerate(kept)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _inside_number(text: str, i: int) -> bool:
    return (
        text[i] in ",，"
        and text[i - 1 : i].isdigit()
        and text[i + 1 : i + 4].isdigit()
        and not text[i + 4 : i + 5].isdigit()
    )


def _lines(text: str) -> list[tuple[str, int]]:
    found, at = [], 0
    for raw in text.split("\n"):
        content = raw.strip(" \r\u3000\xa0\ufeff\x0b\x0c")
        if content.strip():
            found.append((content, at + raw.index(content)))
        at += len(raw) + 1
    return found


def _wrapped_at(lines: list[str]) -> int:
    """The width a text is wrapped at, when most of its long lines end there; 0 when it is not wrapped."""
    lengths = sorted(len(line) for line in lines)
    running = sum(any(c in "，,。" for c in line) for line in lines)
    if len(lengths) < 5 or not 18 <= lengths[-1] <= 80 or running * 3 < len(lines):
        return 0
    widest = lengths[-1]
    near = sum(n >= widest - 3 for n in lengths)
    return widest if near * 3 >= len(lengths) else 0


def _is_a_list(lines: list[str]) -> bool:
    """A text of which hardly a line ends with a stop: each line is a thing of its own."""
    open_ended = sum(line[-1] not in STOPS + "：:" for line in lines)
    return len(lines) >= 6 and open_ended * 10 >= len(lines) * 9


def _goes_on(so_far: str, line: str, wide: int, *, listed: bool) -> bool:
    """Does a sentence go on in the next line? After no stop, in running text or at the full width."""
    if "\t" in line or line[-1] in STOPS + "：:…”）)" or not line:
        return False
    if line[-1] in "，,、":
        return True
    if listed:
        return False
    if (len(line) < wide - 3 or not wide) and any(m.end() == len(line) for m in NOTE.finditer(line)):
        return False
    if wide:
        return len(line) >= wide - 3
    return any(c in line for c in ENDS) or len(so_far) > 60


def _cells(line: str) -> list[tuple[int, int]]:
    """The cells of a table row: tabs, or bars."""
    cut = "\t" if "\t" in line else "|" if line.count("|") >= 2 else ""
    if not cut:
        return []
    found, at = [], 0
    for part in line.split(cut):
        found.append(_trimmed(line, at, at + len(part)))
        at += len(part) + 1
    return found


def _mark_headings(found: list[Paragraph], *, listed: bool) -> None:
    for n, one in enumerate(found):
        before, after = found[n - 1] if n else None, found[n + 1] if n + 1 < len(found) else None
        if _names_a_part(one, after):
            one.heading = True
            continue
        if not one.level and n > 0 and _is_measured(one.text, listed=listed):
            continue
        if (
            one.cells
            or one.text[-1] in STOPS + "，,、：:"
            or len(one.text) > 60
            or "。" in one.text
            or NOTE.match(one.text)
        ):
            continue
        one.heading = _looks_like_heading(one, after) or (not one.level and not _is_listed(one, before, after))


def _names_a_part(one: Paragraph, after: Paragraph | None) -> bool:
    """一、加快老城改造。 over the text of its part: short, nothing to count, and what follows goes deeper."""
    text = one.text
    if one.level not in {1, 2} or text[-1] not in "。；;" or len(text) > 30 or re.search(r"\d|[，,].*[，,]", text):
        return False
    if after is None or after.cells or NOTE.match(after.text):
        return False
    return after.level > one.level or (not after.level and len(after.text) > len(text))


def _is_measured(text: str, *, listed: bool) -> bool:
    """A line that sets a figure, in a text of lines any that counts something, is an item of a list and no heading."""
    return (listed and bool(quantities(text))) or bool(
        re.search(
            r"(?:增长|增速|达到?|完成|不低于|不超过|下降|提高|新增|控制在)\D{0,4}\d[\d.]*\s?[%％‰万亿个家户人亩条处]",
            text,
        )
    )


def _is_listed(one: Paragraph, before: Paragraph | None, after: Paragraph | None) -> bool:
    """A line of a list of tasks: it has a bullet, or stands among lines of its kind and begins with what is done."""
    if BULLET.match(one.text):
        return True
    among = any(n and not n.cells and n.text[-1] not in STOPS for n in (before, after))
    first = before is None and not (after and ACTIVE.match(after.text))
    return among and not first and " " not in one.text and bool(ACTIVE.match(one.text))


def _looks_like_heading(one: Paragraph, after: Paragraph | None) -> bool:
    """A line without a stop before running text or a deeper level; one of many short lines is an item of a list."""
    if after is None:
        return False
    if after.cells:
        return True
    deeper = after.level > one.level if one.level else after.level > 0
    running = after.text[-1] in STOPS or len(after.text) > 2 * len(one.text) + 10
    return deeper or (running and after.level != one.level) or (running and not one.level) or one.level == 1
