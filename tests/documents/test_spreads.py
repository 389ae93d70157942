"""Forms that look into what is counted: kinds, how many of each, how much for one and for a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.django import TestCase

from tests.documents.test_composing import setting, texts
from tests.factories.office import MONDAY, blocker, office, project
from tests.figures.test_publishing import invest
from zijing.documents.answers import Asked, form_named
from zijing.documents.composing import compose
from zijing.documents.placeholders import read
from zijing.documents.spreads import divides
from zijing.figures.known import find

pytestmark = pytest.mark.django_db


def divided(key, made):
    figure, form = find(key), form_named("种类")
    field = divides(Asked(read(key, key), (figure,), form, made.place, ()))
    return field and field.key


def test_records_divide_by_the_first_choice_that_the_figure_does_not_fix():
    made = office()
    assert divided("projects.count", made) == "type"
    assert divided("projects.housing", made) == "level"
    assert divided("blockers.on_time_share", made) is None


def test_kinds_are_counted_and_named_most_first():
    made = office()
    target = project(made)
    for what in ("停水", "断路"):
        blocker(made, target, what=what)
    said = texts(compose("堵点分{{新增堵点|种类}}类：{{新增堵点|分类}}。", setting(made)))
    assert said == ["堵点分1类：水电气暖2件。"]
    assert texts(compose("投资分{{完成投资|种类}}类。", setting(made))) == []


def test_a_sum_is_shared_among_its_records_and_days():
    made = office()
    target = project(made)
    invest(made, target, MONDAY, 100)
    invest(made, target, MONDAY + timedelta(days=1), 50)
    assert texts(compose("平均每笔{{完成投资|平均}}。", setting(made))) == ["平均每笔75元。"]
    assert texts(compose("平均{{重点项目|平均}}。", setting(made))) == []
    blocker(made, target)
    assert texts(compose("日均{{新增堵点|日均}}。", setting(made, date(2020, 9, 1), date(2020, 9, 10)))) == [
        "日均0.1件。"
    ]


def test_a_period_that_is_not_over_is_shared_among_the_days_gone_and_next_to_nothing_is_left_out():
    made = office()
    target = project(made)
    quarter = setting(made, date(2020, 9, 1), date(2020, 12, 31))
    blocker(made, target)
    assert texts(compose("日均{{新增堵点|日均}}。", quarter)) == []
    for what in ("断路", "停电"):
        blocker(made, target, what=what)
    assert texts(compose("日均{{新增堵点|日均}}。", quarter)) == ["日均0.1件。"]


class TestProperties(TestCase):
    @settings(max_examples=10)
    @given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
    def test_the_mean_times_the_records_is_the_sum(self, amounts):
        made = office()
        target = project(made)
        for amount in amounts:
            invest(made, target, MONDAY, amount)
        [number] = compose("{{完成投资|平均}}", setting(made)).numbers
        assert abs(number.answer.amount * len(amounts) - number.answer.value.amount) <= len(amounts)
