"""``zijing import``: the same engine from the command line; what it prints, in both languages, and how it exits."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation
from openpyxl import load_workbook

from tests.factories.office import Office, office
from tests.factories.sheets import workbook
from zijing.cli.commands import zijing
from zijing.journal.models import JournalEntry
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划")
GOOD = [HEAD, ("Q1", "甲公司", "工业", "四上", "示例社区01"), ("Q2", "乙商店", "零售", "培育", "第一网格")]
BAD = [HEAD, ("Q1", "甲公司", "金融", "四上", "示例社区01"), ("Q1", "乙商店", "零售", "培育", "无此社区")]


@pytest.fixture(autouse=True)
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def the_language_is_restored() -> Any:
    with translation.override("en"):
        yield


def run(path: Path, rows: Any, *options: str, kind: str = "enterprise", lang: str = "en") -> Result:
    file = path / "a.xlsx"
    file.write_bytes(rows if isinstance(rows, bytes) else workbook(rows))
    arguments = ["--lang", lang, "import", kind, str(file), "--office", "410181005000", *options]
    return CliRunner().invoke(zijing, arguments)


def test_rows_land(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD)
    assert (result.exit_code, result.stdout) == (0, "2 rows: 2 new, 0 changed, 0 unchanged.\n")
    assert Entry.objects.count() == 2
    assert run(tmp_path, GOOD).stdout == "2 rows: 0 new, 0 changed, 2 unchanged.\n"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    before = JournalEntry.objects.count()
    result = run(tmp_path, GOOD, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == "2 rows: 2 new, 0 changed, 0 unchanged.\nNothing was written: this was a dry run.\n"
    assert not Entry.objects.exists() and JournalEntry.objects.count() == before


def test_errors_are_a_table_and_exit_1(tmp_path: Path) -> None:
    marked = tmp_path / "marked.xlsx"
    result = run(tmp_path, BAD, "--annotated", str(marked))
    assert result.exit_code == 1 and not result.stdout and not Entry.objects.exists()
    lines = result.stderr.splitlines()
    assert lines[0].split() == ["Cell", "Column", "What", "is", "wrong"]
    assert [line.split()[0] for line in lines[1:]] == ["A2", "C2", "A3", "E3", "Nothing"]
    assert lines[-1] == "Nothing was imported: 4 errors."
    assert "“Q1” stands in row 3 too." in load_workbook(marked)["Sheet1"]["A2"].comment.text


def test_errors_name_the_heading_in_chinese(tmp_path: Path) -> None:
    result = run(tmp_path, BAD, lang="zh")
    assert result.exit_code == 1 and "行业" in result.stderr and "批发" in result.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"nonsense", "This is no Excel workbook"),
        (bytes(31 * 2**20), "31 MB; at most 30 MB"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, content: bytes, sentence: str) -> None:
    result = run(tmp_path, content)
    assert result.exit_code == 1 and sentence in result.stderr and "Traceback" not in result.output


def test_a_missing_file_and_an_unknown_ledger(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        zijing, ["--lang", "en", "import", "enterprise", str(tmp_path / "no.xlsx"), "--office", "410181005000"]
    )
    assert (result.exit_code, result.stderr) == (1, "The file “no.xlsx” cannot be opened.\n")
    assert "There is no ledger “wealth”." in run(tmp_path, GOOD, kind="wealth").stderr


def test_hidden_rows_need_an_option(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    content = workbook(GOOD, shape=hide)
    refused = run(tmp_path, content)
    assert refused.exit_code == 1 and "Row 2 is hidden in the sheet." in refused.stderr
    assert run(tmp_path, content, "--without-hidden").stdout.startswith("1 rows") and Entry.objects.count() == 1
    assert run(tmp_path, content, "--with-hidden").stdout.startswith("2 rows") and Entry.objects.count() == 2


def test_questions_need_a_yes(tmp_path: Path) -> None:
    rows = [*GOOD, ("合计", "2家")]
    refused = run(tmp_path, rows)
    assert refused.exit_code == 1 and "say --yes" in refused.stderr and not Entry.objects.exists()
    assert run(tmp_path, rows, "--yes").exit_code == 0 and Entry.objects.count() == 2


def test_columns_sheet_and_heading_row_can_be_said(tmp_path: Path) -> None:
    rows = [("甲", "乙", "丙", "丁", "戊"), *GOOD[1:]]
    columns = [f"--column={n}={key}" for n, key in enumerate(("code", "name", "sector", "status", "place"), start=1)]
    result = run(tmp_path, rows, *columns, "--header-row", "1", "--sheet", "Sheet1")
    assert result.exit_code == 0 and Entry.objects.count() == 2
    assert run(tmp_path, rows, "--column=x").exit_code == 2
    assert "There is no sheet “甲”" in run(tmp_path, rows, "--sheet", "甲").stderr


def test_the_marked_workbook_must_have_a_place(tmp_path: Path) -> None:
    result = run(tmp_path, BAD, "--annotated", str(tmp_path / "none" / "a.xlsx"))
    assert result.exit_code == 1 and "cannot be written" in result.stderr
