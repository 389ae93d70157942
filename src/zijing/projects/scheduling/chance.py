"""The chance of keeping a promised date, simulated from the pace reported.

Progress is measured in days of the plan: a site that has done what the plan wants by 1 June has *reached* 1 June. Its
pace is the days of the plan it moves on in a day. What lies ahead is drawn from the weeks behind, held towards one day
a day while few weeks are known; a pace that has lasted for years may still change, so its mean is uncertain too.
"""

import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Weeks at plan that are taken to have gone before, the scatter of a week's pace that they stand for, and how fast a
# pace returns to plan: of a difference, this part is left after a month.
KNOWN_BEFORE, SCATTER, LEFT_AFTER_A_MONTH = 4.0, 0.45, 0.85
RUNS, WEEK = 400, 7
SLOWEST, QUICKEST = 0.0, 2.5


@dataclass(frozen=True)
class Span:
    """A stage of the plan: its weight in percent, first and last day."""

    weight: float
    first: int
    last: int

    def planned(self, day: int) -> float:
        """The percent of the whole project that this stage wants done by the end of a day."""
        return self.weight * min(1.0, max(0.0, (day + 1 - self.first) / (self.last + 1 - self.first)))


@dataclass(frozen=True)
class Pace:
    """What a chance follows from: the plan, what had been done by the end of some days, the promised day, and the days
    on which the site will stand still.
    """

    plan: tuple[Span, ...]
    done: tuple[tuple[int, float], ...]
    today: int
    promised: int
    still: tuple[tuple[int, int], ...] = ()
    key: int = 0


@dataclass(frozen=True)
class Chance:
    """The share of runs that kept the date, in percent, and what it comes from.

    ``behind`` are the days of the plan by which the site lags (negative: is ahead), ``ahead`` those still to do,
    ``left`` the days until the promised one, ``still`` those of them on which it stands still, ``pace`` the days of
    the plan done a day of late, ``likely`` the day on which half of the runs have ended.
    """

    percent: int
    behind: int
    ahead: int
    left: int
    still: int
    pace: float
    likely: int


class Curve:
    """The plan's percent at the end of every day, and the day that has a percent."""

    def __init__(self, plan: Sequence[Span]) -> None:
        self.first = min(s.first for s in plan) - 1
        self.last = max(s.last for s in plan)
        self.percents = [sum(s.planned(day) for s in plan) for day in range(self.first, self.last + 1)]

    def reach(self, percent: float) -> float:
        """The day of the plan with this percent, between two days if need be."""
        n = bisect_left(self.percents, percent - 1e-9)
        if n >= len(self.percents):
            return float(self.last)
        if n == 0:
            return float(self.first)
        low, high = self.percents[n - 1], self.percents[n]
        return self.first + n - 1 + (percent - low) / (high - low)


def chance(pace: Pace) -> Chance | None:
    """The chance at the end of today; None without a plan. A date that has passed unfinished has none left."""
    if not pace.plan:
        return None
    curve = Curve(pace.plan)
    done = sorted(d for d in pace.done if d[0] <= pace.today)
    reached = curve.reach(done[-1][1]) if done else float(min(pace.today, curve.first))
    ahead, left = curve.last - reached, pace.promised - pace.today
    weeks = _weeks(curve, done, pace.still)
    mean, scatter = _held(weeks)
    open_days = [d for d in range(pace.today + 1, max(pace.promised, curve.last) + 366) if not _still(pace.still, d)]
    ends = _runs(pace, ahead, mean, scatter, len(weeks), open_days)
    kept = sum(end <= pace.promised for end in ends)
    percent = 100 if ahead <= 0 and left >= 0 else 0 if left <= 0 else min(99, max(1, round(100 * kept / RUNS)))
    still = sum(_still(pace.still, d) for d in range(pace.today + 1, pace.promised + 1))
    behind = min(pace.today, curve.last) - reached
    return Chance(
        percent, round(behind), round(ahead), left, still, round(_lately(weeks, mean), 2), sorted(ends)[RUNS // 2]
    )


def _still(spans: Sequence[tuple[int, int]], day: int) -> bool:
    return any(first <= day <= last for first, last in spans)


def _weeks(curve: Curve, done: Sequence[tuple[int, float]], still: Sequence[tuple[int, int]]) -> list[float]:
    """The pace of the stretches between two dated values, the oldest first; stretches that stood still left out."""
    found = []
    for (since, before), (until, after) in pairwise(done):
        days = sum(not _still(still, d) for d in range(since + 1, until + 1))
        # What the plan wants nothing of, or has finished, tells no pace.
        if days and (before, after) != (100.0, 100.0) and curve.first < until:
            moved = curve.reach(after) - curve.reach(before)
            found.append(min(QUICKEST, max(SLOWEST, moved / days)))
    return found


def _held(weeks: Sequence[float]) -> tuple[float, float]:
    """The mean pace and its scatter from week to week, held towards plan while few weeks are known.

    The newer weeks count more: each a tenth more than the one before.
    """
    weights = [0.9 ** (len(weeks) - 1 - n) for n in range(len(weeks))]
    known = sum(weights) + KNOWN_BEFORE
    mean = (sum(w * x for w, x in zip(weights, weeks, strict=True)) + KNOWN_BEFORE) / known
    spread = sum(w * (x - mean) ** 2 for w, x in zip(weights, weeks, strict=True)) + KNOWN_BEFORE * SCATTER**2
    return mean, (spread / known) ** 0.5


def _lately(weeks: Sequence[float], mean: float) -> float:
    return sum(weeks[-4:]) / len(weeks[-4:]) if weeks else mean


def _runs(
    pace: Pace, ahead: float, mean: float, scatter: float, known: int, open_days: Sequence[int]
) -> list[int]:  # fmt: skip
    """The day on which each run has done what lies ahead, the last open day where none has."""
    draw = random.Random(pace.key * 100_003 + pace.today)  # noqa: S311  # a simulation that must repeat itself
    unsure = scatter / (known + KNOWN_BEFORE) ** 0.5
    ends = []
    for _n in range(RUNS):
        differs, gone, at = draw.gauss(mean, unsure) - 1, 0.0, 0
        while gone < ahead and at < len(open_days):
            week = min(QUICKEST, max(SLOWEST, draw.gauss(1 + differs, scatter)))
            days = min(WEEK, len(open_days) - at)
            if week and gone + week * days >= ahead:
                at += max(1, round((ahead - gone) / week))
                break
            gone, at = gone + week * days, at + days
            differs *= LEFT_AFTER_A_MONTH ** (WEEK / 30)
        ends.append(open_days[min(max(at, 1), len(open_days)) - 1])
    return ends


def brier(said: Mapping[object, float], kept: Mapping[object, bool]) -> float:
    """The mean squared difference between chances (0 to 1) and what came of them (Brier 1950); 0 is best."""
    return sum((said[key] - kept[key]) ** 2 for key in said) / len(said)
