"""Numbers of plans: 2000余亩, 近30家, 1.5万余户, 三分之一, 不少于2支, 2~3个, 控制在5%以内."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zijing.commitments.reading.words import LEXICON
from zijing.core.chinese import value_of

UNIT = "|".join(sorted(map(re.escape, LEXICON["units"]), key=lambda u: (-len(u), u)))
_CHINESE = r"[一二两三四五六七八九十百千零]+"
_DIGITS = r"\d{1,15}(?:[,，]\d{3})*(?:\.\d+)?"
BEFORE = f"(?P<before>{'|'.join(LEXICON['before'])})?"
AFTER = r"(?P<after>以上|以内|以下|之内|左右|上下)?"
SIZED = re.compile(
    BEFORE
    + rf"\s?(?P<low>{_DIGITS}|{_CHINESE})(?:[~～\-—–至到](?P<high>{_DIGITS}|{_CHINESE}))?"
    + r"(?P<more>[多余来几])?(?P<size>万亿|[十百千]?万|亿(?!元)|(?<=\d)[百千])?(?P<more2>[多余来])?"
    + rf"\s?(?P<unit>(?:{UNIT})(?:/(?:{UNIT}))?)"
    + AFTER
)
BARE = re.compile(
    rf"(?P<unit>人次|人数|户数|件数|家数|场次)(?P<before>达到?|超过?|突破|不少于|不低于|保持在|稳定在)\s?(?P<low>{_DIGITS})"
    r"(?P<size>[十百千]?万|亿)?(?P<more>[多余])?(?P<after>以上|左右)?(?![\u4e00-\u9fffA-Za-z%％‰])"
)
"""服务人次达200万以上: the unit stands before the number."""
SHARE = re.compile(
    BEFORE
    + r"(?:(?P<half>一半以上|半数以上|过半|一半)|"
    + rf"百分之(?P<percent>{_CHINESE}|{_DIGITS})|(?P<lower>{_CHINESE}|\d+)分之(?P<upper>{_CHINESE}|\d+))"
    + AFTER
)
WHOLE = re.compile(r"全覆盖|所有|全部|百分之百|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|户户|全员")
NONE_LEFT = re.compile(r"动态为零|(?:动态|保持|降)?为零|零(?:发生|事故|增长|上访|容忍度|死亡|新增|违建)|动态清零")
ABOVE_AVERAGE = re.compile(r"(?:高于|超过|好于|快于).{0,12}平均(?:水平|增幅|增速|值)?$")
SAME_UNITS = {"％": "%", "个百分点": "百分点", "个工作日": "工作日"}
NOT_LEVELS = re.compile(r"医院|以上|包保|责任|联动|管理|体系|网络|网格|书记|河长|党组织")
OF_DAYS = re.compile(r"天数[\u4e00-\u9fff]{0,4}$")
NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千零半]")
AT_LEAST = {"不少于", "不低于", "不小于", "至少", "最少", "不下于"}
AT_MOST = {"不超过", "不高于", "不多于", "不大于", "最多", "至多", "控制在", "压减到"}
AROUND = {"近", "约", "大约", "将近", "接近"}
BOUNDS = (
    dict.fromkeys(AT_LEAST, "ge") | dict.fromkeys(AT_MOST, "le") | dict.fromkeys(AROUND, "about")
    | {"超过": "gt", "突破": "gt", "高于": "gt", "大于": "gt", "低于": "lt", "小于": "lt", "少于": "lt"}
    | {"以上": "ge", "以内": "le", "以下": "le", "之内": "le", "左右": "about", "上下": "about"}
)  # fmt: skip
SIZES = {"百": 100, "千": 1000, "十万": 10**5, "百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8, "万亿": 10**12}
NOT_BEFORE = re.compile(r"(?:第|[“\"A-Za-z+\-.]|每|前|头)$")
NOT_AFTER = re.compile(
    r"(?:性|体化|流|致|把手|级|线|时间|贯|路|心|带|定|律|切|旦|样|起(?!案|事|来)|向|方面|直|面(?!旗|墙)|全会|全体|会议|党代|代表大会|常务|党委)"
)
MODIFIES = re.compile(
    r"(?:总投资|投资|投入|面积|占地|总长|全长|长|涉及|现有|原有|共有|约有|资金|估算|第[一二三四五六七八九十]批|服务)(?:约|近|达|超过)?$"
)
BASELINE = re.compile(r"(?:现有|原有|已有)[^，。]{0,24}?基础上|(?:比|较)(?:上年|去年|同期)")
THRESHOLD_AFTER = re.compile(r"(?:及以上|以上|以下)?的?(?:重点|重大|优质|产业|工业)?(?:项目|企业|工程|个人|家庭)")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit at ``start:end`` of what was read. Money keeps the unit it is written in."""

    start: int
    end: int
    value: Decimal
    unit: str
    bound: str = ""
    most: Decimal | None = None
    written: bool = False
    """In characters: 一个."""


def quantities(text: str) -> list[Quantity]:
    """All numbers with a unit, in the order of the text; ordinals, names and fixed phrases are none."""
    return list(_quantities(text))


@lru_cache(maxsize=8192)
def _quantities(text: str) -> tuple[Quantity, ...]:
    if not NUMERAL.search(text):
        return ()
    found = [q for m in SIZED.finditer(text) if (q := _sized(text, m))]
    taken = [(q.start, q.end) for q in found]
    shares = [m for m in SHARE.finditer(text) if not any(a < m.end() and m.start() < b for a, b in taken)]
    found += [q for m in shares if (q := _share(m))]
    found += [_bare(m) for m in BARE.finditer(text)]
    return tuple(sorted(found, key=lambda q: q.start))


