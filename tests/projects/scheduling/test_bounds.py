"""No schedule costs less than the bound: against every order in which works can be taken, and at any prices."""

from dataclasses import replace
from itertools import permutations

import numpy as np
from hypothesis import given, settings, strategies as st

from tests.projects.scheduling.test_scheduling import TODAY, problems
from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.bounds import Prices
from zijing.projects.scheduling.greedy import Found, cost_of, first
from zijing.projects.scheduling.problem import Link, Problem, Work

MOST = 5


def least_cost(axis: Axis) -> int:
    """The cost of the best schedule: taking works one by one as early as they fit, in the best of all orders."""
    return min(
        cost_of(axis, placed(axis, given_order))
        for given_order in permutations(range(len(axis.works)))
        if all(given_order.index(m) < given_order.index(n) for n in given_order for m, _lag in axis.after[n])
    )


def placed(axis: Axis, given_order: tuple[int, ...]) -> list[int]:
    starts, ends = [0] * len(axis.works), [0] * len(axis.works)
    used = [[0] * axis.reach for _c in axis.capacity]
    for n in given_order:
        day, crew = max([axis.release[n], *(ends[m] + lag for m, lag in axis.after[n])]), axis.crew[n]
        while True:
            start = axis.calendars[n].start(day) if axis.days[n] else day
            end = axis.calendars[n].end(start, axis.days[n])
            full = axis.capacity[crew] - axis.size[n] if crew >= 0 else 0
            if crew < 0 or all(used[crew][d] <= full for d in range(start, end)):
                break
            day = start + 1
        for d in range(start, end) if crew >= 0 else ():
            used[crew][d] += axis.size[n]
        starts[n], ends[n] = start, end
    return starts


def lower_bound(axis: Axis, found: Found, steps: int) -> float:
    prices = Prices(axis, found)
    for _n in range(steps):
        prices.step(found.cost)
    return prices.bound(found.cost)


def small(problem: Problem) -> Axis:
    works = [replace(w, days=w.days % 9) for w in problem.works[:MOST]]
    return Axis(replace(problem, works=works, crews=dict.fromkeys(problem.crews, 2)))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_order_of_the_works_costs_less_than_the_bound(problem):
    axis = small(problem)
    found, _rank = first(axis)
    least = least_cost(axis)
    assert lower_bound(axis, found, steps=60) <= least <= found.cost


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 2**32 - 1))
def test_any_prices_give_a_bound(problem, seed):
    axis = small(problem)
    found, _rank = first(axis)
    prices = Prices(axis, found)
    draw = np.random.RandomState(seed)
    prices.prices = draw.exponential(draw.choice((0.01, 0.2, 3)), prices.prices.shape)
    value, _slope, _starts = prices.value()
    assert value <= least_cost(axis) + 1e-6


def test_works_that_must_share_one_crew_are_bounded_by_their_order():
    # Three projects of 10 days with one crew end after 10, 20 and 30 days; without the crew all would after 10.
    rows = [Work(f"H{n}/paint", 10, f"H{n}", "facade") for n in range(3)]
    axis = Axis(Problem(rows, TODAY, crews={"facade": 1}))
    found, _rank = first(axis)
    assert found.cost == 60
    assert 50 < lower_bound(axis, found, steps=60) <= 60


def test_the_days_that_prices_choose_keep_the_predecessors_of_a_tree():
    rows = [Work(f"{h}/a", 3, h, "facade") for h in "HJ"] + [
        Work(f"{h}/b", 4, h, after=(Link(f"{h}/a"),)) for h in "HJ"
    ]
    axis = Axis(Problem(rows, TODAY, crews={"facade": 1}))
    found, _rank = first(axis)
    prices = Prices(axis, found)
    for _n in range(5):
        prices.step(found.cost)
        rank = {w.key: day for w, day in zip(axis.works, prices.rank(), strict=True)}
        assert all(rank[f"{h}/b"] >= rank[f"{h}/a"] + 3 for h in "HJ")
