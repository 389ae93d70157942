"""What a clause begins with: connectives, a date, who acts, a modal verb; and what is left, the core."""

import re
from dataclasses import dataclass

from zijing.commitments.reading.dates import Due, last_day
from zijing.commitments.reading.words import (
    ADVERB,
    MEANS_HEAD,
    MODAL,
    OFFICE,
    OFFICES,
    PEOPLE,
    TERRITORY,
    VERB,
    boundaries,
)

CONNECTIVE = re.compile(
    r"(?:同时|此外|另外|其中|并且|并(?!网|轨|购)|而且|还(?=要|将)|也(?=要|将)|则|以及|特别是|尤其是|首先|其次|再次|最后|今后|下一步|下步|接下来|为此|因此|"
    r"一方面|另一方面|同志们|关键(?:在于|是)|今年|目标是|任务是|[“\"]\d+[”\"](?:即|是|就是)|即|是(?=[\u4e00-\u9fff]{4})|[一二三四五六七八九十]+是(?:要)?|"
    r"我们|大家|本着[^，]{2,12}原则|[（(]?\d{1,2}[）)、.．](?!\d)|[①-⑳])[：:，,、\s]*"
)
ANY_YEAR = 1992
"""Stands for the year when none is known: days are passed over, and not kept."""
ASSURED = {"力争", "争取", "确保", "务求", "计划", "预计", "拟"}
PURPOSE = {"确保", "务求"}
SETTLEMENTS = {"城镇", "乡镇", "村镇", "全部门"}
OWNER = re.compile(rf"{OFFICE}|{TERRITORY}|全[镇乡街区市县省州旗院局]|各地|各级")
RHYTHM = re.compile(r"每(?:日|天|周|月|个月|季度?|年|半年|半月|旬|星期|逢)|定期|负责|牵头|至少|要|将|须|应|必须")
FRAGMENT = re.compile(r"[的对在把为与以]")


@dataclass
class Head:
    """``core`` is where the clause proper begins; ``due`` and ``owner`` if said before it, from ``begin`` on."""

    core: int
    begin: int = 0
    owner: str = ""
    due: Due | None = None
    assured: str = ""
    must: bool = False


def head_of(text: str, year: int | None) -> Head:
    """Pass over what stands before the clause proper."""
    head = Head(0)
    for _turn in range(8):
        at = head.core
        if not (_connective(text, head) or _dated(text, head, year) or _modal(text, head) or _owned(text, head)):
            return head
        if head.core == at or head.core >= len(text):
            return head
    return head


def _connective(text: str, head: Head) -> bool:
    m = CONNECTIVE.match(text, head.core)
    if not m or m.end() >= len(text):
        return False
    head.begin = m.end() if head.begin == head.core else head.begin
    head.core = m.end()
    return True


def _dated(text: str, head: Head, year: int | None) -> bool:
    due = last_day(text[: head.core + 24], year or ANY_YEAR, head.core)
    if not due or due.start - head.core > 1 or (due.start > head.core and text[head.core] not in "在于到"):
        return False
    rest = due.end
    while rest < len(text) and text[rest] in "，,、 前内":
        rest += 1
    told = due if year or due.day.year != ANY_YEAR else None
    if rest >= len(text):
        head.due, head.core = told, rest
        return False
    if text[rest] in "至到-~的":
        return False
    head.due, head.core = told, rest
    return True


def _modal(text: str, head: Head) -> bool:
    m = MODAL.match(text, head.core)
    if not m or m.end() >= len(text):
        return False
    if m[0] in {"将", "计划", "预计"} and _takes_object(text, m.end(), m[0]):
        return False
    head.core = m.end()
    head.must = head.must or m[0] in {"必须", "应当", "务必", "要", "须", "应"}
    if m[0] in ASSURED:
        head.assured = m[0]
    return True


def _takes_object(text: str, at: int, word: str) -> bool:
    """将 before a thing is 把; before a verb or adverb it is the future."""
    if word != "将":
        return False
    rest = text[at:]
    return not (ADVERB.match(rest) or VERB.match(rest) or re.match(r"[以在对按围结立依聚通继]", rest))


def _owned(text: str, head: Head) -> bool:
    """Somebody who acts, before an adverb, a verb, a modal or a rhythm."""
    rest = text[head.core :]
    if head.owner or ADVERB.match(rest) or MEANS_HEAD.match(rest):
        return False
    acts = bool(VERB.match(rest))
    words = boundaries(rest[:40])
    for m in OWNER.finditer(rest, 0, 24):
        name, after = rest[: m.end()], rest[m.end() :]
        if acts and not (MODAL.match(after) and m[0] in OFFICES | PEOPLE):
            continue
        if not after or name in SETTLEMENTS or FRAGMENT.search(name) or not _may_own(name, m[0]):
            continue
        if _acts(after) and (m.end() in words or MODAL.match(after)):
            head.owner, head.core = name.removeprefix("由"), head.core + m.end()
            return True
    return False


def _may_own(name: str, suffix: str) -> bool:
    """Offices and roles may stand alone; places only as 各村, 每个社区, 全镇."""
    return not re.fullmatch(TERRITORY, suffix) or bool(re.match(r"该|本|全|各|每|由", name))


def _acts(text: str) -> bool:
    return bool(
        RHYTHM.match(text) or ADVERB.match(text) or VERB.match(text) or MODAL.match(text) or text[0] in "对把按以在"
    )
