"""The everyday of the other packs: checks and hazards, compounds and who helps there, remarks on indicators. Synthetic.

Everything is a pure function of the day, from the registers as they were imported; it begins after the standstill.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import load_workbook

from zijing.core.worktime import DAY, day_of, is_working
from zijing.demo.chance import between, draw, identity, pick
from zijing.demo.days import YEAR_ENDS, around, moment, workdays_after
from zijing.demo.tales import Tale
from zijing.demo.words import marked
from zijing.demo.world import Happening, World
from zijing.packs.intake import record
from zijing.people.access import Actor

FIRST = date(2020, 3, 2)
TUESDAY, THURSDAY, SATURDAY = 2, 4, 6
HAZARDS = (
    ("electricity", "配电箱无盖、线路私拉"), ("gas", "燃气软管老化未更换"), ("fire-equipment", "灭火器过期"),
    ("structure", "外墙砖松动"), ("machinery", "切割机无防护罩"), ("height", "临边未设护栏"), ("terrain", "边坡有落石"),
    ("management", "没有动火作业审批记录"),
)  # fmt: skip
PROBLEMS = (
    ("sewer", "下水管道堵塞返水"), ("lighting", "楼道灯不亮"), ("roof", "顶楼屋面漏水"),
    ("parking", "乱停车堵住单元门"), ("rubbish", "垃圾清运不及时"), ("water", "水压不足"), ("security", "单元门禁损坏"),
)  # fmt: skip
PASSAGES = (
    ("vehicle", "car", "消防车通道停满私家车"),
    ("stairs", "goods", "楼梯间堆放杂物"),
    ("exit", "lock", "安全出口上锁"),
)
LAGS = (
    ("Z05", "statistics", "固定资产投资入统滞后"), ("Z02", "market", "工业增加值增速低于序时"),
    ("Z10", "coordination", "腾退评估协调缓慢"), ("Z25", "conditions", "口袋公园用地未落实"),
)  # fmt: skip
# The weeks in which the sewer of one compound is blocked once more, cleared each time and not repaired.
RETURNS = frozenset({24, 27, 30})
DECISIONS = ("清理楼前杂物", "加装楼道照明", "公示上季度收支", "划定停车位", "更换单元门锁")
SERVICES = ("cleaning", "patrol", "wish", "advice", "works")
MARKED = ("JJB", "CJB", "AJB", "ZZB", "ZZS", "TJZ")


@cache
def ledger(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of one of the demo's workbooks, by heading."""
    sheet = load_workbook(Path(settings.DEMO_FOLDER) / name, read_only=True).worksheets[0]
    head, *rows = sheet.values
    return tuple(dict(zip(map(str, head), row, strict=True)) for row in rows)


@cache
def codes_of_places() -> dict[str, str]:
    """The code of every place of the demo by its name."""
    return {row["名称"]: row["区划代码"] for row in ledger("places.xlsx")}


def weeks(first: date = FIRST) -> Iterator[date]:
    """The Mondays of the year from ``first``."""
    day = first
    while day <= YEAR_ENDS:
        yield day
        day += DAY * 7


@cache
def tales() -> tuple[Tale, ...]:
    """The cases of these packs, week by week."""
    found = [tale for n, week in enumerate(weeks()) for tale in _of_week(n, week)]
    return tuple(t for t in (*found, *_orders()) if t is not None)


def _orders() -> Iterator[Tale]:
    """The hotline's orders as its sheet has them, those of the last days still on their way."""
    for number, row in orders().items():
        tale = _tale(
            "hotline-order", number, row["受理时间"].date(), row["诉求类型"], row["诉求标题"], number, row["社区"],
            days=between(2, 3, "order takes", number),
        )  # fmt: skip
        yield replace(tale, answer=row["办理情况"])


@cache
def orders() -> dict[str, dict[str, Any]]:
    """The rows of the hotline's sheet by the number of the order."""
    return {row["工单编号"]: row for row in ledger("orders.xlsx")}


