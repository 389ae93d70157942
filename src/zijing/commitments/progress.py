"""How far a promise is, and how far it should be: for one by itself, and for one from those below it. Pure; percent.

What is due by a day: the planned curve where there is one; a rate in percent and an upper bound in full at any time;
else evenly over the days from its beginning (1 January of the deadline's year where none is said) to its deadline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from zijing.commitments.models import Commitment

Rule, Bound = Commitment.Rule, Commitment.Bound
HUNDRED, NOUGHT, POINT = Decimal(100), Decimal(0), Decimal("0.1")
RATES = frozenset({"%", "％"})
# So many points of percent behind what is due still count as slow, more as behind.
SLOW = Decimal(-10)
DONE, AHEAD, SLIPPING, BEHIND, LATE, UNSTATED = "done", "ahead", "slow", "behind", "late", "unstated"
SLIPPED = (SLIPPING, BEHIND, LATE)
DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


@dataclass(frozen=True)
class Aim:
    """What a promise asks for."""

    quantity: Decimal | None = None
    bound: str = ""
    measure: str = ""
    baseline: Decimal | None = None
    begins: date | None = None
    deadline: date | None = None
    curve: Mapping[date, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """How far it is (``done``, None where nobody has said) and should be (``due``), in percent; the value behind."""

    done: Decimal | None
    due: Decimal
    value: Decimal | None = None
    ended: bool = False
    weight: Decimal = Decimal(1)

    @property
    def points(self) -> Decimal | None:
        return None if self.done is None else self.done - self.due


def rounded(number: Decimal) -> Decimal:
    return number.quantize(POINT, ROUND_HALF_UP)


def gone(begins: date | None, deadline: date | None, day: date) -> Decimal:
    """The share of the time that has passed at the end of ``day``."""
    last = deadline or date(day.year, 12, 31)
    first = min(begins or date(last.year, 1, 1), last)
    passed, whole = (day - first).days + 1, (last - first).days + 1
    return rounded(Decimal(max(0, min(passed, whole))) * 100 / whole)


def done_share(aim: Aim, value: Decimal | None) -> Decimal | None:
    """A value as a share of what is asked for; without a target the value is a percentage already. 0 to 999."""
    if value is None:
        return None
    wanted = aim.quantity
    if wanted is None:
        return rounded(max(NOUGHT, min(HUNDRED, value)))
    if aim.bound == Bound.AT_MOST:
        return HUNDRED if value <= wanted else rounded(max(NOUGHT, wanted * 100 / value)) if value > 0 else NOUGHT
    if aim.bound == Bound.MORE and value <= wanted:
        return min(rounded(_part(aim, value, wanted)), Decimal("99.9"))
    if value >= wanted and aim.bound != Bound.EXACTLY:
        return rounded(min(_part(aim, value, wanted), Decimal(999))) if wanted > 0 else HUNDRED
    return HUNDRED if value == wanted else rounded(_part(aim, value, wanted))


def _part(aim: Aim, value: Decimal, wanted: Decimal) -> Decimal:
    """How much of the way from the baseline (nought without one) to the target is behind."""
    base = aim.baseline if aim.baseline is not None and aim.baseline < wanted and value >= aim.baseline else NOUGHT
    if wanted <= base:
        return NOUGHT
    return max(NOUGHT, min(Decimal(999), (value - base) * 100 / (wanted - base)))


def due_share(aim: Aim, day: date) -> Decimal:
    """What share of it is due at the end of ``day``."""
    if aim.curve:
        return done_share(aim, planned_value(aim, day)) or NOUGHT
    if aim.begins is not None and day < aim.begins:
        return NOUGHT
    if aim.quantity is not None and (aim.bound == Bound.AT_MOST or aim.measure in RATES):
        return HUNDRED
    return gone(aim.begins, aim.deadline, day)


def planned_value(aim: Aim, day: date) -> Decimal:
    """The curve's value at the end of ``day``: its points stand at the ends of their months, with straight lines."""
    points = sorted((month_end(period), value) for period, value in aim.curve.items())
    first = aim.begins or date(points[0][0].year, 1, 1)
    start = (first - timedelta(days=1), aim.baseline or NOUGHT)
    for (before, low), (after, high) in zip([start, *points], points, strict=False):
        if day <= after:
            span = (after - before).days
            return low if span <= 0 else low + (high - low) * max(0, (day - before).days) / span
    return points[-1][1]


