"""What a sheet can be about, and what its columns can be filled with: fields of a kind, or figures.

Rows of figures are places, units of the office, or months.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext_lazy, gettext_lazy as _

from zijing.core.errors import Missing, Refused
from zijing.figures.known import every, known
from zijing.figures.members import UNIT, can_be_split
from zijing.figures.models import Figure
from zijing.figures.queries import is_money
from zijing.people.access import Actor, require
from zijing.records.fields import Field
from zijing.records.kinds import every_kind, kind_of
from zijing.records.models import Kind
from zijing.records.sheets.headings import normal
from zijing.records.tables import Column, every_column

PLACES, UNITS, MONTHS = "places", "units", "months"
NUMBER, PLACE, UNIT_NAME, MONTH_NAME = "no", "place-name", "unit-name", "month-name"
READ = "figures.read"
FIXED_ALIASES = {
    "place": ("所在区划", "所在地", "地点", "社区", "村", "所属社区", "所属村", "属地", "位置"),
    "unit": ("责任单位", "承办单位", "单位", "主办单位"),
    "stage": ("阶段", "状态", "办理状态", "办理情况", "进展"),
    "happened_on": ("日期", "时间", "发生日期", "上报日期", "登记日期"),
    "due_at": ("办理时限", "期限", "截止时间", "整改期限", "整改时限"),
    "subject": ("对象", "关于"),
    "recorded_at": ("录入时间", "登记时间"),
}
PLACE_ALIASES = (
    "社区", "村", "村社区", "社区村", "社区名称", "村名", "名称", "单位", "单位名称", "填报单位", "区划", "网格",
    "网格名称", "地区", "镇街", "Place", "Community", "Village", "Grid",
)  # fmt: skip
UNIT_ALIASES = (
    "科室",
    "科室名称",
    "部门",
    "部门名称",
    "责任单位",
    "承办单位",
    "牵头单位",
    "站所",
    "Unit",
    "Section",
    "Department",
)
MONTH_ALIASES = ("月", "统计月份", "填报月份", "时间", "Month")
ROW_TITLES = {
    PLACES: gettext_lazy("Places with their figures"), UNITS: gettext_lazy("Units with their figures"),
    MONTHS: gettext_lazy("Months with their figures"),
}  # fmt: skip
# What a heading says of the days that its figures are of: 本月走访次数, 年初以来结案数, 9月走访次数.
SPANS = (
    (re.compile(r"本周|当周|this week"), "week"),
    (re.compile(r"本季度?|当季度?|this quarter"), "quarter"),
    (re.compile(r"本月|当月|this month"), "month"),
    (re.compile(r"年初以来|今年以来|本年度?|全年|累计|this year|year to date"), "year"),
)
MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月份?")


def serial() -> Field:
    """The running number of a row."""
    return Field(NUMBER, "text", "序号", "No.", aliases=("顺序号", "Number", "#"))


@dataclass(frozen=True)
class Subject:
    """What the rows of a sheet are: the records of a kind, or (``kind`` None) places, units or months with figures."""

    kind: Kind | None = None
    rows: str = PLACES

    @property
    def key(self) -> str:
        return self.kind.key if self.kind else self.rows

    def __str__(self) -> str:
        return str(self.kind or ROW_TITLES[self.rows])

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What a record can fill a column with, by key; of rows of figures nothing."""
        return {c.key: c for c in every_column(self.kind) if c.type != "file"} if self.kind else {}

    @cached_property
    def sources(self) -> list[Field]:
        """Every source, told by its names as a field of an import is."""
        if self.kind:
            return [serial(), *(_as_field(c, self.kind.title_zh) for c in self.columns.values())]
        figures = [f for f in every() if len(f.title_zh) > 1 and (self.rows != UNITS or can_be_split(f, UNIT))]
        return [serial(), _row_name(self.rows), *map(_of_figure, figures)]

    @cached_property
    def naming(self) -> tuple[str, ...]:
        """The sources that say which record or place a row is about, the surest first."""
        if self.kind is None:
            return (_row_name(self.rows).key,)
        told = {c.attribute: c.key for c in self.columns.values()}
        return tuple(told[a] for a in ("business_key", "title") if a in told)

    @cached_property
    def _names(self) -> list[set[str]]:
        return [{normal(t) for t in (s.title_zh, s.title_en, *s.aliases)} for s in self.sources if s.key != NUMBER]

    def recognises(self, words: set[str]) -> int:
        """How many sources are named exactly by a set of normal headings."""
        return sum(1 for names in self._names if names & words)


