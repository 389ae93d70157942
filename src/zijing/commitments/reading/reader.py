"""A plan in prose, read into a ledger of candidates. Deterministic; the time grows with the length of the text."""

import re
from dataclasses import replace

from zijing.commitments.reading.analysis import Finding, analyse
from zijing.commitments.reading.apart import apart
from zijing.commitments.reading.candidates import Candidate
from zijing.commitments.reading.dates import Due, last_day, recurrence
from zijing.commitments.reading.families import family_of
from zijing.commitments.reading.heads import Head, head_of
from zijing.commitments.reading.lists import COUNTED_TAIL, Item
from zijing.commitments.reading.moods import NARRATES, Course, is_done, mostly_done, plan_year
from zijing.commitments.reading.numbers import Quantity, main_quantity, quantities
from zijing.commitments.reading.paragraphs import (
    BULLET,
    Clause,
    Paragraph,
    clauses,
    outline_of,
    paragraphs,
    sentences,
)
from zijing.commitments.reading.remarks import NOTE, Remark, remark_in
from zijing.commitments.reading.shapes import DAYS, REACHED
from zijing.commitments.reading.tables import Table
from zijing.commitments.reading.verbs import past_adverbs, verb_at
from zijing.commitments.reading.words import MEANS_HEAD, RESULTS, VERB

TITLE = 60
PREAMBLE = re.compile(r"(?:制定|制订|提出)(?:了)?(?:(?:本|如下|以下)[\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{2,16}如下)$")
RHYTHM_ITEM = re.compile(r"^(?P<every>[日周旬月季年])(?=[\u4e00-\u9fff]{2}$)")
COMPARES = re.compile(r"(?:比|较)(?:上年|去年|同期|前年|20\d\d年)(?:同期)?(?:增|净增|减|提高|上升)")
EACH = re.compile(r"[每各]个?(村|社区|网格|单位|支部|户|街道|小区|镇|乡|企业|学校|部门|家|班)")
VAGUE = RESULTS | {
    "加快", "加速", "加强", "强化", "提升", "提高", "改善", "优化", "完善", "健全", "做好", "抓好", "办好", "推进",
    "推动", "促进", "深化", "确保", "保障", "增强", "加大", "坚持", "服务", "扩大", "控制", "规范",
}  # fmt: skip
"""What the sentence does that only names the matter of an item."""
ORDINAL = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}是(?:要)?|[一二三四五六七八九十]{1,3}要)")
ASKS = re.compile(rf"{VERB.pattern}|不低于|不少于|不超过|至少|达到|以上")
"""What a part (其中…) must be; without it the clause only says how a number is made up."""
TOPIC = re.compile(r"方面$|工作(?:上|中)?$|[\u4e00-\u9fff]{2,10}(?<!以)上$")
RHYTHMS = {"日": "daily", "周": "weekly", "月": "monthly", "季": "quarterly", "年": "yearly"}


def read(text: str, *, year: int | None = None) -> list[Candidate]:
    """The commitments of a text, in its order. ``year``: that of days without one, when the text names none."""
    found = paragraphs(text)
    named = plan_year(found)
    return _Reader(Course(named), named or year).read(found)


