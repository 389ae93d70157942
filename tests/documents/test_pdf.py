"""The PDF measured on its pages: pitch, places, faces, rules. The fonts are those ./test sets up."""

from datetime import date

import pytest

from tests.documents.pages import MM, gaps, links, measured, rules
from tests.documents.samples import LONG, PRESENT, SENTENCE, TABLE, full, minutes, plain
from zijing.core.errors import Invalid
from zijing.documents.layout import apart, faces, pdf, portable
from zijing.documents.source import Attachment, Official, Paragraph, Run, Table

TOP, LEFT = 37 * MM, 28 * MM
SERIF, SANS, KAI = "NotoSerifCJKsc-Regular", "NotoSansCJKsc-Regular", "UKaiCN"


@pytest.fixture(scope="module")
def letter():
    return pdf(full())


@pytest.fixture(scope="module")
def rows(letter):
    return measured(letter)


def row(rows, text):
    return next(r for page in rows for r in page if text in r.text)


def test_a_page_of_text_has_22_lines_of_28_characters():
    pages = measured(pdf(plain(mark="", number="", body=(Paragraph((Run(SENTENCE * 40),)),))))
    lines = pages[1][:-1]
    assert len(lines) == 22
    assert {len(line.glyphs) for line in lines} == {28}
    assert gaps(lines) == pytest.approx([28.99] * 21, abs=0.02)
    assert {round(line.pitch, 2) for line in lines} == {15.79}
    assert {round(line.left - LEFT, 1) for line in lines} == {0.0}
    assert lines[-1].glyphs[-1].left + 15.79 == pytest.approx(LEFT + 156 * MM, abs=0.3)
    assert lines[0].glyphs[0].top > TOP
    assert lines[-1].baseline + 0.12 * 16 < TOP + 225 * MM


@pytest.mark.parametrize("last", [27, 28, 29])
def test_a_last_line_holds_28_characters_too(last):
    pages = measured(pdf(Official(title="题", body=(Paragraph((Run("重" * (26 + last)),)),))))
    assert [len(r.glyphs) for r in pages[0] if r.text[0] == "重"] == [26, min(last, 28), *([1] if last > 28 else [])]


def test_elements_have_their_faces_and_sizes(rows):
    for text, face, size in (
        ("000012", SERIF, 16), ("机密★1年", SANS, 16), ("特急", SANS, 16), ("石楼街道办事处文件", "NotoSerifCJKsc-Bold", 49),
        ("重点项目建设督查考核工作的通知", "NotoSerifCJKsc-Bold", 22), ("一、总体要求", SANS, 16), ("（一）责任分工", KAI, 16),
        ("1.明确任务", SERIF, 16), ("（1）逐项销号", SERIF, 16), ("附件1", SANS, 16), ("抄送：", SERIF, 14), ("—1—", SERIF, 14),
    ):  # fmt: skip
        first = row(rows, text).glyphs[0]
        assert (text, first.face, round(first.size)) == (text, face, size)


def test_the_head_stands_where_the_standard_puts_it(rows, letter):
    mark, number = row(rows, "石楼街道办事处文件"), row(rows, "石办〔2026〕5号")
    assert min(g.top for g in mark.glyphs) == pytest.approx(TOP + 35 * MM, abs=0.3 * MM)
    assert {g.colour for g in mark.glyphs} == {(255, 0, 0)}
    middle = (mark.glyphs[0].left + mark.glyphs[-1].left + mark.glyphs[-1].size) / 2
    assert middle == pytest.approx(LEFT + 78 * MM, abs=2 * MM)
    blank = (number.glyphs[0].top - max(g.bottom for g in mark.glyphs)) / 28.99
    assert blank == pytest.approx(2.2, abs=0.4)
    (rule,) = rules(letter, 0)
    assert rule[0] - (number.baseline + 0.12 * 16) / MM == pytest.approx(4, abs=0.2)
    assert rule[1] == pytest.approx(156, abs=1)
    title = row(rows, "石楼街道办事处关于")
    assert (title.glyphs[0].top / MM - rule[0]) * MM / 28.99 == pytest.approx(2, abs=0.25)


