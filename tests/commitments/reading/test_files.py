import zipfile
from io import BytesIO

import pytest

from zijing.commitments.reading.files import text_of
from zijing.core.errors import Invalid

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body, extra=()):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
        for name in extra:
            archive.writestr(name, b"x")
    return out.getvalue()


def document(inner, head=""):
    return f"<?xml version='1.0'?>{head}<w:document {NS}><w:body>{inner}</w:body></w:document>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_offices(encoding):
    assert text_of("新建公园3个。".encode(encoding)).strip("\ufeff") == "新建公园3个。"


def test_paragraphs_and_tables_of_a_document_become_lines():
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell.format('任务')}{cell.format('时限')}</w:tr>"
    body = document(f"<w:p><w:r><w:t>计划</w:t></w:r></w:p><w:tbl>{row}</w:tbl>")
    assert text_of(docx(body), "计划.docx") == "计划\n任务\t时限"


def test_macros_bombs_and_entities_are_refused():
    for content in (
        docx(document("<w:p/>"), ["word/vbaProject.bin"]),
        docx(document("<w:p/>" + " " * 30_000_000)),
        docx(document("&a;", "<!DOCTYPE d [<!ENTITY a 'b'>]>")),
        b"PK\x03\x04" + b"x" * 50,
    ):
        with pytest.raises(Invalid):
            text_of(content, "计划.docx")
