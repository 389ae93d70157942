"""Scheduling: what every schedule must hold, whatever the works; and a critical path computed by hand."""

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from zijing.core.errors import Invalid
from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.backward import backward
from zijing.projects.scheduling.bounds import Prices
from zijing.projects.scheduling.causes import causes, explain
from zijing.projects.scheduling.exact import search
from zijing.projects.scheduling.greedy import cost_of, first
from zijing.projects.scheduling.passes import passes
from zijing.projects.scheduling.problem import Link, Plan, Problem, Stop, Work
from zijing.projects.scheduling.solving import at_once, solve

TODAY = 737_000
KINDS = ("winter", "pollution")
CREWS = ("masonry", "facade")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    number = draw(st.integers(1, 14))
    works = []
    for n in range(number):
        before = draw(st.lists(st.integers(0, n - 1), max_size=3, unique=True)) if n else []
        works.append(
            Work(
                key=f"P{n % 3}/{n}", days=draw(st.integers(0, 40)), group=f"P{n % 3}",
                crew=draw(st.sampled_from(("", *CREWS))), size=draw(st.integers(1, 2)),
                after=tuple(Link(works[m].key, draw(st.integers(0, 5))) for m in before),
                halted_by=frozenset(draw(st.sets(st.sampled_from(KINDS)))),
                release=TODAY + draw(st.integers(-10, 40)),
            )
        )  # fmt: skip
    stops = [
        Stop(draw(st.sampled_from(KINDS)), TODAY + first, TODAY + first + draw(st.integers(0, 30)))
        for first in draw(st.lists(st.integers(-20, 200), max_size=4))
    ]
    crews = {crew: draw(st.integers(2, 4)) for crew in CREWS}
    promised = {f"P{n}": TODAY + draw(st.integers(-10, 300)) for n in draw(st.sets(st.integers(0, 2)))}
    weights = {f"P{n}": 4 for n in draw(st.sets(st.integers(0, 2)))}
    return Problem(works, TODAY, tuple(stops), crews, promised, weights)


def working_days(problem: Problem, work: Work, plan: Plan) -> set[int]:
    """The days on which a work goes on."""
    stopped = {d for s in problem.stops if s.kind in work.halted_by for d in range(s.first, s.last + 1)}
    return set(range(plan.starts[work.key], plan.ends[work.key])) - stopped


def assert_holds(problem: Problem, plan: Plan, *, begun: bool = True) -> None:
    used: dict[str, Counter[int]] = {crew: Counter() for crew in problem.crews}
    for work in problem.works:
        start, end = plan.starts[work.key], plan.ends[work.key]
        if begun:
            assert start >= max(problem.today, work.release)
        for link in work.after:
            assert start >= plan.ends[link.after] + link.lag, f"{work.key} before {link.after} has ended"
        going = working_days(problem, work, plan)
        assert len(going) == work.days
        if work.days:
            assert {start, end - 1} <= going, f"{work.key} begins or ends in a stop"
        if work.crew in used:
            used[work.crew].update(dict.fromkeys(range(start, end), work.size))
    for crew, days in used.items():
        assert max(days.values(), default=0) <= problem.crews[crew], f"too many at {crew}"


@given(problems())
def test_no_work_stands_before_its_predecessors_in_a_stop_or_beyond_its_crews(problem):
    solved = at_once(problem)
    assert_holds(problem, solved.plan)
    assert solved.bound <= solved.cost


@given(problems())
def test_moving_works_keeps_what_must_hold_and_never_makes_it_worse(problem):
    axis = Axis(problem)
    found, _rank = first(axis)
    better = solve(problem, seconds=0.05, exact=False)
    assert_holds(problem, better.plan)
    assert better.cost <= found.cost


@given(problems())
def test_backward_from_the_promise_keeps_order_crews_and_stops_and_the_promise_itself(problem):
    found = backward(problem)
    assert_holds(problem, found.plan, begun=False)
    for group, last in found.plan.finish(problem.works).items():
        if group in problem.promised:
            assert last <= problem.promised[group]


@settings(max_examples=15, deadline=None)
@given(problems())
def test_the_search_agrees_with_the_bound_and_with_what_must_hold(problem):
    axis = Axis(problem)
    found, _rank = first(axis)
    answer = search(axis, found, seconds=1.0, workers=1, going_on=lambda _cost, _bound: True)
    assert_holds(problem, axis.plan(answer.found.starts))
    assert answer.found.cost == cost_of(axis, answer.found.starts) <= found.cost
    prices = Prices(axis, found)
    for _n in range(100):
        prices.step(found.cost)
    assert prices.bound(found.cost) <= answer.found.cost
    assert answer.bound <= answer.found.cost


@given(problems())
def test_slack_is_what_a_work_may_slip(problem):
    found = passes(problem)
    for work in problem.works:
        assert found.slack[work.key] == found.latest.starts[work.key] - found.earliest.starts[work.key]
        for link in work.after:
            assert found.latest.starts[work.key] >= found.latest.ends[link.after] + link.lag


def works(*rows: tuple[str, int, str]) -> list[Work]:
    return [Work(k, days, "P", after=tuple(Link(a) for a in after.split())) for k, days, after in rows]


def test_a_critical_path_computed_by_hand():
    # a(3)→c(5)→e(4) = 12; b(2)→c 11; b→d(6)→e 12: both a-c-e and b-d-e take 12 days.
    found = passes(
        Problem(
            works(("a", 3, ""), ("b", 2, ""), ("c", 5, "a b"), ("d", 6, "b"), ("e", 4, "c d"), ("f", 1, "a")), TODAY
        )
    )
    starts = {k: v - TODAY for k, v in found.earliest.starts.items()}
    assert starts == {"a": 0, "b": 0, "c": 3, "d": 2, "e": 8, "f": 3}
    assert dict(found.slack) == {"a": 0, "b": 0, "c": 0, "d": 0, "e": 0, "f": 8}
    assert found.critical == {"a", "b", "c", "d", "e"}


