"""Which paragraph is which element of an official document: told by what it says and how it looks."""

import re
from dataclasses import dataclass, field

from zijing.documents.checking.formats import Shown
from zijing.documents.layout.attendance import BEGINS
from zijing.documents.layout.wording import NUMBERED

NUMBERISH = re.compile(r"[〔\[［（(【]?\s*\d{2,4}\s*[〕\]］）)】]?\s*第?\s*\d+\s*号|^第\s*\d+\s*[期次]")
SECRECY = re.compile(r"^(绝\s*密|机\s*密|秘\s*密)")
URGENCY = re.compile(r"^(特\s*急|加\s*急|特\s*提|平\s*急)")
DATISH = re.compile(
    r"^(?:[\d〇○零一二三四五六七八九十]{2,4}\s*年\s*[\d〇一二三四五六七八九十]{1,3}\s*月\s*[\d〇一二三四五六七八九十]{1,3}\s*[日号]|\d{4}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2})$"
)
ANNEX = re.compile(r"^附\s*件\s*\d*\s*[:：.。]?$")
ANNEXES = re.compile(r"^附\s*件\s*\d*\s*[:：.、]?\s*\S")
LARGE = 21.5
HEAD = 30
"""Paragraphs among which the head of a document is looked for."""
SIGNED = 40
"""Characters of the longest line that is taken for an issuer."""


@dataclass
class Roles:
    """The paragraphs of each element; what is not there is empty."""

    serial: Shown | None = None
    secrecy: Shown | None = None
    urgency: Shown | None = None
    mark: Shown | None = None
    number: Shown | None = None
    title: list[Shown] = field(default_factory=list)
    addressed: Shown | None = None
    body: list[tuple[Shown, int]] = field(default_factory=list)
    annexes: list[Shown] = field(default_factory=list)
    attendance: list[Shown] = field(default_factory=list)
    issuer: Shown | None = None
    dated: Shown | None = None
    note: Shown | None = None
    annex_marks: list[Shown] = field(default_factory=list)

    @property
    def is_minutes(self) -> bool:
        """Are these minutes (纪要)? Their mark or their title says so."""
        title = "".join(p.said for p in self.title)
        return any(said.endswith("纪要") for said in (self.mark.said if self.mark else "", title))


def told(given: list[Shown]) -> Roles:
    """The role of each paragraph."""
    roles = Roles()
    start = _head(given, roles)
    ends = next((at for at in range(start, len(given)) if _begins_annex(given, at)), len(given))
    roles.annex_marks = [p for p in given[ends:] if ANNEX.match(p.said)]
    at = _title(given[:ends], start, roles)
    _text(given[at:ends], roles)
    return roles


def _begins_annex(given: list[Shown], at: int) -> bool:
    return bool(ANNEX.match(given[at].said)) and at > 0


def _head(given: list[Shown], roles: Roles) -> int:
    """Serial to number; where the title is to be looked for."""
    roles.mark = next((p for p in given[:HEAD] if _is_mark(p)), None)
    after = given.index(roles.mark) + 1 if roles.mark else 0
    for at in range(after, min(len(given), after + HEAD)):
        if (given[at].style == "发文字号" and given[at].said) or _is_number(given[at]):
            roles.number, after = given[at], at + 1
            break
    for paragraph in given[: given.index(roles.mark)] if roles.mark else ():
        if re.match(r"^\d{1,12}$", paragraph.said):
            roles.serial = paragraph
        elif SECRECY.match(paragraph.said):
            roles.secrecy = paragraph
        elif URGENCY.match(paragraph.said):
            roles.urgency = paragraph
    return after


def _is_mark(paragraph: Shown) -> bool:
    first = paragraph.first
    return bool(first and first.size >= LARGE and _is_red(first.colour))


def _is_red(colour: str) -> bool:
    try:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    except ValueError:
        return False
    return red >= 0xA0 and max(green, blue) <= 0x60


def _is_number(paragraph: Shown) -> bool:
    return (
        len(paragraph.said) <= 60
        and bool(NUMBERISH.search(paragraph.said))
        and not paragraph.said.endswith(("。", "："))
    )


def _title(given: list[Shown], start: int, roles: Roles) -> int:
    """The title's paragraphs; where the text begins."""
    at = start
    while at < len(given) and not given[at].said:
        at += 1
    if at == len(given):
        return at
    first = given[at].first
    if not roles.number and given[at].jc != "center" and (first is None or first.size < LARGE):
        return at
    roles.title.append(given[at])
    at += 1
    while at < len(given) and given[at].said and given[at].jc == "center" == given[at - 1].jc:
        if _same(given[at], roles.title[0]):
            roles.title.append(given[at])
        at += 1
    return at


def _same(one: Shown, other: Shown) -> bool:
    return bool(one.first and other.first and (one.first.size, one.first.font) == (other.first.size, other.first.font))


def _text(given: list[Shown], roles: Roles) -> None:
    """Addressees, text with the level of each paragraph, list of annexes, attendance, signature and note."""
    roles.attendance = [p for p in given if roles.is_minutes and BEGINS.match(p.said)]
    said = [p for p in given if p.said and not any(p is one for one in roles.attendance)]
    if said and said[0].said.endswith(("：", ":")) and _level(said[0].said) == 0 and not _is_indented(said[0]):
        roles.addressed = said.pop(0)
    dated = next((p for p in reversed(said) if DATISH.match(p.said)), None)
    if dated is not None:
        at = said.index(dated)
        roles.dated = dated
        roles.note = next((p for p in said[at + 1 :] if p.said[0] in "（(【"), None)
        if at and len(said[at - 1].said) <= SIGNED and said[at - 1].said[-1] not in "。；：！？.;:!?":
            roles.issuer = said[at - 1]
        said = [p for p in said[:at] if p is not roles.issuer]
    first = next((n for n, p in enumerate(said) if n and ANNEXES.match(p.said) and len(p.said) < 200), len(said))
    roles.annexes = said[first:]
    roles.body = [(p, _level(p.said)) for p in said[:first]]


def _is_indented(paragraph: Shown) -> bool:
    given = paragraph.indents
    return given.get("firstLineChars", 0) >= 1.5 or given.get("firstLine", 0) >= 24 or paragraph.text.startswith("　　")


def _level(text: str) -> int:
    return next((level for level, pattern in NUMBERED.items() if pattern.match(text)), 0)
