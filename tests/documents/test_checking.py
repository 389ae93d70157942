"""The checker finds each single deviation, and none in what the layout produces."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx as writer
import pytest
from django.utils import translation
from hypothesis import given, settings, strategies as st

from tests.documents.samples import LONG, TABLE, full, minutes, plain
from tests.documents.test_reading import remade
from zijing.core.errors import Invalid
from zijing.documents.checking import check
from zijing.documents.layout import docx
from zijing.documents.source import Attachment, Paragraph, Run

FULL = docx(full(signed_by=""))
UPWARD = docx(full())


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def part(content, name):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def changed(content, name, before, after):
    """The document with one thing in it otherwise, where ``before`` first stands."""
    text = part(content, name)
    assert re.search(before, text), before
    return remade(content, **{name: re.sub(before, after, text, count=1)})


@pytest.mark.parametrize(
    "official",
    [
        full(), plain(), full(signed_by=""), full(sealed=False), full(attachments=()), full(serial="", secrecy=""),
        full(layout="minutes", mark="石楼街道党政联席会议纪要", number="第5期", signed_by=""), full(layout="report"),
        minutes(), minutes(body=(TABLE, *minutes().body[2:])), full(layout="minutes", mark="会议纪要", body=minutes().body),
        full(attachments=(Attachment("清单", (LONG,)),)), plain(mark="", number=""), plain(body=()),
        full(mark="中国共产党某某高新技术产业开发区石楼街道工作委员会办公室文件"), full(title="关于一二三四五六七八九十" * 6),
    ],
)  # fmt: skip
def test_nothing_deviates_in_what_is_laid_out(official):
    assert [str(d) for d in check(docx(official))] == []


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=60)


@given(HAN, HAN, HAN, st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.booleans(), st.integers(1, 9999))
@settings(max_examples=40, deadline=None)
def test_nothing_deviates_whatever_it_says(title, text, issuer, on, sealed, number):
    official = plain(
        title=title,
        body=(Paragraph((Run(text + "。"),)),),
        issuer=issuer[:20],
        dated=on,
        sealed=sealed,
        number=f"石办〔2026〕{number}号",
    )
    assert [str(d) for d in check(docx(official))] == []


DOCUMENT, STYLES, FOOTER, SETTINGS = "word/document.xml", "word/styles.xml", "word/footer1.xml", "word/settings.xml"


def styled(key, before, after):
    """A change within the style of one element."""
    return STYLES, rf'(w:styleId="{key}">(?:(?!</w:style>).)*?){before}', rf"\g<1>{after}"


@pytest.mark.parametrize(
    "change, where, clause",
    [
        ((DOCUMENT, 'w:w="11906"', 'w:w="12240"'), "paper", "5.1"),
        ((DOCUMENT, 'w:pgMar w:top="2098"', 'w:pgMar w:top="1440"'), "upper margin", "5.2.1"),
        ((DOCUMENT, 'w:left="1587"', 'w:left="1800"'), "left margin", "5.2.1"),
        ((DOCUMENT, 'w:right="1474"', 'w:right="1300"'), "right margin", "5.2.1"),
        ((DOCUMENT, 'w:bottom="1980"', 'w:bottom="1440"'), "lower margin", "5.2.1"),
        ((DOCUMENT, 'w:type="linesAndChars"', 'w:type="lines"'), "grid of characters", "5.2.3"),
        ((DOCUMENT, 'w:linePitch="580"', 'w:linePitch="600"'), "lines on a page", "5.2.3"),
        ((DOCUMENT, 'w:charSpace="-\\d+"', 'w:charSpace="0"'), "characters in a line", "5.2.3"),
        ((STYLES, 'w:line="580" w:lineRule="exact"/><w:jc w:val="both"', 'w:line="560" w:lineRule="exact"/><w:jc w:val="both"'), "paragraph", "5.2.3"),
        ((DOCUMENT, "石办〔2026〕5号", "石办〔2026〕第5号"), "document number", "7.2.5"),
        ((DOCUMENT, "石办〔2026〕5号", "石办〔2026〕05号"), "document number", "7.2.5"),
        ((DOCUMENT, "石办〔2026〕5号", "石办[2026]5号"), "document number", "7.2.5"),
        ((DOCUMENT, "石办〔2026〕5号", "石办（2026）5号"), "document number", "7.2.5"),
        ((DOCUMENT, "石办〔2026〕5号", "石办〔26〕5号"), "document number", "7.2.5"),
        ((DOCUMENT, "000012", "12"), "serial number", "7.2.1"),
        (styled("Secrecy", 'w:eastAsia="黑体"', 'w:eastAsia="宋体"'), "secrecy", "7.2.2"),
        (styled("Mark", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="黑体"'), "issuer’s mark", "7.2.4"),
        (styled("Mark", 'w:val="center"', 'w:val="left"'), "issuer’s mark", "7.2.4"),
        (styled("Number", 'w:val="center"', 'w:val="left"'), "document number", "7.2.5"),
        (styled("Number", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="宋体"'), "document number", "7.2.5"),
        ((DOCUMENT, 'w:before="\\d+" w:line="1176"', 'w:before="1200" w:line="1176"'), "issuer’s mark", "7.2.4"),
        ((DOCUMENT, '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="0" w:color="FF0000"/></w:pBdr>', ""), "red rule", "7.2.7"),
        ((DOCUMENT, 'w:color="FF0000"', 'w:color="000000"'), "red rule", "7.2.7"),
        ((DOCUMENT, '(w:color="FF0000"/></w:pBdr><w:spacing w:line=)"\\d+"', r'\1"500"'), "red rule", "7.2.7"),
        (styled("Title", 'w:sz w:val="44"', 'w:sz w:val="36"'), "title", "7.3.1"),
        (styled("Title", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="宋体"'), "title", "7.3.1"),
        (styled("Title", 'w:val="center"', 'w:val="left"'), "title", "7.3.1"),
        ((DOCUMENT, "考核工作的通知", "考核工作的通知。"), "title", "7.3.1"),
        ((DOCUMENT, "街道属各单位：", "街道属各单位:"), "addressees", "7.3.2"),
        (styled("Text", 'w:firstLineChars="200" w:firstLine="\\d+"', 'w:firstLine="0"'), "paragraph", "7.3.3"),
        (styled("Text", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="宋体"'), "paragraph", "7.3.3"),
        (styled("Text", 'w:sz w:val="32"', 'w:sz w:val="28"'), "paragraph", "7.3.3"),
        (styled("Heading1", 'w:eastAsia="黑体"', 'w:eastAsia="楷体"'), "paragraph", "7.3.3"),
        (styled("Heading2", 'w:eastAsia="楷体_GB2312"', 'w:eastAsia="黑体"'), "paragraph", "7.3.3"),
        ((DOCUMENT, "二、工作要求", "三、工作要求"), "heading", "7.3.3"),
        ((DOCUMENT, "（一）责任分工", "（二）责任分工"), "heading", "7.3.3"),
        ((DOCUMENT, "附件：1.", "附件:1."), "list of annexes", "7.3.4"),
        ((DOCUMENT, "1.重点项目清单", "1、重点项目清单"), "list of annexes", "7.3.4"),
        ((DOCUMENT, "1.重点项目清单", "1.重点项目清单；"), "list of annexes", "7.3.4"),
        ((DOCUMENT, "2026年5月1日", "2026年05月01日"), "date of the document", "7.3.5.4"),
        ((DOCUMENT, "2026年5月1日", "二〇二六年五月一日"), "date of the document", "7.3.5.4"),
        ((DOCUMENT, "2026年5月1日", "2026.5.1"), "date of the document", "7.3.5.4"),
        (styled("Dated", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="楷体"'), "date of the document", "7.3.5"),
        ((DOCUMENT, "（联系人：李四，电话：12345678）", "(联系人：李四，电话：12345678)"), "closing note", "7.3.6"),
        (styled("AnnexMark", 'w:eastAsia="黑体"', 'w:eastAsia="宋体"'), "附件1", "7.3.7"),
        ((STYLES, "<w:pageBreakBefore/>", ""), "附件1", "7.3.7"),
        ((DOCUMENT, '<w:top w:val="single" w:space="0" w:color="000000" w:sz="8"/>', '<w:top w:val="single" w:sz="4"/>'), "版记, first rule", "7.4.1"),
        ((DOCUMENT, '<w:bottom w:val="single" w:space="0" w:color="000000" w:sz="8"/>', ""), "版记, last rule", "7.4.1"),
        ((DOCUMENT, 'w:color="000000" w:sz="6"/>', 'w:color="000000" w:sz="8"/>'), "版记, inner rule", "7.4.1"),
        (styled("Record", 'w:sz w:val="28"', 'w:sz w:val="32"'), "版记", "7.4.2"),
        ((DOCUMENT, "区督查室。", "区督查室"), "抄送", "7.4.2"),
        ((DOCUMENT, "2026年5月2日印发", "2026年05月02日印发"), "date of printing", "7.4.3"),
        ((FOOTER, 'w:jc w:val="right"', 'w:jc w:val="center"'), "page number", "7.5"),
        ((FOOTER, "— </w:t>", "- 第</w:t>"), "page number", "7.5"),
        ((FOOTER, 'w:rightChars="100" w:right="\\d+"', 'w:right="0"'), "page number", "7.5"),
        ((SETTINGS, "<w:evenAndOddHeaders/>", ""), "page number", "7.5"),
        (styled("Footer", 'w:ascii="宋体"', 'w:ascii="仿宋"'), "page number", "7.5"),
        (styled("Footer", 'w:sz w:val="28"', 'w:sz w:val="21"'), "page number", "7.5"),
    ],
)  # fmt: skip
def test_a_single_deviation_is_found(change, where, clause):
    name, before, after = change
    text = part(FULL, name)
    assert re.search(before, text, re.DOTALL), before
    found = check(remade(FULL, **{name: re.sub(before, after, text, count=1, flags=re.DOTALL)}))
    said = {(re.split(r"(?: \d+)? “", d.where)[0], d.clause) for d in found}
    assert (where, clause) in said
    assert len(said) <= 2  # a narrower page holds fewer characters; one style serves two elements


def test_a_signer_in_another_face_is_found():
    found = check(changed(UPWARD, DOCUMENT, 'w:eastAsia="楷体_GB2312"', 'w:eastAsia="仿宋_GB2312"'))
    assert [(d.where, d.clause) for d in found] == [("signer", "7.2.6")]


MINUTES = docx(minutes())
ATTENDANCE = '<w:p><w:pPr><w:pStyle w:val="Attendance"/>'
BLANK = '<w:p><w:pPr><w:pStyle w:val="Blank"/><w:keepNext/></w:pPr></w:p>'


@pytest.mark.parametrize(
    "before, after, said",
    [
        ('w:eastAsia="黑体"', 'w:eastAsia="仿宋_GB2312"', "3号 仿宋_GB2312; should be 3号 黑体"),
        (' w:hanging="948"', "", "indented 5.0 characters; should be indented 2 characters"),
        ('w:left="1579" w:hanging="948"', 'w:firstLineChars="200" w:firstLine="632"', "further lines 0.0 characters in; should be further lines 5 characters in"),
        ('w:left="1579" w:hanging="948"', 'w:leftChars="200" w:left="1580" w:hangingChars="400" w:hanging="1264"', "further lines 6.0 characters in; should be further lines 5 characters in"),
        ("出席：", "出席:", "出席:; should be 出席："),
        (f"{BLANK}{ATTENDANCE}", ATTENDANCE, "0 blank lines; should be 1 blank lines"),
        (f"{BLANK}{ATTENDANCE}", f"{BLANK}{BLANK}{ATTENDANCE}", "2 blank lines; should be 1 blank lines"),
        ('<w:r><w:t xml:space="preserve">石楼街道办事处张三', '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>石楼街道办事处张三', "4号 仿宋_GB2312; should be 3号 仿宋"),
    ],
)  # fmt: skip
def test_a_line_of_attendance_that_deviates_is_found(before, after, said):
    assert [str(d) for d in check(changed(MINUTES, DOCUMENT, before, after))] == [
        f"attendance “出席：”: {said} (GB/T 9704-2012, 10.3)"
    ]


def test_attendance_may_hang_in_characters_as_word_writes_it_and_a_single_line_need_not_hang():
    words = ('w:left="1579" w:hanging="948"', 'w:leftChars="200" w:left="1580" w:hangingChars="300" w:hanging="948"')
    assert check(changed(MINUTES, DOCUMENT, *words)) == []
    short = docx(minutes(body=(LONG, Paragraph((Run("出席：张三"),)))))
    words = ('w:left="1579" w:hanging="948"', 'w:firstLineChars="200" w:firstLine="632"')
    assert check(changed(short, DOCUMENT, *words)) == []


def test_a_notice_that_names_who_is_to_come_has_no_attendance():
    assert check(docx(plain(body=(LONG, Paragraph((Run("出席：各社区负责人。"),)))))) == []


def test_a_missing_blank_line_is_found():
    blank = '<w:p><w:pPr><w:pStyle w:val="Blank"/></w:pPr></w:p>'
    text = part(FULL, DOCUMENT)
    assert text.count(blank) > 2
    shorter = remade(FULL, **{DOCUMENT: text.replace(blank, "", 1)})
    assert [(d.where, d.clause) for d in check(shorter)] == [("title", "7.3.1")]


def test_a_document_from_an_empty_word_page_says_all_that_is_missing():
    document = writer.Document()
    document.add_paragraph("正文。")
    file = BytesIO()
    document.save(file)
    assert {d.clause for d in check(file.getvalue())} == {"5.1", "5.2.1", "5.2.3", "7.3.1", "7.3.3", "7.5"}


def test_a_deviation_says_where_what_and_by_which_clause():
    (one,) = check(docx(replace(full(signed_by=""), number="石办〔2026〕第5号")))
    assert str(one) == (
        "document number: 石办〔2026〕第5号; should be like 代字〔2026〕5号: no 第, no leading zero, hexagonal brackets (GB/T 9704-2012, 7.2.5)"
    )


@given(st.integers(0, len(FULL) - 1), st.binary(min_size=1, max_size=100))
@settings(max_examples=40, deadline=None)
def test_damage_never_breaks_the_checker(at, noise):
    try:
        check(FULL[:at] + noise + FULL[at + len(noise) :])
    except Invalid:
        return


@pytest.mark.parametrize(
    "before, after",
    [('w:linePitch="580"', 'w:linePitch="x"'), ('w:line="1176"', 'w:line="nan"'), ('w:w="11906"', 'w:w="1e999"')],
)
def test_numbers_that_are_none_are_refused_or_measured(before, after):
    try:
        check(changed(FULL, DOCUMENT, before, after))
    except Invalid:
        return
