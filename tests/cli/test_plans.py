"""``zijing plans``: what there is, one out as a sheet, what a changed sheet would do in words, and then does."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Cli
from tests.commitments.test_plans import indicator, year
from tests.factories.calls import let_clock_show
from tests.factories.office import Office, office
from zijing.commitments.models import Commitment


@pytest.fixture
def made(db: None) -> Office:
    found = office(packs=("targets",))
    let_clock_show(found)
    return found


def test_a_plan_goes_out_and_comes_in_changed(cli: Cli, made: Office, tmp_path: Path) -> None:
    year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
    assert [p["number"] for p in json.loads(cli("plans", "list", "--json").output)] == ["P"]
    assert "P " in cli("plans", "list").output
    file = tmp_path / "plan.xlsx"
    assert cli("plans", "export", "P", str(file)).output.strip() == str(file)
    again = cli("plans", "import", str(file), "--dry-run").output
    assert "0 new, 0 changed, 4 unchanged" in again and "not in this sheet" not in again

    book = load_workbook(file)
    sheet = book.worksheets[0]
    assert "not in this sheet" in str(sheet["A1"].value)
    [z1, z2] = (row for row in sheet.iter_rows(min_row=3) if str(row[1].value).startswith("Z"))
    sheet.append([{"Z1": "Z3", "指标Z1": "新指标"}.get(str(cell.value), cell.value) for cell in z1])
    next(cell for cell in z2 if cell.value == "指标Z2").value = "换了名"
    book.save(file)
    told = cli("plans", "import", str(file), "--dry-run").output
    assert "new: Z3 新指标" in told and "changed: Z2" in told and "换了名" in told and "dry run" in told
    assert not Commitment.objects.filter(business_key="Z3").exists()
    done = cli("plans", "import", str(file))
    assert done.exit_code == 0 and "1 new, 1 changed, 3 unchanged" in done.output
    assert Commitment.objects.get(business_key="Z2").title == "换了名"


def test_what_is_wrong_is_said_and_nothing_lands(cli: Cli, made: Office, tmp_path: Path) -> None:
    answer = cli("plans", "export", "nowhere")
    assert answer.exit_code == 1 and "zijing plans list" in answer.output
    year(made, indicator("Z1", "P-1"))
    file = tmp_path / "plan.xlsx"
    cli("plans", "export", "P", str(file))
    book = load_workbook(file)
    book.worksheets[0].append(["月亮", "Z9", "无此类型"])
    book.save(file)
    refused = cli("plans", "import", str(file))
    assert refused.exit_code == 1 and "Nothing was imported" in refused.output
    assert not Commitment.objects.filter(business_key="Z9").exists()
