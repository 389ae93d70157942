"""Lists out: real values, nothing that could be a formula, within sight only, journalled, and read again unchanged."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.factories.office import MONDAY, Office, moment, office
from tests.web.visiting import form, signed_in
from zijing.journal.models import JournalEntry
from zijing.packs import exporting, intake
from zijing.packs.exporting import export
from zijing.packs.intake import record
from zijing.records.kinds import kind_of
from zijing.records.sheets import Options, bring_in

pytestmark = pytest.mark.django_db
EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "＝1+1"]


@pytest.fixture
def made() -> Office:
    return office()


def enter(made: Office, code: str, name: str, **more: Any) -> None:
    values = {"code": code, "name": name, "sector": "工业", "status": "四上", "place": "示例社区01", **more}
    known = kind_of("enterprise").by_key
    record(
        actor=made.actor("section"), at=moment(MONDAY), kind=kind_of("enterprise"),
        values={k: v for k, v in values.items() if k in known},
    )  # fmt: skip


def out(made: Office, form: str = "xlsx", role: str = "section", **params: str) -> bytes:
    return export(
        actor=made.actor(role), at=moment(MONDAY), kind=kind_of("enterprise"), params=params, form=form
    ).content


def test_no_cell_of_a_workbook_is_a_formula(made: Office) -> None:
    for n, text in enumerate(EVIL):
        enter(made, f"Q{n}", text)
    sheet = load_workbook(BytesIO(out(made))).active
    cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    assert {t.strip() for t in EVIL} <= {str(c.value) for c in cells}
    assert sheet.freeze_panes == "A3"


def test_no_cell_of_a_csv_is_a_formula(made: Office) -> None:
    for n, text in enumerate(EVIL):
        enter(made, f"Q{n}", text)
    content = out(made, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [c for row in csv.reader(StringIO(content[3:].decode())) for c in row]
    assert not [c for c in cells if c[:1] in {"=", "+", "-", "@", "\t", "\r", "＝"}]
    assert "'@SUM(A1)" in cells


def test_the_line_above_says_whose_what_when_who_and_what_is_hidden(made: Office) -> None:
    enter(made, "Q1", "甲公司")
    line = str(load_workbook(BytesIO(out(made, text="甲"))).active["A1"].value)
    for part in (made.place.name, "甲", "2020-09-07 09:00"):
        assert part in line
    told = JournalEntry.objects.filter(verb="records.export").get()
    assert told.changes["n"] == [None, 1]
    assert "甲" not in str(told.changes), "what was searched for is no business of the journal"


def test_only_what_is_seen_goes_out_and_the_rest_is_counted(made: Office) -> None:
    enter(made, "Q1", "甲公司")
    enter(made, "Q2", "乙公司", place="示例村02")
    sheet = load_workbook(BytesIO(out(made, role="community"))).active
    texts = " ".join(str(c.value) for row in sheet.iter_rows() for c in row)
    assert ("甲公司" in texts, "乙公司" in texts) in {(True, False), (False, True)}
    assert "1" in str(sheet["A1"].value).rpartition("·")[2]


def test_an_exported_register_is_imported_again_without_a_change(made: Office) -> None:
    for n in range(5):
        enter(made, f"0{n}", f"企业{n}", joined_on=date(2020, 8, 31), note="00123")
    before = JournalEntry.objects.count()
    content = out(made)
    result = bring_in(
        target=intake.target("enterprise", made.actor("section")), actor=made.actor("section"), at=moment(MONDAY),
        source=content, options=Options(confirmed=True),
    )  # fmt: skip
    assert [e.message for e in result.errors] == []
    assert (result.read, result.same) == (5, 5)
    assert JournalEntry.objects.count() == before + 1


def test_the_page_sends_a_file_or_makes_a_job(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(made, "Q1", "甲公司")
    client = signed_in(made, "section")
    assert "/list/enterprise/export/" in client.get("/list/enterprise/").content.decode()
    sent = client.post("/list/enterprise/export/?text=%E7%94%B2", form(form="csv"))
    assert sent.headers["Content-Disposition"].startswith("attachment")
    chosen = client.post("/list/enterprise/export/", form(form="csv", columns="name,code"))
    assert b"".join(chosen.streaming_content).decode("utf-8-sig").splitlines()[2] == "甲公司,Q1"
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    assert client.post("/list/enterprise/export/", form(form="xlsx"))["Location"].startswith("/jobs/")
    assert client.post("/list/enterprise/export/?nonsense=1", form(form="xlsx")).status_code == 422
