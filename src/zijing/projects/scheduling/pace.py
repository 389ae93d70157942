"""The pace of a site, read from what it reported, and the days that what lies ahead may take.

Progress is measured in days of the plan: a site that has done what the plan wants by 1 June has *reached* 1 June. Its
pace is the days of the plan it moves on in a day. What lies ahead is drawn from the weeks behind, held towards one day
a day while few weeks are known; a pace that has lasted for years may still change, so its mean is uncertain too.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Weeks at plan that are taken to have gone before, the scatter of a week's pace that they stand for, and how fast a
# pace returns to plan: of a difference, this part is left after a month.
KNOWN_BEFORE, SCATTER, LEFT_AFTER_A_MONTH = 4.0, 0.45, 0.85
# What slows a week down, or speeds it up, seldom ends with it: so much of it goes over into the next week. Weeks that
# are alike also tell less of the mean than as many that have nothing to do with each other.
GOES_OVER = 0.4
RUNS, WEEK = 400, 7
SLOWEST, QUICKEST = 0.0, 2.5
# No run is followed for longer, in days.
FARTHEST = 3000


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
    """What a tempo follows from: the plan, what had been done by the end of some days, the stops that halt the site."""

    plan: tuple[Span, ...]
    done: tuple[tuple[int, float], ...]
    today: int
    still: tuple[tuple[int, int], ...] = ()
    key: int = 0


@dataclass(frozen=True)
class Tempo:
    """What a site's reports say of its pace.

    ``behind`` are the days of the plan by which it lags (negative: is ahead), ``ahead`` those still to do, ``pace`` the
    days of the plan done a day of late, ``weeks`` how many told of it, ``needs`` the days that what lies ahead takes
    in each of many runs, stops that the plan did not count with left out.
    """

    behind: int
    ahead: int
    pace: float
    weeks: int
    needs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The days that half of the runs do not exceed."""
        return sorted(self.needs)[len(self.needs) // 2]


class Curve:
    """The plan's percent at the end of every day, and the day that has a percent; days from 0, the eve of the first."""

    def __init__(self, plan: Sequence[Span]) -> None:
        self.first = min(s.first for s in plan) - 1
        self.last = max(s.last for s in plan) - self.first
        days = range(self.first, self.first + self.last + 1)
        self.percents = [sum(s.planned(day) for s in plan) for day in days]

    def at(self, day: int) -> int:
        """How many days of the plan lie until the end of a day."""
        return min(self.last, max(0, day - self.first))

    def reach(self, percent: float) -> float:
        """The day of the plan with this percent, between two days if need be."""
        n = bisect_left(self.percents, percent - 1e-9)
        if n >= len(self.percents):
            return float(self.last)
        if n == 0:
            return 0.0
        low, high = self.percents[n - 1], self.percents[n]
        return n - 1 + (percent - low) / (high - low)


def tempo(pace: Pace) -> Tempo | None:
    """The tempo at the end of today; None without a plan."""
    if not pace.plan:
        return None
    curve = Curve(pace.plan)
    done = sorted(d for d in pace.done if d[0] <= pace.today)
    reached = curve.reach(done[-1][1]) if done else 0.0
    weeks = _weeks(curve, done, pace.still)
    mean, scatter = _held(weeks)
    ahead = curve.last - reached
    lately = sum(weeks[-4:]) / len(weeks[-4:]) if weeks else mean
    needs = _needs(pace, ahead, mean, scatter, len(weeks))
    return Tempo(round(curve.at(pace.today) - reached), round(ahead), round(lately, 2), len(weeks), needs)


def still(spans: Sequence[tuple[int, int]], day: int) -> bool:
    """Whether a day lies in one of some spans."""
    return any(first <= day <= last for first, last in spans)


def _weeks(curve: Curve, done: Sequence[tuple[int, float]], off: Sequence[tuple[int, int]]) -> list[float]:
    """The pace of the stretches between two dated values, the oldest first; stretches that stood still left out."""
    found = []
    for (since, before), (until, after) in pairwise(done):
        days = sum(not still(off, d) for d in range(since + 1, until + 1))
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


def _needs(pace: Pace, ahead: float, mean: float, scatter: float, known: int) -> tuple[float, ...]:
    """The days until each run has done what lies ahead. The generator is one whose numbers never change."""
    import numpy as np  # noqa: PLC0415  # a tenth of a second to import, for planning only

    draw = np.random.RandomState((pace.key * 100_003 + pace.today) % 2**32)
    told = (known + KNOWN_BEFORE) * (1 - GOES_OVER) / (1 + GOES_OVER)
    differs, gust = draw.normal(mean, scatter / told**0.5, RUNS) - 1, draw.normal(0, scatter, RUNS)
    gone, took = np.zeros(RUNS), np.full(RUNS, float(FARTHEST))
    for week in range(FARTHEST // WEEK):
        step = WEEK * np.clip(1 + differs + gust, SLOWEST, QUICKEST)
        ends = (took == FARTHEST) & (gone + step >= ahead) & (step > 0)
        took[ends] = WEEK * (week + (ahead - gone[ends]) / step[ends])
        gone += step
        if (took < FARTHEST).all():
            break
        gust = GOES_OVER * gust + draw.normal(0, scatter * (1 - GOES_OVER**2) ** 0.5, RUNS)
        differs *= LEFT_AFTER_A_MONTH ** (WEEK / 30)
    return tuple(took.tolist())


def brier(said: Mapping[object, float], kept: Mapping[object, bool]) -> float:
    """The mean squared difference between chances (0 to 1) and what came of them (Brier 1950); 0 is best."""
    return sum((said[key] - kept[key]) ** 2 for key in said) / len(said)
