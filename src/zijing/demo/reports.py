"""The daily reports of the replay: every team on every working day, but for those that forget."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from zijing.core.worktime import day_of, is_working
from zijing.demo.chance import between, draw, pick
from zijing.demo.days import BEGINS, monday, report_time, stands_still
from zijing.demo.pace import reports_on, shares_at, silent, to_report
from zijing.demo.pictures import NUMBER
from zijing.demo.tales import Tale
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World
from zijing.projects.actions import report
from zijing.projects.models import Report

PHOTO_SHARE = 0.03
OPENING = "年初盘点"
STILL = "停工值守"
MINUTE = timedelta(minutes=1)
REMARKS = (
    "按计划推进",
    "正常施工",
    "夜间浇筑",
    "材料已进场",
    "增加一个班组",
    "雨后复工",
    "验收整改同步进行",
    "交叉作业",
)


def on(world: World, day: date) -> Iterator[Happening]:
    """What the teams send on ``day``."""
    if not is_working(day):
        return
    if day == BEGINS.date():
        yield from _opening(world, day)
        return
    told = set(Report.objects.filter(day=day, void=False).values_list("project__entry__business_key", flat=True))
    silences = silent(monday(day), world.at_work(day))
    for code in [c for c in world.at_work(day) if c not in told]:
        tale = next((t for t in world.tales if t.project == code and t.filed == day and t.by_report), None)
        if tale or reports_on(day, code, silences):
            at = report_time(day, code)
            yield Happening(at, f"report {code}", partial(_send, world, code, day, at, tale), quiet=tale is None)


def _opening(world: World, day: date) -> Iterator[Happening]:
    """On the first day each team says once how far every stage has got that was at work before the year."""
    for code in world.at_work(day):
        site = world.sites[code]
        model = shares_at(site, world.reach[code][day])
        for n, stage in enumerate([s for s in site.stages if model[s.code] > 0] or site.stages[:1]):
            at = report_time(day, code) + n * MINUTE
            values = {"stage": stage.code, "share": model[stage.code], "remark": f"{OPENING}（{MARK}）"}
            yield Happening(at, f"opening {code} {n}", partial(_report, world, code, at, values), quiet=True)


def _send(world: World, code: str, day: date, at: datetime, tale: Tale | None) -> int:
    site, told = world.sites[code], world.told.get(code, {})
    model = shares_at(site, world.reach[code][day])
    stage = to_report(site, model, told)
    if stage is None:
        return 0
    values = {
        "stage": stage,
        "share": max(model[stage], told.get(stage, Decimal(0))),
        "crew": _crew(code, day),
        "remark": f"{_remark(code, day)}（{MARK}）",
    }
    return _report(world, code, at, values, tale)


def _report(world: World, code: str, at: datetime, values: dict[str, Any], tale: Tale | None = None) -> int:
    day, project = day_of(at), world.by_code[code]
    report(
        actor=world.cast.team(project.pk), at=at, project=project, day=day, values=values,
        blocker={"class": tale.type, "what": tale.what} if tale else None,
        photo=world.photo(_picture(world, code, day), at) if _pictured(code, day) else None,
    )  # fmt: skip
    world.told.setdefault(code, {})[values["stage"]] = Decimal(values["share"])
    return 1


def _crew(code: str, day: date) -> int:
    if stands_still(day):
        return between(1, 4, "guard", code, day)
    usual = between(18, 120, "crew", code)
    return max(5, usual + between(-8, 8, "crew", code, day))


def _remark(code: str, day: date) -> str:
    return STILL if stands_still(day) else pick(REMARKS, "remark", code, day)


def _pictured(code: str, day: date) -> bool:
    return not stands_still(day) and draw("photo", code, day) < PHOTO_SHARE


def _picture(world: World, code: str, day: date) -> int:
    return min(NUMBER - 1, int(world.percent(code, day) * NUMBER / 100))
