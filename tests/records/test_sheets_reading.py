"""What a sheet says: headings, units, numbers and days as clerks write them; and what no sheet should say."""

# ruff: noqa: DTZ001  # sheets know no time zones

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories.sheets import HEAD, remarks, said, saved, typed, typed_file, workbook
from zijing.records.sheets import Options, Result


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def one(heading: str, value: Any, shape: Callable[[Worksheet], None] | None = None) -> tuple[Any, str]:
    """The value of one more cell, and the sentence about it; also the questions asked, after a bar."""
    result = typed([(*HEAD, heading), ("Q1", "甲", value)], shape=shape)
    values = next((list(r.values.values())[2:] for r in result.rows), [])
    asked = "|".join(r.message for r in result.questions)
    return (values[0] if values else None), "\n".join(e.message for e in result.errors) or asked


def fields(result: Result) -> dict[str, str]:
    return {c.letter: c.field.key for c in result.mapped if c.field}


# headings


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("企业名称", "name"), ("Name", "name"), ("name", "name"), ("单位名称", "name"), (" 企业 名称＊", "name"), ("ＮＡＭＥ", "name"),
        ("企业名称（必填）", "name"), ("总投资（亿元）", "investment"), ("总投资/万元", "investment"), ("Total investment (yuan)", "investment"),
        ("统一社会信用代码【18位】", "credit_code"),
    ],
)  # fmt: skip
def test_headings_are_recognised(heading: str, key: str) -> None:
    result = typed([("企业编号", heading, "行业"), ("Q1", "1", "工业")])
    assert fields(result)["B"] == key


def test_title_rows_are_skipped() -> None:
    result = typed([("紫荆路街道企业台账",), (), ("填报单位：经济办", None, "2020-09"), HEAD, ("Q1", "甲")])
    assert result.header == 4 and [r.number for r in result.rows] == [5]


def test_a_typo_is_guessed_but_asked_about() -> None:
    result = typed([(*HEAD, "统一社会信用代玛"), ("Q1", "甲", "91410181")])
    assert fields(result)["C"] == "credit_code"
    assert [r.message for r in result.questions] == ["Column C “统一社会信用代玛” was taken for “Credit code”."]


@pytest.mark.parametrize("heading", ["退统日期", "总资产", "出资总额", "日期", "x"])
def test_what_only_resembles_is_not_guessed(heading: str) -> None:
    result = typed([(*HEAD, heading), ("Q1", "甲", "1")])
    assert fields(result) == {"A": "code", "B": "name"}
    assert remarks(result) == [f"Column C “{heading}” is not imported."]


def test_missing_columns_are_named_with_the_headings_expected() -> None:
    result = typed([("企业名称", "行业"), ("甲", "工业")])
    assert said(result) == [
        ("1", "There is no column for “Enterprise number”. Expected heading: Enterprise number or 编号.")
    ]


def test_two_columns_for_one_field_are_refused() -> None:
    result = typed([(*HEAD, "企业名称"), ("Q1", "甲", "乙")])
    assert said(result) == [("C1", "Columns B and C both mean “Name”. Choose one of them.")]


def test_an_alias_beside_the_title_is_left_out() -> None:
    result = typed([(*HEAD, "编号"), ("Q1", "甲", "7")])
    assert not result.errors and fields(result) == {"A": "code", "B": "name"}


def test_no_headings_at_all() -> None:
    assert said(typed([("a", "b"), (1, 2)])) == [
        ("", "No row of headings was recognised. Expected are, for example: Enterprise number, Name.")
    ]


def test_two_rows_that_could_be_the_headings_are_asked_about() -> None:
    result = typed([HEAD, ("编号", "名称"), ("Q1", "甲")])
    assert "Rows 1 and 2 both look like headings." in said(result)[0][1]
    assert not typed([HEAD, ("编号", "名称"), ("Q1", "甲")], Options(header=2)).errors


def test_repeated_headings_between_the_rows_are_left_out() -> None:
    result = typed([HEAD, ("Q1", "甲"), HEAD, ("Q2", "乙")])
    assert [r.number for r in result.rows] == [2, 4]
    assert remarks(result) == ["Row 3 repeats the headings; it is left out."]