def test_upward_documents_name_the_signer_on_the_line_of_the_number(rows):
    line = row(rows, "石办〔2026〕5号")
    assert line.text.endswith("签发人：张三丰")
    assert [g.face for g in line.glyphs[-3:]] == [KAI] * 3
    assert line.left == pytest.approx(LEFT + 15.79, abs=0.5)
    assert line.glyphs[-1].left + 15.79 == pytest.approx(LEFT + 156 * MM - 15.79, abs=1)


def test_the_number_alone_stands_in_the_middle():
    line = row(measured(pdf(plain())), "石办〔2026〕5号")
    assert (line.left + line.glyphs[-1].left + 15.79) / 2 == pytest.approx(LEFT + 78 * MM, abs=3)


def test_with_a_seal_the_issuer_is_centred_over_a_date_four_characters_in(rows):
    name, on = row(rows, "石楼街道办事处"), row(rows, "2026年5月1日")
    name = next(r for page in rows for r in page if r.text == "石楼街道办事处")
    right = LEFT + 156 * MM - 4 * 15.79
    assert on.glyphs[-1].left + 15.79 == pytest.approx(right, abs=1)
    centre = lambda r: (r.left + r.glyphs[-1].left + 15.79) / 2
    assert centre(name) == pytest.approx(centre(on), abs=1)
    above = row(rows, "说明材料汇编（试行）")
    assert name.baseline - above.baseline == pytest.approx(3 * 28.99, abs=0.1)


def test_without_a_seal_the_date_begins_two_characters_after_the_issuer():
    pages = measured(pdf(plain(sealed=False, issuer="高新区石楼街道办事处")))
    name = next(r for page in pages for r in page if r.text == "高新区石楼街道办事处")
    on = row(pages, "2026年5月1日")
    assert on.left - name.left == pytest.approx(2 * 15.79, abs=1)
    assert name.glyphs[-1].left + 15.79 == pytest.approx(LEFT + 156 * MM - 2 * 15.79, abs=1)


def test_the_record_ends_on_the_lower_edge_of_the_last_page(letter, rows):
    outer, inner, last = rules(letter, len(rows) - 1)
    assert [round(r[2], 2) for r in (outer, inner, last)] == [0.35, 0.25, 0.35]
    assert last[0] == pytest.approx(37 + 225, abs=0.2)
    assert row(rows, "抄送：").text.startswith("抄送：区委办公室")
    assert any(r.text.endswith("区督查室。") for r in rows[-1])
    assert row(rows, "办公室2026年5月2日印发").left == pytest.approx(LEFT + 15.79, abs=0.5)


def test_page_numbers_stand_outside_seven_millimetres_below(rows):
    for number, page in enumerate(rows, 1):
        said = page[-1]
        assert said.text == f"—{number}—"
        dash = said.glyphs[0]
        assert (dash.top + dash.bottom) / 2 / MM - 262 == pytest.approx(7, abs=0.4)
        if number % 2:
            assert said.glyphs[-1].left + 14 == pytest.approx(LEFT + 156 * MM - 15.79, abs=2)
        else:
            assert said.left == pytest.approx(LEFT + 15.79, abs=1)


def test_each_annex_begins_a_page_with_its_title_on_the_third_line(rows):
    for label, title in (("附件1", "重点项目清单"), ("附件2", "各社区任务分解表")):
        page = next(p for p in rows if p[0].text == label)
        assert page[1].text.startswith(title)
        assert page[1].baseline - page[0].baseline == pytest.approx(2 * 28.99, abs=0.1)