def main_quantity(text: str) -> Quantity | None:
    """The number that is promised: no baseline, threshold or sum spent; of "11户12处" the one beside the thing."""
    base = BASELINE.search(text)
    found = [q for q in quantities(text) if not (base and q.start < base.end())]
    found = [q for q in found if not _is_threshold(text, q)]
    if not found:
        return whole(text)
    plain = [q for q in found if not (MODIFIES.search(text[: q.start]) or text.startswith("的", q.end))] or found
    chosen = plain[0]
    for one in plain[1:]:
        if one.start == chosen.end:
            chosen = one
    return chosen


def whole(text: str) -> Quantity | None:
    """All of them (全覆盖, 所有), none (为零), more than the average: numbers that are not written as such."""
    if m := WHOLE.search(text):
        return Quantity(m.start(), m.end(), Decimal(100), "%")
    if m := NONE_LEFT.search(text):
        return Quantity(m.start(), m.end(), Decimal(0), "")
    if m := ABOVE_AVERAGE.search(text):
        return Quantity(m.start(), m.end(), Decimal(0), "百分点", "gt")
    return None


def _is_threshold(text: str, q: Quantity) -> bool:
    rest = text[q.end :]
    return (
        q.unit in {"亿元", "万元", "元", "亩", "平方米"}
        and bool(THRESHOLD_AFTER.match(rest))
        and q.bound in {"ge", "le"}
    )


def _sized(text: str, m: "re.Match[str]") -> Quantity | None:
    low, unit = m["low"], SAME_UNITS.get(m["unit"], m["unit"])
    written = not low[0].isdigit()
    rest = text[m.end() :]
    if (
        low in {"百", "千", "零"}
        or NOT_BEFORE.search(text[: m.start("low")])
        or re.match("全会|全体|会议", rest)
        or (written and _fixed(m, rest))
    ):
        return None
    if unit in {
        "区",
        "级",
        "天",
        "小时",
        "分",
        "工作日",
        "个工作日",
        "分钟",
        "站",
        "圈",
        "口",
        "面",
    } and not _is_counted(m, rest, text[: m.start()]):
        return None
    size = SIZES.get(m["size"] or "", 1)
    bound = BOUNDS.get(m["before"] or "", "") or BOUNDS.get(m["after"] or "", "")
    if not bound and (m["more"] or m["more2"]):
        bound = "ge"
    if m["before"] == "控制在" or m["after"] in {"以内", "之内"}:
        bound = "le"
    most = number(m["high"]) * size if m["high"] else None
    return Quantity(
        m.start(), m.end(), _plain(number(low) * size), unit, "range" if most else bound, most, written,
    )  # fmt: skip


def _bare(m: "re.Match[str]") -> Quantity:
    bound = BOUNDS.get(m["before"], "") or BOUNDS.get(m["after"] or "", "") or ("ge" if m["more"] else "")
    value = number(m["low"]) * SIZES.get(m["size"] or "", 1)
    return Quantity(
        m.start("low"), m.end(), _plain(value), "场" if m["unit"] == "场次" else m["unit"].removesuffix("数"), bound
    )


def _is_counted(m: "re.Match[str]", rest: str, before: str) -> bool:
    """Units that are also parts of names: 两级 counts, 二区 names; 天 and 小时 are time, no target, but of 天数."""
    if m["unit"] == "天":
        return bool(OF_DAYS.search(before))
    if m["unit"] == "级":
        return m["low"] in {"两", "三"} and not NOT_LEVELS.match(rest)
    return m["unit"] == "面" and rest.startswith(("墙", "旗"))


def _fixed(m: "re.Match[str]", rest: str) -> bool:
    """一批, 一次性, 一体化, 二次供水: characters that look like numbers."""
    if m["low"] == "二" and m["unit"] == "次":
        return True
    if m["low"] != "一" and not NOT_AFTER.match(rest):
        return m["unit"] in {"分", "方", "路"}
    return bool(NOT_AFTER.match(rest)) or m["unit"] in {
        "分",
        "支",
        "方",
        "面",
        "片",
        "路",
        "部",
        "本",
        "亿",
        "头",
        "对",
        "口",
        "组",
        "单",
    }


def _share(m: "re.Match[str]") -> Quantity | None:
    bound = BOUNDS.get(m["before"] or "", "") or BOUNDS.get(m["after"] or "", "")
    if m["half"]:
        return Quantity(
            m.start(), m.end(), Decimal(50), "%", bound or ("ge" if m["half"] != "一半" else ""), None, written=True
        )
    if m["percent"]:
        return Quantity(m.start(), m.end(), number(m["percent"]), "%", bound, None, written=True)
    lower, upper = number(m["lower"]), number(m["upper"])
    if not lower:
        return None
    return Quantity(m.start(), m.end(), (upper * 100 / lower).quantize(Decimal("0.01")), "%", bound, None, written=True)


def _plain(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == value.to_integral_value() else value


def number(text: str) -> Decimal:
    """The value of digits or characters."""
    if text[0].isdigit():
        return Decimal(text.replace(",", "").replace("，", ""))
    return Decimal(value_of(text))
