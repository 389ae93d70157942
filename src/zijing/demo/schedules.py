"""The schedules of the replay: crews, stops, the housing projects laid out, one of them let through. Synthetic."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zijing.core.worktime import DAY
from zijing.demo.days import moment
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World
from zijing.packs.intake import record
from zijing.projects.actions import lay_out, put_in_channel
from zijing.projects.models import GreenChannel, Work

HOUSING, LAID_OUT = "housing", date(2020, 10, 12)
# The project that waits longest for crews comes first from the day after.
FIRST, WHY = "H10", f"过渡期将满，主体班组优先安排（{MARK}）"
# Trade, what the crews are called, how many can work at once.
CREWS = (
    ("earth", "土方班组", 12), ("structure", "主体班组", 45), ("masonry", "砌筑班组", 30), ("fitting", "安装班组", 30),
    ("facade", "外墙班组", 24), ("interior", "装修班组", 30), ("municipal", "市政班组", 8),
)  # fmt: skip
STOPS = (
    ("pollution", "重污染天气应急停工", date(2020, 11, 20), date(2020, 11, 27)),
    ("winter", "冬季停工", date(2020, 12, 25), date(2021, 2, 20)),
    ("festival", "春节停工", date(2021, 2, 6), date(2021, 2, 24)),
)


def on(world: World, day: date) -> Iterator[Happening]:
    """On the Monday of the last week: crews, stops, a schedule for every housing project; then who comes first."""
    if day == LAID_OUT and {"crew", "stop"} <= world.kinds.keys():
        at = moment(day, 16, 40)
        yield Happening(at, "schedules", partial(_lay_out, world, at))
    if day == LAID_OUT + DAY and FIRST in world.by_code:
        at = moment(day, 10, 30)
        yield Happening(at, "green channel", partial(_let_through, world, at))


def _lay_out(world: World, at: datetime) -> int:
    laid = set(Work.objects.filter(project__in=world.projects).values_list("project", flat=True))
    wanted = [
        p for p in world.projects if p.type == HOUSING and p.pk not in laid and not world.done(p.entry.business_key)
    ]
    if laid or not wanted:
        return 0
    actor = world.cast.one("project_office")
    for n, (trade, name, number) in enumerate(CREWS, 1):
        values = {"code": f"BZ{n:02}", "name": name, "trade": trade, "number": number, "note": MARK}
        record(actor=actor, at=at, kind=world.kinds["crew"], values=values)
    for n, (kind, name, first, last) in enumerate(STOPS, 1):
        values = {"code": f"TG{n:02}", "name": name, "type": kind, "first": first, "last": last, "note": MARK}
        record(actor=actor, at=at, kind=world.kinds["stop"], values=values)
    for project in wanted:
        lay_out(actor=actor, at=at, project=project)
    return len(CREWS) + len(STOPS) + len(wanted)


def _let_through(world: World, at: datetime) -> int:
    project = world.by_code[FIRST]
    if GreenChannel.objects.standing().filter(project=project).exists():
        return 0
    put_in_channel(actor=world.cast.one("secretary"), at=at, project=project, reason=WHY)
    return 1
