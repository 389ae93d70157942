"""The list of a kind: who sees which rows, what a filter does, and what a wrong one does not."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.activities.models import Activity
from zijing.outbox.rhythm import tick
from zijing.people import access
from zijing.projects.actions import withdraw_report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def made() -> Office:
    return office()


def listed(client: Client, address: str) -> tuple[int, list[str]]:
    """The number stated on top and the first cells of the rows."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.context["totals"].n, [row.record.title for row in answer.context["rows"]]


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/list/project/")
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("secretary", ["示例项目X01", "示例项目X02"]), ("project_office", ["示例项目X01", "示例项目X02"]),
        ("county", ["示例项目X01", "示例项目X02"]), ("team", ["示例项目X01"]), ("team2", ["示例项目X02"]),
        ("community", ["示例项目X01"]), ("community2", ["示例项目X02"]), ("grid", []),
    ],
)  # fmt: skip
def test_each_role_lists_what_it_sees(made: Office, role: str, seen: list[str]) -> None:
    project(made, "X01")
    project(made, "X02", team="team2", place="示例村02")
    assert listed(signed_in(made, role), "/list/project/") == (len(seen), seen)


def test_another_office_sees_nothing_of_it(made: Office) -> None:
    project(made)
    other = office("410181006000", "别处街道")
    assert listed(signed_in(other, "secretary"), "/list/project/") == (0, [])


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    target = project(made)
    for i in range(n):
        blocker(made, target, MONDAY + DAY * i, f"堵点{i}")
    client = signed_in(made, "project_office", MONDAY + DAY * 5)
    client.get("/list/blocker/?open=yes")
    with django_assert_num_queries(QUERIES):
        client.get("/list/blocker/?open=yes")


QUERIES = 9


def test_total_and_sums_are_stated_for_all_rows(made: Office) -> None:
    project(made, "X01")
    project(made, "X02")
    answer = signed_in(made, "secretary").get("/list/project/")
    assert [(s.title, s.shown) for s in answer.context["totals"].sums] == [("Total investment", "20 million yuan")]
    assert "2 records" in answer.content.decode()


def test_filter_in_words_can_be_taken_away(made: Office) -> None:
    target = project(made)
    blocker(made, target, what="停水")
    blocker(made, target, what="停电")
    answer = signed_in(made, "secretary").get("/list/blocker/?open=yes&text=停水&stage=filed")
    chips = answer.context["chips"]
    assert [(str(c.label), c.text) for c in chips] == [("open", ""), ("title contains", "停水"), ("stage", "filed")]
    assert chips[1].away == "?open=yes&stage=filed"
    assert answer.context["totals"].n == 1


def test_what_is_close_to_its_deadline_is_listed_apart_from_what_is_overdue(made: Office) -> None:
    target = project(made)
    for what, day in (("早先的", MONDAY - 14 * DAY), ("临期的", MONDAY), ("新来的", MONDAY + 2 * DAY)):
        blocker(made, target, day, what)
    thursday = MONDAY + 3 * DAY
    tick(made.place, moment(thursday))
    reader = signed_in(made, "secretary", thursday)
    assert listed(reader, "/list/blocker/?near=yes") == (1, ["临期的"])
    assert listed(reader, "/list/blocker/?overdue=yes") == (1, ["早先的"])
    assert reader.get("/list/project/?near=yes").status_code == 422
    assert reader.get("/list/blocker/?near=no").status_code == 422


def test_form_of_the_bar_becomes_a_clean_address(made: Office) -> None:
    client = signed_in(made, "secretary")
    sent = urlencode(
        [("text", " "), ("happened.from", "2020-09-01"), ("happened.to", ""), ("stage", "filed"), ("stage", "closed")]
    )
    answer = client.get(f"/list/blocker/?{sent}")
    assert answer.status_code == 302
    assert answer["Location"] == "/list/blocker/?happened=2020-09-01..&stage=filed%2Cclosed"
    assert client.get(answer["Location"]).status_code == 200


def test_pages_hold_every_row_once(made: Office) -> None:
    target = project(made)
    for n in range(120):
        say(made, target, MONDAY - DAY * (n % 60), 10, stage="基础" if n < 60 else "主体", remark="x")
    client, address, seen = signed_in(made, "secretary"), "/list/daily-report/", []
    while address:
        answer = client.get(address)
        seen += [row.record.pk for row in answer.context["rows"]]
        address = f"/list/daily-report/{answer.context['next']}" if answer.context["next"] else ""
    expected = Activity.objects.order_by("-happened_on", "-pk").values_list("pk", flat=True)
    assert seen == list(expected) and len(seen) == 120


