"""The year plan of the replay: what was stated of its items each quarter, and why some slip. Synthetic."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from zijing.commitments.actions import state
from zijing.commitments.models import Commitment
from zijing.core.worktime import DAY
from zijing.demo.chance import draw
from zijing.demo.days import moment, workdays_after
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World

GOAL, MONTHS = "goal", (4, 7, 10)
REASONS = ("手续办理慢于预期", "疫情影响开工", "资金未到位", "多部门协调未定", "群众意见需再沟通")


def on(world: World, day: date) -> Iterator[Happening]:
    """In the first days of a quarter: how far each item of the plan has got."""
    if GOAL not in world.kinds or day.month not in MONTHS or day != workdays_after(day.replace(day=1) - DAY, 5):
        return
    period = (day.replace(day=1) - DAY).replace(day=1)
    at = moment(day, 15, 0)
    yield Happening(at, f"plan {period}", partial(_state, world, period, at))


def _state(world: World, period: date, at: datetime) -> int:
    """State every item without others below it: none twice for a month."""
    rows = Commitment.objects.filter(office=world.office, kind=world.kinds[GOAL], closed_at=None, children=None)
    rows = rows.exclude(statements__period=period).select_related("kind").order_by("business_key")
    done = 0
    for c in rows.filter(business_key__startswith="N"):
        share = percent_of(c.business_key, c.deadline, period)
        value = share if c.quantity is None else (c.quantity * share / 100).quantize(Decimal(1))
        note = "" if draw("plan", c.business_key) >= SLIPS else REASONS[int(draw("why", c.business_key) * len(REASONS))]
        actor = world.cast.in_unit(c.unit_id, "commitments.state") if c.unit_id else None
        state(
            actor=actor or world.cast.system, at=at, commitment=c, period=period, value=value, status="actual",
            source=MARK, note=f"{note}（{MARK}）" if note else "",
        )  # fmt: skip
        done += 1
    return done


SLIPS = 0.3


def percent_of(code: str, deadline: date | None, period: date) -> Decimal:
    """How far an item has got at the end of a month, in percent: three in ten lag behind the days that are gone."""
    last = deadline or date(period.year, 12, 31)
    gone = min(1.0, period.month / last.month)
    pace = draw("plan", code)
    speed = 0.55 + pace if pace < SLIPS else 1.02 + pace * 0.2
    return Decimal(round(min(1.0, gone * speed) * 100))
