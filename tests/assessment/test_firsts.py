"""Who may be called first: nobody on noise, on few cases, or among equals; and the page says why nobody is."""

from decimal import Decimal

import numpy as np
import pytest
from django.utils.translation import override

from tests.factories.assessed import AFTER, assessed, closed, month, scores
from tests.web.visiting import signed_in
from zijing.assessment import statistics
from zijing.assessment.actions import propose, publish_run
from zijing.assessment.models import Consequence
from zijing.assessment.queries import without_anyone
from zijing.assessment.scoring import RATE, VALUE, Care, Column, Item, assess, equals, points
from zijing.core.worktime import day_of

ON_TIME = Item("on_time", Decimal(100), "linear", target=Decimal(100), floor=Decimal(0))
FLAG = Consequence.Type.RED_FLAG
OTHERS = ("社区12", "社区13", "社区14", "社区15", "社区16")


def firsts(met, of, care=None):
    column = Column(RATE, np.array(met, dtype=float), np.array(of, dtype=float))
    return [s.above for s in assess([ON_TIME], [column], care or Care())]


class TestArithmetic:
    def test_the_one_that_is_far_better_stands_above(self):
        assert firsts([60, 62, 58, 61, 59, 99], [100] * 6) == [False] * 5 + [True]

    def test_the_best_of_equals_does_not(self):
        assert not any(firsts([90, 92, 88, 91, 89, 95], [100] * 6))

    def test_few_cases_or_members_have_no_first(self):
        assert not any(firsts([0, 0, 0, 0, 0, 9], [9] * 6))
        assert not any(firsts([10, 10, 10, 95], [100] * 4))

    def test_two_items_that_count_the_same_cases_are_not_twice_as_many(self):
        column = Column(RATE, np.array([0.0, 0, 0, 0, 0, 6]), np.array([6.0] * 6))
        halves = [Item(key, Decimal(50), "linear", target=Decimal(100)) for key in ("one", "two")]
        found = assess(halves, [column, column], Care(cases=10))
        assert not any(s.above or s.below for s in found)

    def test_values_of_unknown_accuracy_call_nobody_first(self):
        marks = Column(VALUE, np.array([10.0, 11, 12, 13, 14, 90]), np.ones(6))
        assert not any(s.above for s in assess([Item("one", Decimal(100), "marks")], [marks], Care(cases=1)))

    def test_when_all_are_equal_hardly_ever_somebody_is_first(self):
        chance, false = np.random.default_rng(2021), 0
        for _office in range(150):
            of = chance.poisson(30, 12).astype(float)
            column = Column(RATE, chance.binomial(of.astype(int), 0.85).astype(float), of)
            total = points([ON_TIME], [column.value()])[1]
            found = statistics.above_the_rest(total, equals([ON_TIME], [column]), seed=1, draws=199)
            false += any(found.significant())
        assert false <= 9


@pytest.fixture
def made(db):
    return assessed()


def flagged(made):
    found = month(made)
    return found, [c.score.label for c in propose(actor=made.system, at=AFTER, run=found) if c.type == FLAG]


class TestRules:
    def test_the_flag_goes_to_who_stands_above_the_rest(self, made):
        closed(made, "社区11网格", 60)
        for name in OTHERS:
            closed(made, f"{name}网格", 30, 30)
        found, named = flagged(made)
        assert named == ["社区11"]
        assert scores(found)["社区11"].above
        assert [type_ for type_, _why in without_anyone(found)] == [Consequence.Type.NAMING]

    def test_who_has_one_lucky_case_is_not_in_the_way(self, made):
        closed(made, "社区11网格", 60)
        closed(made, "社区12网格", 1)
        for name in OTHERS[1:]:
            closed(made, f"{name}网格", 30, 30)
        found, named = flagged(made)
        assert named == ["社区11"]
        assert scores(found)["社区12"].rank == scores(found)["社区11"].rank == 1

    @pytest.mark.parametrize(
        ("best", "others", "why"),
        [
            ((60, 60), (30, 30), "2 share the first place; the rule is for 1."),
            ((3, 2), (1, 1), "Too few cases: at least 10 are needed behind a score."),
            ((35, 30), (30, 30), "The best cannot be told apart from the rest"),
        ],
    )
    def test_it_goes_to_nobody_on_noise_and_the_page_says_why(self, made, best, others, why):
        whole = sum(others)
        for name, timely in zip(("社区11", "社区12"), best, strict=True):
            closed(made, f"{name}网格", timely, max(whole - timely, 0))
        for name in OTHERS[1:]:
            closed(made, f"{name}网格", *others)
        found, named = flagged(made)
        assert named == []
        publish_run(actor=made.actor("section"), at=AFTER, run=found)
        page = signed_in(made, "secretary", day_of(AFTER)).get(f"/assessment/runs/{found.pk}/").content.decode()
        assert f"rotating red flag: {why}" in page

    def test_a_table_of_few_says_how_many_it_takes(self, made):
        closed(made, "社区11网格", 60)
        closed(made, "社区12网格", 30, 30)
        found, named = flagged(made)
        assert named == []
        with override("en"):
            why = dict(without_anyone(found))[FLAG]
        assert why == "Only 2 members have a score; at least 5 are compared."
