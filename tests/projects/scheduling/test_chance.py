"""The chance of keeping a date: what it must say at its ends, and that it repeats itself."""

from dataclasses import replace

from hypothesis import given, strategies as st

from zijing.projects.scheduling.chance import Curve, Pace, Span, brier, chance

TODAY = 737_000
PLAN = (Span(40, TODAY - 100, TODAY - 1), Span(60, TODAY, TODAY + 99))


def pace(*done: float, promised: int = TODAY + 99, still: tuple[tuple[int, int], ...] = ()) -> Pace:
    """A site with these percents at the ends of its last weeks."""
    weeks = tuple((TODAY - 7 * (len(done) - 1 - n), value) for n, value in enumerate(done))
    return Pace(PLAN, weeks, TODAY, promised, still)


@given(st.lists(st.floats(0, 100), max_size=12), st.integers(-50, 400), st.integers(0, 200))
def test_any_history_gives_a_chance_between_none_and_all_and_the_same_again(values, left, stop):
    one = pace(*sorted(values), promised=TODAY + left, still=((TODAY + stop, TODAY + stop + 20),))
    found = chance(one)
    assert found == chance(one)
    assert 0 <= found.percent <= 100
    assert found.likely >= TODAY


def test_what_is_done_is_certain_and_what_is_past_is_gone():
    assert chance(pace(95, 100)).percent == 100
    assert chance(pace(95, 98, promised=TODAY - 1)).percent == 0
    assert chance(Pace((), (), TODAY, TODAY)) is None


def test_a_site_at_plan_has_a_better_chance_than_one_that_lags_and_one_ahead_a_better_one():
    lagging, at_plan, ahead = (chance(pace(*v)).percent for v in ((20, 22, 24), (34, 37, 40), (50, 53, 56)))
    assert lagging < 20 < at_plan < ahead


def test_a_stop_before_the_date_costs_chance_and_is_counted():
    free, stopped = (chance(pace(44, 47, 50, still=s)) for s in ((), ((TODAY + 10, TODAY + 39),)))
    assert stopped.percent < free.percent
    assert stopped.still == 30


def test_it_says_how_far_behind_a_site_is_and_how_much_lies_ahead():
    found = chance(pace(16, 18, 20))
    assert (found.behind, found.ahead, found.left) == (51, 150, 99)


def test_a_later_date_is_never_less_likely():
    one = pace(30, 33, 35)
    found = [chance(replace(one, promised=TODAY + left)).percent for left in (60, 90, 120, 150)]
    assert found == sorted(found)


def test_reaching_is_the_inverse_of_planning():
    curve = Curve(PLAN)
    for day in (TODAY - 101, TODAY - 50, TODAY, TODAY + 40, TODAY + 99):
        assert abs(curve.reach(sum(s.planned(day) for s in PLAN)) - day) < 1e-6


def test_the_brier_score():
    assert brier({1: 1.0, 2: 0.5}, {1: True, 2: False}) == 0.125
