"""The workbook handed back: the right cells marked, the rest as it was, nothing that could run."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories.sheets import HEAD, NOBODY, Ledger, typed_file, with_parts, workbook
from zijing.records.sheets import Options
from zijing.records.sheets.book import read
from zijing.records.sheets.intake import prepare
from zijing.records.sheets.letters import column_letter
from zijing.records.sheets.marking import annotate

ROWS = [("企业台账",), (*HEAD, "总投资"), ("Q1", "甲", "三亿多"), ("Q2", None, 5), ("=1+1", "丙", 7)]


def marked(content: bytes, language: str = "en") -> Workbook:
    with translation.override(language):
        result = prepare(read(content), Ledger(), NOBODY, Options())
        return load_workbook(BytesIO(annotate(content, result)))


def notes(sheet: Worksheet) -> dict[str, str]:
    return {c.coordinate: c.comment.text for line in sheet.iter_rows() for c in line if c.comment}


def texts(sheet: Worksheet) -> list[str]:
    return [str(c.value) for line in sheet.iter_rows() for c in line if c.value]


def test_each_wrong_cell_is_coloured_and_explained() -> None:
    book = marked(workbook(ROWS, title="台账"))
    sheet = book["台账"]
    assert notes(sheet) == {
        "C3": "“三亿多” is not a number. Write digits, for example 1200 or 1.5万.",
        "B4": "“Name” is needed.",
        "A5": "The cell holds a formula. Copy the column and paste it as values.",
    }
    assert {c for c in notes(sheet) if sheet[c].fill.fgColor.rgb == "FFFFC7CE"} == set(notes(sheet))
    assert sheet["A3"].fill.fgColor.rgb != "FFFFC7CE"


def test_the_original_stays() -> None:
    def shape(sheet: Worksheet) -> None:
        sheet["A1"].fill = PatternFill("solid", fgColor="FF00FF00")
        sheet["B4"].comment = Comment("ask Zhang", "Li")
        sheet.column_dimensions["B"].width = 33
        sheet.merge_cells("A1:C1")

    sheet = marked(workbook(ROWS, title="台账", shape=shape))["台账"]
    assert [[c.value for c in line] for line in sheet.iter_rows()][1:] == [list(r) for r in ROWS[1:]]
    assert sheet["A1"].fill.fgColor.rgb == "FF00FF00" and sheet.column_dimensions["B"].width == 33
    assert notes(sheet)["B4"] == "ask Zhang\n“Name” is needed."
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:C1"]


@pytest.mark.parametrize(("language", "title", "cell"), [("en", "Import result", "Cell"), ("zh-hans", None, None)])
def test_a_first_sheet_sums_up(language: str, title: str | None, cell: str | None) -> None:
    book = marked(workbook(ROWS, title="台账"), language)
    summary = book.worksheets[0]
    assert len(book.sheetnames) == 2 and book.active is summary
    assert title is None or (summary.title == title and cell in texts(summary))
    assert [c.hyperlink.location or c.hyperlink.target for c in summary["A"] if c.hyperlink] == [
        "'台账'!C3",
        "'台账'!B4",
        "'台账'!A5",
    ]


def test_nothing_that_is_added_can_run() -> None:
    evil = '=HYPERLINK("http://x","y")'
    content = workbook([(*HEAD, "行业"), ("@SUM(1)", "甲", "-1+1"), ("+1", None, "=x"), ("\t=1", "乙", "工业")])
    book = marked(with_parts(content))
    for cell in (c for line in book.worksheets[0].iter_rows() for c in line if c.value is not None):
        assert cell.data_type == "s" and cell.quotePrefix, cell.coordinate
    heading = workbook([(*HEAD, evil.replace("=", "＝", 1)), ("Q1", None, "x")])
    assert all(c.data_type != "f" for sheet in marked(heading).worksheets for line in sheet.iter_rows() for c in line)


def test_a_corrected_workbook_can_be_sent_again_as_it_is() -> None:
    book = marked(workbook([HEAD, ("Q1", None)], title="台账"))
    book["台账"]["B2"] = "甲"
    out = BytesIO()
    book.save(out)
    result = typed_file(out.getvalue())
    assert (
        not result.errors and [r.values for r in result.rows] == [{"code": "Q1", "name": "甲"}] and not result.remarks
    )


def test_old_marks_go_when_new_ones_come() -> None:
    first = marked(workbook([HEAD, ("Q1", None), ("Q2", None)], title="台账"))
    first["台账"]["B2"] = "甲"
    out = BytesIO()
    first.save(out)
    second = marked(out.getvalue())
    assert list(notes(second["台账"])) == ["B3"] and len(second.sheetnames) == 2
    assert second["台账"]["B2"].fill.fgColor.rgb != "FFFFC7CE"


def test_merged_ranges_are_marked_at_their_first_cell() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B3")

    sheet = marked(workbook([HEAD, ("Q1", "甲"), ("Q2", None)], shape=merge))["Sheet1"]
    assert notes(sheet) == {"B2": "The cells B2:B3 are merged. Unmerge them and fill in each cell."}


def test_an_error_of_a_row_is_marked_at_its_first_cell() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    assert list(notes(marked(workbook([HEAD, ("Q1", "甲")], shape=hide))["Sheet1"])) == ["A2"]


def test_without_errors_the_summary_says_so() -> None:
    book = marked(workbook([HEAD, ("Q1", "甲")]))
    assert texts(book.worksheets[0])[0] == "Nothing was imported yet; no errors were found." and not notes(
        book.worksheets[1]
    )


def test_what_cannot_be_rewritten_gets_the_summary_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zijing.records.sheets.marking.LARGEST_MARKED", 10)
    book = marked(workbook(ROWS))
    assert book.sheetnames == ["Import result"] and "“Name” is needed." in texts(book.worksheets[0])


def test_a_style_part_openpyxl_cannot_read_does_not_lose_the_errors() -> None:
    content = workbook(ROWS)
    broken: Any = with_parts(
        content,
        xl__styles_xml='<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="x"><font><sz val="q"/></font></fonts></styleSheet>',
    )
    assert "“Name” is needed." in texts(marked(broken).worksheets[0])


def test_a_column_has_the_letters_that_a_spreadsheet_gives_it() -> None:
    columns = range(1, 18_279)
    assert [column_letter(n) for n in columns] == [get_column_letter(n) for n in columns]
