"""A sheet wanted from above through the API: understood, filled, remembered; what is not known stays empty."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from openpyxl import load_workbook

from tests.api.test_imports import XLSX
from tests.factories.calls import Api, api
from tests.factories.office import MONDAY, Office, moment
from tests.factories.sheets import workbook
from zijing.outbox.models import Job
from zijing.packs.builder import asking
from zijing.packs.intake import record
from zijing.records.kinds import kind_of
from zijing.records.models import Reading

SHEET = workbook([("企业名称", "干什么的", "属相"), ("甲公司", None, None), ("无此企业", None, None)])


@pytest.fixture
def caller(made: Office) -> Api:
    values = {"code": "E1", "name": "甲公司", "sector": "retail", "status": "ordinary", "place": "示例社区01"}
    record(actor=made.system, at=moment(MONDAY, 9), kind=kind_of("enterprise"), values=values)
    return api(made, "section")


def send(caller: Api, path: str, content: bytes = SHEET) -> HttpResponse:
    return caller.client.post(  # type: ignore[return-value]
        f"/api/v1/sheets/wanted{path}", content, content_type=XLSX, headers=caller.headers
    )


def columns(answer: HttpResponse) -> list[tuple[str, str]]:
    return [(c["column"], c["source"]) for c in answer.json()["columns"]]  # type: ignore[attr-defined]


def test_it_says_what_is_known_and_keeps_nothing(caller: Api) -> None:
    answer = send(caller, "?about=enterprise")
    told: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert answer.status_code == 200 and columns(answer) == [("A", "name"), ("B", ""), ("C", "")]
    assert told["unknown"] == ["干什么的", "属相"] and told["strange"] == [{"row": 3, "text": "无此企业"}]
    assert (told["rows"], told["remembered"]) == (1, False) and not Reading.objects.exists()


def test_what_is_chosen_is_filled_and_remembered(caller: Api) -> None:
    answer = send(caller, "/fill?about=enterprise&column=A=name&column=b=sector")
    assert answer.status_code == 200 and answer["Content-Type"] == XLSX
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [page["B2"].value, page["C2"].value] == ["零售", None]
    again = send(caller, "", workbook([("属相", "企业名称", "干什么的")]))
    assert again.json()["remembered"] and columns(again) == [("A", ""), ("B", "name"), ("C", "sector")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", ["?column=name", "?column=1=name", "?about=nothing", "?period=soon", "?sheet=无"])
def test_what_is_not_understood_is_refused(caller: Api, wrong: str) -> None:
    assert send(caller, wrong).status_code in {404, 422}
    assert send(caller, f"/fill{wrong}").status_code in {404, 422}


def test_what_is_no_workbook_is_refused(caller: Api) -> None:
    assert send(caller, "/fill", b"PK no workbook").status_code == 422


def test_a_long_one_is_left_to_the_work_process(caller: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ROWS_AT_ONCE", 0)
    asked = f"/fill?about=enterprise&client_id={uuid4()}"
    first, again = send(caller, asked), send(caller, asked)
    assert first.status_code == again.status_code == 202
    assert first.json()["id"] == again.json()["id"] == Job.objects.get().pk  # type: ignore[attr-defined]
    assert caller.get(f"jobs/{Job.objects.get().pk}/result").status_code == 404
