"""A hostile file name harms nothing and is shown nowhere; a sheet of a million rows is refused with little memory."""

import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.office import Office, office
from tests.factories.sheets import workbook
from tests.web.visiting import signed_in
from zijing.core.errors import Invalid
from zijing.records.sheets.book import read

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划")
NAMES = ["../../etc/passwd.xlsx", "=cmd|' /C calc'!A0.xlsx", "a\u202exslx.exe.xlsx", "<script>alert(1)</script>.xlsx", "x" * 10_000 + ".xlsx",
         "a\r\nSet-Cookie: b=c.xlsx", "..\\..\\windows\\x.xlsx"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_kept_and_shown_nowhere(name: str, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    made: Office = office()
    client = signed_in(made, "section")
    content = workbook([HEAD, ("Q1", "甲公司", "工业", "四上", "示例社区01")])
    sent = client.post("/import/enterprise/", {"step": "upload", "file": SimpleUploadedFile(name, content)})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    for part in ("passwd", "cmd|", "\u202e", "alert(1)", "xxxxxxxxxx", "Set-Cookie", "windows"):
        assert part not in page
    kept = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert all(len(p.name) < 80 and p.name.replace("-", "").replace("_", "").replace(".", "").isalnum() for p in kept)


def million() -> bytes:
    """A workbook whose only sheet has a million rows, written row by row."""
    small = workbook([HEAD])
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(small)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for first in range(1, 1_000_001, 10_000):
                rows = (f'<row r="{n}"><c r="A{n}"><v>{n * 7919}</v></c></row>' for n in range(first, first + 10_000))
                sheet.write("".join(rows).encode())
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def test_a_sheet_of_a_million_rows_is_refused_before_it_is_read() -> None:
    content = million()
    tracemalloc.start()
    try:
        with pytest.raises(Invalid) as refused:
            read(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "100000" in str(refused.value)
    assert peak < 40 * 2**20


@pytest.mark.django_db
def test_a_text_too_long_to_be_sent_is_refused_with_a_sentence_at_the_text(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    made: Office = office()
    client = signed_in(made, "section")
    answer = client.post(
        "/import/enterprise/", {"step": "paste", "text": "企业编号\t企业名称\n" + "Q1\t甲公司\n" * 90_000}
    )
    page = answer.content.decode()
    assert answer.status_code == 413 and "at most 1 MB" in page
    assert 'aria-describedby="f-text-error f-text-help"' in page and 'id="f-file-error"' not in page
    assert client.post("/import/enterprise/", {"step": "paste", "text": "您好"}).context["of_text"]