def test_headings_in_two_tiers() -> None:
    def merge(sheet: Worksheet) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:D1"):
            sheet.merge_cells(cells)

    result = typed([(*HEAD, "情况", None), (None, None, "行业", "职工人数"), ("Q1", "甲", "工业", 5)], shape=merge)
    assert fields(result) == {"A": "code", "B": "name", "C": "sector", "D": "staff"}
    assert [r.values["staff"] for r in result.rows] == [5]


def test_the_mapping_can_be_chosen() -> None:
    rows = [("甲列", "乙列", "丙列"), ("Q1", "甲", "x")]
    result = typed(rows, Options(header=1, mapping={1: "code", 2: "name", 3: ""}))
    assert result.rows[0].values == {"code": "Q1", "name": "甲"} and not result.errors
    twice = typed(rows, Options(header=1, mapping={1: "code", 2: "name", 3: "name"}))
    assert said(twice) == [("C1", "Columns B and C both mean “Name”. Choose one of them.")]
    unknown = typed(rows, Options(header=1, mapping={1: "code", 2: "name", 3: "wealth"}))
    assert said(unknown) == [("C1", "There is no field “wealth”.")]


def test_a_chosen_heading_row_must_not_be_empty() -> None:
    assert said(typed([HEAD, ("Q1", "甲")], Options(header=9))) == [
        ("", "Row 9 is empty; it cannot hold the headings.")
    ]


# units


@pytest.mark.parametrize(
    ("heading", "value", "fen"),
    [
        ("总投资", 1.5, 150_000_000_00), ("总投资（元）", 32, 32_00), ("总投资(万元)", 32, 320_000_00), ("总投资【亿元】", "1.2", 120_000_000_00),
        ("总投资（亿元）", "３２亿元", 3_200_000_000_00), ("总投资（亿元）", "1.5万", 15_000_00), ("总投资（万元）", "1,200", 12_000_000_00),
        ("总投资（亿元）", "5000万元", 50_000_000_00), ("Total investment (10,000 yuan)", 3, 30_000_00), ("总投资", 0.1 + 0.2, 30_000_000_00),
    ],
)  # fmt: skip
def test_money_in_the_units_of_the_heading(heading: str, value: Any, fen: int) -> None:
    assert one(heading, value) == (fen, "")


def test_foreign_money_is_refused() -> None:
    assert "Amounts in 万美元 are not known here." in one("总投资（万美元）", 3)[1]


def test_the_unit_above_the_table_counts_but_is_asked_about() -> None:
    result = typed([("台账",), (None, None, "单位：万元"), (*HEAD, "总投资"), ("Q1", "甲", 3)])
    assert result.rows[0].values["investment"] == 30_000_00
    assert [r.message for r in result.questions] == [
        "Amounts in 总投资 are read in 万元, as the line above the table says."
    ]


@pytest.mark.parametrize(
    ("heading", "value", "stored"),
    [
        ("占地面积（㎡）", 12.5, Decimal("12.5")), ("占地面积（万平方米）", 1.25, Decimal(12500)), ("占地面积（万平方米）", "1.25", Decimal(12500)),
        ("占地面积（万平方米）", "1.25万", Decimal(12500)), ("职工人数（人）", 12, 12), ("职工人数（万人）", 1.2, 12000), ("占地面积（必填）", 3, Decimal(3)),
    ],
)  # fmt: skip
def test_quantities_in_the_units_of_the_heading(heading: str, value: Any, stored: Any) -> None:
    assert one(heading, value) == (stored, "")


def test_another_unit_is_not_converted_silently() -> None:
    assert (
        one("占地面积（亩）", 3)[1] == "The heading counts in 亩, but “Area” is counted in 平方米. Convert the column."
    )


# numbers


@pytest.mark.parametrize(("value", "stored"), [("1.5万", 15000), ("３２", 32), ("1,234", 1234), (12.0, 12)])
def test_written_numbers(value: Any, stored: int) -> None:
    assert one("职工人数", value) == (stored, "")


@pytest.mark.parametrize(
    "value", ["约50", "12.5", "约五十", "1.5.2", "1e3", 12.5, True, "-", datetime(2020, 1, 2), time(3)]
)
def test_what_is_no_whole_number(value: Any) -> None:
    stored, sentence = one("职工人数", value)
    assert stored is None and sentence


@pytest.mark.parametrize("value", [1e300, -1e18, 10**15])
def test_numbers_beyond_what_a_sheet_keeps(value: Any) -> None:
    for heading in ("职工人数", "总投资", "统一社会信用代码", "完成比例"):
        assert one(heading, value) == (
            None, "The number is too large, or the sheet kept only 15 of its digits. Write it as text."
        )  # fmt: skip


