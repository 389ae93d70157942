"""Where the lines of a title end: words whole, the shape a trapezium or a rhombus (GB/T 9704-2012, 7.3.1)."""

import re
from itertools import combinations, pairwise

from zijing.documents.layout.page import AREA_MM, MM, TITLE_PT, ems

PER_LINE = int(AREA_MM[0] * MM / TITLE_PT)
CLOSING, OPENING = "的之和与及、，。；：！？）》”’〉】〕%", "（《“‘〈【〔"
WEIGHED = 240
"""Characters; a longer title is filled line by line."""


def title_lines(title: str, language: str = "zh-hans") -> list[str]:
    """The title in lines of at most 20 full-width characters. A line break of the writer's is kept."""
    given = [part.strip() for part in title.split("\n") if part.strip()]
    return [line for part in given for line in _lines(part, language)]


def _lines(title: str, language: str) -> list[str]:
    if ems(title) <= PER_LINE:
        return [title]
    pieces = _pieces(title, language)
    if len(title) > WEIGHED:
        return _filled(pieces)
    least = -int(-ems(title) // PER_LINE)
    for count in range(least, least + 2):
        choices = [c for c in _choices(pieces, count) if all(ems(line) <= PER_LINE for line in c)]
        if choices:
            return min(choices, key=_cost)
    return _filled(pieces)


def _pieces(title: str, language: str) -> list[str]:
    """What may stand apart: words, with what must not begin or end a line joined to its neighbour."""
    if language == "en":
        return re.findall(r"\S+\s*", title)
    import rjieba  # noqa: PLC0415  # loads a dictionary; most processes never lay out a title

    pieces: list[str] = []
    for word in rjieba.cut(title):
        joined = pieces and (word[0] in CLOSING or pieces[-1][-1] in OPENING or _one_number(pieces[-1], word))
        if joined:
            pieces[-1] += word
        else:
            pieces.append(word)
    return [part for piece in pieces for part in _cut(piece)]


def _one_number(before: str, word: str) -> bool:
    """2026 and 年, 第 and 3, AI and 2 belong together."""
    return bool(re.search(r"[0-9A-Za-z第]$", before) and re.match(r"[0-9A-Za-z年月日号期届次个家项%]", word))


def _cut(piece: str) -> list[str]:
    """A piece longer than a line, cut."""
    step = PER_LINE if ems(piece) > PER_LINE else len(piece)
    return [piece[at : at + step] for at in range(0, len(piece), step)]


def _choices(pieces: list[str], count: int) -> list[list[str]]:
    if count > 4:
        return []
    return [
        ["".join(pieces[a:b]).strip() for a, b in pairwise((0, *ends, len(pieces)))]
        for ends in combinations(range(1, len(pieces)), count - 1)
    ]


def _cost(lines: list[str]) -> float:
    """Uneven lines cost, equal ones too (a box), most of all a waist (an hourglass); a line of three is lost."""
    widths = [ems(line) for line in lines]
    mean = sum(widths) / len(widths)
    cost = sum((w - mean) ** 2 for w in widths)
    cost += 6 * sum(a == b for a, b in pairwise(widths))
    waist = sum(max(0.0, min(a, c) - b) for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    return cost + 40 * waist + (30 if min(widths) < 4 else 0)


def _filled(pieces: list[str]) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and ems(lines[-1] + piece.rstrip()) > PER_LINE:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]
