"""The DOCX measured as another program reads it: page, grid, styles, places."""

from io import BytesIO

import docx as reader
import pytest
from docx.shared import Mm, Pt

from tests.documents.samples import LONG, PRESENT, TABLE, full, minutes, plain
from zijing.documents.layout import docx
from zijing.documents.source import Official, Paragraph, Run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(official):
    return reader.Document(BytesIO(docx(official)))


def texts(document, style):
    return [p.text for p in document.paragraphs if p.style.name == style]


def test_the_type_area_is_156_by_225_mm_on_a4():
    section = opened(plain()).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.top_margin.mm == pytest.approx(37, abs=0.05)
    assert section.left_margin.mm == pytest.approx(28, abs=0.05)
    assert (section.page_width - section.left_margin - section.right_margin) / Mm(1) == pytest.approx(156, abs=0.1)
    assert (section.page_height - section.top_margin - section.bottom_margin) / Mm(1) == pytest.approx(225, abs=0.1)


def test_22_lines_of_28_characters_fill_it():
    document = opened(plain())
    section = document.sections[0]
    grid = section._sectPr.find(f"{W}docGrid")
    pitch = int(grid.get(f"{W}linePitch"))
    character = 16 + int(grid.get(f"{W}charSpace")) / 4096
    width = (section.page_width - section.left_margin - section.right_margin) / Pt(1)
    height = (section.page_height - section.top_margin - section.bottom_margin) / Pt(1)
    assert grid.get(f"{W}type") == "linesAndChars"
    assert pitch / 20 == pytest.approx(28.99, abs=0.05)
    assert character == pytest.approx(15.79, abs=0.01)
    assert int(height * 20) // pitch == 22
    assert width // character == 28


def test_each_element_has_its_font_and_size():
    document = opened(full())
    faces = {
        s.name: (s.element.rPr.rFonts.get(f"{W}eastAsia"), s.font.size.pt)
        for s in document.styles
        if s.element.rPr is not None and s.font.size
    }
    assert faces["公文正文"] == ("仿宋_GB2312", 16)
    assert faces["Heading 1"] == ("黑体", 16)
    assert faces["Heading 2"] == ("楷体_GB2312", 16)
    assert faces["Heading 3"] == faces["Heading 4"] == ("仿宋_GB2312", 16)
    assert faces["Title"] == ("方正小标宋简体", 22)
    assert faces["版记"] == ("仿宋_GB2312", 14)
    assert faces["Footer"] == ("宋体", 14)


def test_the_elements_stand_in_their_order():
    document = opened(full())
    styles = [p.style.name for p in document.paragraphs if p.text.strip()]
    order = ["份号", "密级和紧急程度", "发文机关标志", "发文字号", "Title", "主送机关", "公文正文"]
    assert sorted(order, key=styles.index) == order
    assert texts(document, "发文字号") == ["石办〔2026〕5号\t签发人：张三丰"]
    assert texts(document, "成文日期") == ["2026年5月1日"]
    assert texts(document, "主送机关") == ["各社区、各科室，街道属各单位："]
    assert texts(document, "附件说明")[0] == "附件：1.重点项目清单"
    assert texts(document, "附件标识") == ["附件1", "附件2"]
    assert [c.text for row in document.tables[-1].rows for c in row.cells][
        1
    ] == "石楼街道办事处办公室\t2026年5月2日印发"
    assert document.tables[-1].rows[0].cells[0].text.endswith("区督查室。")


def test_the_mark_begins_35_mm_below_the_type_area_and_the_number_stands_on_the_eighth_line():
    document = opened(full())
    top = 0.0
    for paragraph in document.paragraphs:
        spacing = paragraph.paragraph_format
        line = (spacing.line_spacing or paragraph.style.base_style.paragraph_format.line_spacing).pt
        if paragraph.style.name == "发文机关标志":
            baseline = top + spacing.space_before.pt + 0.8 * line
            size = paragraph.runs[0].font.size.pt
            assert (baseline - 0.86 * size) / 72 * 25.4 == pytest.approx(35, abs=0.2)
        if paragraph.style.name == "发文字号":
            assert top == pytest.approx(7 * 29, abs=0.1)
        if paragraph.style.name == "红色分隔线":
            ink = 8 * 29 - 0.2 * 29 + 0.12 * 16
            assert (top + line - ink) / 72 * 25.4 == pytest.approx(4, abs=0.1)
        if paragraph.style.name == "Title":
            assert top == pytest.approx(10 * 29, abs=0.1)
            return
        top += (spacing.space_before.pt if spacing.space_before else 0) + line


def test_headings_without_a_number_get_the_next_one_and_others_keep_theirs():
    document = opened(full())
    assert texts(document, "Heading 1") == ["一、总体要求", "二、工作要求"]
    assert texts(document, "Heading 2") == ["（一）责任分工"]
    assert texts(document, "Heading 3") == ["1.明确任务。"]
    assert texts(document, "Heading 4") == ["（1）逐项销号。"]


