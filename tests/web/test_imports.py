"""The pages of an import: who may, what is shown before anything is written, what a confirmation does."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.factories.office import Office, office
from tests.factories.sheets import workbook
from tests.web.visiting import form, signed_in
from zijing.journal.models import JournalEntry
from zijing.records.sheets import held
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划")
GOOD = [HEAD, ("Q1", "甲公司", "工业", "四上", "示例社区01"), ("Q2", "乙商店", "零售", "培育", "第一网格")]
BAD = [HEAD, ("Q1", "甲公司", "金融", "四上", "示例社区01"), ("Q2", "乙商店", "零售", "培育", "无此社区")]
ADDRESS = "/import/enterprise/"


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def upload(client: Client, rows: Any, name: str = "a.xlsx", **shape: Any) -> Any:
    content = rows if isinstance(rows, bytes) else workbook(rows, **shape)
    return client.post(ADDRESS, {"step": "upload", "file": SimpleUploadedFile(name, content)})


def token_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].partition("?file=")[2])


def fields_of(page: Any) -> dict[str, str]:
    """What a browser would send back from the preview: hidden inputs and chosen selects."""
    html = page.content.decode()
    inputs = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    for name, options in re.findall(r'<select class="form-select" name="([\w-]+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        inputs[name] = (chosen[1] or chosen[2]) if chosen else ""
    header = re.search(r'name="header".*?value="(\d*)"', html)
    return {**inputs, "header": header[1] if header else ""}


def kept(data: Path) -> list[Path]:
    return list((data / "imports").glob("*/*.xlsx"))


# who may


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    for answer in (client.get("/import/"), client.get(ADDRESS), client.post(ADDRESS), upload(client, GOOD)):
        assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


@pytest.mark.parametrize("role", ["community", "grid", "county", "leader", "team", "system_admin"])
def test_a_post_without_the_right_sees_and_does_nothing(made: Office, role: str, data: Path) -> None:
    client = signed_in(made, role)
    assert client.get(ADDRESS).status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert client.post(ADDRESS, form(step="confirm", file="x" * 40)).status_code == 403
    assert f'href="{ADDRESS}"' not in client.get("/import/").content.decode() and not kept(data)


def test_only_ledgers_that_the_post_may_write_are_offered(made: Office) -> None:
    keys = lambda role: {key for key, _title in signed_in(made, role).get("/import/").context["targets"]}
    assert keys("system_admin") == {"place", "unit", "post"}
    assert {"enterprise", "project", "milestone", "indicator"} <= keys("section") and "place" not in keys("section")
    assert not keys("grid") & {"enterprise", "project", "place"}


def test_an_unknown_ledger_is_not_found(made: Office) -> None:
    assert signed_in(made, "section").get("/import/wealth/").status_code == 404


# the way through


def test_upload_preview_confirm(made: Office, data: Path) -> None:
    client = signed_in(made, "section")
    assert "企业编号" in signed_in(made, "section", language="zh-hans").get(ADDRESS).content.decode()
    before = JournalEntry.objects.count()
    token = token_of(upload(client, GOOD))
    page = client.get(f"{ADDRESS}?file={token}")
    assert page.context["result"].counts == {"read": 2, "created": 2, "changed": 0, "same": 0}
    assert [number for number, *_rest in page.context["rows"]] == [2, 3]
    assert not Entry.objects.exists() and JournalEntry.objects.count() == before and len(kept(data)) == 1
    answer = client.post(ADDRESS, {**fields_of(page), "step": "confirm"}, follow=True)
    assert "2 rows: 2 new, 0 changed, 0 unchanged." in answer.content.decode()
    assert answer.redirect_chain == [("/list/enterprise/", 302)]
    assert Entry.objects.count() == 2 and not kept(data)


def test_a_mapping_put_right_once_is_chosen_already_the_next_time(made: Office) -> None:
    client = signed_in(made, "section")
    odd = [("企业编号", "企业名称", "行当", "状态", "所在区划"), GOOD[1]]
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, odd))}")
    assert page.status_code == 422 and fields_of(page)["map-3"] == ""
    answer = client.post(ADDRESS, {**fields_of(page), "map-3": "sector", "step": "confirm"})
    assert answer.status_code == 302
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, odd))}")
    assert page.status_code == 200 and fields_of(page)["map-3"] == "sector"
    assert "as last time" in page.content.decode()


def test_importing_again_offers_nothing(made: Office) -> None:
    client = signed_in(made, "section")
    for _n in range(2):
        page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")
        client.post(ADDRESS, {**fields_of(page), "step": "confirm"})
    assert page.context["nothing_new"] and 'value="confirm"' not in page.content.decode()
    assert Entry.objects.count() == 2


def test_a_change_is_shown_before_and_after(made: Office) -> None:
    client = signed_in(made, "section")
    client.post(
        ADDRESS, {**fields_of(client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")), "step": "confirm"}
    )
    changed = [HEAD, ("Q1", "甲集团", "工业", "四上", "示例社区01"), GOOD[2]]
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, changed))}")
    assert [c.fields for c in page.context["changes"]] == [(("Name", "甲公司", "甲集团"),)]
    assert page.context["result"].outcomes == ["changed", "same"]


def test_errors_are_listed_and_confirming_anyway_writes_nothing(made: Office, data: Path) -> None:
    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, BAD))}")
    assert page.status_code == 422 and [e.where for e in page.context["errors"]] == ["C2", "E3"]
    assert 'value="confirm"' not in page.content.decode()
    answer = client.post(ADDRESS, {**fields_of(page), "step": "confirm"})
    assert answer.status_code == 422 and not Entry.objects.exists() and len(kept(data)) == 1


@pytest.mark.parametrize(("language", "sentence"), [("en", "“金融” is none of"), ("zh-hans", "金融")])
def test_the_marked_workbook_speaks_the_readers_language(made: Office, language: str, sentence: str) -> None:
    client = signed_in(made, "section", language=language)
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, BAD))}")
    answer = client.post(ADDRESS, {**fields_of(page), "step": "marked"})
    assert answer["Content-Disposition"].startswith("attachment") and ".xlsx" in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.getvalue()))
    assert sentence in book["Sheet1"]["C2"].comment.text and len(book.sheetnames) == 2
    assert not Entry.objects.exists()


def test_a_wrong_guess_is_corrected_by_hand(made: Office) -> None:
    client = signed_in(made, "section")
    rows = [("企业编号", "字号", "行业", "状态", "所在区划"), *GOOD[1:]]
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, rows))}")
    assert "There is no column for “Name”" in page.content.decode()
    chosen = {**fields_of(page), "map-2": "name"}
    checked = client.post(ADDRESS, {**chosen, "step": "check"})
    assert checked.status_code == 200 and checked.context["result"].created == 2
    client.post(ADDRESS, {**fields_of(checked), "step": "confirm"})
    assert Entry.objects.get(business_key="Q1").title == "甲公司"


def test_another_heading_row_is_guessed_anew(made: Office) -> None:
    client = signed_in(made, "section")
    rows = [HEAD, ("编号", "名称", "类别", "培育状态", "区划代码"), *GOOD[1:]]
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, rows))}")
    assert "both look like headings" in page.content.decode()
    checked = client.post(ADDRESS, {**fields_of(page), "header": "2", "step": "check"})
    assert checked.context["result"].created == 2


def test_hidden_rows_wait_for_a_choice(made: Office) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD, shape=hide))}")
    assert 'name="hidden" value="without"' in page.content.decode()
    checked = client.post(ADDRESS, {**fields_of(page), "hidden": "without", "step": "check"})
    assert checked.context["result"].read == 1
    client.post(ADDRESS, {**fields_of(checked), "hidden": "without", "step": "confirm"})
    assert Entry.objects.count() == 1


def test_questions_must_be_ticked(made: Office) -> None:
    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, [*GOOD, ('合计', '2家')]))}")
    assert 'name="confirmed"' in page.content.decode()
    assert (
        client.post(ADDRESS, {**fields_of(page), "step": "confirm"}).status_code == 200 and not Entry.objects.exists()
    )
    client.post(ADDRESS, {**fields_of(page), "confirmed": "yes", "step": "confirm"})
    assert Entry.objects.count() == 2


# what must not get in


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.xlsx", "The submitted file is empty|The file is empty"), (b"x" * 500, "a.xlsx", "no Excel workbook"),
        (b"a,b", "a.csv", "A .csv file is not read"), (b"x", "a.xls", "The old .xls format"),
    ],
)  # fmt: skip
def test_other_files_are_refused_at_the_field(
    made: Office, data: Path, content: bytes, name: str, sentence: str
) -> None:
    answer = upload(signed_in(made, "section"), content, name)
    assert answer.status_code == 422 and re.search(sentence, answer.content.decode()) and not kept(data)


def test_without_a_file(made: Office) -> None:
    answer = signed_in(made, "section").post(ADDRESS, {"step": "upload"})
    assert answer.status_code == 422 and "The file is empty." in answer.content.decode()


class Untouchable(BytesIO):
    """A body that must not be read."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("the body was read")