def percent(sheet: Worksheet) -> None:
    sheet["C2"].number_format = "0.0%"


def test_percents_by_format_by_sign_and_bare() -> None:
    assert one("完成比例", 0.5, percent) == (Decimal(50), "")
    assert one("完成比例", "50%") == (Decimal(50), "")
    assert one("完成比例（%）", 0.5) == (Decimal("0.5"), "")
    assert one("完成比例", 50) == (Decimal(50), "")
    stored, asked = one("完成比例", 0.5)
    assert stored == Decimal("0.5") and "0.5 is read as 0.5 percent" in asked
    assert "between 0 and 100" in one("完成比例", 1.2, percent)[1]


@pytest.mark.parametrize("code", ['0!.0,"万"', "#,##0,", '0.00,,"百万"'])
def test_a_format_that_shortens_is_asked_about(code: str) -> None:
    def shorten(sheet: Worksheet) -> None:
        sheet["C2"].number_format = code

    stored, asked = one("总投资（元）", 32000, shorten)
    assert stored == 32000_00 and "Column C “总投资（元）”: 1 cell is shown shortened" in asked


def test_a_plain_thousands_format_is_not() -> None:
    def thousands(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "#,##0.00"

    assert one("总投资（元）", 32000, thousands) == (32000_00, "")


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (410181005001.0, "410181005001"),
        (7, "7"),
        (1.5, "1.5"),
        (date(2020, 8, 31), "2020-08-31"),
        (True, "TRUE"),
        (" a b\n", "a b"),
    ],
)
def test_texts_from_other_cells(value: Any, stored: str) -> None:
    assert one("统一社会信用代码", value) == (stored, "")


# days


@pytest.mark.parametrize(
    "value",
    [
        date(2020, 8, 31), datetime(2020, 8, 31, 17), "2020-08-31", "2020年8月31日", "2020.8.31", "２０２０/８/３１", 44074, 44074.0,
        20200831, "20200831",
    ],
)  # fmt: skip
def test_days(value: Any) -> None:
    assert one("入统日期", value) == (date(2020, 8, 31), "")


@pytest.mark.parametrize(
    "value",
    [
        "2020-02-30",
        "2020年13月1日",
        "8月底",
        1900,
        0,
        -5,
        1e6,
        44074.5,
        "1900-01-01",
        date(1900, 1, 1),
        time(8),
        True,
        "2020",
        99999,
    ],
)
def test_impossible_days(value: Any) -> None:
    stored, sentence = one("入统日期", value)
    assert stored is None
    assert "is no date" in sentence or "cannot be right" in sentence


