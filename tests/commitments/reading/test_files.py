import docx as writer
import pytest
from docx.oxml.ns import qn

from tests.documents.samples import remade, saved
from zijing.commitments.reading.files import text_of
from zijing.core.errors import Invalid
from zijing.documents.reading import docx_of

PLAN = docx_of("计划")
MAIN = "word/document.xml"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_offices(encoding):
    assert text_of("新建公园3个。".encode(encoding)).strip("\ufeff") == "新建公园3个。"


def test_paragraphs_and_tables_of_a_document_become_lines():
    document = writer.Document()
    document.add_paragraph("计划")
    for cell, said in zip(document.add_table(1, 2).rows[0].cells, ("任务", "时限"), strict=True):
        cell.text = said
    assert text_of(saved(document)) == "计划\n任务\t时限"


def test_a_tab_in_a_paragraph_makes_no_row_of_a_table():
    assert text_of(docx_of("1.\t新建公园3个。")) == "1. 新建公园3个。"


def test_numbers_that_word_counts_itself_are_part_of_the_plan():
    document = writer.Document()
    for text in ("新建公园3个。", "改造管网2公里。"):
        document.add_paragraph(text, style="List Number")
    numbering = document.part.numbering_part.element
    used = document.styles["List Number"].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
    assert any(one.get(qn("w:numId")) == used for one in numbering.findall(qn("w:num")))
    assert text_of(saved(document)) == "1.新建公园3个。\n2.改造管网2公里。"


def test_macros_bombs_entities_old_and_locked_files_are_refused():
    whole = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>&a;"
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)
    for content in (
        remade(PLAN, **{"word/vbaProject.bin": b"x"}),
        remade(PLAN, **{MAIN: whole.encode() + b" " * 30_000_000 + b"</w:body></w:document>"}),
        remade(PLAN, **{MAIN: f"<!DOCTYPE d [<!ENTITY a 'b'>]>{whole}</w:body></w:document>".encode()}),
        b"PK\x03\x04" + b"x" * 50,
        ole,
        ole + "EncryptedPackage".encode("utf-16-le"),
    ):
        with pytest.raises(Invalid):
            text_of(content)
