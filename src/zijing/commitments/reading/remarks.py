"""Notes that say who answers and until when: 责任单位：…, 完成时限：…, as lines, brackets or columns."""

import re
from dataclasses import dataclass

from zijing.commitments.reading.dates import Due, last_day

WHO = (
    r"责任单位|牵头单位|责任部门|牵头部门|责任领导|牵头领导|责任人|牵头人|责任科室|承办单位|主办单位|落实单位|责任主体"
)
UNTIL = r"完成时限|完成时间|办结时限|时限要求|整改时限|时间节点|时限|截止时间|计划完成时间"
NOTE = re.compile(
    rf"[（(【]?\s{{0,4}}(?P<key>{WHO}|{UNTIL})\s{{0,4}}[:：]\s{{0,4}}(?P<value>[^；;。（）()【】\n]{{1,60}}?)(?=\s{{0,4}}(?:{WHO}|{UNTIL})\s{{0,4}}[:：]|[；;。（）()【】\n]|$)"
)


@dataclass
class Remark:
    """Who answers and the last day, from ``start`` of the paragraph on."""

    start: int
    owner: str = ""
    due: Due | None = None


def remark_in(text: str, year: int | None) -> Remark | None:
    """The notes of a paragraph together; None without any."""
    found: Remark | None = None
    for m in NOTE.finditer(text):
        found = found or Remark(m.start())
        if re.fullmatch(WHO, m["key"]):
            found.owner = found.owner or re.split(r"[,，]?(?:配合|协办|完成)", m["value"])[0].strip(" ,，、")
        else:
            found.due = found.due or last_day(m["value"], year)
    return found