class _Reader:
    def __init__(self, course: Course, year: int | None) -> None:
        self.course, self.year = course, year
        self.found: list[Candidate] = []
        self.headings: list[tuple[int, str]] = []
        self.table: Table | None = None
        self.item_from = 0
        self.topic = ""

    def read(self, found: list[Paragraph]) -> list[Candidate]:
        for one in found:
            if one.cells:
                self._row(one)
                continue
            self.table = None
            if one.heading:
                self._heading(one)
            else:
                self._paragraph(one)
        return self.found

    def _heading(self, one: Paragraph) -> None:
        self.course.enter(one)
        self.headings = [(level, t) for level, t in self.headings if level < one.level] + [(one.level, one.text)]

    @property
    def _above(self) -> str:
        return self.headings[-1][1] if self.headings else ""

    def _row(self, one: Paragraph) -> None:
        """A row of a table of tasks; other tables are no promises."""
        cells = [one.text[a:b] for a, b in one.cells]
        table = Table.headed(cells)
        if table:
            self.table = table
            return
        if (
            self.table is None
            or re.match("备注|注|说明|合计", cells[0])
            or self.table.task >= len(cells)
            or not cells[self.table.task]
        ):
            return
        a, b = one.cells[self.table.task]
        remark = self.table.remark(cells, self.year)
        before = len(self.found)
        for start, end in sentences(one.text[:b], a):
            self._sentence(one, start, end, loose=True)
        for candidate in self.found[before:]:
            candidate.reasons.append("row")
        self._apply(remark, before)

    def _paragraph(self, one: Paragraph) -> None:
        text, self.topic = one.text, ""
        remark = remark_in(text, self.year)
        if remark and remark.start <= 1:
            self._apply(remark, self.item_from)
            return
        begin = self._begin(one)
        spans = sentences(text, begin)
        done = mostly_done([text[a:b] for a, b in spans])
        listed = text[-1] not in "。！？!?" and len(spans) == 1 and len(text) <= 80
        self.item_from = len(self.found)
        for n, (a, b) in enumerate(spans):
            follows = n + 1 < len(spans) and not ORDINAL.match(text[slice(*spans[n + 1])])
            named = (n == 0 and bool(begin)) or bool(ORDINAL.match(text[a:b]))
            if (
                PREAMBLE.search(text[a:b].rstrip("：:"))
                or NARRATES.search(text[a:b])
                or self.course.looks_back(text[a:b], done)
                or (n == 0 and len(spans) > 1 and _is_topic(text[a:b]))
                or (named and follows and _names_matter(text[a:b], titled=n == 0 and one.level in {1, 2}))
            ):
                continue
            self._sentence(one, a, b, loose=listed and bool(begin or quantities(text)))
        if remark:
            self._apply(remark, self.item_from)

    def _begin(self, one: Paragraph) -> int:
        begin = outline_of(one.text)[1]
        m = BULLET.match(one.text, begin)
        return m.end() if m and m.end() < len(one.text) else begin

    def _apply(self, remark: Remark | None, since: int) -> None:
        """What a column or a note (责任单位, 完成时限) says of what was found since."""
        if remark is None:
            return
        for one in self.found[since:]:
            one.owner = remark.owner or one.owner
            if remark.due and not one.deadline:
                one.deadline, one.strength = remark.due.day, "soft" if remark.due.by_year else "hard"
                one.reasons.append("date")

    def _sentence(self, one: Paragraph, start: int, end: int, *, loose: bool) -> None:
        promised, detail, scope, owner = False, False, None, ""
        notes = [m.span() for m in NOTE.finditer(one.text, start, end)]
        for clause in apart(_whole_lists(one.text, clauses(one.text, start, end))):
            detail = (detail or clause.text.startswith("其中")) and not ASKS.search(clause.text)
            if detail or any(a <= clause.start < b for a, b in notes):
                continue
            head = head_of(clause.text, self.year)
            if one.text[: clause.start].rstrip().endswith(("；", ";")):
                scope, owner = scope if scope and scope.by_year else None, ""
            scope, owner = head.due or scope, head.owner or owner
            if head.core >= len(clause.text) or _is_topic_word(clause.text) or COMPARES.match(clause.text):
                continue
            if one.text[clause.end : clause.end + 1] in {"：", ":"} and _names_only(clause.text):
                self.topic = clause.text
                continue
            if is_done(clause.text[head.core :]) and not head.must:
                if re.search(r"[年月]?以?来$", clause.text):
                    return
                continue
            finding = analyse(clause.text, head, opening=not promised, loose=loose)
            if finding is None:
                continue
            if finding.form == "outcome":
                self._widen(one, clause, promised)
                continue
            promised = True
            self._keep(one, clause, finding, replace(head, due=head.due or scope, owner=head.owner or owner))

    def _widen(self, one: Paragraph, clause: Clause, promised: bool) -> None:
        """A short outcome belongs to the soft promise just before it."""
        last = self.found[-1] if promised and self.found else None
        if last is None or last.strength == "hard" or not clause.last or "list" in last.reasons:
            return
        start, end = one.passage.span(clause.start, clause.end)
        if start - last.end <= 1 and end - start <= last.end - last.start:
            last.end = end

    def _keep(self, one: Paragraph, clause: Clause, finding: Finding, head: Head) -> None:
        due = last_day(clause.text, self.year) or head.due
        if due and due.by_year and self.year and due.day.year < self.year:
            due = None
        if not finding.items:
            self._put(one, clause, finding, head, due, None)
        for item in finding.items:
            self._put(one, clause, finding, head, due, item)

    def _put(
        self, one: Paragraph, clause: Clause, finding: Finding, head: Head, due: Due | None, item: Item | None
    ) -> None:
        before = self.topic or (self.found[-1].object if len(self.found) > self.item_from else "")
        first = head.begin if head.begin < finding.start == head.core else finding.start
        a, b = (item.start, item.end) if item and item.own else (first, finding.end)
        if a >= b:
            return
        start, end = one.passage.span(clause.start + a, clause.start + b)
        said = clause.text[a:b]
        quantity = _quantity(said, finding, item)
        rhythm, per = _rhythm(clause.text, item)
        self.found.append(
            Candidate(
                start, end, _title(clause.text, finding, item), _thing(finding, item) or before,
                quantity=quantity.value if quantity else None,
                most=quantity.most if quantity else None,
                unit=_unit(quantity, per, clause.text) if quantity else "",
                bound=quantity.bound if quantity else "",
                deadline=due.day if due else None, recurrence=rhythm, owner=head.owner,
                kind=_kind(finding, quantity, due, rhythm),
                family=family_of(said + (item.text if item else ""), self._above),
                strength="hard" if _is_hard(finding, quantity, due, item) or _of_so_many(said, item) else "soft",
                reasons=_reasons(finding, head, quantity, due, rhythm, item),
            )
        )  # fmt: skip


