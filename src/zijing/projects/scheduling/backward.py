"""Backward scheduling (倒排工期): from the promised date back, crews shared, every work as late as it may be."""

from collections.abc import Mapping
from dataclasses import dataclass

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.problem import Plan, Problem


@dataclass(frozen=True)
class Backward:
    """The latest plan that keeps the promised dates, crews shared; ``too_late`` says by how many days the first work of
    a group should have begun before today.
    """

    plan: Plan
    too_late: Mapping[str, int]


def backward(problem: Problem) -> Backward:
    """The backward pass from the promised dates, with crews: what a baseline is made from (倒排).

    Groups without a promised date stand as early as they can. Works are placed from the last day back, each as late
    as its successors and its crew allow; what would begin before today is reported, not hidden.
    """
    axis = Axis(problem)
    due = [d if g in problem.promised else axis.reach - 1 for g, d in zip(axis.groups, axis.due, strict=True)]
    starts = _from_the_end(axis, due)
    early: dict[str, int] = {}
    for n, work in enumerate(axis.works):
        short = max(axis.today, work.from_day - axis.zero) - starts[n]
        if short > early.get(work.group, 0):
            early[work.group] = short
    return Backward(axis.plan(starts), early)


def _from_the_end(axis: Axis, due: list[int]) -> list[int]:
    """Serial schedule generation backwards: each work as late as its successors, its calendar and its crews allow."""
    used = [[0] * axis.reach for _c in axis.capacity]
    waiting = [len(links) for links in axis.before]
    by = [due[g] for g in axis.group]
    ready = [n for n, left in enumerate(waiting) if not left]
    starts = [0] * len(by)
    while ready:
        n = max(ready, key=lambda m: (by[m], -m))
        ready.remove(n)
        starts[n] = _latest(axis, n, max(0, by[n]), used)
        for m, lag in axis.after[n]:
            by[m] = min(by[m], starts[n] - lag)
            waiting[m] -= 1
            if not waiting[m]:
                ready.append(m)
    return starts


def _latest(axis: Axis, n: int, by: int, used: list[list[int]]) -> int:
    calendar, days, crew = axis.calendars[n], axis.days[n], axis.crew[n]
    start = calendar.latest(by, days)
    taken = used[crew] if crew >= 0 and days else None
    if taken is None:
        return start
    full = axis.capacity[crew] - axis.size[n]
    while start > 0:
        end = calendar.end(start, days)
        clash = next((d for d in range(end - 1, start - 1, -1) if taken[d] > full), None)
        if clash is None:
            for day in range(start, end):
                taken[day] += axis.size[n]
            return start
        # The work must end before the day on which the crews are all taken.
        start = calendar.latest(clash, days)
    return start
