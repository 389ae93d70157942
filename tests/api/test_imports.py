"""Workbooks through the API: all or nothing, faults by cell, a dry run that writes nothing."""

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.http import HttpResponse

from tests.factories.calls import Api, api
from tests.factories.office import Office
from zijing.people.models import Unit
from zijing.registers.models import Entry

HEAD = ("单位编号", "单位名称", "单位类型", "所在区划")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate((HEAD, *rows)):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def send(caller: Api, kind: str, content: bytes) -> HttpResponse:
    return caller.client.post(  # type: ignore[return-value]
        f"/api/v1/imports/{kind}", content, content_type=XLSX, headers=caller.headers
    )


def test_a_workbook_lands_and_again_changes_nothing(made: Office) -> None:
    admin, content = api(made, "system_admin"), workbook(("NEW", "新科室", "科室", "410181005000"))
    first = send(admin, "unit", content)
    assert first.status_code == 200
    assert (first.json()["landed"], first.json()["created"], first.json()["same"]) == (True, 1, 0)
    again = send(admin, "unit", content).json()
    assert (again["created"], again["same"]) == (0, 1)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(made: Office) -> None:
    admin, content = api(made, "system_admin"), workbook(("NEW", "新科室", "科室", "410181005000"))
    result = send(admin, "unit?dry_run=true", content).json()
    assert (result["landed"], result["created"]) == (False, 1)
    assert not Unit.objects.filter(code="NEW").exists()
    faulty = send(admin, "unit?dry_run=true", workbook(("NEW", "新科室", "月亮", "410181005000")))
    assert (faulty.status_code, faulty.json()["errors"][0]["where"]) == (200, "C2")


def test_one_faulty_cell_and_nothing_lands(made: Office) -> None:
    rows = (("NEW", "新科室", "科室", "410181005000"), ("NEW2", "新科室2", "月亮", "410181005000"))
    answer = send(api(made, "system_admin"), "unit", workbook(*rows))
    assert answer.status_code == 422
    [fault] = answer.json()["error"]["errors"]
    assert fault["field"] == "C3"
    assert fault["message"].startswith("C3: ")
    assert not Unit.objects.filter(code__startswith="NEW").exists()


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04"])
def test_what_is_no_workbook_is_422(made: Office, content: bytes) -> None:
    assert send(api(made, "system_admin"), "unit", content).status_code == 422


def test_a_post_that_may_not_is_403_and_an_unknown_ledger_404(made: Office) -> None:
    content = workbook(("NEW", "新科室", "科室", "410181005000"))
    assert send(api(made, "grid"), "unit", content).status_code == 403
    assert send(api(made, "grid"), "project", content).status_code == 403
    assert send(api(made, "system_admin"), "moon", content).status_code == 404
    assert not Entry.objects.exists()


def test_a_file_over_the_limit_is_422(made: Office, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1000
    assert send(api(made, "system_admin"), "unit", b"PK\x03\x04" + b"0" * 2000).status_code == 422
