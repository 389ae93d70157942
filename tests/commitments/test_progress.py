"""How far a promise is and should be, by itself and from those below it."""

from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st

from zijing.commitments.progress import (
    Aim,
    Progress,
    cascade,
    done_share,
    due_share,
    gone,
    of_a_duty,
    of_itself,
    periods,
    rule_of,
    state_of,
)

D = Decimal
YEAR = {"begins": date(2020, 1, 1), "deadline": date(2020, 12, 31)}
MID = date(2020, 7, 1)


def leaf(
    done: int | None, due: int = 50, *, value: int | None = None, ended: bool = False, weight: int = 1
) -> Progress:
    return Progress(None if done is None else D(done), D(due), None if value is None else D(value), ended, D(weight))


class TestByItself:
    def test_a_sum_is_due_evenly_from_its_baseline(self) -> None:
        aim = Aim(D(38), "ge", "家", D(34), **YEAR)
        assert done_share(aim, D(36)) == 50 and due_share(aim, date(2020, 12, 31)) == 100
        assert done_share(aim, D(30)) == D("78.9"), "below the baseline the whole counts"

    def test_a_rate_and_an_upper_bound_are_due_in_full(self) -> None:
        assert due_share(Aim(D(25), "ge", "%", **YEAR), MID) == 100
        assert due_share(Aim(D(3), "le", "起", **YEAR), MID) == 100
        assert done_share(Aim(D(3), "le", "起"), D(2)) == 100 and done_share(Aim(D(3), "le", "起"), D(6)) == 50

    def test_more_than_is_not_met_by_as_much(self) -> None:
        assert done_share(Aim(D(4), "gt"), D(4)) == D("99.9") and done_share(Aim(D(4), "gt"), D(5)) == 125

    def test_a_target_of_nought_and_a_negative_value(self) -> None:
        assert done_share(Aim(D(0), "ge"), D(0)) == 100 and done_share(Aim(D(5), "ge"), D(-3)) == 0
        assert done_share(Aim(D(0), "le"), D(1)) == 0

    def test_without_a_target_the_value_is_a_percentage(self) -> None:
        assert done_share(Aim(), D(40)) == 40 and done_share(Aim(), D(140)) == 100

    def test_the_curve_goes_before_the_even_course(self) -> None:
        aim = Aim(D(100), "ge", "套", curve={date(2020, 6, 1): D(10), date(2020, 12, 1): D(100)}, **YEAR)
        assert due_share(aim, date(2020, 6, 30)) == 10 and due_share(aim, date(2020, 12, 31)) == 100
        assert due_share(aim, date(2020, 9, 30)) == D("55.0")

    def test_nothing_is_due_before_it_begins(self) -> None:
        assert due_share(Aim(D(4), begins=date(2020, 9, 1), deadline=date(2020, 12, 31)), MID) == 0

    @given(
        st.decimals(-1000, 1000, places=2),
        st.decimals(-100, 1000, places=2),
        st.sampled_from(["", "ge", "le", "gt", "eq"]),
    )
    def test_a_share_is_never_negative_nor_absurd(self, wanted: Decimal, value: Decimal, bound: str) -> None:
        share = done_share(Aim(wanted, bound), value)
        assert share is not None and 0 <= share <= 999

    @given(st.dates(date(2019, 6, 1), date(2021, 6, 1)), st.dates(date(2020, 1, 1), date(2020, 12, 31)))
    def test_time_gone_stays_within_bounds(self, day: date, deadline: date) -> None:
        assert 0 <= gone(None, deadline, day) <= 100


class TestStates:
    def test_words(self) -> None:
        past, later = date(2020, 6, 30), date(2020, 12, 31)
        said = {
            "done": state_of(leaf(20, ended=True), past, MID), "late": state_of(leaf(80), past, MID),
            "ahead": state_of(leaf(60), later, MID), "slow": state_of(leaf(41), later, MID),
            "behind": state_of(leaf(39), later, MID), "unstated": state_of(leaf(None), later, MID),
        }  # fmt: skip
        assert all(word == state for word, state in said.items())

    def test_what_is_reached_early_is_on_course_until_its_day(self) -> None:
        assert state_of(leaf(100), date(2020, 12, 31), MID) == "ahead"
        assert state_of(leaf(100), date(2020, 6, 30), MID) == "done"


class TestCascade:
    def test_each_rule(self) -> None:
        below = [leaf(100, value=3, weight=3), leaf(0, value=1, weight=1)]
        aim, own = Aim(D(8), "ge", "个", **YEAR), leaf(25, value=2)
        assert cascade("own", aim, own, below) is own
        assert cascade("mean", aim, own, below).done == 50
        assert cascade("weighted", aim, own, below).done == 75
        assert cascade("done", aim, own, below).done == 50
        assert cascade("sum", aim, own, below).done == 50 and cascade("sum", aim, own, below).value == 4

    def test_more_in_one_place_makes_up_for_nothing_in_another(self) -> None:
        assert cascade("mean", Aim(), leaf(None), [leaf(300), leaf(0)]).done == 50

    def test_of_whom_nobody_has_said_anything_counts_as_nought(self) -> None:
        assert cascade("mean", Aim(), leaf(None), [leaf(100), leaf(None)]).done == 50
        assert cascade("mean", Aim(), leaf(None), [leaf(None), leaf(None)]).done is None

    def test_weights_of_nought_divide_nothing(self) -> None:
        assert cascade("weighted", Aim(), leaf(None), [leaf(50, weight=0)]).done == 0

    def test_the_rule_without_one(self) -> None:
        assert rule_of("", Aim(), False) == "mean" and rule_of("", Aim(D(1)), False) == "own"
        assert rule_of("sum", Aim(D(1)), True) == "sum"

    @given(st.lists(st.builds(leaf, st.none() | st.integers(0, 999), st.integers(0, 100)), min_size=1, max_size=12))
    def test_a_mean_lies_between_those_below(self, below: list[Progress]) -> None:
        for rule in ("mean", "weighted", "done"):
            found = cascade(rule, Aim(), leaf(None), below).done
            assert found is None or 0 <= found <= 100


class TestDuties:
    def test_calendar_periods_that_are_over(self) -> None:
        weeks = periods("week", date(2020, 9, 2), date(2020, 9, 15))
        assert weeks == [(date(2020, 9, 2), date(2020, 9, 6)), (date(2020, 9, 7), date(2020, 9, 13))]
        assert len(periods("month", date(2020, 1, 1), date(2020, 9, 29))) == 8
        assert [last for _f, last in periods("quarter", date(2020, 2, 1), date(2020, 9, 30))] == [
            date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30),
        ]  # fmt: skip

    def test_kept_in_three_of_four(self) -> None:
        assert of_a_duty(3, 4).done == 75 and of_a_duty(0, 0).done is None

    def test_ended_is_done(self) -> None:
        assert of_itself(Aim(D(4)), None, MID, ended=True).done == 100