def test_numbers_lead_to_their_evidence_and_missing_ones_are_named(letter, rows):
    assert {"https://example.org/f/1", "https://example.org/f/4"} <= links(letter)
    assert row(rows, "【缺数据：工业项目】")
    assert row(rows, "东风社区【缺数据】")


def test_minutes_carry_number_issuer_and_date_in_the_head_and_reports_under_the_title():
    minutes = measured(pdf(full(layout="minutes", mark="石楼街道党政联席会议纪要", number="第5期", signed_by="")))
    assert row(minutes, "第5期石楼街道办事处2026年5月1日")
    report = measured(pdf(full(layout="report")))
    line = row(report, "石楼街道办事处2026年5月1日")
    assert line.glyphs[0].face == KAI
    assert not any("文件" in r.text for r in report[0])


def test_minutes_say_below_a_blank_line_who_was_there():
    (page,) = measured(pdf(minutes()))
    first = page.index(row([page], "出席："))
    lines = page[first : first + 4]
    assert "".join(line.text for line in lines) == (
        f"出席：{PRESENT}。请假：（区外学习）郑一。列席：【缺数据：记录人】。"
    )
    assert gaps([page[first - 1], *lines]) == pytest.approx([2 * 28.99, *[28.99] * 3], abs=0.02)
    left = [(line.left - LEFT) / 15.79 for line in lines]
    assert left == pytest.approx([2, 5, 2, 2], abs=0.05)
    for line in (lines[0], lines[2], lines[3]):
        assert {g.face for g in line.glyphs[:3]} == {SANS}
        assert {g.face for g in line.glyphs[3:]} == {SERIF}
        assert {round(g.size) for g in line.glyphs} == {16}
        assert (line.glyphs[3].left - LEFT) / 15.79 == pytest.approx(5, abs=0.05)
    assert len(lines[0].glyphs) == 26 and not page[first - 1].text.startswith("出席")


def test_attendance_stands_a_line_below_a_table_and_aligned_in_english():
    page = measured(pdf(minutes(body=(TABLE, Paragraph((Run("出席：张三"),))), mark="", number="")))[0]
    below = page.index(row([page], "出席："))
    assert 28.99 < page[below].baseline - page[below - 1].baseline < 2.5 * 28.99
    body = (Paragraph((Run("We met."),)), Paragraph((Run("Present: " + "Zhang of the office, " * 12),)))
    (page,) = measured(pdf(minutes(language="en", body=body)))
    first = page.index(row([page], "Present:"))
    assert page[first].glyphs[len("Present:")].left == pytest.approx(page[first + 1].left, abs=0.5)
    colon, name = page[first].glyphs[len("Present") : len("Present") + 2]
    assert name.left - colon.left > 0.4 * 16
    assert "".join(line.text for line in page[first:]).count("Zhangoftheoffice") == 12


def test_an_english_document_has_a_latin_serif():
    page = measured(
        pdf(
            Official(
                title="Notice",
                body=(Paragraph((Run("Projects are to be checked."),)),),
                dated=date(2026, 5, 1),
                issuer="Shilou Office",
                language="en",
            )
        )
    )[0]
    line = next(r for r in page if "Projects" in r.text)
    assert "Serif" in line.glyphs[0].face or "Times" in line.glyphs[0].face
    assert "CJK" not in line.glyphs[0].face
    assert any(r.text == "1May2026" for r in page)


@pytest.mark.parametrize(
    "text", ['#eval("1+1")', '$x^2$ *b* _i_ `c` <l> @r \\ #image("/etc/passwd")', "// gone /* too */", "{{x}} [y]"]
)
def test_markup_is_text(text):
    page = measured(pdf(plain(body=(Paragraph((Run(text),)),), title=text)))[0]
    said = "".join(r.text for r in page)
    assert said.count("".join(text.split())) == 2


