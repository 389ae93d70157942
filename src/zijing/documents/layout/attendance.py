"""Who was there: the lines of minutes that begin with 出席：, 请假： or 列席： (GB/T 9704-2012, 10.3)."""

import re
from dataclasses import dataclass, replace

from zijing.documents.layout import wording
from zijing.documents.source import Block, Line, Official, Paragraph, Run

NAMED = ("出席", "请假", "列席")
"""The labels of the standard. Who kept the minutes (记录) is not among them; that line is written like them."""
BEGINS = re.compile(r"^\s*(?:(出\s*席|请\s*假|列\s*席|记\s*录)\s*[：:]|(Present|Absent|Attending|Recorder)\s*:)\s*")


@dataclass(frozen=True)
class Attendance:
    """``label`` with its colon, in 黑体; ``names`` are units and persons up to the full stop."""

    label: str
    names: Line


def parted(official: Official) -> tuple[tuple[Block, ...], tuple[Attendance, ...]]:
    """The text, and the lines of attendance that stand below it; only minutes have some, in their writer's order."""
    if official.layout != "minutes":
        return official.body, ()
    lines = {place: line for place, block in enumerate(official.body) if (line := _line(block, official.language))}
    text = tuple(block for place, block in enumerate(official.body) if place not in lines)
    return text, tuple(lines.values())


def _line(block: Block, language: str) -> Attendance | None:
    if not isinstance(block, Paragraph) or block.level or not block.runs or block.runs[0].missing:
        return None
    first, *rest = block.runs
    begins = BEGINS.match(wording.clean(first.text))
    if not begins:
        return None
    label = f"{''.join(begins[1].split())}：" if begins[1] else f"{begins[2]}:"
    own = replace(first, text=wording.clean(first.text)[begins.end() :])
    return Attendance(label, _ended((own, *rest) if own.text else tuple(rest), wording.word("stop", language)))


def _ended(names: Line, stop: str) -> Line:
    """The names with one full stop at their end, which is no part of a link and of nothing that is missing."""
    if not names:
        return ()
    last = names[-1]
    if last.missing or last.url:
        return (*names, Run(stop))
    return (*names[:-1], replace(last, text=wording.finished(last.text, stop)))
