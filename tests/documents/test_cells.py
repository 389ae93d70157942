"""Every number of a frozen table or chart is kept by itself: what it was, the records behind it, what it is today."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from docx import Document as Docx

from tests.documents.test_composing import AT, SEPTEMBER, setting
from tests.documents.test_life import drafted, issued, template
from tests.factories.calls import let_clock_show
from tests.factories.office import FOUNDED, MONDAY, blocker, office, project
from tests.figures.test_publishing import invest
from zijing.activities.actions import withdraw
from zijing.documents.actions import submit
from zijing.documents.composing import compose
from zijing.documents.freezing import digest_of, frozen, quoted, thawed, verify
from zijing.documents.models import Quoted
from zijing.documents.printing import as_file
from zijing.documents.queries import printed
from zijing.documents.source import Chart, Paragraph, Run, Table
from zijing.figures.models import Figure
from zijing.places.actions import put_places

pytestmark = pytest.mark.django_db
QUERIES = 2
TEXT = "一、投资\n完成投资{{完成投资}}。\n{{完成投资、新增堵点|表}}\n{{完成投资|图|本年}}\n新增堵点{{新增堵点}}。"


def at_work():
    """Two places with investment and a blocker in one of them, and a project that lies in none."""
    made = office(packs=("targets", "documents"))
    first = project(made)
    records = [invest(made, first, MONDAY, 1_230_000), invest(made, first, date(2020, 3, 2), 50)]
    records.append(invest(made, project(made, "X02", place="示例村02"), date(2020, 9, 14), 70_000))
    made.places["本级"] = made.place
    records.append(invest(made, project(made, "X03", place="本级"), date(2020, 9, 21), 20_000))
    blocker(made, first)
    return made, records


def said(document):
    rows = Quoted.objects.filter(document=document).order_by("order")
    return [(q.order, q.form, q.figure, str(q.place), q.shown, q.n) for q in rows]


def test_each_number_of_a_table_or_chart_opens_to_its_own_frozen_number_in_the_order_of_the_text():
    made, _records = at_work()
    document = issued(made, form=template(text_zh=TEXT, reply_days=0))
    one, two, all_ = "示例社区01", "示例村02", made.place.name
    assert said(document)[:8] == [
        (1, "value", "investment.done", all_, "132万元", 3),
        (2, "cell", "investment.done", one, "123万元", 1), (3, "cell", "blockers.filed", one, "1件", 1),
        (4, "cell", "investment.done", two, "7万元", 1),
        (5, "rest", "investment.done", all_, "2万元", 1),
        (6, "cell", "investment.done", all_, "132万元", 3), (7, "cell", "blockers.filed", all_, "1件", 1),
        (8, "bar", "investment.done", all_, "0元", 0),
    ]  # fmt: skip
    assert [n[:2] for n in said(document)[8:]] == [*((o, "bar") for o in range(9, 17)), (17, "value")]
    _title, _sentence, table, chart, _last = printed(document, made.actor("secretary"), AT).blocks
    assert isinstance(table, Table) and isinstance(chart, Chart)
    link = f"/documents/{document.pk}/numbers/"
    opened = [[cell[0].url.removeprefix(link) for cell in row] for row in table.rows]
    assert opened == [["", "2/", "3/"], ["", "4/", ""], ["", "5/", ""], ["", "6/", "7/"]]
    assert [url.removeprefix(link) for url in chart.links] == [f"{o}/" for o in range(8, 17)]


def test_each_holds_until_a_record_of_its_own_changes():
    made, records = at_work()
    document = drafted(made, form=template(text_zh=TEXT))
    reader = made.actor("secretary")
    submit(actor=made.actor("director"), at=AT, document=document, seen=1)
    numbers = list(
        Quoted.objects.filter(document=document).select_related("document__office", "place").order_by("order")
    )
    assert all(verify(document, q, reader, AT).holds for q in numbers)
    withdraw(actor=made.system, at=AT, activity=records[3], reason="错")
    changed = {q.order: verify(document, q, reader, AT) for q in numbers if not verify(document, q, reader, AT).holds}
    assert {o: (held.now, held.changed) for o, held in changed.items()} == {
        1: ("130万元", 1), 5: ("", 1), 6: ("130万元", 1), 16: ("130万元", 1),
    }  # fmt: skip
    assert changed[5].changes[0][1].removed == [records[3]]
    invest(made, project(made, "X04", place="示例村02"), date(2020, 9, 15), 10_000)
    held = verify(document, numbers[3], reader, AT)
    assert (held.now, held.changed, verify(document, numbers[1], reader, AT).holds) == ("8万元", 1, True)


def test_a_share_by_place_rests_on_the_records_of_both_that_it_divides():
    made, _records = at_work()
    text = "{{堵点发生率|表}}\n{{堵点发生率|图}}"
    Figure.objects.create(
        key="trouble.share", title_zh="堵点发生率", title_en="Trouble", measure="share", unit="%", pack="test",
        of="blockers.filed/blockers.open", sentence_zh="例。", sentence_en="For example.", since=FOUNDED.date(),
    )  # fmt: skip
    document = issued(made, form=template(text_zh=text, reply_days=0))
    numbers = list(Quoted.objects.filter(document=document).order_by("order"))
    assert {q.shown for q in numbers} == {"100%"}
    assert all(verify(document, q, made.actor("secretary"), AT).holds for q in numbers)
    blocker(made, project(made, "X05"))
    assert [verify(document, q, made.actor("secretary"), AT).changed for q in numbers] == [2, 2, 2]


def test_files_lead_from_every_cell_and_bar_to_its_frozen_number():
    made, _records = at_work()
    document = issued(made, form=template(text_zh=TEXT, reply_days=0))
    content = as_file(document, made.actor("secretary"), AT, "docx", "https://example.org")
    rels = Docx(BytesIO(content)).part.rels.values()
    own = f"https://example.org/documents/{document.pk}/numbers/"
    assert {r.target_ref for r in rels if r.is_external} == {f"{own}{o}/" for o in range(1, 18)}
    pdf = as_file(document, made.actor("secretary"), AT, "pdf", "https://example.org")
    assert all(f"({own}{o}/)".encode() in pdf for o in range(1, 18))


def test_what_was_frozen_before_cells_were_still_prints_as_it_did():
    content = {"blocks": [
        {"paragraph": [["完成", "", False], ["1元", "#1", False]], "level": 0},
        {"table": "投资", "head": ["区划", "投资"], "rows": [[[["甲", "", False]], [["1元", "/list/investment/?a=1", False]]]]},
        {"chart": "投资", "labels": ["甲", "乙"], "values": ["1", None], "unit": "元", "url": "/list/investment/"},
    ]}  # fmt: skip
    paragraph, table, chart = thawed(content, "/documents/1/numbers/")
    assert paragraph == Paragraph((Run("完成"), Run("1元", "/documents/1/numbers/1/")))
    assert table.rows == (((Run("甲"),), (Run("1元", "/list/investment/?a=1"),)),)
    assert chart.links == ("/list/investment/", "") and [bar[3] for bar in chart.bars] == ["", ""]


def test_the_digest_knows_which_place_a_cell_counts():
    made, _records = at_work()
    document = issued(made, form=template(text_zh=TEXT, reply_days=0))
    numbers = list(Quoted.objects.filter(document=document).order_by("order"))
    assert digest_of(document.title, document.content, numbers) == document.digest
    numbers[1].place_id = made.places["示例村02"].pk
    assert digest_of(document.title, document.content, numbers) != document.digest


@pytest.mark.parametrize("more", [0, 2])
def test_a_table_of_three_places_is_frozen_with_as_many_queries_as_one_of_one(more, django_assert_num_queries):
    made, _records = at_work()
    for n in range(more):
        row = {"name": f"示例社区1{n}", "code": f"41018100501{n}", "level": "community", "parent": "410181005000"}
        put_places(actor=made.system, at=FOUNDED, rows=[row])
        made.places[row["name"]] = made.place.children.get(name=row["name"])
        invest(made, project(made, f"Y{n}", place=row["name"]), MONDAY, 1000)
    document, by = drafted(made, form=template(text_zh="{{完成投资、新增堵点|表}}")), setting(made)
    composed = compose(document.text, by)
    with django_assert_num_queries(QUERIES):
        numbers = quoted(document, composed.numbers, by)
    assert len(numbers) == 6 + more and sum(bool(q.n) for q in numbers) == 6 + more


def test_a_place_merged_into_another_stands_in_a_table_where_only_some_figures_list_it():
    made, _records = at_work()
    village, community = made.places["示例村02"], made.places["示例社区01"]
    type(village).objects.filter(pk=village.pk).update(merged_into=community)
    [table] = compose("{{完成投资、新增堵点|表}}", setting(made)).blocks
    assert [[cell[0].text for cell in row] for row in table.rows] == [
        ["示例社区01", "123万元", "1件"], ["示例村02", "7万元", "—"], ["其他", "2万元", "—"], ["合计", "132万元", "1件"],
    ]  # fmt: skip


def test_the_page_of_what_lies_in_no_place_below_says_so():
    made, _records = at_work()
    document = issued(made, form=template(text_zh=TEXT, reply_days=0))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(made.account("secretary"))
    let_clock_show(made, AT)
    page = client.get(f"/documents/{document.pk}/numbers/5/").content.decode()
    assert "2万元" in page and f"{made.place.name} (其他)" in page and "仍然属实" in page
    shown = client.get(f"/documents/{document.pk}/").content.decode()
    assert all(shown.count(f'href="/documents/{document.pk}/numbers/{order}/"') == 1 for order in range(2, 17))


def test_a_draft_opens_to_todays_lists():
    made, _records = at_work()
    composed = compose(TEXT, setting(made, *SEPTEMBER))
    kept = thawed(frozen(composed, {}), "/never/")
    chart = next(b for b in composed.blocks if isinstance(b, Chart))
    assert all(url.startswith("/list/investment/?") for url in chart.links)
    assert [b.title for b in kept if isinstance(b, Table)] == ["完成投资、新增堵点"]
