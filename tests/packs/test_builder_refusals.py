"""Sheets wanted from above as they come: locked, old, with macros, hostile, far too long, with two lines of headings."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import workbook
from zijing.core.errors import Invalid
from zijing.packs.builder import rows
from zijing.packs.builder.asking import fill_sheet
from zijing.packs.builder.plan import Choices, Plan, look
from zijing.packs.intake import record
from zijing.records.kinds import kind_of
from zijing.records.models import Reading
from zijing.records.sheets.guards import ENCRYPTED, OLE

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)


@pytest.fixture
def made() -> Office:
    made = office()
    for code, name, place in (("E1", "甲公司", "示例社区01"), ("E2", "乙商店", "示例村02")):
        values = {"code": code, "name": name, "sector": "retail", "status": "ordinary", "place": place}
        record(actor=made.system, at=AT, kind=kind_of("enterprise"), values=values)
    return made


def understood(made: Office, content: bytes, name: str = "统计局表.xlsx", **chosen: Any) -> Plan:
    return look(actor=made.actor("section"), at=AT, source=content, choices=Choices(**chosen), name=name)


def filled(made: Office, content: bytes, **chosen: Any) -> tuple[Plan, Any]:
    plan = understood(made, content, **chosen)
    done = fill_sheet(actor=made.actor("section"), at=AT, plan=plan)
    return plan, load_workbook(BytesIO(done.content))[plan.sheet.name]


def part_added(name: str, content: bytes) -> bytes:
    """A workbook with one more part in its zip."""
    out = BytesIO(workbook([("企业名称", "编号")]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


REFUSED = {
    "a password": (OLE + b"\0" * 512 + ENCRYPTED, "统计局表.xlsx", "password"),
    "an old .xls": (OLE + b"\0" * 512, "统计局表.xls", "old .xls"),
    "an old .xls by another name": (OLE + b"\0" * 512, "统计局表.xlsx", "old .xls"),
    "macros": (workbook([("企业名称", "编号")]), "统计局表.xlsm", "macros"),
    "a bomb": (part_added("xl/media/x.bin", b"\0" * 250 * 2**20), "统计局表.xlsx", "unpack"),
    "half a file": (workbook([("企业名称", "编号")])[:-200], "统计局表.xlsx", "Excel"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_it_is_refused_in_a_sentence_and_nothing_is_remembered(made: Office, case: str) -> None:
    from django.utils import translation

    content, name, word = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        understood(made, content, name)
    with translation.override("en"):
        assert word in str(refused.value) and refused.value.field == "file"
    assert not Reading.objects.exists()


def test_a_macro_inside_an_xlsx_is_not_kept(made: Office) -> None:
    plan = understood(made, part_added("xl/vbaProject.bin", b"macro"))
    done = fill_sheet(actor=made.actor("section"), at=AT, plan=plan)
    with zipfile.ZipFile(BytesIO(done.content)) as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()


def test_a_blank_sheet_that_would_become_too_long_says_so(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 1)
    plan = understood(made, workbook([("企业名称", "编号")]))
    with pytest.raises(Invalid) as refused:
        fill_sheet(actor=made.actor("section"), at=AT, plan=plan)
    assert refused.value.field == "filter"


def test_ten_thousand_named_rows_are_filled_where_they_are_known(made: Office) -> None:
    names = [(f"无此企业{n}", None) for n in range(10_000)]
    plan = understood(made, workbook([("企业名称", "编号"), *names, ("乙商店", None)]))
    found = rows.rows_of(plan, made.actor("section"), AT)
    assert [line.row for line in found.lines] == [10_002] and len(found.strange) == 10_000


def test_headings_over_two_lines_under_a_merged_one_are_read_together(made: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("基本情况", None, "分类"), ("企业名称", "编号", "行业"), ("甲公司", None, None)):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    out = BytesIO()
    book.save(out)
    plan, page = filled(made, out.getvalue())
    assert [plan.source(c) for c in plan.columns] == ["name", "code", "sector"]
    assert [page["B3"].value, page["C3"].value] == ["E1", "零售"] and "A1:B1" in page.merged_cells


def test_a_heading_that_two_columns_bear_fills_neither_by_a_guess(made: Office) -> None:
    plan, page = filled(made, workbook([("企业名称", "行业", "行业"), ("甲公司", None, None)]))
    assert plan.remarks and [c.letter for c in plan.unknown] == ["C"]
    assert page["C2"].value is None
    chosen, page = filled(made, workbook([("企业名称", "行业", "行业"), ("甲公司", None, None)]), subject="enterprise",
                          mapping={1: "name", 2: "sector", 3: "code"})  # fmt: skip
    assert not chosen.unknown and page["C2"].value == "E1"


def test_formulas_survive_also_below_a_table_that_grows(made: Office) -> None:
    sheet = workbook([("企业名称", "编号", "长度"), (None, None, None), ("合计：", None, "=COUNTA(A2:A2)")])
    plan, page = filled(made, sheet)
    assert [c.heading for c in plan.unknown] == ["长度"] and page["C2"].value is None
    [formula] = [c.value for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert str(formula).startswith("=COUNTA(")
    assert [page.cell(r, 1).value for r in (2, 3, 4)] == ["甲公司", "乙商店", "合计："]


def test_what_nobody_knows_stays_empty_and_is_listed(made: Office) -> None:
    plan = understood(made, workbook([("企业名称", "去年产值（万元）", "属相"), ("甲公司", None, None)]))
    done = fill_sheet(actor=made.actor("section"), at=AT, plan=plan)
    assert done.unknown == ["去年产值（万元）", "属相"]
    book = load_workbook(BytesIO(done.content))
    assert [book.worksheets[0]["B2"].value, book.worksheets[0]["C2"].value] == [None, None]
    said = [[c.value for c in row][:2] for row in book.worksheets[-1].iter_rows()]
    assert {row[0] for row in said} >= {"去年产值（万元）", "属相"}
