"""A template checks while it is filled in, forbids nothing that an import understands, and leaves nothing to be read."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tests.factories.sheets import FIELDS, HEAD, NOBODY, Ledger, saved
from zijing.records.fields import Field
from zijing.records.sheets import Options
from zijing.records.sheets.book import read
from zijing.records.sheets.checks import offered
from zijing.records.sheets.intake import prepare
from zijing.records.sheets.template import template

STREETS = tuple((f"s{n}", f"示例路{n}号，东侧", f"{n} Sample Road, east") for n in range(60))
TREE = (
    ("safety", "安全", "safety"), ("fire", "消防", "fire"), ("o1", "其他", "other"), ("road", "道路", "road"),
    ("o2", "其他", "other"),
)  # fmt: skip
BELOW = {"fire": "safety", "o1": "safety", "o2": "road"}
MORE = (
    Field("street", "choice", "路段", "Street", choices=STREETS),
    Field("class", "tree", "类别", "Class", choices=TREE, parents=BELOW),
    Field("tags", "choice", "标签", "Tags", choices=(("a", "甲", "a"),), several=True),
    Field("seen_on", "date", "发现日期", "Seen on", earliest="2020-01-01", latest="today"),
    Field("cost", "money", "费用", "Cost", unit="万元", min=Decimal(0), max=Decimal(5_000_000_00)),
    Field("id", "citizen_id", "身份证号", "Citizen id", personal=True),
    Field("remark", "text", "说明", "Remark", max_length=60),
)


def made(language: str = "zh-hans") -> Workbook:
    with translation.override(language):
        return load_workbook(BytesIO(template(Ledger(fields=(*FIELDS, *MORE)), "企业")))


def checks(book: Workbook) -> dict[str, Any]:
    """The validation of each column by its heading."""
    sheet = book.worksheets[0]
    by_cell = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    return {str(c.value).split("（")[0].rstrip("*"): by_cell.get(f"{c.column_letter}2") for c in sheet[1]}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_check_warns_and_does_not_forbid(language: str) -> None:
    found = [v for v in checks(made(language)).values() if v is not None]
    assert len(found) > 12 and {v.errorStyle for v in found} == {"warning"} and all(v.error for v in found)


def test_each_column_checks_what_its_field_checks() -> None:
    found = checks(made())
    shown = {k: (v.type, v.operator, v.formula1, v.formula2) for k, v in found.items() if v and v.type != "list"}
    assert shown["费用"][:3] == ("decimal", None, "0") and float(shown["费用"][3]) == 500, "in 万元, as the column is"
    assert shown["完成比例"] == ("decimal", None, "0", "100")
    assert shown["职工人数"][0] == "whole" and float(shown["总投资"][2]) == 0
    assert shown["发现日期"][0] == "date" and shown["发现日期"][2:] == ("43831", "TODAY()")
    assert shown["说明"] == ("textLength", "lessThanOrEqual", "60", None)
    assert shown["身份证号"] == ("textLength", "lessThanOrEqual", "18", None)
    assert found["标签"] is None and found["本地企业"].formula1 == '"是,否"'


def test_a_long_list_stands_on_a_hidden_sheet() -> None:
    book = made()
    assert [s.title for s in book.worksheets if s.sheet_state == "hidden"] == ["可选内容"]
    found = checks(book)["路段"].formula1
    assert found == "'可选内容'!$A$1:$A$60" and book["可选内容"]["A60"].value == "示例路59号，东侧"
    with translation.override("zh-hans"):
        assert "可选内容" not in load_workbook(BytesIO(template(Ledger(), "企业"))).sheetnames, "made only when needed"


def test_a_tree_offers_what_may_be_chosen_and_can_be_told_apart() -> None:
    tree = next(f for f in MORE if f.type == "tree")
    with translation.override("zh-hans"):
        assert offered(tree) == ["消防", "安全 / 其他", "道路 / 其他"]


def test_what_is_offered_is_understood() -> None:
    with translation.override("zh-hans"):
        for field in (*FIELDS, *MORE):
            for text in offered(field):
                assert field.clean(text) is not None, text


def test_a_filled_template_is_imported_without_a_remark_about_its_other_sheets() -> None:
    book = made()
    book.worksheets[0].append(["Q1", "甲"])
    ledger = Ledger(fields=(*FIELDS, *MORE))
    result = prepare(read(saved(book)), ledger, NOBODY, Options())
    assert not result.errors and not result.remarks and result.rows[0].values["code"] == "Q1"
    assert len(HEAD) == 2 and len(result.mapped) == len([f for f in ledger.fields if f.type != "file"])
