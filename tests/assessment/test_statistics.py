"""How sure a score is. The long simulation is in tools/bench/assessment.py; here a short one keeps its promise."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zijing.assessment import statistics
from zijing.assessment.scoring import COUNT, RATE, VALUE, Care, Column, Item, assess, equals, points

ON_TIME = Item("on_time", Decimal(100), "linear", target=Decimal(100), floor=Decimal(0))


def rates(met, of):
    return Column(RATE, np.array(met, dtype=float), np.array(of, dtype=float))


def item(way, weight=100, **more):
    return Item("one", Decimal(weight), way, **more)


def shares(found, values):
    [given_], _total = points([found], [np.array(values, dtype=float)])
    return given_.tolist()


def test_wilson_gives_the_textbook_interval():
    low, high = statistics.wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert statistics.wilson(0, 0) == (0.0, 1.0)


@given(n=st.integers(1, 500), part=st.floats(0, 1))
def test_a_rate_lies_within_its_interval(n, part):
    k = round(n * part)
    low, high = statistics.wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


def test_ranks_tie_and_go_on_behind_the_tie():
    assert statistics.ranked([80, 90, 90, None, 70]) == [3, 1, 1, None, 4]


def test_rates_of_few_cases_are_drawn_to_the_common_one():
    drawn = statistics.shrunk(np.array([2.0, 190.0, 120.0, 160.0]), np.array([2.0, 200.0, 200.0, 200.0]))
    assert 0.7 < drawn[0] < 0.95
    assert abs(drawn[1] - 0.95) < 0.02


def test_rates_that_differ_by_chance_only_become_one():
    drawn = statistics.shrunk(np.array([8.0, 8.0, 8.0]), np.array([10.0, 10.0, 10.0]))
    assert np.allclose(drawn, 0.8)


@pytest.mark.parametrize(
    ("found", "values", "expected"),
    [
        (item("linear", target=Decimal(95), floor=Decimal(45)), [20, 45, 70, 95, 99], [0, 0, 50, 100, 100]),
        (item("linear", direction="lower", target=Decimal(0), floor=Decimal(40)), [0, 10, 40, 90], [100, 75, 0, 0]),
        (item("band", bands=((Decimal(90), Decimal(100)), (Decimal(70), Decimal(60)))), [95, 90, 71, 10],
         [100, 100, 60, 0]),
        (item("deduction", each=Decimal(20), cap=Decimal(50)), [0, 2, 9], [100, 60, 50]),
        (item("rank"), [5, 7, 7, 9], [0, 50, 50, 100]),
        (item("marks"), [85, 100], [85, 100]),
    ],
)  # fmt: skip
def test_each_way_turns_values_into_points(found, values, expected):
    assert shares(found, values) == expected


def test_more_closed_never_scores_less():
    """A scheme in use elsewhere took the closing rate from 100 and so punished whoever closed more."""
    found = shares(item("linear", target=Decimal(100)), list(range(101)))
    assert found == sorted(found)
    assert found[-1] == 100


def test_standardised_values_count_from_their_own_mean():
    assert shares(item("linear", dispersion="standardise"), [50, 50, 50]) == [50, 50, 50]
    found = shares(item("linear", dispersion="standardise"), [1, 2, 3])
    assert found[1] == 50
    assert found[0] < 50 < found[2]


@pytest.mark.parametrize(
    ("missing", "expected"), [("neutral", 100.0), ("zero", 60.0), ("full", 100.0), ("average", 80.0)]
)
def test_nothing_known_goes_by_the_rule_and_is_never_a_rate_of_zero(missing, expected):
    first = Item("first", Decimal(60), "marks")
    second = Item("second", Decimal(40), "linear", missing=missing)
    _each, total = points([first, second], [np.array([100.0, 100.0, 100.0]), np.array([np.nan, 0.0, 100.0])])
    assert total.tolist() == [expected, 60.0, 100.0]


def test_who_has_nothing_has_no_score_and_no_rank():
    found = assess([ON_TIME], [rates([9, 0], [10, 0])], Care())
    assert [s.total for s in found] == [Decimal(90), None]
    assert [s.rank for s in found] == [1, None]


def test_a_veto_makes_the_score_zero_and_nobody_last_beside_it():
    veto = Item("accident", Decimal(0), "veto")
    strikes = Column(COUNT, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    found = assess([ON_TIME, veto], [rates([9, 10], [10, 10]), strikes], Care())
    assert [(s.total, s.vetoed, s.last) for s in found] == [(Decimal(90), False, False), (Decimal(0), True, False)]


def test_the_one_that_is_far_worse_is_last():
    found = assess([ON_TIME], [rates([90, 92, 88, 91, 89, 45], [100] * 6)], Care())
    assert [s.last for s in found] == [False] * 5 + [True]
    assert found[5].rank_from == found[5].rank_to == 6
    assert (found[0].group, found[5].group) == (1, 2)


def test_the_lowest_of_equals_is_not_last_and_cannot_be_told_apart():
    found = assess([ON_TIME], [rates([90, 92, 88, 91, 89, 87], [100] * 6)], Care())
    assert not any(s.last for s in found)
    assert {s.group for s in found} == {1}
    assert (found[5].rank, found[5].rank_from, found[5].rank_to) == (6, 1, 6)


def test_too_few_cases_or_members_have_no_last():
    assert not any(s.last for s in assess([ON_TIME], [rates([9, 9, 9, 9, 9, 1], [9] * 6)], Care(cases=10)))
    assert not any(s.last for s in assess([ON_TIME], [rates([95, 95, 95, 10], [100] * 4)], Care()))


def test_who_shares_the_lowest_score_is_not_last():
    found = assess([ON_TIME], [rates([95] * 8 + [30, 30], [100] * 10)], Care())
    assert [s.below for s in found[8:]] == [True, True]
    assert not any(s.last for s in found)


def test_values_of_unknown_accuracy_call_nobody_last():
    found = assess([item("marks")], [Column(VALUE, np.array([90.0, 91, 92, 93, 94, 10]), np.ones(6))], Care(cases=1))
    assert not any(s.last for s in found)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), min_size=2, max_size=12),
)
def test_scores_lie_within_their_intervals_and_ranks_within_their_ranges(members):
    of = [n for n, _part in members]
    met = [round(n * part) for n, part in members]
    for s in assess([ON_TIME], [rates(met, of)], Care()):
        if s.total is None:
            assert s.rank is None
            continue
        assert 0 <= s.low <= s.total <= s.high <= 100
        assert s.rank_from <= s.rank <= s.rank_to


def test_the_same_facts_give_the_same_standing():
    assert assess([ON_TIME], [rates([9, 8, 7], [10] * 3)], Care()) == assess(
        [ON_TIME], [rates([9, 8, 7], [10] * 3)], Care()
    )


def test_when_all_are_equal_hardly_ever_somebody_is_last():
    """One hundred and fifty offices of twelve equals: naming whoever is lowest would name somebody every time."""
    chance, false = np.random.default_rng(2020), 0
    for _office in range(150):
        of = chance.poisson(30, 12).astype(float)
        column = Column(RATE, chance.binomial(of.astype(int), 0.85).astype(float), of)
        total = points([ON_TIME], [column.value()])[1]
        found = statistics.below_the_rest(total, equals([ON_TIME], [column]), seed=1, draws=199)
        false += found.significant()[int(total.argmin())]
    assert false <= 9
