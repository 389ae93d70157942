"""Files that must not be read: too large, packed to explode, dressed up, locked, broken."""

import struct
import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.factories.sheets import HEAD, part_of, typed_file, with_parts, workbook
from zijing.core.errors import DomainError, Invalid
from zijing.records.sheets.book import read
from zijing.records.sheets.guards import OLE, admit

GOOD = workbook([HEAD, ("Q1", "甲")])
NO_WORKBOOK = "This is no Excel workbook, or it is damaged. Open it in Excel or WPS and save it again as .xlsx."


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def refusal(content: bytes | Path, name: str = "") -> str:
    with pytest.raises(Invalid) as caught:
        read(content, name)
    assert caught.value.field == "file"
    return str(caught.value)


def zipped(**entries: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name, "<x/>")
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_200_megabytes_are_refused_by_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    start = time.perf_counter()
    assert refusal(path) == "The file has 200 MB; at most 30 MB are read. Split it into several files."
    assert time.perf_counter() - start < 0.5  # generous: reading it would take far longer


def test_a_stream_is_read_no_further_than_the_limit(settings: Any) -> None:
    settings.UPLOAD_LIMIT = 2**20
    stream = BytesIO(b"PK\x03\x04" + bytes(3 * 2**20))
    with pytest.raises(Invalid, match="at most 1 MB"):
        admit(stream)
    assert stream.tell() == 2**20 + 1


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("a.xls", "The old .xls format is not read."), ("a.CSV", "A .csv file is not read"), ("a.et", "WPS"),
        ("a.xlsm", "without macros"), ("a.xlsb", ".xlsb format is not read"),
    ],
)  # fmt: skip
def test_other_formats_are_told_the_way_out(name: str, way_out: str) -> None:
    sentence = refusal(GOOD, name)
    assert way_out in sentence and ".xlsx" in sentence


def test_an_old_workbook_renamed_to_xlsx_is_recognised() -> None:
    assert refusal(OLE + bytes(600), "a.xlsx").startswith("The old .xls format is not read.")


def test_a_locked_workbook_is_recognised() -> None:
    locked = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refusal(locked) == "The workbook is locked with a password. Save it without one."


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", b"x" * 1000, b"<html></html>", GOOD[:200], GOOD[:-30], GOOD[: len(GOOD) // 2] + GOOD[len(GOOD) // 2 + 9 :]],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refusal(content) == NO_WORKBOOK


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "The file is empty."


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "The file “none.xlsx” cannot be opened."
    assert refusal(tmp_path) == f"The file “{tmp_path.name}” cannot be opened."


def test_a_word_document_is_no_workbook() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(out.getvalue()) == NO_WORKBOOK


def test_a_zip_bomb_is_refused_from_its_directory() -> None:
    assert "would unpack to 20 MB" in refusal(zipped(**{"xl/worksheets/sheet1.xml": bytes(20 * 2**20)}))


def test_many_parts_that_sum_up_are_a_bomb_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zijing.records.sheets.guards.UNPACKED_LIMIT", 2**20)
    monkeypatch.setattr("zijing.records.sheets.guards.RATIO_LIMIT", 10**9)
    assert "would unpack to 2 MB" in refusal(zipped(**{f"xl/media/{n}": bytes(2**18) for n in range(8)}))


def test_a_directory_that_lies_about_sizes_is_caught_while_unpacking() -> None:
    """The sheet says 100 bytes and would unpack to megabytes: reading stops at the lie."""
    sheet = part_of(GOOD, "xl/worksheets/sheet1.xml").encode()
    padded = sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * 900_000)
    content = bytearray(with_parts(GOOD, xl__worksheets__sheet1_xml=padded))
    with zipfile.ZipFile(BytesIO(bytes(content))) as archive:
        start = archive.start_dir
    at = content.index(b"xl/worksheets/sheet1.xml", start) - 46
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    content[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(padded[:100]))
    assert "no ordinary table" in refusal(bytes(content))


def test_too_many_parts_are_refused() -> None:
    assert refusal(zipped(**{f"x/{n}": b"" for n in range(5001)})) == "The workbook consists of too many parts (5004)."


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><sst><si><t>&d;</t></si></sst>"""


@pytest.mark.parametrize(
    "part",
    [
        "xl__sharedStrings_xml",
        "xl__worksheets__sheet1_xml",
        "xl__workbook_xml",
        "docProps__app_xml",
        "xl__drawing1.vml",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs_are_refused_wherever_they_hide(part: str, encoding: str) -> None:
    laughs = LAUGHS.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding)
    assert refusal(with_parts(GOOD, **{part: laughs})) == (
        "The workbook declares XML entities; no ordinary workbook does. It is not read."
    )


def test_an_outside_entity_is_refused() -> None:
    outside = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    assert "declares XML entities" in refusal(with_parts(GOOD, xl__styles_xml=outside))


@pytest.mark.parametrize(
    "broken", [b"", b"<sheetData>", b"\xff\xfe\x00", b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>"]
)
def test_broken_xml_is_refused(broken: bytes) -> None:
    assert refusal(with_parts(GOOD, xl__worksheets__sheet1_xml=broken)) == NO_WORKBOOK


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("A1048576", "more than 100000 rows"), ("XFD1", "more than 200 columns"), ("A100021", "more than 100000 rows"),
        ("GR100000", "more than 5000000 cells"),
    ],
)  # fmt: skip
def test_one_far_cell_does_not_fill_the_memory(cell: str, sentence: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sheet = SHEET.format(f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>')
    assert sentence in refusal(with_parts(GOOD, xl__worksheets__sheet1_xml=sheet))


def test_cells_that_are_only_formatted_do_not_count() -> None:
    sheet = SHEET.format(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="XFD1" s="0"/></row><row r="900000"/>'
    )
    found = read(with_parts(GOOD, xl__worksheets__sheet1_xml=sheet)).parts[0].structure
    assert (found.last_row, found.last_column) == (1, 1)


def test_one_long_text_used_everywhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zijing.records.sheets.structure.TEXT_LIMIT", 100_000)
    content = typeset(lengths=[50_000, 1], cells=[0, 0, 0, 1])
    assert "too long altogether" in refusal(content)


def test_one_long_text_among_many_short_ones_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zijing.records.sheets.structure.TEXT_LIMIT", 100_000)
    assert read(typeset(lengths=[50_000, 1], cells=[0, *[1] * 20])).parts[0].structure.shared_texts == 21


def typeset(lengths: list[int], cells: list[int]) -> bytes:
    """A workbook whose cells refer to shared texts of these lengths."""
    texts = "".join(f"<si><t>{'x' * n}</t></si>" for n in lengths)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = "".join(f'<row><c t="s"><v>{n}</v></c></row>' for n in cells)
    return with_parts(
        GOOD, xl__sharedStrings_xml=f"<sst {main}>{texts}</sst>", xl__worksheets__sheet1_xml=SHEET.format(rows)
    )


def test_a_good_workbook_is_read() -> None:
    result = typed_file(GOOD)
    assert not result.errors and [r.values for r in result.rows] == [{"code": "Q1", "name": "甲"}]


def test_every_refusal_is_a_domain_error_in_both_languages() -> None:
    said = {"zh-hans": "文件是空的。", "en": "The file is empty."}
    for language, sentence in said.items():
        with translation.override(language), pytest.raises(DomainError) as caught:
            read(b"")
        with translation.override(language):
            assert str(caught.value) == sentence
