"""Numbers and days in Chinese characters mean what a clerk means by them."""

from datetime import date
from decimal import Decimal

import pytest

from zijing.core.chinese import day_in_digits, in_digits
from zijing.core.quantity import parse_money, parse_number
from zijing.records.fields import Field


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("五十", 50, ""), ("十二人", 12, "人"), ("一百零五", 105, ""), ("三千二百万元", 32_000_000, "元"), ("两万三", 23_000, ""),
        ("一亿二千万", 120_000_000, ""), ("百分之六十", 60, "%"), ("百分之十二点五", Decimal("12.5"), "%"), ("三点一四", Decimal("3.14"), ""),
        ("两万零三", 20_003, ""), ("一百三", 130, ""), ("三千五百万", 35_000_000, ""), ("十五", 15, ""), ("一亿零五", 100_000_005, ""),
        ("二百五十", 250, ""), ("两千零五十", 2050, ""), ("二〇二〇", 2020, ""), ("3千", 3000, ""), ("１．５万", 15_000, ""),
    ],
)  # fmt: skip
def test_numerals(text: str, value: Decimal, unit: str) -> None:
    assert parse_number(text) == (value, unit)


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [
        ("三千二百万元", "亿元", 32_000_000_00),
        ("三千二百", "万元", 32_000_000_00),
        ("三千二百万", "万元", 32_000_000_00),
    ],
)
def test_amounts_in_characters_know_their_unit(text: str, unit: str, fen: int) -> None:
    assert parse_money(text, default_unit=unit) == fen


@pytest.mark.parametrize("text", ["约五十", "百货", "万达", "", "元"])
def test_words_stay_words(text: str) -> None:
    assert in_digits(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "二〇二〇年八月三十一日",
        "二零二零年八月三十一号",
        "2020年8月31日",
        "２０２０年８月３１日",
        "2020.8.31",
        "2020/8/31",
    ],
)
def test_days(text: str) -> None:
    assert Field("day", "date", "日", "day").clean(text) == date(2020, 8, 31)


def test_a_month_is_no_day() -> None:
    assert day_in_digits("二〇二〇年八月") == "二〇二〇年八月"
