"""Templates read back: any text survives, placeholders torn apart by Word are whole again, and what is no DOCX is refused."""

from contextlib import suppress
from io import BytesIO

import docx as writer
import pytest
from django.utils import translation
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings, strategies as st

from tests.documents.samples import full, remade, saved
from zijing.core.errors import Invalid
from zijing.documents.layout import docx
from zijing.documents.layout.wording import clean
from zijing.documents.packaging import NO_DOCX
from zijing.documents.reading import docx_of, text_of


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_survives_being_made_a_docx(text):
    assert text_of(docx_of(text)) == clean(text)


def test_what_is_laid_out_can_be_read_again():
    text = text_of(docx(full()))
    for said in (
        "石办〔2026〕5号\t签发人：张三丰",
        "一、总体要求",
        "（一）责任分工",
        "附件：1.重点项目清单",
        "2026年5月1日",
    ):
        assert said in text.split("\n")
    assert "第1社区\t3\t12.5\t按期推进，无需整改；其余事项按照原计划办理" in text.split("\n")


def test_a_placeholder_torn_into_runs_is_whole_again():
    document = writer.Document()
    paragraph = document.add_paragraph("本月完成投资{")
    for piece in ("{", "完成", "投资", "}", "}亿元"):
        paragraph.add_run(piece).bold = piece == "完成"
    paragraph.add_run("，{{新增").add_break()
    paragraph.add_run("项目}}")
    assert text_of(saved(document)) == "本月完成投资{{完成投资}}亿元，{{新增项目}}"


def test_headers_footers_and_deleted_text_are_left_out_and_inserted_text_is_kept():
    document = writer.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    paragraph = document.add_paragraph("正文")
    for tag, inner, text in (("w:del", "w:delText", "删"), ("w:ins", "w:t", "增"), ("w:moveFrom", "w:t", "移")):
        change, run, said = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        said.text = text
        run.append(said)
        change.append(run)
        paragraph._p.append(change)
    assert text_of(saved(document)) == "正文增"


def test_a_table_that_only_holds_a_placeholder_is_a_line_and_others_keep_their_rows():
    document = writer.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{表 新增}}"
    document.add_paragraph("x")
    table = document.add_table(2, 2)
    for at, text in enumerate(("社区", "数", "{{社区}}", "{{数}}")):
        table.cell(at // 2, at % 2).text = text
    assert text_of(saved(document)) == "{{表 新增}}\nx\n社区\t数\n{{社区}}\t{{数}}"


def test_numbers_that_word_counts_are_written_out():
    document = writer.Document()
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "900")
    for level, form, pattern in (
        (0, "chineseCounting", "%1、"),
        (1, "chineseCounting", "（%2）"),
        (2, "decimal", "%3."),
    ):
        one = OxmlElement("w:lvl")
        one.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", pattern)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            one.append(child)
        abstract.append(one)
    numbering.append(abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "900")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "900")
    number.append(link)
    numbering.append(number)
    for text, level in (("总体", 0), ("目标", 1), ("任务", 1), ("落实", 2), ("保障", 0), ("组织", 1)):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 900
    assert text_of(saved(document)).split("\n") == [
        "一、总体",
        "（一）目标",
        "（二）任务",
        "1.落实",
        "二、保障",
        "（一）组织",
    ]


PLAIN = docx_of("正文")
MAIN = "word/document.xml"
WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
DEEP = WORD + b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000 + b"</w:body></w:document>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "empty"),
        (b"%PDF-1.7 text", "no Word document"),
        ("正文".encode(), "no Word document"),
        (b"PK\x03\x04 broken", "damaged"),
        (PLAIN[:-200], "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500, "old .doc"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (remade(PLAIN, **{"word/vbaProject.bin": b"x"}), "macros"),
        (remade(PLAIN, **{"[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-word.template.macroEnabledTemplate.main+xml"/></Types>'}), "macros"),
        (remade(PLAIN, **{MAIN: None}), "no Word document"),
        (remade(PLAIN, **{"[Content_Types].xml": None}), "no Word document"),
        (remade(PLAIN, **{MAIN: b"<w:document"}), "damaged"),
        (remade(PLAIN, **{MAIN: ENTITIES}), "entities"),
        (remade(PLAIN, **{MAIN: b"<a/>"}), "no Word document"),
        (remade(PLAIN, **{MAIN: DEEP}), "damaged"),
        (remade(PLAIN, **{MAIN: b"<a>" + b" " * 30_000_000 + b"</a>"}), "unpack"),
        (b"PK\x03\x04" + b"\0" * (21 * 2**20), "20 MB"),
    ],
    ids=["empty", "pdf", "text", "broken", "cut", "doc", "locked", "vba", "docm", "no-text", "other-zip", "bad-xml", "entities", "other", "deep", "bomb", "large"],
)  # fmt: skip
def test_what_is_no_template_is_refused_with_the_reason(content, said):
    with translation.override("en"), pytest.raises(Invalid) as refused:
        text_of(content)
    with translation.override("en"):
        assert said in str(refused.value)


def test_a_workbook_is_no_document():
    from openpyxl import Workbook

    file = BytesIO()
    Workbook().save(file)
    with pytest.raises(Invalid) as refused:
        text_of(file.getvalue())
    assert refused.value.message == NO_DOCX


@given(st.binary(max_size=200), st.integers(0, len(PLAIN) - 1))
@settings(max_examples=60, deadline=None)
def test_damage_is_refused_or_read_but_never_breaks(noise, at):
    damaged = PLAIN[:at] + noise + PLAIN[at + len(noise) :]
    with suppress(Invalid):
        assert isinstance(text_of(damaged), str)
