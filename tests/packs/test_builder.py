"""A sheet wanted from above: found out, filled, its looks kept, every number with the way to its records."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import workbook
from zijing.core.errors import DomainError, Invalid
from zijing.journal.models import JournalEntry
from zijing.packs.builder.asking import fill_or_ask, fill_sheet
from zijing.packs.builder.outcome import Filled
from zijing.packs.builder.plan import Choices, Plan, look
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.records.kinds import kind_of
from zijing.records.models import Reading

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)


@pytest.fixture
def made() -> Office:
    made = office()
    shops = (("E1", "甲公司", "industry", "示例社区01"), ("E2", "乙商店", "retail", "示例村02"))
    for code, name, sector, place in shops:
        values = {"code": code, "name": name, "sector": sector, "status": "ordinary", "place": place}
        record(actor=made.actor("section"), at=AT, kind=kind_of("enterprise"), values=values, client_id=uuid4())
    for place in ("第一网格", "第一网格", "村一网格"):
        values = {"class": "safety", "what": "井盖破损", "place": place}
        record(actor=made.system, at=AT, kind=kind_of("issue"), values=values, client_id=uuid4())
    return made


def fill(actor: Actor, content: bytes, at: datetime = AT, **chosen: Any) -> tuple[Plan, Filled, Any]:
    plan = look(actor=actor, at=at, source=content, choices=Choices(**chosen))
    done = fill_sheet(actor=actor, at=at, plan=plan)
    return plan, done, load_workbook(BytesIO(done.content))[plan.sheet.name]


def titled(*rows: Any) -> bytes:
    """A sheet as a bureau sends it: a merged title, a line that says who fills it in, bold headings."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附件1"
    for row in (("规上企业情况统计表",), ("填报单位：",), *rows):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet["A3"].font = Font(bold=True, name="仿宋")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_blank_sheet_gets_a_row_for_each_record_and_keeps_its_looks(made: Office) -> None:
    sheet = titled(("序号", "企业名称", "所属行业", "法人属相", "编号"))
    plan, done, filled = fill(made.actor("section"), sheet)
    assert plan.subject.key == "enterprise" and [c.heading for c in plan.unknown] == ["法人属相"]
    rows = [[c.value for c in line] for line in filled.iter_rows(min_row=4, max_row=5)]
    assert rows == [[1, "甲公司", "工业", None, "E1"], [2, "乙商店", "零售", None, "E2"]]
    assert filled["A1"].value == "规上企业情况统计表" and "A1:E1" in filled.merged_cells
    assert filled["A3"].font.b and filled["A3"].font.name == "仿宋"
    assert filled["D3"].comment and done.unknown == ["法人属相"]
    assert "/records/register/" in filled["B4"].hyperlink.target


def test_named_rows_are_found_by_name_or_number_and_strange_ones_marked(made: Office) -> None:
    sheet = workbook([("企业", "行业"), ("乙商店", None), ("无此企业", None), ("填表人：张三", None)])
    _plan, done, filled = fill(made.actor("section"), sheet, subject="enterprise", mapping={1: "name", 2: "sector"})
    assert filled["B2"].value == "零售" and filled["B3"].value is None
    assert done.strange == [(3, "无此企业")] and filled["A3"].comment and not filled["A4"].comment


def test_what_lies_below_a_blank_table_moves_down(made: Office) -> None:
    sheet = titled(("企业名称", "编号"), (None, None), ("填表人：", "审核人："))
    _plan, _done, filled = fill(made.actor("section"), sheet)
    assert [filled.cell(r, 1).value for r in range(4, 7)] == ["甲公司", "乙商店", "填表人："]


def test_figures_of_places_lead_to_their_records(made: Office) -> None:
    sheet = workbook(
        [
            ("社区（村）", "本月问题上报数", "养殖户数"),
            ("示例社区01", None, None),
            ("示例村02", None, None),
            ("合计", None, None),
        ]
    )
    plan, done, filled = fill(
        made.actor("secretary"), sheet, subject="places", mapping={1: "place-name", 2: "cases.filed@month"}
    )
    assert [filled.cell(r, 2).value for r in (2, 3, 4)] == [2, 1, 3]
    assert "place=" in filled["B2"].hyperlink.target and done.links == 3
    assert [c.heading for c in plan.unknown] == ["养殖户数"]


def test_the_days_a_heading_names_are_those_of_its_figures(made: Office) -> None:
    from zijing.figures.known import find

    title = find("cases.filed").title_zh
    plan = look(
        actor=made.actor("secretary"), at=AT, choices=Choices(),
        source=workbook([("社区", f"本月{title}", f"年初以来{title}", f"8月{title}")]),
    )  # fmt: skip
    assert plan.subject.key == "places"
    assert [plan.source(c) for c in plan.columns] == [
        "place-name", "cases.filed@month", "cases.filed@year", "cases.filed@2020-08",
    ]  # fmt: skip


