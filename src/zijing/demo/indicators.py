"""The indicators of the replay: each month's value, what was expected, how the county and others stood. Synthetic."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db.models import Sum

from zijing.activities.models import Activity
from zijing.commitments.actions import compare_with, state
from zijing.commitments.models import Commitment
from zijing.core.worktime import DAY
from zijing.demo.chance import draw
from zijing.demo.days import moment, workdays_after
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World
from zijing.people.access import Actor

# Growth rates in percent: the value at the end of each month; the epidemic, then the recovery.
GROWTH = {
    "Z02": (-18.0, -14.0, -8.5, -4.6, -2.0, -0.4, 0.9, 1.8, 2.4, 2.9, 3.3),
    "Z03": (-20.0, -12.0, -3.0, 4.5, 9.8, 13.6, 17.0, 20.1, 22.4, 24.6, 26.0),
    "Z04": (-26.0, -19.0, -9.0, 0.5, 7.2, 12.9, 17.5, 21.0, 24.3, 26.2, 27.8),
}
CLEARED = {"Z17": "M02-1", "Z18": "M02-1"}
INVESTED = "Z05"
# What was invested by the end of each month of the year before, in 100 million yuan.
YEAR_BEFORE = ("1.1", "2.0", "4.2", "6.6", "9.3", "12.4", "15.0", "17.4", "20.1", "22.6", "25.2", "28.4")
# Points of percent by which the county on average, and other offices, stood above the office.
OTHERS = {"全市平均": 0.4, "示例街道02": 1.3, "示例镇03": -0.9}


def on(world: World, day: date) -> Iterator[Happening]:
    """In the first days of a month: the values at the end of the month before."""
    if not world.sites or day != workdays_after(day.replace(day=1) - DAY, 4):
        return
    period = (day.replace(day=1) - DAY).replace(day=1)
    if day.month == 1:
        at = moment(day, 10)
        yield Happening(at, "state the year before", partial(_year_before, world, period.year, at))
        return
    for n, code in enumerate((*GROWTH, INVESTED, *CLEARED)):
        at = moment(day, 10, n * 4)
        yield Happening(at, f"state {code}", partial(_month, world, code, period, at))


def _found(world: World, code: str) -> Commitment | None:
    return Commitment.objects.filter(office=world.office, kind=world.kinds["indicator"], business_key=code).first()


def _who(world: World, target: Commitment) -> Actor:
    """Who states an indicator: its unit, else the statistics station."""
    own = world.cast.in_unit(target.unit_id, "commitments.state") if target.unit_id else None
    return own or world.cast.in_unit(world.units["TJZ"].pk, "commitments.state") or world.cast.system


def _year_before(world: World, year: int, at: datetime) -> int:
    target = _found(world, INVESTED)
    if target is None:
        return 0
    for n, value in enumerate(YEAR_BEFORE):
        told = {"period": date(year, n + 1, 1), "value": Decimal(value), "status": "actual", "source": MARK}
        state(actor=_who(world, target), at=at, commitment=target, **told)  # type: ignore[arg-type]
    return len(YEAR_BEFORE)


def _month(world: World, code: str, period: date, at: datetime) -> int:
    """What an indicator has come to; of growth rates also where others stand and what the next month should bring."""
    target = _found(world, code)
    value = value_of(world, code, target, period) if target else None
    if target is None or value is None:
        return 0
    actor = _who(world, target)
    state(actor=actor, at=at, commitment=target, period=period, value=value, status="actual", source=MARK)
    if code not in GROWTH:
        return 1
    for whose, above in OTHERS.items():
        theirs = value + Decimal(f"{above + 0.6 * draw('others', whose, code, period) - 0.3:.1f}")
        compare_with(
            actor=actor, at=at, commitment=target, period=period, whose=whose, value=theirs, source=MARK,
            average=whose == next(iter(OTHERS)),
        )  # fmt: skip
    month = (period + 31 * DAY).replace(day=1)
    following = value_of(world, code, target, month)
    if following is None:
        return 1 + len(OTHERS)
    hoped = following + Decimal(f"{draw('hoped', code, period):.1f}")
    state(actor=actor, at=at, commitment=target, period=month, value=hoped, status="expected", source=MARK)
    return 2 + len(OTHERS)


def value_of(world: World, code: str, target: Commitment, period: date) -> Decimal | None:
    """The value of an indicator at the end of a month: given, summed from the records, or following a stage."""
    last = (period + 31 * DAY).replace(day=1) - DAY
    if code in GROWTH:
        known = GROWTH[code]
        return Decimal(str(known[period.month - 2])) if 2 <= period.month <= len(known) + 1 else None
    if code in CLEARED:
        stage = CLEARED[code]
        share = world.told.get(stage.split("-", maxsplit=1)[0], {}).get(stage)
        return (
            None if share is None or target.quantity is None else (target.quantity * share / 100).quantize(Decimal(1))
        )
    spent = Activity.objects.filter(
        office=world.office, kind=world.kinds["investment"], happened_on__range=(last.replace(month=1, day=1), last)
    ).exclude(stage="withdrawn")
    return (Decimal(spent.aggregate(s=Sum("amount_fen"))["s"] or 0) / 10_000_000_000).quantize(Decimal("0.0001"))