def _is_topic_word(text: str) -> bool:
    """大气污染防治方面, 教育工作: what the next clauses are about."""
    return (
        bool(TOPIC.search(text))
        and len(text) <= 14
        and (text.endswith("方面") or not VERB.match(text[past_adverbs(text, 0) :]))
    )


def _names_only(text: str) -> bool:
    """What stands before a colon and is only a name: 农村公路大中修：…"""
    return len(text) <= 24 and not quantities(text) and not VERB.match(text[past_adverbs(text, 0) :])


def _names_matter(sentence: str, *, titled: bool) -> bool:
    """一是加快基础教育提质培优。 before the sentences that say how: nothing to count, no day, one clause.

    ``titled``: the number before it is one of headings, so that it may begin with any verb.
    """
    said = ORDINAL.sub("", sentence, count=1)
    begins = verb_at(said[past_adverbs(said, 0) :])
    if begins and begins not in VAGUE and not titled:
        return False
    return len(said) <= 22 and not re.search(r"[，,；;\d“]", said) and not quantities(said) and not last_day(said, 2000)


def _is_topic(sentence: str) -> bool:
    """The first sentence of a paragraph that only names its matter."""
    if quantities(sentence) or re.search(r"\d|[年月]底|街道|办事处", sentence) or len(sentence) > 26:
        return False
    halves = re.split("[，,]", sentence)
    return (
        (len(halves) == 2 and abs(len(halves[0]) - len(halves[1])) <= 7)
        or not VERB.search(sentence)
        or len(sentence) <= 8
    )


def _whole_lists(text: str, found: list[Clause]) -> list[Clause]:
    """Names cut off from their predicate by a comma are joined to it again."""
    whole: list[Clause] = []
    held: Clause | None = None
    for clause in found:
        one = clause
        if held is not None:
            one = Clause(text[held.start : clause.end], held.start, clause.end, held.first, clause.last)
            held = None
        if not clause.last and _only_names(clause.text):
            held = one
        else:
            whole.append(one)
    return [*whole, held] if held is not None else whole


def _only_names(text: str) -> bool:
    bare = re.sub(r"^(?:力争|确保|其中).{0,10}?(?:中|的)?", "", text, count=1)
    return (
        text.count("、") >= 1
        and not VERB.search(bare)
        and not MEANS_HEAD.match(bare)
        and not re.search(r"方面|等$|的|在|\d+年", bare)
        and not quantities(bare[-6:])
    )


def _quantity(said: str, finding: Finding, item: Item | None) -> Quantity | None:
    """What is promised of it: a member of a list has its own number or none."""
    if item is None or finding.form == "figure":
        return _of_rhythm(said) or main_quantity(said)
    if item.own:
        return main_quantity(said)
    m = RHYTHM_ITEM.match(item.text)
    if m:
        return Quantity(0, 1, quantities("1次")[0].value, "次")
    found = main_quantity(said)
    return found if found and found.unit == "%" and found.start > len(item.text) and found.value < 100 else None