def test_200_megabytes_are_refused_without_reading_the_body(made: Office) -> None:
    client = signed_in(made, "section")
    for extra in ({}, {"HTTP_ACCEPT_LANGUAGE": "en"}):
        answer = client.generic(
            "POST", ADDRESS, b"", content_type="multipart/form-data; boundary=x",
            **{"CONTENT_LENGTH": str(200 * 2**20), "wsgi.input": Untouchable(), **extra},
        )  # fmt: skip
        assert answer.status_code == 413 and "The file has 200 MB; at most 30 MB are read." in answer.content.decode()


def test_a_form_from_elsewhere_is_refused(made: Office) -> None:
    client = signed_in(made, "section")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert upload(strict, GOOD).status_code == 403
    assert strict.post(ADDRESS, form(step="confirm", file="x" * 43)).status_code == 403


def test_another_persons_upload_is_not_found(made: Office) -> None:
    token = token_of(upload(signed_in(made, "section"), GOOD))
    other = signed_in(made, "project_office")
    for answer in (other.get(f"{ADDRESS}?file={token}"), other.post(ADDRESS, form(step="confirm", file=token))):
        assert answer.status_code == 404 and "no longer kept" in answer.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "../../../etc/passwd", "..%2f..%2fsecret", "x" * 43, "a/b" * 20])
