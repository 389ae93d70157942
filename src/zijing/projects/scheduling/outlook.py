"""What the reported pace makes of a problem: works as long as the site takes for them, and the chance of each date.

Forecast and chance are one answer. A site's works are stretched until they take as long as half of its runs do; the
schedule of the stretched works is the forecast. Every run stretches them by its own measure and passes through the
same works, predecessors, stops and crews, in the forecast's order: its chance is the share that keeps the date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.greedy import list_schedule
from zijing.projects.scheduling.pace import KNOWN_BEFORE, Tempo
from zijing.projects.scheduling.problem import LONGEST, Plan, Problem

QUICKEST, SLOWEST, ROUNDS = 0.4, 8.0, 10


@dataclass(frozen=True)
class Chance:
    """The percent of runs that keep the promised date, and the last day that half of them do not exceed."""

    percent: int
    likely: int


def stretches(
    problem: Problem, tempi: Mapping[str, Tempo], measured: frozenset[str], foreseen: frozenset[str] = frozenset()
) -> dict[str, float]:  # fmt: skip
    """How many days a site takes for a day that its works were laid out with, by group.

    ``measured`` are the works that reports tell of, ``foreseen`` the kinds of stops that plans have counted with. A
    site is taken to be quicker than laid out only so far as weeks have shown it.
    """
    stops = tuple(s for s in problem.stops if s.kind in foreseen)
    found = {}
    for group, tempo in tempi.items():
        mine = [w for w in problem.works if w.group == group and w.key in measured]
        if not any(w.days for w in mine):
            continue
        keys = {w.key for w in mine}
        alone = [replace(w, release=0, holds=(), after=tuple(x for x in w.after if x.after in keys)) for w in mine]
        by = _stretch(Problem(alone, problem.today, stops, problem.crews), tempo.median + 1)
        known = tempo.weeks / (tempo.weeks + KNOWN_BEFORE)
        found[group] = by if by >= 1 else known * by + 1 - known
    return found


def _stretch(alone: Problem, wanted: float) -> float:
    """By how much works must be longer to last ``wanted`` days together with the crews there are, by halving."""
    axis = Axis(alone)
    laid, rank = axis.days, [-float(t) for t in axis.tails]
    low, high = QUICKEST, SLOWEST
    for _n in range(ROUNDS):
        by = (low * high) ** 0.5
        axis.days = [ceil(d * by) for d in laid]
        starts = list_schedule(axis, rank)
        lasts = max(c.end(s, d) for c, s, d in zip(axis.calendars, starts, axis.days, strict=True)) - axis.today
        low, high = (low, by) if lasts > wanted else (by, high)
    return (low * high) ** 0.5


def stretched(problem: Problem, by: Mapping[str, float]) -> Problem:
    """The problem with works as long as their sites take for them."""
    works = [
        replace(w, days=min(LONGEST, ceil(w.days * by[w.group] - 1e-9))) if w.group in by else w for w in problem.works
    ]
    return replace(problem, works=works)


def chances(problem: Problem, plan: Plan, tempi: Mapping[str, Tempo]) -> dict[str, Chance]:
    """The chance of each group with a tempo and a promised date; ``plan`` is that of the stretched ``problem``."""
    axis = Axis(problem)
    ends = _ends(axis, [plan.starts[w.key] - axis.zero for w in axis.works], tempi)
    found = {}
    for number, group in enumerate(axis.groups):
        if group not in tempi or group not in problem.promised:
            continue
        lasts = sorted(end - 1 + axis.zero for end in ends[number])
        promised = problem.promised[group]
        share = round(100 * sum(last <= promised for last in lasts) / len(lasts))
        percent = 0 if promised <= problem.today else min(99, max(1, share))
        found[group] = Chance(percent, lasts[len(lasts) // 2])
    return found


def _ends(axis: Axis, starts: list[int], tempi: Mapping[str, Tempo]) -> list[list[int]]:
    """The first day after each group in every run."""
    import numpy as np  # noqa: PLC0415  # a tenth of a second to import, for planning only

    runs = len(next(iter(tempi.values())).needs) if tempi else 1
    factors: list[Any] = [
        np.asarray(tempi[g].needs) / max(1.0, tempi[g].median) if g in tempi else np.ones(runs) for g in axis.groups
    ]
    tables = {id(c): (np.asarray(c.open), np.asarray(c.before)) for c in axis.calendars}
    before = _handed_on(axis, starts)
    ends: list[Any] = [None] * len(starts)
    lasts: list[Any] = [np.full(runs, axis.today) for _g in axis.groups]
    for n in sorted(range(len(starts)), key=lambda n: (starts[n], n)):
        ready = np.full(runs, axis.release[n])
        for m, lag in [*axis.after[n], *((m, 0) for m in before[n])]:
            ready = np.maximum(ready, ends[m] + lag)
        group = axis.group[n]
        if axis.days[n]:
            opened, counted = tables[id(axis.calendars[n])]
            days = np.maximum(1, np.rint(axis.days[n] * factors[group])).astype(int)
            first = counted[np.minimum(ready, axis.reach)]
            ends[n] = opened[np.minimum(first + days - 1, len(opened) - 1)] + 1
        else:
            ends[n] = ready
        lasts[group] = np.maximum(lasts[group], ends[n])
    return [last.tolist() for last in lasts]


def _handed_on(axis: Axis, starts: list[int]) -> list[list[int]]:
    """The works from which each takes over its crews in a plan: of the crews that are free, those free the longest."""
    free: list[list[tuple[int, int]]] = [[(-1, -1)] * capacity for capacity in axis.capacity]
    taken: list[list[int]] = [[] for _n in starts]
    for n in sorted(range(len(starts)), key=lambda n: (starts[n], n)):
        crew = axis.crew[n]
        if crew < 0 or not axis.days[n]:
            continue
        free[crew].sort()
        taken[n] = [m for _end, m in free[crew][: axis.size[n]] if m >= 0]
        end = axis.calendars[n].end(starts[n], axis.days[n])
        free[crew][: axis.size[n]] = [(end, n)] * axis.size[n]
    return taken