def _of_rhythm(said: str) -> Quantity | None:
    """每周巡河一次: how often."""
    m = re.search(r"每(?:[日天周月季年旬]|个月|季度|半年).*?([一二两三四五六七八九十\d]+)[次轮遍]", said)
    return next((q for q in quantities(said) if q.unit in {"次", "轮"} and q.end == m.end()), None) if m else None


def _unit(quantity: Quantity, per: str, clause: str) -> str:
    if per and quantity.unit in {"次", "轮", "场", "期"}:
        return f"{quantity.unit}/{per}"
    m = EACH.search(clause)
    if m and quantity.unit not in {"%", "百分点", "", "次"} and m.end() <= quantity.start + 12:
        return f"{quantity.unit}/{m[1]}"
    return quantity.unit


def _rhythm(clause: str, item: Item | None) -> tuple[str, str]:
    if item and (m := RHYTHM_ITEM.match(item.text)):
        return RHYTHMS.get(m["every"], "periodic"), m["every"]
    return recurrence(clause)


def _kind(finding: Finding, quantity: Quantity | None, due: Due | None, rhythm: str) -> str:
    if rhythm and rhythm != "continuous":
        return "duty"
    if finding.form == "figure":
        return "indicator"
    if finding.form == "stage":
        return "milestone" if due and not due.by_year else "task"
    return "goal" if finding.outcome and not quantity else "task"


def _is_hard(finding: Finding, quantity: Quantity | None, due: Due | None, item: Item | None) -> bool:
    if quantity and finding.form == "verb" and (quantity.unit == "级" or (item and RHYTHM_ITEM.match(item.text))):
        return False
    return bool(quantity) or (due is not None and not due.by_year) or finding.form in {"stage", "figure"}


def _of_so_many(said: str, item: Item | None) -> bool:
    """A member of a list that is counted: A、B等5家; 四大产业 and 三项工程 are manners of speaking."""
    tail = COUNTED_TAIL.search(said.split(item.text, 1)[-1]) if item and not item.own else None
    return tail is not None and bool(re.match(r"等?\d+(?!大)", tail[0]))


def _reasons(
    finding: Finding, head: Head, quantity: Quantity | None, due: Due | None, rhythm: str, item: Item | None
) -> list[str]:
    told = [finding.form]
    if quantity and finding.form != "figure":
        told.append("whole" if quantity.unit == "%" and quantity.value == 100 else "number")
    if due:
        told.append("year" if due.by_year else "date")
    if rhythm:
        told.append("rhythm")
    if item:
        told.append("list")
    if head.owner:
        told.append("owner")
    return [*told, "must"] if head.must else told


def _thing(finding: Finding, item: Item | None) -> str:
    if item is None:
        return finding.object[:TITLE]
    if item.own:
        found = quantities(item.text)
        if found and found[-1].end == len(item.text):
            return item.text[: found[-1].start][:TITLE]
        return (item.text[found[-1].end :] if found and found[0].start == 0 else item.text)[:TITLE]
    return RHYTHM_ITEM.sub(lambda m: m[0], item.text)[:TITLE]


def _title(text: str, finding: Finding, item: Item | None) -> str:
    """A few words: the thing of a list with what happens to it, else the clause."""
    if item is None:
        return text[finding.start : finding.end][:TITLE]
    if item.own:
        bare = quantities(item.text)
        named = bool(bare) and bare[-1].end == len(item.text)
        return f"{finding.verb if named else ''}{item.text}"[:TITLE]
    if finding.verb and finding.form == "verb" and len(finding.verb) <= 4:
        return f"{finding.verb}{item.text}"[:TITLE]
    tail = text[max(i.end for i in finding.items) : finding.end]
    if reached := REACHED.search(tail):
        tail = DAYS.sub("", tail[: reached.start()]) + tail[reached.start() :]
    tail = re.sub(r"^等?[^要将\d]{0,14}?(?:项目|企业)?(?=[要将])|^等", "", tail)
    return f"{item.text}{tail.lstrip('要将')}"[:TITLE]