def test_made_up_tokens_are_not_found(made: Office, token: str) -> None:
    assert signed_in(made, "section").get(f"{ADDRESS}?file={token}").status_code == 404


def test_uploads_are_kept_for_a_day(made: Office, data: Path) -> None:
    client = signed_in(made, "section")
    token = token_of(upload(client, GOOD))
    (path,) = kept(data)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    held.sweep(path.stat().st_mtime + held.KEPT_FOR - 1)
    assert kept(data)
    held.sweep(path.stat().st_mtime + held.KEPT_FOR + 1)
    assert not kept(data) and client.get(f"{ADDRESS}?file={token}").status_code == 404


def test_a_form_without_its_id_is_refused(made: Office) -> None:
    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")
    sent = {**fields_of(page), "step": "confirm"}
    del sent["client_id"]
    assert client.post(ADDRESS, sent).status_code == 422 and not Entry.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"map-1": "wealth"},
        {"map-99999999": "code"},
        {"header": "-1"},
        {"header": "9" * 30},
        {"sheet": "x"},
        {"hidden": "maybe"},
    ],
)
def test_tampered_decisions_break_nothing(made: Office, given: dict[str, str]) -> None:
    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")
    assert client.post(ADDRESS, {**fields_of(page), **given, "step": "check"}).status_code in {200, 422}


def test_what_a_sheet_says_is_shown_as_text(made: Office) -> None:
    rows = [(*HEAD, "<script>alert(1)</script>"), ("Q1", "<b>甲</b>", "<i>", "四上", "示例社区01", "x")]
    html = signed_in(made, "section")
    page = html.get(f"{ADDRESS}?file={token_of(upload(html, rows))}").content.decode()
    assert "<script>alert" not in page and "&lt;i&gt;" in page


def test_the_same_confirmation_twice_is_one_import(made: Office) -> None:
    client = signed_in(made, "section")
    page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")
    sent = {**fields_of(page), "step": "confirm"}
    assert client.post(ADDRESS, sent).status_code == 302
    assert client.post(ADDRESS, sent).status_code == 404  # the upload is gone; nothing happens twice
    assert Entry.objects.count() == 2
