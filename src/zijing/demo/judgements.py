"""What people make of the rankings in the replay: on Monday a leader confirms or drops what Sunday night proposed."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zijing.core.worktime import DAY, is_working
from zijing.demo.chance import draw
from zijing.demo.days import moment, monday, workday
from zijing.demo.world import Happening, World
from zijing.projects.actions import decide, lift
from zijing.projects.models import Consequence
from zijing.projects.queries import board

CONFIRM, DROP = 0.6, 0.85
REASONS = {
    True: ("连续落后且无客观原因，同意", "按排榜规则执行", "班子会研究同意"),
    False: ("受审批手续等客观因素影响，本周不作处理", "本周已明显追赶，免予点名"),
}


def on(world: World, day: date) -> Iterator[Happening]:
    """On the first working day of a week the decisions on the week before."""
    if day != workday(monday(day)) or not is_working(day):
        return
    before = monday(day) - DAY
    yield Happening(moment(day, 9, 20), "decide", partial(_decide, world, before, moment(day, 9, 20)))
    yield Happening(moment(day, 9, 50), "lift", partial(_lift, world, before, moment(day, 9, 50)))


def _decide(world: World, before: date, at: datetime) -> int:
    """Decide most of what is proposed; what is left over is decided the week after."""
    actor = world.cast.one("secretary")
    rows = Consequence.objects.filter(project__in=world.projects, status="proposed", week__lte=before)
    count = 0
    for c in rows.select_related("project__entry").order_by("week", "project__entry__business_key", "type"):
        chance = draw("decide", c.week, c.project.entry.business_key, c.type)
        old = c.week < monday(before)
        if chance < DROP or old:
            confirm = chance < CONFIRM
            reasons = REASONS[confirm]
            reason = reasons[int(chance * 1000) % len(reasons)]
            decide(actor=actor, at=at, consequence=c, confirm=confirm, reason=reason)
            count += 1
    return count


def _lift(world: World, before: date, at: datetime) -> int:
    """End the on-site working of projects that have left the red."""
    rows = Consequence.objects.filter(project__in=world.projects, status="confirmed", type="on_site")
    standing = list(rows.select_related("project__entry").order_by("week", "pk"))
    if not standing:
        return 0
    lights = {x.project.pk: x.light for x in board(world.cast.system, before).all_lines}
    better = [c for c in standing if lights.get(c.project_id) != "red"]
    for c in better:
        lift(actor=world.cast.one("secretary"), at=at, consequence=c, reason="已追回进度，撤销住场办公")
    return len(better)