def test_a_number_opens_its_evidence_and_what_has_no_data_is_marked():
    document = opened(full())
    links = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    marked = [r.text for p in document.paragraphs for r in p.runs if r.font.highlight_color]
    assert "https://example.org/f/1" in links
    assert marked == ["【缺数据：工业项目】"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "/figures/1", "https://a b/", 'https://a/"><x']
)
def test_an_address_that_leads_nowhere_safely_is_no_link(url):
    document = opened(plain(body=(Paragraph((Run("14", url),)),)))
    assert not [rel for rel in document.part.rels.values() if rel.is_external]


def test_odd_pages_are_numbered_right_and_even_pages_left():
    document = opened(plain())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        properties = footer.paragraphs[0]._p.pPr
        assert properties.find(f"{W}jc").get(f"{W}val") == side
        assert properties.find(f"{W}ind").get(f"{W}{side}Chars") == "100"
        assert "PAGE" in footer._element.xml


def test_minutes_and_reports_end_without_a_signature():
    for layout in ("minutes", "report"):
        document = opened(full(layout=layout))
        assert texts(document, "成文日期") == texts(document, "发文机关署名") == []
    assert texts(opened(full(layout="report")), "发文机关标志") == []
    assert texts(opened(full(layout="report")), "Subtitle") == ["石楼街道办事处　2026年5月1日"]


def hangs(paragraph):
    """Where its first line and the others begin, in characters of the grid, as every program reads lengths."""
    given = paragraph._p.pPr.find(f"{W}ind")
    assert not {f"{W}leftChars", f"{W}hangingChars"} & set(given.attrib)  # Word counts them up to the first line
    left, hanging = (int(given.get(f"{W}{side}")) * 28 / (156 / 25.4 * 1440) for side in ("left", "hanging"))
    return pytest.approx((left - hanging, left), abs=0.01)


def test_minutes_say_below_a_blank_line_who_was_there():
    document = opened(minutes())
    lines = [p for p in document.paragraphs if p.style.name == "出席人员"]
    assert [p.text for p in lines] == [f"出席：{PRESENT}。", "请假：（区外学习）郑一。", "列席：【缺数据：记录人】。"]
    for line in lines:
        label, *names = line.runs
        assert label.text == line.text[:3]
        assert label._r.rPr.rFonts.get(f"{W}eastAsia") == "黑体"
        assert all(run._r.rPr is None or run._r.rPr.rFonts is None for run in names)
        assert hangs(line) == (2, 5)
    styles = [p.style.name for p in document.paragraphs]
    assert styles[styles.index("出席人员") - 2 :][:2] == ["Heading 1", "公文空行"]
    assert "Heading 1" not in styles[styles.index("出席人员") :]


@pytest.mark.parametrize("before", [(TABLE,), ()])
def test_attendance_never_stands_below_two_blank_lines(before):
    document = opened(minutes(body=(*before, Paragraph((Run("出席：张三"),)))))
    styles = [p.style.name for p in document.paragraphs]
    assert styles[styles.index("出席人员") - 2 : styles.index("出席人员")] == [
        "Caption" if before else "Title", "公文空行",
    ]  # fmt: skip


def test_only_minutes_have_lines_of_attendance_and_they_follow_the_list_of_annexes():
    line = Paragraph((Run("出席：张三"),))
    assert "出席人员" not in [p.style.name for p in opened(plain(body=(LONG, line))).paragraphs]
    styles = [p.style.name for p in opened(full(layout="minutes", body=(line, LONG))).paragraphs]
    annexes = max(at for at, style in enumerate(styles) if style == "附件说明")
    assert styles[annexes + 1 :][:2] == ["公文空行", "出席人员"]


def test_english_minutes_lead_past_the_label_with_a_tab():
    body = tuple(Paragraph((Run(text),)) for text in ("We met.", "Present: A. Zhang, B. Li", "Absent:none."))
    document = opened(minutes(language="en", body=body))
    assert texts(document, "出席人员") == ["Present:\tA. Zhang, B. Li.", "Absent:\tnone."]


def test_what_hangs_is_aligned_in_lengths_that_every_program_reads_alike():
    document = opened(full())
    first, second = (p for p in document.paragraphs if p.style.name == "附件说明")
    assert hangs(first) == (2, 6)
    assert hangs(second) == (5, 6)
    copies = document.tables[-1].rows[0].cells[0].paragraphs[0]
    assert hangs(copies) == (1, 4)


def test_a_title_breaks_between_words_and_never_like_an_hourglass():
    title = "石楼街道办事处关于进一步加强重点项目建设督查考核工作的通知"
    lines = opened(full(title=title)).paragraphs
    broken = next(p.text for p in lines if p.style.name == "Title").split("\n")
    assert "".join(broken) == title
    assert all(len(line) <= 20 for line in broken)
    assert broken == ["石楼街道办事处关于进一步加强", "重点项目建设督查考核工作的通知"]


def test_what_no_page_can_show_is_left_out_and_markup_is_text():
    document = opened(Official(title="</w:t>&\x00\x0b", body=(Paragraph((Run("a<b>&amp;\x1f\ud800\ufffe]]>\tc"),)),)))
    assert texts(document, "Title") == ["</w:t>&"]
    assert texts(document, "公文正文") == ["a<b>&amp;]]>\tc"]


def test_the_same_source_gives_the_same_bytes():
    assert docx(full()) == docx(full())
