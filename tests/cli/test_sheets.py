"""``zijing sheet fill``: the same builder from the command line."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Cli
from tests.factories.office import Office
from tests.factories.sheets import workbook

pytestmark = pytest.mark.django_db


def test_a_sheet_of_figures_is_filled(cli: Cli, made: Office, tmp_path: Path) -> None:
    given, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    given.write_bytes(workbook([("社区", "问题上报数", "属相")]))
    answer = cli("sheet", "fill", str(given), str(out), "--office", "410181005000", "--about", "places")
    assert answer.exit_code == 0, answer.output
    assert "属相" in answer.output
    sheet = load_workbook(out).worksheets[0]
    assert [sheet.cell(r, 1).value for r in (2, 3)] == ["示例社区01", "示例村02"]


def test_what_is_no_sheet_is_a_sentence_and_exit_code_1(cli: Cli, made: Office, tmp_path: Path) -> None:
    given = tmp_path / "a.xlsx"
    given.write_bytes(b"x")
    answer = cli("sheet", "fill", str(given), "--office", "410181005000")
    assert answer.exit_code == 1 and answer.output.strip()