def test_zero_shown_as_a_day_is_impossible() -> None:
    def as_day(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "yyyy-mm-dd"

    assert "is no date" in one("入统日期", 0, as_day)[1]


def test_bare_day_numbers_are_not_guessed_in_a_1904_workbook() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    for row in [(*HEAD, "入统日期"), ("Q1", "甲", 42612), ("Q2", "乙", date(2020, 8, 31))]:
        book.active.append(row)
    result = typed_file(saved(book))
    assert [e.where for e in result.errors] == ["C2"]
    assert result.rows[0].values["joined_on"] == date(2020, 8, 31)


# formulas and faults


def test_formula_cells_are_refused_one_by_one() -> None:
    result = typed([(*HEAD, "职工人数"), ("Q1", "甲", "=1+1"), ("Q2", "乙", 3)])
    assert said(result) == [("C2", "The cell holds a formula. Copy the column and paste it as values.")]


def test_a_formula_outside_the_imported_columns_does_not_matter() -> None:
    result = typed([(*HEAD, "其他"), ("Q1", "甲", "=1+1"), ("合计", None, "=SUM(C2:C2)")])
    assert not result.errors and len(result.rows) == 1


def test_cells_with_an_error_of_the_sheet() -> None:
    result = typed([(*HEAD, "职工人数"), ("Q1", "甲", "#REF!")])
    assert said(result) == [("C2", "The cell shows an error of the sheet, such as #REF! or #N/A. Write the value.")]


# choices and keys


def test_a_wrong_code_is_told_the_right_ones() -> None:
    assert one("行业", "金融")[1] == "“金融” is none of: industry, retail."
    assert one("行业", "工业") == ("industry", "") == one("行业", "industry")


def test_duplicates_are_marked_on_both_rows() -> None:
    result = typed([HEAD, ("Q1", "甲"), ("Q2", "乙"), ("Q1", "丙")])
    assert said(result) == [
        ("A2", "“Q1” stands in row 4 too. Each may stand only once."),
        ("A4", "“Q1” stands in row 2 too. Each may stand only once."),
    ]


def test_duplicates_are_found_beside_other_faults_and_across_types() -> None:
    result = typed([(*HEAD, "职工人数"), (7, "甲", "x"), ("7", "乙", 1)])
    assert [e.where for e in result.errors] == ["A2", "C2", "A3"]


def test_needed_cells_are_told() -> None:
    result = typed([HEAD, ("Q1", None), (None, "乙")])
    assert said(result) == [("B2", "“Name” is needed."), ("A3", "“Enterprise number” is needed.")]


def test_every_fault_of_a_sheet_is_told_at_once() -> None:
    result = typed([(*HEAD, "入统日期", "行业"), ("Q1", "甲", "2020-02-30", "金融"), ("", "", "1900", "")])
    assert [e.where for e in result.errors] == ["C2", "D2", "A3", "B3", "C3"]
    assert not result.rows


# rows that are none


def test_blank_and_only_numbered_rows_are_skipped() -> None:
    result = typed([("序号", *HEAD), (1, "Q1", "甲"), (2, None, None), (None, " ", ""), (3, "Q3", "丙")])
    assert [r.number for r in result.rows] == [2, 5] and len(result.remarks) == 1


@pytest.mark.parametrize("note", ["注：数据截至九月底", "备注: 略", "说明：甲", "填表人：张", "Note: draft", "※注：略"])
def test_trailing_notes_are_left_out_with_a_question(note: str) -> None:
    result = typed([HEAD, ("Q1", "甲"), (note,)])
    assert [r.number for r in result.rows] == [2] and not result.errors
    assert [r.message for r in result.questions] == [f"Row 3 (“{note}”) is a note; it is left out."]


def test_signatures_below_the_table_are_left_out() -> None:
    result = typed([HEAD, ("Q1", "甲"), ("填表人：张", "审核：李")])
    assert not result.errors and len(result.rows) == 1


def test_a_record_that_starts_like_a_note_stays_a_record() -> None:
    result = typed([HEAD, ("注：1", "甲")])
    assert [r.values["code"] for r in result.rows] == ["注：1"]


@pytest.mark.parametrize("word", ["合计", "总 计", "小计", "Total"])
def test_totals_are_left_out_with_a_question(word: str) -> None:
    result = typed([(*HEAD, "总投资"), ("Q1", "甲", 1), (word, None, 1)])
    assert not result.errors and len(result.rows) == 1
    assert result.questions[0].message == f"Row 3 (“{word}”) is a total; it is left out."


def test_a_row_with_data_but_no_name_is_an_error_not_a_note() -> None:
    result = typed([(*HEAD, "总投资", "职工人数"), ("Q1", "甲", 1, 1), (None, None, 5, 6)])
    assert [e.where for e in result.errors] == ["A3", "B3"]


def test_headings_without_rows() -> None:
    assert said(typed([HEAD])) == [("", "The sheet has headings but no rows below them.")]


# merged and hidden


def test_merged_data_cells_are_named() -> None:
    result = typed([HEAD, ("Q1", "甲"), ("Q2", None), ("Q3", "丙")], shape=lambda s: s.merge_cells("B2:B3"))
    assert said(result) == [("B2", "The cells B2:B3 are merged. Unmerge them and fill in each cell.")]
    assert [r.number for r in result.rows] == [4]


def test_merged_cells_in_titles_and_ignored_columns_do_not_matter() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C3:C4")

    result = typed([("企业台账",), (*HEAD, "片区"), ("Q1", "甲", "东"), ("Q2", "乙")], shape=merge)
    assert not result.errors and len(result.rows) == 2


def test_a_line_across_the_table_is_left_out_with_a_question() -> None:
    result = typed([HEAD, ("一、工业企业",), ("Q1", "甲")], shape=lambda s: s.merge_cells("A2:B2"))
    assert not result.errors and [r.number for r in result.rows] == [3]
    assert result.questions[0].message == "Row 2 (“一、工业企业”) is a line across the table; it is left out."


def hide_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


HIDDEN = [HEAD, ("Q1", "甲"), ("Q2", "乙"), ("Q3", "丙")]


def test_hidden_rows_wait_for_a_decision() -> None:
    result = typed(HIDDEN, shape=hide_row)
    assert said(result) == [
        ("3", "Row 3 is hidden in the sheet. Show it, or decide whether hidden rows and columns are imported.")
    ]
    assert result.asks_hidden and not result.rows


def test_hidden_rows_with_and_without() -> None:
    included = typed(HIDDEN, Options(hidden="with"), shape=hide_row)
    assert [r.number for r in included.rows] == [2, 3, 4]
    assert remarks(included) == ["Row 3 is hidden in the sheet. It is imported, as chosen."]
    excluded = typed(HIDDEN, Options(hidden="without"), shape=hide_row)
    assert [r.number for r in excluded.rows] == [2, 4]
    assert remarks(excluded) == ["Row 3 is hidden in the sheet. It is not imported, as chosen."]


def test_hidden_blank_rows_need_no_decision() -> None:
    assert not typed([HEAD, ("Q1", "甲"), (), ("Q3", "丙")], shape=hide_row).errors


def hide_column(letter: str) -> Callable[[Worksheet], None]:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions[letter].hidden = True

    return hide


def test_hidden_columns() -> None:
    rows = [(*HEAD, "职工人数", "其他"), ("Q1", "甲", 5, 6)]
    assert said(typed(rows, shape=hide_column("C"))) == [
        (
            "C1",
            "Column C “职工人数” is hidden in the sheet. Show it, or decide whether hidden rows and columns are imported.",
        )
    ]
    assert "staff" in typed(rows, Options(hidden="with"), shape=hide_column("C")).rows[0].values
    assert "staff" not in typed(rows, Options(hidden="without"), shape=hide_column("C")).rows[0].values
    assert not typed(rows, shape=hide_column("D")).errors
    assert said(typed(rows, Options(hidden="without"), shape=hide_column("B"))) == [
        ("B1", "Column B “企业名称” is hidden but needed. Show it, or import what is hidden.")
    ]


# sheets


def two_sheets(second: list[tuple[Any, ...]], state: str = "visible") -> bytes:
    book = Workbook()
    book.active.title = "台账"
    for row in (HEAD, ("Q1", "甲")):
        book.active.append(row)
    other = book.create_sheet("说明")
    for line in second:
        other.append(line)
    other.sheet_state = state
    return saved(book)


def test_the_only_fitting_sheet_is_taken() -> None:
    result = typed_file(two_sheets([("怎样填写",)]))
    assert result.sheet == "台账" and remarks(result) == ["The sheet “说明” is not read."]


def test_several_fitting_sheets_are_asked_about() -> None:
    content = two_sheets([HEAD, ("Q2", "乙")])
    assert said(typed_file(content)) == [("", "Say which sheet is to be imported: 台账, 说明.")]
    assert [r.values["code"] for r in typed_file(content, Options(sheet="说明")).rows] == ["Q2"]
    assert said(typed_file(content, Options(sheet="x"))) == [
        ("", "There is no sheet “x” in the workbook; it has: 台账, 说明.")
    ]


def test_a_hidden_sheet_is_not_read_and_told() -> None:
    result = typed_file(two_sheets([HEAD, ("Q2", "乙")], "hidden"))
    assert result.sheet == "台账" and remarks(result) == ["The hidden sheet “说明” is not read."]


def test_an_empty_workbook() -> None:
    assert said(typed([])) == [("", "The workbook is empty.")]


def test_errors_end_at_a_limit() -> None:
    result = typed([(*HEAD, "职工人数"), *((f"Q{n}", "甲", "x") for n in range(1500))])
    assert (
        len(result.errors) == 1000
        and remarks(result)[-1] == "There are more errors than are listed here. Correct these first."
    )


def test_labels_follow_the_language() -> None:
    with translation.override("zh-hans"):
        result = typed([HEAD, ("Q1", None)])
    assert [e.message for e in result.errors] == ["请填写“企业名称”。"]


def test_workbook_of_a_blank_heading_cell() -> None:
    result = typed_file(workbook([("企业编号", None, "企业名称"), ("Q1", "散", "甲")]))
    assert fields(result) == {"A": "code", "C": "name"} and result.rows[0].values["name"] == "甲"