def test_who_sees_much_by_assignment_alone_counts_no_further_than_the_page(made: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(access, "FEW", 0)
    target = project(made)
    for n in range(101):
        say(made, target, MONDAY - DAY * n, 10, stage="主体", remark="x")
    client = signed_in(made, "team")
    first = client.get("/list/daily-report/").context
    assert (first["totals"].n, first["totals"].more, len(first["rows"])) == (100, True, 100)
    assert listed(client, "/list/daily-report/?exact=yes")[0] == 101
    assert listed(client, f"/list/daily-report/{first['next']}")[0] == 101


def test_withdrawn_and_hidden_rows_are_not_counted(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 10)
    taken = say(made, target, MONDAY - DAY, 9)
    withdraw_report(actor=made.system, at=moment(MONDAY, 18), report=taken, reason="错")
    client = signed_in(made, "secretary")
    assert listed(client, "/list/daily-report/")[0] == 1
    assert listed(client, "/list/daily-report/?all=yes")[0] == 2
    assert listed(client, "/list/daily-report/?stage=withdrawn")[0] == 1


WRONG = [
    "nonsense=1", "f.nonsense=1", "happened=2020-13-40", "happened=2020-09-10..2020-09-01", "happened=gestern",
    "place=999999", "place=x", "unit=%27%20OR%201%3D1--", "id=1%3BDROP+TABLE", "open=maybe", "text=" + "x" * 1000,
    "after=2020-99-99~1", "after=~", "after=99999999999999999999999", "f.class=nonsense", "subject=-1",
    "due=1..2..3", "kind=1", "=x", "f.=x", "place=9999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("headers", [{}, {"hx-request": "true", "hx-target": "results"}], ids=["page", "fragment"])
def test_wrong_filters_say_so_and_show_the_way_out(made: Office, query: str, headers: dict[str, str]) -> None:
    blocker(made, project(made))
    answer = signed_in(made, "secretary").get(f"/list/blocker/?{query}", headers=headers, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Show the list without a filter" in text and 'href="/list/blocker/"' in text
    assert "<tbody>" not in text and "totals" not in text


@pytest.mark.parametrize(
    "query",
    [
        "text=%27%3B+DROP+TABLE+cases_case%3B--",
        "text=%25",
        "text=%00",
        "text=<script>alert(1)</script>",
        "stage=%27",
        "id=1,2,3",
    ],
)
def test_strange_but_possible_filters_find_nothing(made: Office, query: str) -> None:
    answer = signed_in(made, "secretary").get(f"/list/blocker/?{query}", follow=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_daily_report_names_its_stage_in_words(made: Office) -> None:
    say(made, project(made), MONDAY, 10)
    answer = signed_in(made, "secretary").get("/list/daily-report/")
    shown = {
        c.title: cell.text for c, cell in zip(answer.context["columns"], answer.context["rows"][0].cells, strict=True)
    }
    assert shown["Stage"] == "基础"


def test_unknown_kind_is_not_found(made: Office) -> None:
    assert signed_in(made, "secretary").get("/list/nonsense/").status_code == 404


def test_fragment_holds_the_results_only(made: Office) -> None:
    blocker(made, project(made))
    answer = signed_in(made, "secretary").get("/list/blocker/", headers={"hx-request": "true", "hx-target": "results"})
    text = answer.content.decode()
    assert text.strip().startswith('<section id="results"') and "<html" not in text


def test_empty_list_offers_the_first_step_to_who_may(made: Office) -> None:
    assert "/new/issue/" in signed_in(made, "community").get("/list/issue/").content.decode()
    assert "/new/issue/" not in signed_in(made, "county").get("/list/issue/").content.decode()


def test_a_refusal_reaches_htmx_as_a_fragment(made: Office) -> None:
    answer = signed_in(made, "secretary").get("/list/nonsense/", headers={"hx-request": "true"})
    assert answer.status_code == 404 and answer["HX-Retarget"] == "#notices"


def test_a_list_begins_without_the_moment_of_recording_and_offers_it(made: Office) -> None:
    blocker(made, project(made, "X01"))
    answer = signed_in(made, "secretary").get("/list/blocker/")
    shown, offered = ({c.key for c in answer.context[name]} for name in ("columns", "choosable"))
    assert "recorded_at" in offered - shown and "due_at" in shown
