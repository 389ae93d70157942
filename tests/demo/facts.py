"""The published facts of both offices, and how a year-end report says them."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zijing.packs.yearly import YearReport

FACTS = list(csv.DictReader((Path(__file__).parent / "report_facts.csv").open(encoding="utf-8")))
# What a unit of the press is in units of the figures, money in yuan.
SCALE = {"万元": 10_000, "亿元": 100_000_000, "万户": 10_000, "万平方米": 10_000}
FORMS = {
    "": {"value", "bare"}, "平均": {"mean"}, "日均": {"daily"}, "种类": {"kinds"}, "名单": {"names"}, "目标完成": {"of_target"},
}  # fmt: skip


def facts_of(office: str, *, counted: bool = True) -> list[dict[str, str]]:
    """An office's facts that a figure carries; otherwise those that only a promise of its plan carries."""
    return [f for f in FACTS if f["office"] == office and bool(f["figure"]) == counted and (counted or f["commitment"])]


def named(facts: Iterable[dict[str, str]]) -> Any:
    """A test for each of these facts."""
    facts = list(facts)
    ids = [f"{f['fact']} {f['figure'] or f['commitment']} {f['form']}".strip() for f in facts]
    return pytest.mark.parametrize("fact", facts, ids=ids)


def promised(report: YearReport, fact: dict[str, str]) -> bool:
    """Whether a report speaks of the promise that carries a fact, with its amount, or its year."""
    spoken = (*report.coverage.reported, *report.coverage.stated)
    [promise] = [p for p in spoken if p.business_key == fact["commitment"]]
    said = promise.deadline and promise.deadline.year if fact["form"] == "年度" else promise.quantity
    return said == Decimal(fact["expected"])


def expected(fact: dict[str, str]) -> Decimal:
    """The published number in the unit of its figure; money in yuan."""
    return Decimal(fact["expected"]) * SCALE.get(fact["unit"].partition("/")[0], 1)


def said(sentences: Iterable[dict[str, Any]], fact: dict[str, str]) -> list[dict[str, Any]]:
    """The numbers of a report that speak of a fact."""
    numbers = [n for s in sentences for n in s["numbers"]]
    return [n for n in numbers if n["figure"] == fact["figure"] and n["form"] in FORMS[fact["form"]]]


def agrees(number: dict[str, Any], fact: dict[str, str]) -> bool:
    """Whether a number is the published one, as exactly as it was published; names hold it among their words, and of
    kinds named in public there may be more.
    """
    if fact["form"] == "名单":
        return fact["expected"] in number["text"]
    want = Decimal(fact["expected"]) if number["unit"] == fact["unit"] else expected(fact)
    if fact["form"] == "种类" and fact["bound"] == "ge":
        return Decimal(str(number["value"])) >= want
    scale = want / Decimal(fact["expected"]) if want else Decimal(1)
    places = -int(Decimal(fact["expected"]).as_tuple().exponent)
    return round(Decimal(str(number["value"])) / scale, places) == Decimal(fact["expected"])
