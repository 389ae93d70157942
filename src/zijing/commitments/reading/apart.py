"""Acts set side by side: 建成一号路、改造二号桥 are two clauses; and what brackets add at the end of one."""

import re
from itertools import accumulate

from zijing.commitments.reading.numbers import quantities
from zijing.commitments.reading.paragraphs import Clause
from zijing.commitments.reading.words import ADVERB, VERB

ENDING = re.compile(r"^(?P<said>.{4,}?)[（(](?P<aside>[^（()）]{8,}|(?:其中|含|包括|详见|见附)[^（()）]*)[)）]$")
STARTS = re.compile(rf"(?:[^，、]{{0,3}}年)?(?:{ADVERB.pattern})*{VERB.pattern}")
FIRST = re.compile(rf"(?:{ADVERB.pattern})*(?P<verb>{VERB.pattern})")
LEAST = 6
"""Characters of an act with its thing: 建成、改造学校 are two acts on one."""
FIGURE = re.compile(
    r"[\u4e00-\u9fff]{3,24}?(?:稳定在|保持在|控制在|达到?|增长|下降|提高到?|不低于|不少于|不超过)\D{0,3}\d[^、]*$"
)
"""产量达12万吨: one of several figures in a clause."""


def apart(found: list[Clause]) -> list[Clause]:
    """The clauses, those that hold several acts with things of their own cut into one for each."""
    return [piece for clause in found for piece in _acts(_bare(clause))]


def _bare(clause: Clause) -> Clause:
    """The clause without the long brackets it ends with; names in them are the members of a list, and stay."""
    m = ENDING.match(clause.text)
    if not m or ("、" in m["aside"] and not re.search(r"\d", m["aside"])):
        return clause
    return Clause(m["said"], clause.start, clause.start + m.end("said"), clause.first, clause.last)


def _acts(clause: Clause) -> list[Clause]:
    text = clause.text
    if "、" not in text:
        return [clause]
    figures = text.split("、")
    if len(figures) > 1 and all(FIGURE.match(f) for f in figures):
        return _cut(clause, list(accumulate((len(f) + 1 for f in figures[:-1]), initial=0)))
    if not STARTS.match(text):
        return [clause]
    verb = _verb(text)
    marks = [m.end() for m in re.finditer("、", text) if text.count("“", 0, m.end()) == text.count("”", 0, m.end())]
    edges = [0, *(at for at in marks if _begins(text, at, verb))]
    pieces = _cut(clause, edges)
    of_their_own = all(len(p.text) >= LEAST and len(p.text) - len(_verb(p.text)) >= 3 for p in pieces)
    return pieces if len(pieces) > 1 and of_their_own else [clause]


def _cut(clause: Clause, edges: list[int]) -> list[Clause]:
    """The clause cut before these characters, the mark before each left out."""
    ends, last = [*(at - 1 for at in edges[1:]), len(clause.text)], len(edges) - 1
    return [
        Clause(clause.text[a:b], clause.start + a, clause.start + b, clause.first and n == 0, clause.last and n == last)
        for n, (a, b) in enumerate(zip(edges, ends, strict=True))
    ]


def _verb(text: str) -> str:
    m = FIRST.match(text)
    return m["verb"] if m else ""


def _begins(text: str, at: int, verb: str) -> bool:
    """Does another act begin here: the same verb again, or one with a number or a name after it?"""
    piece = text[at:].split("、", maxsplit=1)[0]
    m = VERB.match(piece)
    return m is not None and len(m[0]) >= 2 and len(piece) - m.end() >= 3 and (m[0] == verb or bool(quantities(piece)))
