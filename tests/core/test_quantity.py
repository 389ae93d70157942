"""Numbers as clerks write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from zijing.core.errors import Invalid
from zijing.core.identifiers import check_division_code, new_id
from zijing.core.quantity import parse_money, parse_number, show_money, show_number


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.5万", 15000, ""), ("３２亿元", 3_200_000_000, "元"), ("50%", 50, "%"), ("1,200", 1200, ""), ("１２３", 123, ""),
        ("-3.5", Decimal("-3.5"), ""), ("−0.3", Decimal("-0.3"), ""), ("2 639 套", 2639, "套"), ("3千万元", 30_000_000, "元"), (".5", Decimal("0.5"), ""),
        ("1万亿", 10**12, ""), ("12人", 12, "人"),
    ],
)  # fmt: skip
def test_written_numbers(text, value, unit):
    assert parse_number(text) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "约32",
        "约三十二",
        "一半",
        "三亿多",
        "50左右",
        "1200余",
        "1.2.3",
        "12e5x9",
        "=1+1",
        "NaN",
        "∞",
        "9" * 20,
        "1" * 9 + "万亿",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Invalid):
        if parse_number(text)[1]:
            raise Invalid("a unit")


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [("32", "亿元", 320_000_000_000), ("3200万元", "亿元", 320_000_000_000 // 100), ("1.5亿元", "元", 15_000_000_000),
     ("12.34", "元", 1234), ("０.０１", "元", 1), ("9500万元", "亿元", 950_000_000_0)],
)  # fmt: skip
def test_money_is_kept_in_fen(text, unit, fen):
    assert parse_money(text, default_unit=unit) == fen


@pytest.mark.parametrize("text", ["0.001", "12美元", "50%", "三百美元"])
def test_money_that_is_none(text):
    with pytest.raises(Invalid):
        parse_money(text)


def test_money_is_shown_in_the_unit_a_reader_thinks_in():
    with translation.override("zh-hans"):
        assert [show_money(f) for f in (999_900, 1_000_000, 320_000_000_000, None)] == [
            "9,999元",
            "1万元",
            "32亿元",
            "",
        ]
    with translation.override("en"):
        assert show_money(320_000_000_000) == "3.2 billion yuan"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_shown_number_reads_back(value):
    assert parse_number(show_number(value))[0] == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_clear_refusal(text):
    with suppress(Invalid):
        assert parse_number(text)[0].is_finite()


@pytest.mark.parametrize("code", ["410181005000", "410181005001", "410181005001001"])
def test_division_codes(code):
    assert check_division_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "41018100500", "010181005000", "410181005001000", "41018100500a", "４10181005000", "4101810050001"]
)
def test_codes_that_are_none(code):
    with pytest.raises(Invalid):
        check_division_code(code)


def test_ids_are_ordered_by_time_and_never_twice():
    ids = [new_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert {i.version for i in ids} == {7}
    assert [i.int >> 80 for i in ids] == sorted(i.int >> 80 for i in ids)