def subjects(actor: Actor) -> list[Subject]:
    """What a sheet may be about for this reader: every kind, and the figures where the post may read them."""
    kinds = [Subject(k) for k in every_kind().values()]
    return [*(Subject(rows=rows) for rows in ROW_TITLES if _may_count(actor, rows)), *kinds]


def _may_count(actor: Actor, rows: str) -> bool:
    """Figures of units are counted for whoever sees all of the office."""
    return actor.may(READ) and (rows != UNITS or bool(actor.path and actor.office_path.startswith(actor.path)))


def subject_of(key: str, actor: Actor) -> Subject:
    """The subject of this key; ``Missing`` when there is none, ``Refused`` for figures that the post may not read."""
    if key in ROW_TITLES:
        require(actor, READ)
        if not _may_count(actor, key):
            raise Refused(_("Figures of units are for whoever sees the whole office."))
        return Subject(rows=key)
    return Subject(kind_of(key))


def likeliest(found: Sequence[Subject], words: set[str], above: str) -> Subject:
    """The subject that recognises most headings; the line above the table decides between equals."""

    def score(subject: Subject) -> tuple[int, int]:
        named = bool(subject.kind and any(t in above for t in (subject.kind.title_zh, subject.kind.title_en)))
        return subject.recognises(words), int(named)

    best = max(found, key=score, default=None)
    if best is None:
        raise Missing(_("There is nothing yet that a sheet could be filled with."))
    return best


def figure_of(source: str) -> tuple[Figure | None, str]:
    """The figure that a source names, and its days: ``cases.filed@month``, "" for those of the sheet."""
    key, _at, span = source.partition("@")
    return known(key), span


def span_in(heading: str, year: int) -> tuple[str, str]:
    """The days that a heading names ("" for none) and what is left of it."""
    for words, span in SPANS:
        if words.search(heading):
            return span, words.sub("", heading)
    if found := MONTH.search(heading):
        return f"{year}-{int(found[1]):02d}", MONTH.sub("", heading, count=1)
    return "", heading


def _as_field(column: Column, kind: str) -> Field:
    """A column as a source: also called 所属行业 or 企业行业 where it is 行业."""
    more = FIXED_ALIASES.get(column.key.removeprefix("record."), ())
    if column.field is None:
        return Field(column.key, "text", column.title, column.title, aliases=more)
    own = column.field
    also = tuple(before + own.title_zh for before in ("所属", "所在", kind, kind[-2:]))
    return replace(own, required=False, aliases=(*own.aliases, *_unclaimed(column, more), *also))


def _unclaimed(column: Column, more: tuple[str, ...]) -> tuple[str, ...]:
    """A kind's own place or day is also called what these usually are."""
    usual = {"place_id": "place", "happened_on": "happened_on", "unit_id": "unit"}.get(column.attribute, "")
    return FIXED_ALIASES.get(usual, more)


def _row_name(rows: str) -> Field:
    """The source that names the place, unit or month of a row."""
    if rows == UNITS:
        return Field(UNIT_NAME, "text", "单位", "Unit", aliases=UNIT_ALIASES)
    if rows == MONTHS:
        return Field(MONTH_NAME, "text", "月份", "Month", aliases=MONTH_ALIASES)
    return Field(PLACE, "text", "社区（村）", "Community or village", aliases=PLACE_ALIASES)


def _of_figure(figure: Figure) -> Field:
    names = tuple(dict.fromkeys(t for t in (figure.title_zh, figure.title_en) if t))
    kind = "money" if is_money(figure) else "text"
    return Field(
        figure.key, kind, figure.title_zh, figure.title_en, unit="万元" if kind == "money" else "", aliases=names
    )
