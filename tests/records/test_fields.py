"""Typed fields: what is given becomes what is stored, or a clear refusal."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings, strategies as st

from zijing.core.errors import DomainError, Invalid
from zijing.records.fields import TYPES, Field

PLAIN = [t for t in TYPES if t not in {"place", "unit", "post", "entry"}]


def field(type_, **more):
    more.setdefault("choices", (("a", "甲", "A"), ("b", "乙", "B")))
    return Field(key="k", type=type_, title_zh="字段", title_en="Field", **more)


@pytest.mark.parametrize(
    ("type_", "raw", "stored"),
    [
        ("text", " 楼 ", "楼"), ("text", 12.0, "12"), ("integer", "1.2万", 12000), ("integer", 3.0, 3),
        ("decimal", "3.5", Decimal("3.5000")), ("percent", "50%", Decimal("50.00")), ("percent", 0, Decimal("0.00")),
        ("money", "３２亿元", 320_000_000_000), ("money", 12.5, 1250), ("date", "2020年8月31日", date(2020, 8, 31)),
        ("date", datetime(2020, 8, 31, 10), date(2020, 8, 31)), ("date", "2020/8/1", date(2020, 8, 1)),  # noqa: DTZ001
        ("choice", "甲", "a"), ("choice", "B", "b"), ("boolean", "是", True), ("boolean", "否", False),
        ("point", "113.01, 34.76", [113.01, 34.76]), ("file", 7, 7), ("text", "", None), ("integer", None, None),
    ],
)  # fmt: skip
def test_what_a_clerk_writes(type_, raw, stored):
    assert field(type_).clean(raw) == stored


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        ("integer", "1.5"), ("integer", "若干"), ("integer", True), ("integer", float("nan")), ("integer", 1e30),
        ("decimal", float("inf")), ("percent", 101), ("percent", "-1%"), ("money", "12美元"), ("money", 1e300),
        ("date", "2020-02-30"), ("date", "2020年13月1日"), ("date", "1900-01-01"), ("date", "明天"), ("choice", "丙"),
        ("boolean", "也许"), ("point", "0,0"), ("point", "113"), ("file", "x.jpg"), ("text", "长" * 501),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_field_in_both_languages(type_, raw):
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language), pytest.raises(Invalid) as caught:
            field(type_).clean(raw)
        assert caught.value.field == "k"
        with translation.override(language):
            said.append(str(caught.value))
    assert said[0] != said[1]
    assert "。" in said[0] and said[1].endswith(".")


def test_a_needed_field_and_a_range():
    with pytest.raises(Invalid):
        field("text", required=True).clean("  ")
    with pytest.raises(Invalid):
        field("integer", min=Decimal(1)).clean(0)
    with pytest.raises(Invalid):
        field("integer", max=Decimal(9), unit="人").clean("10人")
    assert field("integer", max=Decimal(9), unit="人").clean("9人") == 9


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.dates(), st.datetimes(),
    st.lists(st.floats(), max_size=3), st.decimals(allow_nan=True),
)  # fmt: skip


@given(st.sampled_from(PLAIN), ANYTHING)
@settings(max_examples=500, deadline=None)
def test_anything_is_stored_or_refused_in_words_and_what_is_stored_is_shown(type_, raw):
    described = field(type_)
    refusal, stored = None, None
    try:
        stored = described.clean(raw)
    except DomainError as error:
        refusal = error
    if refusal is not None:
        assert str(refusal)
        return
    kept = described.for_json(stored)
    assert isinstance(described.show(kept), str)
    if stored is not None and type_ not in {"file", "point"}:
        assert described.for_json(described.clean(kept if type_ != "money" else Decimal(kept) / 100)) == kept
