"""The year plan of the replay: what is stated each quarter of items and indicators, and why some slip. Synthetic."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db.models import Q

from zijing.commitments.actions import fulfil, state
from zijing.commitments.models import Commitment
from zijing.core.worktime import DAY
from zijing.demo.chance import draw
from zijing.demo.days import moment, workdays_after
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World

GOAL, MONTHS = "goal", (4, 7, 10)
# What the records of the replay say of some indicators from a month on: handed over, moved, allocated; Z06 in points.
KNOWN: Mapping[str, Mapping[int, str]] = {
    "Z06": {0: "1.2"}, "Z11": {0: "0", 8: "3"}, "Z15": {0: "0", 4: "5", 8: "9"}, "Z16": {0: "0", 4: "5", 8: "10"},
    "Z30": {0: "0", 9: "391"}, "N3-045": {0: "60", 6: "85", 8: "100"}, "N3-046": {0: "55", 6: "85", 8: "100"},
    "N3-047": {0: "60", 6: "85", 8: "100"}, "N2-021": {0: "0", 6: "1"}, "N2-029": {0: "2000"}, "N2-034": {0: "0"},
    "N3-060": {0: "0", 6: "2"}, "N3-061": {0: "0", 9: "3"},
}  # fmt: skip
REASONS = ("手续办理慢于预期", "疫情影响开工", "资金未到位", "多部门协调未定", "群众意见需再沟通")


def on(world: World, day: date) -> Iterator[Happening]:
    """In the first days of a quarter: how far each item of the plan has got."""
    if GOAL not in world.kinds or day.month not in MONTHS or day != workdays_after(day.replace(day=1) - DAY, 5):
        return
    period = (day.replace(day=1) - DAY).replace(day=1)
    at = moment(day, 15, 0)
    yield Happening(at, f"plan {period}", partial(_state, world, period, at))


def _state(world: World, period: date, at: datetime) -> int:
    """State every item without others below it, and what else is not stated by month or counted; none twice."""
    mine = Commitment.objects.filter(office=world.office, closed_at=None).exclude(statements__period=period)
    items = Q(kind=world.kinds[GOAL], children=None, business_key__startswith="N")
    others = Q(kind=world.kinds["indicator"], recurrence="", figure="") | Q(kind=world.kinds["task"])
    duties = Q(kind=world.kinds["duty"], counts="")
    rows = mine.filter(items | others | duties).select_related("kind").order_by("business_key")
    for c in rows:
        value = value_of(c, period)
        slips = draw("plan", c.business_key) < SLIPS and c.business_key not in KNOWN
        note = f"{REASONS[int(draw('why', c.business_key) * len(REASONS))]}（{MARK}）" if slips else ""
        actor = (world.cast.in_unit(c.unit_id, "commitments.state") if c.unit_id else None) or world.cast.system
        state(actor=actor, at=at, commitment=c, period=period, value=value, status="actual", source=MARK, note=note)
        if c.kind == world.kinds["task"] and value == c.quantity:
            fulfil(actor=actor, at=at, commitment=c, note=MARK)
    return len(rows)


def value_of(c: Commitment, period: date) -> Decimal:
    """What is stated for a month: as the records have it, else the share that is done, as a number where one is due."""
    if known := KNOWN.get(c.business_key):
        return Decimal(known[max(month for month in known if month <= period.month)])
    if c.recurrence and c.quantity is not None:
        return c.quantity
    share = percent_of(c.business_key, c.deadline, period)
    return share if c.quantity is None else (c.quantity * share / 100).quantize(Decimal(1))


SLIPS = 0.3


def percent_of(code: str, deadline: date | None, period: date) -> Decimal:
    """How far an item has got at the end of a month, in percent: three in ten lag behind the days that are gone."""
    last = deadline or date(period.year, 12, 31)
    gone = min(1.0, period.month / last.month)
    pace = draw("plan", code)
    speed = 0.55 + pace if pace < SLIPS else 1.02 + pace * 0.2
    return Decimal(round(min(1.0, gone * speed) * 100))
