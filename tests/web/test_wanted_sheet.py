"""The pages of the report builder: upload, what the columns are filled with, the filled workbook."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import workbook
from tests.web.visiting import form, signed_in
from zijing.packs.intake import record
from zijing.records.kinds import kind_of

pytestmark = pytest.mark.django_db
ADDRESS = "/sheets/wanted/"


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Office:
    settings.DATA = tmp_path
    made = office()
    values = {"code": "E1", "name": "甲公司", "sector": "industry", "status": "ordinary", "place": "示例社区01"}
    record(actor=made.actor("section"), at=moment(MONDAY, 10), kind=kind_of("enterprise"), values=values)
    return made


def upload(client: Client, content: bytes, name: str = "a.xlsx") -> Any:
    return client.post(ADDRESS, {"step": "upload", "file": SimpleUploadedFile(name, content)})


def fields_of(page: Any) -> dict[str, str]:
    html = page.content.decode()
    inputs = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    for name, options in re.findall(r'<select class="form-select" name="([\w-]+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        inputs[name] = (chosen[1] or chosen[2]) if chosen else ""
    return inputs | {"header": "1"}


def test_from_upload_to_the_filled_sheet(made: Office) -> None:
    client = signed_in(made, "section")
    sent = upload(client, workbook([("企业名称", "行业", "属相")]), "统计局表.xlsx")
    page = client.get(sent["Location"])
    assert page.status_code == 200 and "属相" in page.content.decode()
    answer = client.post(ADDRESS, form(**fields_of(page) | {"step": "fill"}))
    assert "%E7%BB%9F%E8%AE%A1%E5%B1%80%E8%A1%A8" in answer["Content-Disposition"]
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert [c.value for c in sheet[2]] == ["甲公司", "工业", None]
    again = client.get(upload(client, workbook([("属相", "行业", "企业名称")]))["Location"])
    assert again.context["plan"].remembered


def test_another_subject_maps_anew(made: Office) -> None:
    client = signed_in(made, "section")
    page = client.get(upload(client, workbook([("企业名称", "行业")]))["Location"])
    asked = fields_of(page) | {"step": "check", "subject": "project"}
    assert client.post(ADDRESS, form(**asked)).context["plan"].subject.key == "project"


@pytest.mark.parametrize(("content", "name"), [(b"nothing", "a.xlsx"), (workbook([("甲", "乙")]), "a.xlsm")])
def test_what_is_no_workbook_is_refused_with_a_sentence(made: Office, content: bytes, name: str) -> None:
    answer = upload(signed_in(made, "section"), content, name)
    assert answer.status_code == 422 and answer.context["error"]


def test_a_held_sheet_is_its_uploaders_alone(made: Office) -> None:
    sent = upload(signed_in(made, "section"), workbook([("企业名称", "行业")]))
    assert signed_in(made, "leader").get(sent["Location"]).status_code == 404