def month_end(period: date) -> date:
    """The last day of the month that begins on ``period``."""
    return (period.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_wanted(recurrence: str, month: date) -> bool:
    """Whether a value is wanted for a month: of every month, or of the last one of each quarter."""
    return recurrence == "month" or (recurrence == "quarter" and month.month % 3 == 0)


def of_itself(
    aim: Aim, value: Decimal | None, day: date, *, ended: bool = False, weight: Decimal = Decimal(1)
) -> Progress:
    """The progress of a promise by its own value; one that was kept is done."""
    due = due_share(aim, day)
    return Progress(HUNDRED if ended else done_share(aim, value), due, value, ended, weight)


def of_a_duty(kept: int, elapsed: int, *, weight: Decimal = Decimal(1)) -> Progress:
    """A duty: in how many of the periods that are over it was done often enough."""
    share = HUNDRED if not elapsed else rounded(Decimal(kept) * 100 / elapsed)
    return Progress(share if elapsed else None, HUNDRED if elapsed else NOUGHT, Decimal(kept), weight=weight)


def rule_of(stated: str, aim: Aim, has_source: bool) -> str:
    """The rule of one with others below it: as stated; else its own value where it has a target, else their mean."""
    return stated or (Rule.OWN if aim.quantity is not None or has_source else Rule.MEAN)


def cascade(rule: str, aim: Aim, own: Progress, below: Sequence[Progress]) -> Progress:
    """The progress of one from those below it. Of whom nobody has said anything counts as nought."""
    if rule == Rule.OWN or not below or own.ended:
        return own
    if all(b.done is None for b in below):
        return Progress(None, _mean(below, "due", rule), None, own.ended, own.weight)
    if rule == Rule.SUM:
        value = sum((b.value or NOUGHT for b in below), NOUGHT)
        return Progress(done_share(aim, value), own.due, value, own.ended, own.weight)
    if rule == Rule.DONE:
        met = sum(1 for b in below if b.ended or (b.done or NOUGHT) >= 100)
        return Progress(rounded(Decimal(met) * 100 / len(below)), _mean(below, "due", rule), None, False, own.weight)
    return Progress(_mean(below, "done", rule), _mean(below, "due", rule), None, own.ended, own.weight)


def _mean(below: Sequence[Progress], what: str, rule: str) -> Decimal:
    weights = [b.weight if rule == Rule.WEIGHTED else Decimal(1) for b in below]
    whole = sum(weights, NOUGHT)
    if not whole:
        return NOUGHT
    # More than was promised in one place makes up for nothing in another.
    parts = (min(HUNDRED, getattr(b, what) or NOUGHT) * w for b, w in zip(below, weights, strict=True))
    return rounded(sum(parts, NOUGHT) / whole)


def state_of(p: Progress, deadline: date | None, day: date) -> str:
    """In a word: done, late, ahead, slow, behind, or nothing said."""
    if p.ended or (p.done is not None and p.done >= 100 and (deadline is None or deadline <= day)):
        return DONE
    if deadline is not None and deadline < day:
        return LATE
    if p.points is None:
        return UNSTATED
    return AHEAD if p.points >= 0 else SLIPPING if p.points >= SLOW else BEHIND


def periods(recurrence: str, begins: date, day: date) -> list[tuple[date, date]]:
    """The periods of a duty that are over by the end of ``day``, first and last day each: calendar weeks, months …"""
    found: list[tuple[date, date]] = []
    at = begins
    while at <= day:
        end = _period_end(recurrence, at)
        if end > day:
            break
        found.append((at, end))
        at = end + timedelta(days=1)
    return found


def _period_end(recurrence: str, at: date) -> date:
    if recurrence == "week":
        return at + timedelta(days=7 - at.isoweekday())
    if recurrence == "month":
        return month_end(at)
    if recurrence == "quarter":
        return month_end(at.replace(month=(at.month - 1) // 3 * 3 + 3, day=1))
    if recurrence == "year":
        return date(at.year, 12, 31)
    return at
