"""The critical path method (Kelley and Walker 1959) with calendars: earliest and latest days, slack, critical works."""

from collections.abc import Mapping
from dataclasses import dataclass

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.problem import Plan, Problem


@dataclass(frozen=True)
class Passes:
    """The earliest plan, the latest one that keeps the promised dates, and the days in between, crews unlimited.

    ``slack`` counts the days a work may slip before its group's promised date does; negative: it is that much too late
    already. ``critical`` are the works with the least slack of their group.
    """

    earliest: Plan
    latest: Plan
    slack: Mapping[str, int]
    critical: frozenset[str]

    @property
    def too_late(self) -> dict[str, int]:
        """The works that should have begun before they can, with the days missing."""
        return {key: -days for key, days in self.slack.items() if days < 0}


def passes(problem: Problem) -> Passes:
    """Both passes. A group without a promised date is to be finished as early as it can be."""
    axis = Axis(problem)
    starts = axis.earliest
    ends = [0] * len(axis.groups)
    for n, start in enumerate(starts):
        group = axis.group[n]
        ends[group] = max(ends[group], axis.calendars[n].end(start, axis.days[n]))
    due = [axis.due[g] if name in problem.promised else ends[g] for g, name in enumerate(axis.groups)]
    latest = axis.latest(due)
    slack = [late - early for late, early in zip(latest, starts, strict=True)]
    least = [min((s for s, g in zip(slack, axis.group, strict=True) if g == n), default=0) for n in range(len(due))]
    keys = [w.key for w in axis.works]
    return Passes(
        axis.plan(starts), axis.plan(latest), dict(zip(keys, slack, strict=True)),
        frozenset(k for k, s, g in zip(keys, slack, axis.group, strict=True) if s == least[g]),
    )  # fmt: skip
