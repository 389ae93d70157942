"""Texts with placeholders: numbers looked up, sentences without data left out, what is not understood refused."""

import re
from datetime import date

import pytest
from hypothesis import given, strategies as st

from tests.factories.office import MONDAY, blocker, moment, office, project
from tests.figures.test_publishing import invest
from zijing.core.errors import Invalid, Several
from zijing.documents.answers import Setting
from zijing.documents.composing import chinese, closed, compose, level_of, understand
from zijing.documents.placeholders import Period, pieces, plain, wishes
from zijing.documents.source import Chart, Paragraph, Table

AT = moment(date(2020, 9, 30), 20)
SEPTEMBER = (date(2020, 9, 1), date(2020, 9, 30))


def setting(made, since=SEPTEMBER[0], until=SEPTEMBER[1], **words):
    said = {"单位": made.place.name, **words}
    return Setting(made.actor("secretary"), AT, made.place, made.place, since, until, said)


def texts(composed):
    return ["".join(r.text for r in b.runs) for b in composed.blocks if isinstance(b, Paragraph)]


@pytest.mark.django_db
def test_a_number_is_looked_up_for_place_and_period_and_opens_to_its_records():
    made = office()
    target = project(made)
    invest(made, target, MONDAY, 1_230_000)
    invest(made, target, date(2020, 8, 31), 50)
    composed = compose("{{单位}}完成投资{{完成投资}}。", setting(made))
    assert texts(composed) == ["紫荆路街道完成投资123万元。"]
    [number] = composed.numbers
    assert number.url.startswith("/list/investment/?") and "2020-09-01..2020-09-30" in number.url.replace("%2E", ".")
    assert composed.blocks[0].runs[-2].url == number.url


@pytest.mark.django_db
def test_a_sentence_without_data_is_left_out_never_printed_as_zero_and_its_heading_goes_too():
    made = office()
    blocker(made, project(made))
    text = "一、投资\n完成投资{{完成投资}}。\n二、堵点\n新增堵点{{新增堵点}}；解决堵点{{解决堵点}}。"
    composed = compose(text, setting(made))
    assert texts(composed) == ["一、堵点", "新增堵点1件。"]
    assert [(s.section, s.kept) for s in composed.sentences] == [
        ("一、投资", False),
        ("二、堵点", True),
        ("二、堵点", False),
    ]
    marked = compose(text, setting(made), marked=True)
    assert texts(marked)[1] == "完成投资{{完成投资}}。" and marked.blocks[1].runs[1].missing


@pytest.mark.django_db
def test_a_zero_is_printed_only_where_it_was_wished():
    made = office()
    assert texts(compose("解决堵点{{解决堵点|可为零}}。", setting(made))) == ["解决堵点0件。"]


@pytest.mark.django_db
def test_growth_is_said_in_words_and_not_where_there_was_nothing_before():
    made = office()
    target = project(made)
    invest(made, target, MONDAY, 150)
    assert texts(compose("投资{{完成投资|环比}}。", setting(made))) == []
    invest(made, target, date(2020, 8, 3), 100)
    assert texts(compose("投资{{完成投资｜环比}}。", setting(made))) == ["投资环比增长50%。"]
    invest(made, target, date(2020, 8, 4), 200)
    assert texts(compose("投资{{完成投资|环比}}。", setting(made))) == ["投资环比下降50%。"]


@pytest.mark.django_db
def test_periods_and_places_are_options_in_any_order():
    made = office()
    target = project(made)
    invest(made, target, date(2020, 2, 3), 40)
    invest(made, target, MONDAY, 2)
    text = "本年{{完成投资|本年}}，示例社区01{{完成投资|示例社区01|本期}}，二月{{完成投资|2020-02}}，累计{{投资完成额|累计}}。"
    with pytest.raises(Several, match="投资完成额"):
        compose(text, setting(made))
    assert texts(compose(text.replace("投资完成额", "investment.done"), setting(made))) == [
        "本年42元，示例社区012元，二月40元，累计42元。"
    ]


