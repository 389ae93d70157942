"""A schedule step by step: priority rules at once, improvement, CP-SAT if wanted; each step tells cost and bound."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.bounds import Prices
from zijing.projects.scheduling.greedy import Found, cost_at, cost_of, first, improve, list_schedule
from zijing.projects.scheduling.problem import Plan, Problem

# The parts of the time given by which prices and then moves have ended; CP-SAT has the rest, if that is long enough.
PRICING, MOVING, ENOUGH = 0.85, 0.6, 4
# An order that prices choose is tried after so many steps; how often, in seconds, a search tells how it stands.
TRIED, POLL = 5, 0.25


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


def at_once(problem: Problem) -> Solved:
    """The best of the priority rules, in hundredths of a second and the same every time; its bound knows no crews."""
    axis = Axis(problem)
    if not axis.works:
        return Solved(Plan({}, {}), 0, 0.0)
    found, _rank = first(axis)
    return Solved(axis.plan(found.starts), found.cost, float(cost_of(axis, axis.earliest)))


def costs(problem: Problem, ends: Mapping[str, int]) -> int:
    """The cost of a plan of which only the first day after each work is known."""
    axis = Axis(problem)
    return cost_at(axis, [ends[w.key] - axis.zero for w in axis.works])


class _Teller:
    """Tells a plan and its bound four times a second at most, and remembers when it was told to end."""

    def __init__(self, axis: Axis, going_on: GoingOn) -> None:
        self.axis, self.going_on, self.wanted, self.told = axis, going_on, True, -POLL

    def __call__(self, best: Found, least: float) -> bool:
        now = time.monotonic()
        if self.wanted and now - self.told >= POLL:
            self.told = now
            self.wanted = self.going_on(Solved(self.axis.plan(best.starts), best.cost, min(least, best.cost)))
        return self.wanted


def solve(problem: Problem, *, seconds: float, exact: bool = True, going_on: GoingOn = always) -> Solved:
    """The best schedule found within ``seconds``. ``going_on`` is told how it stands some times a second and may end
    the search, which keeps the best.
    """
    began = time.monotonic()
    axis = Axis(problem)
    if not axis.works:
        return Solved(Plan({}, {}), 0, 0.0)
    tell = _Teller(axis, going_on)
    found, rank = first(axis)
    found, rank, bound = _priced(axis, found, rank, began + seconds * PRICING, tell)
    if tell.wanted and bound < found.cost:
        until = began + seconds * (MOVING if exact and seconds * (1 - MOVING) >= ENOUGH else 1)
        found = improve(axis, found, rank, tries=10**9, until=until, going_on=lambda f: tell(f, bound))
    left = began + seconds - time.monotonic()
    if exact and tell.wanted and left >= ENOUGH / 2 and bound < found.cost:
        found, bound = _exactly(axis, found, bound, left, tell)
    return Solved(axis.plan(found.starts), found.cost, min(bound, found.cost))


def _priced(
    axis: Axis, found: Found, rank: list[float], until: float, tell: Callable[[Found, float], bool]
) -> tuple[Found, list[float], float]:
    """Raise the bound, and take the works in the order of the days that its prices choose where that is better."""
    prices, steps = Prices(axis, found), 0
    while tell(found, prices.bound(found.cost)) and not prices.ended and time.monotonic() < until:
        prices.step(found.cost)
        steps += 1
        if steps % TRIED == 0:
            order = prices.rank()
            starts = list_schedule(axis, order)
            cost = cost_of(axis, starts)
            if cost < found.cost:
                found, rank = Found(starts, cost), order
    return found, rank, prices.bound(found.cost)


def _exactly(
    axis: Axis, found: Found, bound: float, seconds: float, tell: Callable[[Found, float], bool]
) -> tuple[Found, float]:
    from zijing.projects.scheduling.exact import search  # noqa: PLC0415  # OR-Tools only where it is asked for

    def going_on(_cost: int, least: float) -> bool:
        return tell(found, max(bound, least))

    answer = search(axis, found, seconds=seconds, going_on=going_on)
    return answer.found, max(bound, answer.bound)