def test_a_stop_pauses_a_work_and_moves_the_path():
    rows = [Work("a", 3, "P"), Work("b", 4, "P", after=(Link("a"),), halted_by=frozenset({"winter"}))]
    plan = at_once(Problem(rows, TODAY, (Stop("winter", TODAY + 5, TODAY + 9),))).plan
    assert (plan.starts["b"] - TODAY, plan.ends["b"] - TODAY) == (3, 12)


def test_the_promised_date_gives_the_latest_days():
    rows = works(("a", 3, ""), ("b", 2, "a"))
    found = passes(Problem(rows, TODAY, promised={"P": TODAY + 9}))
    assert {k: v - TODAY for k, v in found.latest.starts.items()} == {"a": 5, "b": 8}
    assert set(found.slack.values()) == {5}


def test_a_circle_is_refused_by_the_names_of_its_works():
    rows = [Work("1", 3, after=(Link("2"),), title="主体"), Work("2", 3, after=(Link("1"),), title="外墙")]
    with pytest.raises(Invalid, match="主体") as refused:
        Problem(rows, TODAY)
    assert "外墙" in str(refused.value)


@pytest.mark.parametrize(
    "work, said",
    [
        (Work("a", -1, title="外墙漆"), "外墙漆"),
        (Work("a", 3, after=(Link("没有的"),), title="外墙漆"), "没有的"),
        (Work("a", 3, crew="masonry", size=9, title="砌筑"), "砌筑"),
        (Work("a", 100_000, title="外墙漆"), "外墙漆"),
        (Work("a", 3, after=(Link("b", -2),), title="外墙漆"), "外墙漆"),
    ],
)
def test_what_cannot_be_is_refused_by_name(work, said):
    with pytest.raises(Invalid, match=said):
        Problem([work, Work("b", 1)], TODAY, crews={"masonry": 2})


def test_a_date_that_cannot_be_kept_is_explained_by_the_crew_it_waits_for():
    rows = [Work(f"{g}/paint", 10, g, "facade", title=f"{g}外墙") for g in ("H1", "H2")]
    problem = Problem(rows, TODAY, crews={"facade": 1}, promised={"H1": TODAY + 12, "H2": TODAY + 12})
    [(late, [cause])] = explain(problem).items()
    other = "H1" if late == "H2" else "H2"
    assert (cause.kind, cause.key, cause.days, cause.names) == ("crew", "facade", 10, (f"{other}外墙",))
    assert "油漆班" in cause.sentence({"facade": "油漆班"})


def test_a_date_that_cannot_be_kept_is_explained_by_the_stop_in_the_way():
    rows = [Work("paint", 10, "H1", halted_by=frozenset({"winter"}))]
    stop = Stop("winter", TODAY + 4, TODAY + 33, "冬季停工")
    problem = Problem(rows, TODAY, (stop,), promised={"H1": TODAY + 20})
    [cause] = causes(problem, at_once(problem).plan, "H1")
    assert (cause.kind, cause.days, cause.names) == ("stop", 30, ("冬季停工",))


def test_a_date_that_cannot_be_kept_is_explained_by_the_chain_itself():
    problem = Problem(works(("a", 30, ""), ("b", 20, "a"), ("c", 1, "")), TODAY, promised={"P": TODAY + 20})
    [cause] = causes(problem, at_once(problem).plan, "P")
    assert (cause.kind, cause.days, cause.names) == ("chain", 29, ("a", "b"))
    assert backward(problem).too_late == {"P": 29}


def test_a_date_that_is_kept_needs_no_explanation():
    assert explain(Problem(works(("a", 3, "")), TODAY, promised={"P": TODAY + 2})) == {}


def test_what_weighs_more_has_the_crew_first():
    rows = [Work(f"{g}/paint", 10, g, "facade") for g in ("H1", "H2", "H3")]
    for heavy in ("H1", "H2", "H3"):
        problem = Problem(rows, TODAY, crews={"facade": 1}, weights={heavy: 4})
        solved = at_once(problem)
        assert solved.plan.starts[f"{heavy}/paint"] == TODAY
        assert solved.cost == 4 * 10 + 20 + 30
        assert solved.bound <= solved.cost


def test_a_crew_is_kept_free_for_what_weighs_more():
    rows = [
        Work("H1/dig", 2, "H1"), Work("H1/paint", 10, "H1", "facade", after=(Link("H1/dig"),)),
        Work("H2/paint", 30, "H2", "facade"),
    ]  # fmt: skip
    solved = at_once(Problem(rows, TODAY, crews={"facade": 1}, weights={"H1": 4}))
    assert (solved.plan.starts["H1/paint"] - TODAY, solved.plan.starts["H2/paint"] - TODAY) == (2, 12)
    assert at_once(Problem(rows, TODAY, crews={"facade": 1})).plan.starts["H2/paint"] == TODAY


def test_ending_a_search_keeps_the_best_so_far():
    rows = [Work(f"H{n % 4}/{n}", 5 + n % 7, f"H{n % 4}", "facade") for n in range(60)]
    problem = Problem(rows, TODAY, crews={"facade": 3}, promised={f"H{n}": TODAY + 20 for n in range(4)})
    asked = []
    solved = solve(problem, seconds=30, going_on=lambda found: asked.append(found.cost) or len(asked) < 2)
    assert solved.cost <= at_once(problem).cost
    assert_holds(problem, solved.plan)


def test_nothing_to_do_is_a_schedule_too():
    assert at_once(Problem([], TODAY)).gap == solve(Problem([], TODAY), seconds=1).cost == 0