def _of_week(n: int, week: date) -> Iterator[Tale]:
    points, compounds = ledger("hazard_points.xlsx"), ledger("compounds.xlsx")
    for k in range(1 + n % 2):
        point = pick(points, "hazard", n, k)
        type_, what = pick(HAZARDS, "hazard is", n, k)
        major = point["风险等级"] == "重大" and draw("major", n, k) < 0.6
        yield _tale(
            "hazard", f"{week}/{k}", workdays_after(week, 1 + k), type_, f"{point['点位名称']}{what}",
            point["点位编号"], point["所在社区"], days=between(3, 12, "hazard takes", n, k), grave=major,
        )  # fmt: skip
    if n % 3 == 0:
        where = pick(compounds, "passage", n)
        way, by, what = pick(PASSAGES, "passage is", n)
        yield _tale("fire-passage", f"{week}", workdays_after(week, 2), f"{way}/{by}", f"{where['楼院名称']}{what}", "",
                    where["所在社区"], days=0)  # fmt: skip
    where = compounds[0] if n in RETURNS else pick(compounds, "problem", n)
    type_, what = PROBLEMS[0] if n in RETURNS else pick(PROBLEMS, "problem is", n)
    yield _tale("compound-problem", f"{week}", workdays_after(week, 3), type_, f"{where['楼院名称']}{what}",
                where["楼院编号"], where["所在社区"], days=between(2, 7, "problem takes", n))  # fmt: skip
    if n % 5 == 2:
        number, cause, what = LAGS[n // 5 % len(LAGS)]
        yield _tale(
            "lag", f"{week}", week, f"{number}/{cause}", what, "", "紫荆路街道", days=between(3, 8, "lag takes", n)
        )


def _tale(
    kind: str, key: str, filed: date, type_: str, what: str, subject: str, place: str, *, days: int, grave: bool = False
) -> Tale:
    code = codes_of_places()[place]
    filed = filed if is_working(filed) else workdays_after(filed, 1)
    listed = ((workdays_after(filed, 1), "office", "重大隐患，挂牌督办"),) if grave else ()
    return Tale(
        key=f"{kind}/{key}", kind=kind, type=type_, what=marked(what), filed=filed, days=days, place=code,
        subject=subject, grave=grave, listings=listed if days > 2 else (),
    )  # fmt: skip


def values_of(tale: Tale) -> dict[str, Any]:
    """What is entered when one of these cases is filed, beside what and where."""
    first, _slash, second = tale.type.partition("/")
    match tale.kind:
        case "hazard":
            severity = "major" if tale.grave else "ordinary"
            return {
                "point": tale.subject,
                "class": first,
                "severity": severity,
                "found_by": "expert",
                "advice": "按要求整改后申请复查",
            }
        case "fire-passage":
            return {"way": first, "by": second}
        case "compound-problem":
            return {"compound": tale.subject, "class": first}
        case "hotline-order":
            row = orders()[tale.subject]
            return {
                "number": tale.subject,
                "class": first,
                "details": row["诉求内容"],
                "wanted_by": row["要求办结时间"].date(),
                "address": row["事发地点"] or "",
            }
    return {"indicator": first, "cause": second}


def on(world: World, day: date) -> Iterator[Happening]:
    """What these packs enter on ``day`` beside their cases."""
    if day < FIRST or not world.sites:
        return
    if day.isoweekday() in {TUESDAY, THURSDAY} and is_working(day):
        yield from _check(world, day)
    if day.isoweekday() == SATURDAY:
        yield from _help(world, day)
    if day == _first_workday(day):
        yield from _remarks(world, day)
    if day == workdays_after(day.replace(day=1) - DAY, 5):
        yield from _monthly(world, day)


def _first_workday(day: date) -> date:
    return workdays_after(day - DAY * day.isoweekday(), 1)


def _entered(world: World, kind: str, key: str, at: datetime, who: Actor, values: Mapping[str, Any]) -> Happening:
    def do() -> int:
        record(actor=who, at=at, kind=world.kinds[kind], values=values, client_id=identity(kind, key, day_of(at)))
        return 1

    return Happening(at, f"{kind} {key}", do)


def _check(world: World, day: date) -> Iterator[Happening]:
    points = ledger("hazard_points.xlsx")
    point = points[(day - FIRST).days // 7 * 2 % len(points) + (day.isoweekday() == THURSDAY)]
    found = int(draw("check", day) * 3)
    values = {
        "date": day, "point": point["点位编号"], "way": "expert", "result": "found" if found else "clean",
        "found": found, "summary": marked("发现隐患，已告知单位" if found else "现场检查未发现隐患"),
    }  # fmt: skip
    who = pick(world.cast.of_role("expert") or [world.cast.system], "expert", day)
    yield _entered(world, "expert-check", point["点位编号"], around(day, (9, 30), (11, 30), "check"), who, values)


def _help(world: World, day: date) -> Iterator[Happening]:
    """On Saturdays a Party unit reports in to a community, and a committee sits."""
    place = pick(ledger("compounds.xlsx"), "help", day)
    who = world.cast.one("governance_office")
    people = between(4, 20, "people", day)
    values = {
        "date": day, "reporting": f"示例单位党支部{between(1, 12, 'branch', day):02d}", "as": "unit",
        "place": f"#{world.places[codes_of_places()[place['所在社区']]].pk}", "compound": place["楼院编号"],
        "service": pick(SERVICES, "service", day), "people": people, "hours": people * 2,
        "summary": marked("到社区报到，完成认领事项"),
    }  # fmt: skip
    yield _entered(world, "reporting-in", place["楼院编号"], around(day, (9, 0), (10, 0), "help"), who, values)
    committee = pick(ledger("committees.xlsx"), "committee", day)
    values = {
        "date": day, "compound": committee["楼院编号"], "class": "meeting",
        "matter": marked(pick(DECISIONS, "matter", day)), "cost": f"{between(0, 9, 'cost', day) * 400}元",
        "present": between(20, 90, "present", day),
    }  # fmt: skip
    yield _entered(
        world, "committee-matter", committee["楼院编号"], around(day, (15, 0), (16, 30), "sits"), who, values
    )


def _remarks(world: World, day: date) -> Iterator[Happening]:
    who = world.cast.one("target_office")
    rows = [r for r in ledger_of_targets() if r["牵头单位"] in MARKED]
    for k in range(2):
        row = pick(rows, "remark", day, k)
        verdict = pick(("fast", "even", "slow"), "verdict", day, k)
        said = {"fast": "快于序时，保持", "even": "与序时持平", "slow": "慢于序时，本周补上"}[verdict]
        values = {
            "date": day, "indicator": row["指标编号"], "verdict": verdict, "unit": row["牵头单位"],
            "remark": marked(f"{row['指标名称']}{said}"), "demand": "本周内逐项核对" if verdict == "slow" else None,
        }  # fmt: skip
        yield _entered(world, "review-remark", f"{row['指标编号']}/{k}", moment(day, 9, 30 + k * 5), who, values)


@cache
def ledger_of_targets() -> tuple[dict[str, Any], ...]:
    """The rows of targets.xlsx, whose headings stand below a title."""
    _title, head, *rows = (
        load_workbook(Path(settings.DEMO_FOLDER) / "targets.xlsx", read_only=True).worksheets[0].values
    )
    return tuple(dict(zip(map(str, head), row, strict=True)) for row in rows)


def _monthly(world: World, day: date) -> Iterator[Happening]:
    who, last = world.cast.one("target_office"), day.replace(day=1) - DAY
    for n, unit in enumerate(MARKED):
        marks = 100 - between(0, 24, "marks", last, unit) / 2
        values = {
            "date": last,
            "unit": unit,
            "marks": f"{marks:g}",
            "basis": marked("按指标进度与整改情况计分"),
            "appealed": "否",
        }
        yield _entered(world, "monthly-mark", unit, moment(day, 16, n * 3), who, values)
