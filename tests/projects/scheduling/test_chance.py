"""The chance of keeping a date: what it must say at its ends, that it repeats itself, that the forecast agrees."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from zijing.projects.scheduling.outlook import Chance, chances, stretched, stretches
from zijing.projects.scheduling.pace import Curve, Pace, Span, Tempo, brier, tempo
from zijing.projects.scheduling.problem import Hold, Link, Plan, Problem, Stop, Work
from zijing.projects.scheduling.solving import at_once

TODAY = 737_000
PLAN = (Span(40, TODAY - 100, TODAY - 1), Span(60, TODAY, TODAY + 99))
# A building after the structure: masonry, then façade and fittings beside each other, then handing over.
HOUSE = (
    Work("masonry", 30, "H", "masonry", halted_by=frozenset({"winter"})),
    Work("facade", 40, "H", after=(Link("masonry", 5),), halted_by=frozenset({"winter"})),
    Work("fittings", 25, "H", after=(Link("masonry"),)),
    Work("handover", 5, "H", after=(Link("facade"), Link("fittings"))),
)
WINTER = Stop("winter", TODAY + 20, TODAY + 49, "冬季停工")


def pace(*done: float, still: tuple[tuple[int, int], ...] = ()) -> Pace:
    """A site with these percents at the ends of its last weeks."""
    weeks = tuple((TODAY - 7 * (len(done) - 1 - n), value) for n, value in enumerate(done))
    return Pace(PLAN, weeks, TODAY, still)


def judged(
    one: Pace, promised: int = TODAY + 99, stops: tuple[Stop, ...] = (), foreseen: frozenset[str] = frozenset(),
    works: tuple[Work, ...] = HOUSE,
) -> tuple[Problem, Plan, Chance, Tempo]:  # fmt: skip
    """What is foreseen of the house at a pace, and its chance."""
    problem = Problem(works, TODAY, stops, {"masonry": 1}, {"H": promised})
    found = tempo(one)
    by = stretches(problem, {"H": found}, frozenset(w.key for w in works), foreseen)
    longer = stretched(problem, by)
    plan = at_once(longer).plan
    return longer, plan, chances(longer, plan, {"H": found})["H"], found


@settings(max_examples=40)
@given(st.lists(st.floats(0, 100), max_size=12), st.integers(-50, 400), st.integers(0, 200))
def test_any_history_gives_a_chance_between_none_and_all_and_the_same_again(values, left, stop):
    stops = (Stop("winter", TODAY + stop, TODAY + stop + 20),)
    one = pace(*sorted(values), still=((TODAY + stop, TODAY + stop + 20),))
    found = judged(one, TODAY + left, stops)[2]
    assert found == judged(one, TODAY + left, stops)[2]
    assert 0 <= found.percent <= 100
    assert found.likely >= TODAY


@settings(max_examples=40)
@given(st.lists(st.floats(0, 95), max_size=12), st.booleans())
def test_the_forecast_is_the_median_of_the_runs(values, winter):
    problem, plan, one, _tempo = judged(pace(*sorted(values)), stops=(WINTER,) if winter else ())
    assert abs(plan.finish(problem.works)["H"] - one.likely) <= 1


@settings(max_examples=40)
@given(st.lists(st.floats(0, 95), max_size=12), st.integers(1, 300))
def test_a_date_foreseen_to_be_kept_is_more_likely_kept_than_not(values, left):
    problem, plan, one, _tempo = judged(pace(*sorted(values)), TODAY + left)
    spare = TODAY + left - plan.finish(problem.works)["H"]
    assert one.percent >= 50 if spare > 1 else one.percent <= 50 if spare < -1 else True


def test_a_site_at_plan_is_foreseen_to_end_with_its_plan_though_laid_out_shorter():
    problem, plan, _one, found = judged(pace(28.8, 31.6, 34.4, 37.2, 40))
    assert (found.behind, found.ahead) == (1, 100)
    assert abs(plan.finish(problem.works)["H"] - (TODAY + 99)) <= 8


def test_a_stop_that_the_plan_counted_with_costs_less_than_one_it_did_not():
    at_plan = pace(28.8, 31.6, 34.4, 37.2, 40)
    last = {
        name: judged(at_plan, stops=(WINTER,), foreseen=frozenset(kinds))[1].ends["handover"]
        for name, kinds in {"counted": {"winter"}, "not": set()}.items()
    }
    assert last["counted"] + 20 < last["not"]


def test_nobody_is_taken_to_be_quicker_than_laid_out_before_a_week_has_shown_it():
    longer = tuple(replace(w, days=4 * w.days) for w in HOUSE)
    problem, _plan, _one, _tempo = judged(pace(), works=longer)
    assert [w.days for w in problem.works] == [w.days for w in longer]


def test_what_is_past_is_gone_and_without_a_plan_there_is_no_tempo():
    assert judged(pace(95, 98), TODAY - 1)[2].percent == 0
    assert tempo(Pace((), (), TODAY)) is None


def test_a_site_at_plan_has_a_better_chance_than_one_that_lags_and_one_ahead_a_better_one():
    lagging, at_plan, ahead = (judged(pace(*v))[2].percent for v in ((20, 22, 24), (34, 37, 40), (50, 53, 56)))
    assert lagging < 20 < at_plan < ahead


def test_a_stop_before_the_date_costs_chance():
    free, stopped = (judged(pace(44, 47, 50), stops=s)[2].percent for s in ((), (WINTER,)))
    assert stopped < free


def test_a_blocker_costs_chance_and_its_days():
    held = tuple(replace(w, holds=(Hold("7", TODAY + 20, "停水"),)) if w.key == "masonry" else w for w in HOUSE)
    free, blocked = (judged(pace(44, 47, 50), works=works) for works in (HOUSE, held))
    assert blocked[2].percent < free[2].percent
    assert blocked[1].ends["handover"] - free[1].ends["handover"] == 20


def test_it_says_how_far_behind_a_site_is_and_how_much_lies_ahead():
    found = tempo(pace(16, 18, 20))
    assert (found.behind, found.ahead) == (51, 150)


def test_a_later_date_is_never_less_likely():
    found = [judged(pace(30, 33, 35), TODAY + left)[2].percent for left in (60, 90, 120, 150)]
    assert found == sorted(found)


@pytest.mark.parametrize("day", [-101, -50, 0, 40, 99])
def test_reaching_is_the_inverse_of_planning(day):
    curve = Curve(PLAN)
    assert abs(curve.reach(sum(s.planned(TODAY + day) for s in PLAN)) - curve.at(TODAY + day)) < 1e-6


def test_the_brier_score():
    assert brier({1: 1.0, 2: 0.5}, {1: True, 2: False}) == 0.125