@pytest.mark.parametrize("text", ["a\x00b\x1b\u202e", "\ud800", "\u0e33" * 50, "👩‍👩‍👧", "x" * 5000, "重" * 5000, ""])
def test_any_text_stays_inside_the_type_area(text):
    official = plain(
        title=text or "题", mark=text[:300], number=text[:300], issuer=text[:300], addressed_to=text[:300], note=text[:300],
        copies_to=text[:300], body=(Paragraph((Run(text),)), Table("", (text[:50], "b"), (((Run(text[:200]),), (Run("1"),)),))),
        attachments=(Attachment(text[:100]),),
    )  # fmt: skip
    for page in measured(pdf(official)):
        for line in page:
            assert line.left >= LEFT - 1
            assert line.glyphs[-1].left <= LEFT + 156 * MM + 1


def test_many_annexes_and_many_addressees_stay_on_their_pages():
    official = plain(
        attachments=tuple(Attachment(f"清单第{n}号") for n in range(40)),
        copies_to="区委办公室，" * 200,
        printed_by="办公室",
    )
    pages = measured(pdf(official))
    lines = [r for page in pages for r in page if not r.text.startswith("—")]
    assert max(r.baseline for r in lines) < TOP + 225 * MM
    said = "".join(r.text for r in lines)
    assert said.count("区委办公室") == 200
    assert all(f"{n + 1}.清单第{n}号" in said for n in range(40))


def test_200_pages_tell_how_far_they_are():
    told = []
    text = Paragraph((Run(SENTENCE * 4), Run("14", "https://example.org/f/1"), Run(SENTENCE)))
    content = pdf(full(body=(text,) * 470), lambda done, total: told.append((done, total)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] >= 200
    assert all(done <= total for done, total in told)
    shares = [done / total for done, total in told]
    assert shares == sorted(shares), "it never goes back"
    assert 0.5 < told[0][1] / told[-1][1] < 2, "about as many pages as it said"
    assert content.startswith(b"%PDF")


def test_a_machine_without_chinese_fonts_says_what_to_install():
    with pytest.raises(Invalid, match="fonts-noto-cjk"):
        faces.chosen(frozenset({"DejaVu Sans"}))
    assert faces.chosen(frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"}))["kai"] == "Noto Serif CJK SC"
    assert faces.chosen(frozenset({"SimSun", "SimHei", "FangSong", "KaiTi", "方正小标宋简体"}))["text"] == "FangSong"


@pytest.mark.parametrize("length", range(120, 420, 24))
def test_the_first_page_shows_text_and_the_signature_never_stands_alone(length):
    text = (SENTENCE * 8)[: length // 2] + "14%，" + (SENTENCE * 8)[: length // 2] + "。"
    body = (Paragraph((Run(text[:40]), Run(text[40:60], "https://example.org/f/1"), Run(text[60:]))),)
    said = lambda pages: [r.text for page in pages for r in page if r.glyphs[0].size == 16 and r.text in text]
    signed = measured(pdf(plain(body=body)))
    assert said(signed) == said(measured(pdf(plain(body=body, issuer="", dated=None))))
    assert "".join(said(signed)) == text
    assert sum(r.text in text for r in signed[0]) >= 2
    assert signed[-1][0].text != "石楼街道办事处"


def test_a_large_document_is_set_in_a_process_of_its_own_the_same_way(monkeypatch):
    here = pdf(plain())
    monkeypatch.setattr(portable, "LARGE", 0)
    assert pdf(plain()) == here


def test_what_takes_too_long_is_ended_with_a_sentence():
    with pytest.raises(Invalid) as refused:
        apart.set_apart(b"{}", seconds=0.01)
    assert refused.value.message == apart.TOO_LONG


def test_what_typst_cannot_set_is_an_error():
    with pytest.raises(RuntimeError):
        apart.set_apart(b"{}")


def test_the_same_source_gives_the_same_bytes():
    assert pdf(plain(body=(LONG,))) == pdf(plain(body=(LONG,)))