@pytest.mark.django_db
def test_names_tables_and_charts():
    made = office()
    target = project(made)
    blocker(made, target, what="停水")
    blocker(made, target, day=date(2020, 9, 8), what="停电")
    invest(made, target, MONDAY, 5)
    text = "新增{{新增堵点|名单}}，最多的是{{新增堵点|最多}}，最新的是{{新增堵点|最新}}。\n{{新增堵点、解决堵点|表}}\n{{完成投资|图|本年}}"
    paragraph, table, chart = compose(text, setting(made)).blocks
    said = "".join(r.text for r in paragraph.runs)
    assert said == "新增停水、停电，最多的是示例社区01（2件），最新的是停电。"
    assert isinstance(table, Table) and table.head == ("区划", "新增堵点", "解决堵点")
    assert [[c[0].text for c in row] for row in table.rows] == [
        ["示例社区01", "2件", "—"], ["示例村02", "—", "—"], ["合计", "2件", "—"],
    ]  # fmt: skip
    assert isinstance(chart, Chart) and len(chart.labels) == 9 and sum(v or 0 for v in chart.values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{没有这个数}}", "没有这个数"),
        ("{{新增堵点|三倍}}", "三倍"),
        ("{{新增堵点、解决堵点}}", "只有表"),
        ("前{{后", "前{{后"),
        ("{{}}", "{{}}"),
        ("x" * 300_001, "300000"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(text, complaint):
    with pytest.raises((Several, Invalid), match=re.escape(complaint)):
        understand(text, setting(office()))


def test_the_days_of_a_period_follow_the_documents_own():
    def spans(since, until):
        this = Setting(None, AT, None, None, since, until)  # type: ignore[arg-type]
        return {p: this.span(p) for p in (Period.BEFORE, Period.YEAR_BEFORE, Period.YEAR, Period.LAST_YEAR)}

    year = (date(2020, 1, 1), date(2020, 9, 30))
    last = (date(2019, 1, 1), date(2019, 12, 31))
    assert spans(*SEPTEMBER) == {
        Period.BEFORE: (date(2020, 8, 1), date(2020, 8, 31)),
        Period.YEAR_BEFORE: (date(2019, 9, 1), date(2019, 9, 30)), Period.YEAR: year, Period.LAST_YEAR: last,
    }  # fmt: skip
    february = spans(date(2020, 2, 1), date(2020, 2, 29))[Period.YEAR_BEFORE]
    assert february == (date(2019, 2, 1), date(2019, 2, 28))
    ten_days = spans(date(2020, 9, 11), date(2020, 9, 20))
    assert ten_days[Period.BEFORE] == (date(2020, 9, 1), date(2020, 9, 10))


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、总体情况", 1), ("十二、下一步", 1), ("（一）项目", 2), ("(三)民生", 2), ("1.道路", 3), ("（2）桥", 4),
        ("一、抓项目。全年开工。", 0), ("1.5万人参加", 0), ("今年，一、二、三季度", 0),
    ],
)  # fmt: skip
def test_headings_are_known_by_their_numbering(line, level):
    assert level_of(line) == level


def test_headings_are_numbered_in_chinese():
    assert [chinese(n) for n in (1, 9, 10, 11, 20, 21, 99)] == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]


def test_a_paragraph_ends_as_it_was_meant_to():
    assert closed("甲一件；", "甲一件；乙{{x}}。") == "甲一件。"


@given(st.text(alphabet="{}|｜、, \n甲a。；", max_size=60))
def test_any_text_falls_into_words_and_placeholders_and_is_whole_again(text):
    for line in text.splitlines():
        assert "".join(p if isinstance(p, str) else p.written for p in pieces(line)) == line
    assert all(plain(w.name) is not None and w.written.startswith("{{") for w in wishes(text))
