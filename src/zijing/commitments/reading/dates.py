"""Days of plans: 8月底, 年底前, 下半年, 三年内, 10月1日前; and what comes again: 每周, 每月."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from zijing.core.chinese import value_of

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y = r"(?:(?P<year>20\d\d)年|(?P<word>今年|明年|后年|当年|本年度?|来年))"
FULL = re.compile(rf"{_Y}?的?(?P<month>{_N})月(?P<day>{_N})[日号](?P<to>前|之前|以前)?")
MONTH = re.compile(
    rf"{_Y}?的?(?:{_N}月(?:份)?[至到\-—~～])?(?P<month>{_N})月份?(?P<part>底|末|上旬|中旬|下旬|初)?(?P<to>前|之前|以前|内)?(?!以来|至|来)"
)
HALF = re.compile(rf"{_Y}?的?(?P<half>上半年|下半年)(?P<to>前|内|底)?")
QUARTER = re.compile(rf"{_Y}?的?(?:第?(?P<q>[一二三四1-4])季度|(?P<first>前三季度|前两季度))(?P<to>末|底|前|内)*")
END = re.compile(rf"(?:{_Y}|本)?年(?:年)?(?:底|末|终)(?P<to>前|之前|以前)?")
END_OF = re.compile(rf"{_Y}(?:年)?(?:底|末)(?P<to>前|之前|以前)?")
WITHIN = re.compile(r"(?P<n>[一二两三四五六七八九十]|\d{1,2})年(?:之|以)?内")
INSIDE = re.compile(r"年内|年度内|全年")
UNTIL = re.compile(r"到(?P<year>20\d\d)年(?!底|末|\d)")
FIVE = re.compile(r"[“\"]?十(?P<which>四五|五五)[”\"]?(?:规划)?(?:期)?(?P<to>末|期间|期末|时期)")
FEAST = re.compile(rf"{_Y}?的?[“\"]?(?P<feast>国庆节?|元旦|五一|七一|八一|十一|中秋|教师节)[”\"]?节?(?:之|以)?前")
FEASTS = {
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "五一": (5, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "十一": (10, 1),
    "教师节": (9, 10),
}
YEAR = re.compile(
    r"(?P<year>20\d\d)年(?!\d|[底末]|(?:的)?\d{1,2}月|以来|来|度?工作(?:回顾|总结)|(?:上|下)半年)|(?P<word>今年)(?!以来|来|底|年)"
)
NAMES_DAY = re.compile(r"[年月季节]|五一|七一|八一|十一|国庆|元旦|十[四五]五")
EVERY = (
    ("daily", re.compile(r"每[日天](?!开放)|日(?=督查|巡查|通报|调度|清运|报告|清扫)"), "天"),
    ("weekly", re.compile(r"每(?:周|星期|个星期)|周(?=点评|例会|通报|调度|研判|检查|汇报|报告|督查|观摩)"), "周"),
    ("monthly", re.compile(r"每(?:个)?月|月(?=考核|通报|例会|调度|点评|评比|督查|观摩|汇报)|逐月|按月"), "月"),
    ("quarterly", re.compile(r"每(?:个)?季度?|季(?=观摩|通报|考核|评比|调度)|按季度?"), "季"),
    ("yearly", re.compile(r"每年(?:度)?|一年一度|逐年"), "年"),
    ("periodic", re.compile(r"定期|每半[年月]|每旬|每逢|轮流|每[两三\d]个?[天月周]")),
    ("continuous", re.compile(r"常态化|长期|持续|继续|始终|坚持|长效|不间断|全天候|24小时")),
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A last day at ``start:end`` of what was read. ``by_year``: only the year is said, as in a plan of a year."""

    start: int
    end: int
    day: date
    by_year: bool = False


def last_day(text: str, year: int | None, at: int = 0) -> Due | None:
    """The last day the text states, the most exact first; days without a year are those of ``year``."""
    if not NAMES_DAY.search(text, at):
        return None
    for pattern, resolve in _WAYS:
        for m in pattern.finditer(text, at):
            day = resolve(m, _year_of(m, year))
            if day:
                return Due(m.start(), m.end(), day)
    of_year = YEAR.search(text, at)
    named = _year_of(of_year, year) if of_year else None
    return Due(*of_year.span(), date(named, 12, 31), by_year=True) if of_year and named else None


def recurrence(text: str) -> tuple[str, str]:
    """What comes again, and the unit of its rhythm: ("weekly", "周"); empty when it is done once."""
    for name, pattern, *unit in EVERY:
        if pattern.search(text):
            return name, unit[0] if unit else ""
    return "", ""


def _year_of(m: "re.Match[str]", year: int | None) -> int | None:
    groups = m.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if year is None:
        return None
    return year + {"明年": 1, "来年": 1, "后年": 2}.get(groups.get("word") or "", 0)


def _n(text: str) -> int:
    return int(text) if text.isdigit() else value_of(text)


def _day(year: int | None, month: int, day: int = 0) -> date | None:
    """The day, or the last one of the month; None when there is no such day or no year."""
    if year is None or not 1 <= month <= 12 or not 1990 <= year <= 2100:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def _month(m: "re.Match[str]", year: int | None) -> date | None:
    day = {"上旬": 10, "初": 10, "中旬": 20}.get(m["part"] or "", 0)
    return _day(year, _n(m["month"]), day)


def _quarter(m: "re.Match[str]", year: int | None) -> date | None:
    if m["first"]:
        return _day(year, 9 if m["first"] == "前三季度" else 6)
    return _day(year, 3 * _n(m["q"]))


def _feast(m: "re.Match[str]", year: int | None) -> date | None:
    month, day = FEASTS.get(m["feast"], (0, 0))
    return _day(year, month, day)


_WAYS = (
    (FULL, lambda m, y: _day(y, _n(m["month"]), _n(m["day"]))),
    (MONTH, _month),
    (FEAST, _feast),
    (HALF, lambda m, y: _day(y, 6 if m["half"] == "上半年" else 12)),
    (QUARTER, _quarter),
    (FIVE, lambda m, _y: date(2025 if m["which"] == "四五" else 2030, 12, 31)),
    (END_OF, lambda m, y: _day(y, 12)),
    (END, lambda m, y: _day(y, 12)),
    (UNTIL, lambda m, y: _day(y, 12)),
    (WITHIN, lambda m, y: _day(y + _n(m["n"]) - 1 if y else None, 12)),
    (INSIDE, lambda m, y: _day(y, 12) if m[0] != "全年" else None),
)
