"""A schedule step by step: priority rules at once, improvement, CP-SAT if wanted; each step tells cost and bound."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.bounds import lower_bound
from zijing.projects.scheduling.greedy import Found, first, improve
from zijing.projects.scheduling.problem import Plan, Problem

# How much of the time given goes to improving by moves; CP-SAT has the rest.
MOVING = 0.5


@dataclass(frozen=True)
class Solved:
    """A plan with its cost, and a cost below which there is none; ``gap`` is what lies between, in percent."""

    plan: Plan
    cost: int
    bound: float

    @property
    def gap(self) -> float:
        """The percent by which the plan may at most be beaten."""
        return 100 * (self.cost - self.bound) / self.cost if self.cost else 0.0


GoingOn = Callable[[Solved], bool]


def always(_solved: Solved) -> bool:
    """Go on to the end."""
    return True


def at_once(problem: Problem, *, bounded: bool = True) -> Solved:
    """The best of the priority rules: tenths of a second, and the same every time; ``bounded``: with its bound."""
    axis = Axis(problem)
    if not axis.works:
        return Solved(Plan({}, {}), 0, 0.0)
    found, _rank = first(axis)
    bound = lower_bound(axis, found.cost, steps=100) if bounded else 0.0
    return Solved(axis.plan(found.starts), found.cost, bound)


def solve(problem: Problem, *, seconds: float, exact: bool = True, going_on: GoingOn = always) -> Solved:
    """The best schedule found within ``seconds``. ``going_on`` is told every better one and may end the search, which
    keeps the best.
    """
    began = time.monotonic()
    axis = Axis(problem)
    if not axis.works:
        return Solved(Plan({}, {}), 0, 0.0)
    found, rank = first(axis)
    bound = lower_bound(axis, found.cost)
    wanted, told = True, -1

    def tell(best: Found, least: float) -> bool:
        nonlocal wanted, told
        if wanted and (best.cost != told or not exact):
            told = best.cost
        wanted = wanted and going_on(Solved(axis.plan(best.starts), best.cost, min(least, best.cost)))
        return wanted

    if tell(found, bound):
        until = began + (seconds * MOVING if exact else seconds)
        found = improve(axis, found, rank, tries=10**9, until=until, going_on=_seldom(lambda f: tell(f, bound)))
        bound = max(bound, lower_bound(axis, found.cost))
    left = began + seconds - time.monotonic()
    if exact and wanted and left > 1 and bound < found.cost:
        found, bound = _exactly(axis, found, bound, left, tell)
    return Solved(axis.plan(found.starts), found.cost, min(bound, found.cost))


def _exactly(
    axis: Axis, found: Found, bound: float, seconds: float, tell: Callable[[Found, float], bool]
) -> tuple[Found, float]:
    from zijing.projects.scheduling.exact import search  # noqa: PLC0415  # OR-Tools only where it is asked for

    def going_on(_cost: int, least: float) -> bool:
        return tell(found, max(bound, least))

    answer = search(axis, found, seconds=seconds, going_on=going_on)
    return answer.found, max(bound, answer.bound)


def _seldom(ask: Callable[[Found], bool]) -> Callable[[Found], bool]:
    """Ask at most four times a second."""
    asked = 0.0

    def going_on(found: Found) -> bool:
        nonlocal asked
        now = time.monotonic()
        if now - asked < 0.25:
            return True
        asked = now
        return ask(found)

    return going_on