def test_the_way_a_sheet_was_filled_is_offered_again_whatever_the_order(made: Office) -> None:
    chosen = {1: "name", 2: "sector", 3: ""}
    first = workbook([("商户", "干什么的", "属相")])
    fill(made.actor("section"), first, subject="enterprise", mapping=chosen, filter={"f.sector": "retail"})
    plan, _done, filled = fill(made.actor("leader"), workbook([("干什么的", "属相", "商户")]))
    assert plan.remembered and [filled.cell(2, n).value for n in (1, 2, 3)] == ["零售", None, "乙商店"]
    other = office("410181006000", "孝义街道")
    again = look(actor=other.actor("section"), at=AT, source=first, choices=Choices())
    assert not again.remembered, "another office decides for itself"


def test_nothing_is_guessed_below_a_threshold(made: Office) -> None:
    plan = look(actor=made.actor("section"), at=AT, source=workbook([("甲", "乙", "丙")]), choices=Choices())
    assert not plan.mapped and len(plan.unknown) == 3


def test_only_what_the_reader_sees_is_filled(made: Office) -> None:
    sheet = workbook([("企业名称", "编号")])
    _plan, done, _filled = fill(made.actor("community"), sheet, subject="enterprise")
    assert done.rows == 1


def test_personal_values_stay_masked() -> None:
    made = office(packs=("hazards",))
    values = {
        "code": "Y1", "name": "大觉寺", "class": "factory", "risk": "major", "place": "示例村02", "contact": "13800138000"
    }  # fmt: skip
    record(actor=made.system, at=AT, kind=kind_of("hazard-point"), values=values, client_id=uuid4())
    _plan, _done, filled = fill(
        made.system,
        workbook([("隐患点位", "联系电话"), ("大觉寺", None)]),
        subject="hazard-point",
        mapping={1: "name", 2: "contact"},
    )
    assert filled["B2"].value and "13800138000" not in filled["B2"].value


def test_two_equal_headings_are_told_apart_by_a_person(made: Office) -> None:
    sheet = workbook([("企业名称", "编号", "编号"), ("乙商店", None, None)])
    plan, _done, filled = fill(made.actor("section"), sheet)
    assert plan.remarks and len(plan.unknown) == 1
    assert filled["B2"].value == "E2" and filled["C2"].value is None


def test_what_stands_is_kept_unless_it_is_written_over_and_formulas_always(made: Office) -> None:
    sheet = workbook([("企业名称", "行业", "状态"), ("乙商店", "旧", "=1+1")])
    _plan, done, filled = fill(made.actor("section"), sheet)
    assert filled["B2"].value == "旧" and done.kept == 2
    _plan, _done, over = fill(made.actor("section"), sheet, over=True)
    assert over["B2"].value == "零售" and over["C2"].value == "=1+1"


def test_no_text_becomes_a_formula(made: Office) -> None:
    values = {"code": "E4", "name": "=HYPERLINK(1)", "sector": "retail", "status": "ordinary", "place": "示例村02"}
    record(actor=made.actor("section"), at=AT, kind=kind_of("enterprise"), values=values, client_id=uuid4())
    _plan, _done, filled = fill(made.actor("section"), workbook([("编号", "企业名称"), ("E4", None)]))
    assert filled["B2"].value == "=HYPERLINK(1)" and filled["B2"].data_type == "s"


@pytest.mark.parametrize("content", [b"PK no workbook", b"", workbook([(None,)]), workbook([(1, 2), (3, 4)])])
def test_what_is_no_sheet_with_headings_is_refused(made: Office, content: bytes) -> None:
    with pytest.raises(Invalid):
        look(actor=made.actor("section"), at=AT, source=content, choices=Choices())


def test_macros_a_bad_filter_an_unknown_field_and_bad_days_are_refused(made: Office) -> None:
    actor, sheet = made.actor("section"), workbook([("企业名称", "编号")])
    with pytest.raises(Invalid):
        look(actor=actor, at=AT, source=sheet, choices=Choices(), name="a.xlsm")
    for wrong in (
        {"filter": {"nothing": "1"}},
        {"mapping": {1: "nothing"}},
        {"subject": "nothing"},
        {"period": "soon"},
    ):
        with pytest.raises(DomainError):
            look(actor=actor, at=AT, source=sheet, choices=Choices(**{"subject": "enterprise", **wrong}))


def test_figures_are_for_who_may_read_them(made: Office) -> None:
    with pytest.raises(DomainError):
        look(
            actor=made.actor("system_admin"), at=AT, source=workbook([("社区", "x")]), choices=Choices(subject="places")
        )  # fmt: skip


def test_a_long_sheet_becomes_a_job_and_the_journal_hears_no_content(made: Office, monkeypatch: Any) -> None:
    from zijing.packs.builder import asking

    sheet = workbook([("企业名称", "编号")])
    asked = {"actor": made.actor("section"), "at": AT, "content": sheet, "choices": Choices(), "client_id": uuid4()}
    _plan, done = fill_or_ask(**asked)
    assert isinstance(done, Filled)
    said = JournalEntry.objects.filter(verb="sheets.fill").get()
    assert said.changes == {"rows": [None, 2], "cells": [None, 4]}
    assert Reading.objects.count() == 1
    monkeypatch.setattr(asking, "ROWS_AT_ONCE", 1)
    _plan, job = fill_or_ask(**{**asked, "client_id": uuid4()})
    assert not isinstance(job, Filled) and job.task == "fill"
