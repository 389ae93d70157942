"""Enumerations: "A、B和C等3个项目" is A, B and C."""

import re
from dataclasses import dataclass

from zijing.commitments.reading.numbers import UNIT, quantities
from zijing.commitments.reading.words import ADVERB, TERRITORY

COUNTED_TAIL = re.compile(rf"等?(?:\d+|[一二三四五六七八九十两]+)(?:大|(?:{UNIT}))[^、，]{{2,24}}$")
ETC = re.compile(r"等(?!级|待|候|次).*$")
LINK = re.compile(r"以及|和(?!谐|解|睦|平|美)|及(?!时|格|其)|与(?!会)")
MODIFIER = re.compile(r"面向|具有|^有|一批有|^对|针对|^为|[^现]有(?=[\u4e00-\u9fff]{2,3}力$)|^一[支批]|一批")
TOGETHER = re.compile(r"[二两三四五]级(?!以上|医院)|一体化|三位一体")
BEFORE_VERB = re.compile(rf"(?:{ADVERB.pattern})+$")
A_PLACE = re.compile(rf"(?:{TERRITORY}|镇|乡|街道)$")
PARTITIVE = re.compile(r"^.{0,4}?\d+[个项家][^、]{0,8}?(?:中|包括|[：:])")
LEADING_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{2,3}(?:村|社区|办事处)(?=[\u4e00-\u9fff]{2,}(?:区|园|苑|院|期|小区|家园|广场|项目))"
)
NAME_END = re.compile(
    r"^(.*?(?:[一二三四五六七八九十\d]+[区期号]|小区|家园|花苑|广场|大厦|公寓|学校|医院|幼儿园|社区|公园|路|街|村))(?=(?:主体|基础|室外|外墙|内|装|配套|绿化|道路|管网|施工|工程|建设|改造|征|拆|完|实|全))"
)


@dataclass(frozen=True)
class Item:
    """One member of a list at ``start:end`` of what was read; ``own`` when it carries a number of its own."""

    start: int
    end: int
    text: str
    own: bool = False


def items_of(text: str, start: int = 0, *, names: bool = False) -> list[Item]:
    """The members of the enumeration ``text``; none when it is no list. ``names``: things, so 和 alone divides."""
    parts = _parts(text, names=names)
    if len(parts) < 2 or (not names and MODIFIER.search(text[: parts[0][1]])):
        return []
    if TOGETHER.search(text, parts[-1][0]) or _of_the_whole(text, parts):
        return []
    counted = [bool(_own_number(text[a:b])) for a, b in parts]
    if sum(counted) >= 2:
        return _own(text, [piece for part in parts for piece in _apart(text, *part)], start)
    trimmed = [_named(text, a, b, last=n == len(parts) - 1) for n, (a, b) in enumerate(parts)]
    tailed = bool(ETC.search(text) or COUNTED_TAIL.search(text))
    if any(b - a < 2 for a, b in trimmed) or (not (tailed or names) and any(b - a < 3 for a, b in trimmed)):
        return []
    if any(text[a:b].count("“") != text[a:b].count("”") for a, b in trimmed):
        return []
    return [Item(start + a, start + b, text[a:b]) for a, b in trimmed]


def _parts(text: str, *, names: bool) -> list[tuple[int, int]]:
    cuts = [m.start() for m in re.finditer("[、，,]", text) if not _enclosed(text, m.start())]
    etc = next(
        (m.start() for m in re.finditer(r"等(?!级|待|候|次)", text) if not _enclosed(text, m.start())), len(text)
    )
    cuts = [c for c in cuts if c < etc]
    edges = [(a, b) for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(text)], strict=True) if a < b]
    if not edges or (not cuts and not names and etc == len(text)):
        return _two_numbers(text) or edges
    a, b = edges[-1]
    for m in LINK.finditer(text, a + 2, min(b - 1, etc)):
        if not _enclosed(text, m.start()):
            return [*edges[:-1], (a, m.start()), (m.end(), b)]
    return edges


def _of_the_whole(text: str, parts: list[tuple[int, int]]) -> bool:
    """甲高校、乙高校毕业生80名: the one number, at the end, counts what both names lead to, and not the names."""
    found = quantities(text)
    last = bool(found) and found[-1].end == len(text) and found[-1].value > len(parts)
    return last and not ETC.search(text) and sum(bool(_own_number(text[a:b])) for a, b in parts) < 2


def _apart(text: str, a: int, b: int) -> list[tuple[int, int]]:
    """A member, or the two that a word joins with a number each."""
    return [(a + x, a + y) for x, y in _two_numbers(text[a:b])] or [(a, b)]


def _two_numbers(text: str) -> list[tuple[int, int]]:
    """20个甲项目和30个乙项目: two members, each with its number in front."""
    for m in LINK.finditer(text, 3, max(3, len(text) - 3)):
        sides = quantities(text[: m.start()]), quantities(text[m.end() :])
        if not _enclosed(text, m.start()) and all(side and side[0].start == 0 for side in sides):
            return [(0, m.start()), (m.end(), len(text))]
    return []


def _enclosed(text: str, i: int) -> bool:
    """Inside quotes or brackets."""
    before = text[:i]
    opened = before.count("（") + before.count("(")
    return before.count("“") > before.count("”") or opened > before.count("）") + before.count(")")


def _own_number(part: str) -> bool:
    found = quantities(part)
    return (
        bool(found)
        and found[0].start <= 8
        and not COUNTED_TAIL.search(part[found[0].start :] if found[0].start > 2 else "")
    )


def places_in(text: str, begin: int, end: int) -> list[Item]:
    """甲、乙、丙等村 before the act that is done in each of them; none when these are no places."""
    place = BEFORE_VERB.sub("", text[begin:end])
    return items_of(place, begin, names=True) if "、" in place and A_PLACE.search(place) else []


def _own(text: str, parts: list[tuple[int, int]], start: int) -> list[Item]:
    """Members with numbers of their own: each is a promise of its own, from its number on."""
    found = []
    for a, b in _with_kinds(text, parts):
        part = text[a:b]
        if (m := ETC.search(part)) and "、" not in part:
            part = part[: m.start()]
        numbers = quantities(part)
        first = numbers[0].start if numbers and numbers[-1].end < len(part) else 0
        found.append(Item(start + a + first, start + a + len(part), part[first:], own=True))
    return found


def _with_kinds(text: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The members; of 100场展览、讲座等活动 at the end the kinds stand under the one number."""
    last = max(n for n, (a, b) in enumerate(parts) if _own_number(text[a:b]))
    if last > len(parts) - 3 or not ETC.search(text[parts[-1][0] :]):
        return parts
    return [*parts[:last], (parts[last][0], len(text))]


def _named(text: str, a: int, b: int, *, last: bool) -> tuple[int, int]:
    """Where the name of a member stands: without place, count, and what is said of the whole list."""
    part = text[a:b]
    if m := PARTITIVE.match(part):
        a += m.end()
    if m := LEADING_PLACE.match(text[a:b]):
        a += m.end()
    if not last:
        return a, b
    for pattern in (ETC, COUNTED_TAIL):
        if (m := pattern.search(text[a:b])) and m.start() >= 2:
            b = a + m.start()
    if (m := NAME_END.match(text[a:b])) and len(m[1]) >= 2:
        b = a + len(m[1])
    of = text[a:b].find("的", 2)
    return a, a + of if of > 0 else b
