"""In what mood a passage speaks: of what was done, of what will be done, or of neither."""

import re

from zijing.commitments.reading.paragraphs import Paragraph
from zijing.commitments.reading.words import ADVERB, LEXICON, MODAL, VERB

DONE = re.compile("|".join(LEXICON["done"]))
COUNTED = re.compile(r"\d[\d.]{0,12}(?:万)?(?:余|多)?[\u4e00-\u9fff]{1,2}$")
AHEAD = re.compile("|".join(LEXICON["ahead"]))
LOOKS_BACK = re.compile(
    r"回顾|总结|成效|成绩|主要做法|完成情况|开展情况|工作情况|基本情况|现状|背景|存在(?:的)?(?:主要)?问题|结硕果|工作亮点"
)
LOOKS_AHEAD = re.compile(
    r"计划|安排|打算|任务|目标|举措|措施|下一步|要点|部署|清单|思路|工作重点|重点工作|要求|方案|责任分工"
)
YEARS = re.compile(r"(20\d\d)年")
TITLE_YEAR = re.compile(r"(20\d\d)年?(?:度)?[^。]{0,24}(?:计划|要点|安排|方案|报告|任务|清单|目标)")
OPENS_YEAR = re.compile(
    r"(?:^|[。；\n])\s*(20\d\d)年(?:是|[，,]?(?:我[市县区镇乡街们]|全[市县区镇乡街])[\u4e00-\u9fff]{0,8}(?:要|将))"
)
"""2026年是…的一年; 2026年，我镇将…: what a plan is for."""
NARRATES = re.compile(
    r"^\s*(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚|中午|，|,)|^\s*会议(?:听取|指出|认为|传达|通报|审议|学习|由)|参加(?:了)?会议|列席会议"
)
"""Minutes tell who met and what was heard before they say what was decided."""


def plan_year(paragraphs: list[Paragraph]) -> int | None:
    """The year a plan is for: that of its title, else the latest one named in a sentence that looks ahead."""
    for one in paragraphs[:8]:
        if len(one.text) > 45 or "。" in one.text:
            continue
        if (m := TITLE_YEAR.search(one.text)) and not LOOKS_BACK.search(one.text[m.start() : m.end() + 4]):
            return int(m[1])
    if found := [int(m[1]) for one in paragraphs for m in OPENS_YEAR.finditer(one.text)]:
        return max(set(found), key=lambda y: (found.count(y), y))
    years = [int(y) for one in paragraphs for y in YEARS.findall(one.text)]
    if not years:
        return None
    ahead = [int(y) for one in paragraphs if AHEAD.search(one.text) for y in YEARS.findall(one.text)]
    near = [y for y in ahead if y <= min(years) + 4]
    return max(near or years)


class Course:
    """The mood as a text goes on: sections and years that look back stay so until something looks ahead."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.back_level: int | None = None
        self.back_year = False

    def enter(self, paragraph: Paragraph) -> None:
        """A heading was passed."""
        text = paragraph.text
        self._see_years(text)
        ahead, back = LOOKS_AHEAD.search(text), LOOKS_BACK.search(text)
        if back and not ahead:
            self.back_level = paragraph.level
        elif self.back_level is not None and (ahead or (paragraph.level and paragraph.level <= self.back_level)):
            self.back_level, self.back_year = None, False

    def looks_back(self, sentence: str, paragraph_done: bool) -> bool:
        """Does this sentence tell of what was?"""
        self._see_years(sentence)
        ahead = bool(AHEAD.search(sentence))
        if self.back_level is not None:
            return not re.search(r"下一步|今后|接下来", sentence)
        if self.back_year:
            return True
        return paragraph_done and not ahead

    def _see_years(self, text: str) -> None:
        years = YEARS.findall(text)
        if not years or self.year is None:
            return
        last = int(years[-1])
        if last >= self.year:
            self.back_year = False
            if AHEAD.search(text) and not LOOKS_BACK.search(text):
                self.back_level = None
        elif text.lstrip().startswith(years[-1]) or len(years) == 1 or re.search(rf"[，,。]{last}年[，,]", text):
            self.back_year = bool(re.search(rf"{last}年(?:以?来|度|，|,|全|我|[\u4e00-\u9fff]{{0,12}}工作)", text))


def is_done(clause: str) -> bool:
    """Does the clause say that something has been done? 已 inside what will be done does not."""
    m = DONE.search(clause)
    if not m:
        return False
    head = ADVERB.sub("", clause[: m.start()], count=2)
    if m[0].startswith(("已", "以来")) and VERB.match(head) and m.start() > 1:
        return False
    modal = MODAL.search(clause[: m.start()])
    return not modal


def mostly_done(sentence_list: list[str]) -> bool:
    """A paragraph of which at least half the sentences tell of what was done."""
    done = sum(bool(DONE.search(s)) and not AHEAD.search(s) for s in sentence_list)
    counted = sum(bool(COUNTED.search(s)) and not AHEAD.search(s) for s in sentence_list)
    return done > 0 and (done + min(counted, done)) * 2 >= len(sentence_list)
