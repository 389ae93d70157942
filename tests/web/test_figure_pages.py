"""The register of figures: values within sight, their evidence, and their course."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, close, dispatch, submit
from zijing.figures.actions import put_figure
from zijing.figures.models import Figure
from zijing.people.models import Unit
from zijing.places.actions import put_places

PLACE = {"level": "community", "parent": "410181005000"}
QUERIES = 14
CHINESE = {"accept-language": "zh-hans"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def test_anonymous_is_sent_to_sign_in(made: Office, client: Client) -> None:
    assert client.get("/figures/").status_code == 302 and client.get("/figures/blockers.open/").status_code == 302


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200),
        ("project_office", 200),
        ("team", 200),
        ("community", 200),
        ("grid", 200),
        ("county", 200),
        ("system_admin", 403),
    ],
)
def test_who_reads_figures(made: Office, role: str, status: int) -> None:
    client = signed_in(made, role)
    assert client.get("/figures/").status_code == client.get("/figures/blockers.open/").status_code == status


def test_every_number_on_the_page_opens_to_as_many_rows(made: Office) -> None:
    target = project(made)
    blocker(made, target)
    client = signed_in(made, "secretary")
    values = client.get("/figures/?period=year").context["values"]
    assert len(values) == Figure.objects.count()
    for found in values:
        answer = client.get(found.evidence)
        assert answer.status_code == 200, found.evidence
        if found.figure.kind and found.figure.measure in {"count", "sum"}:
            assert answer.context["totals"].n == found.n, found.evidence
        elif found.figure.noun:
            assert len(answer.context["lines"]) == found.n, found.evidence


@pytest.mark.parametrize(
    ("role", "amount"), [("secretary", 1), ("team", 1), ("team2", 0), ("community2", 0), ("grid", 0)]
)
def test_a_figure_counts_only_what_the_reader_sees(made: Office, role: str, amount: int) -> None:
    blocker(made, project(made))
    found = signed_in(made, role).get("/figures/blockers.open/").context["value"]
    assert found.amount == Decimal(amount)


@pytest.mark.parametrize("step", ["week", "month", "nonsense"])
def test_course_of_what_falls_on_days(made: Office, step: str) -> None:
    blocker(made, project(made))
    page = signed_in(made, "secretary").get(f"/figures/blockers.filed/?step={step}")
    steps = page.context["steps"]
    assert len(steps) == (37 if step == "week" else 9)
    assert sum(row.step.value.amount for row in steps) == 1 and steps[-1].step.value.amount == 1
    assert {row.step.before.amount for row in steps} == {0}
    assert page.context["chart"]["series"][0]["values"][-1] == 1.0


def test_a_stock_has_no_course_and_a_share_shows_its_two_parts(made: Office) -> None:
    client = signed_in(made, "secretary")
    assert client.get("/figures/blockers.open/").context["steps"] == []
    share = client.get("/figures/blockers.on_time_share/").context
    assert [v.figure.key for v in share["inputs"]] == ["blockers.closed_on_time", "blockers.closed"]
    assert share["value"].amount is None and len(share["steps"]) == 9


def test_unknown_figure_is_not_found(made: Office) -> None:
    assert signed_in(made, "secretary").get("/figures/nonsense/").status_code == 404


@pytest.mark.parametrize("query", ["period=nonsense", "period=", "period=week", "period=month"])
def test_any_period_is_answered(made: Office, query: str) -> None:
    assert signed_in(made, "secretary", MONDAY).get(f"/figures/?{query}").status_code == 200


def test_search_finds_a_figure_by_what_it_says(made: Office) -> None:
    found = signed_in(made, "secretary").get("/figures/?q=按期结案率").context["values"]
    assert "cases.on_time_rate" in {v.figure.key for v in found} and len(found) < 10
    assert signed_in(made, "secretary").get("/figures/?q=绝无此数").context["values"] == []


def test_the_page_of_all_figures_asks_little(made: Office, django_assert_max_num_queries: Any) -> None:
    blocker(made, project(made))
    client = signed_in(made, "secretary")
    client.get("/figures/")
    with django_assert_max_num_queries(75):
        client.get("/figures/")


@pytest.mark.parametrize("places", [1, 3])
def test_a_figure_costs_the_same_with_one_place_and_three(
    made: Office, places: int, django_assert_num_queries: Any
) -> None:
    blocker(made, project(made))
    for n in range(places):
        put_places(
            actor=made.system, at=moment(MONDAY), rows=[PLACE | {"name": f"新社区{n}", "code": f"41018100501{n}"}]
        )
    client = signed_in(made, "secretary")
    client.get("/figures/blockers.filed/")
    with django_assert_num_queries(QUERIES):
        client.get("/figures/blockers.filed/")


def test_places_add_up_to_the_whole(made: Office) -> None:
    blocker(made, project(made))
    blocker(made, project(made, "X02", place="示例村02"))
    shown = signed_in(made, "secretary").get("/figures/blockers.filed/").context
    assert [(str(line.place), line.value.n) for line, _there in shown["below"]] == [("示例社区01", 1), ("示例村02", 1)]
    assert (shown["rollup"].outside.n, shown["rollup"].whole.n) == (0, 2)
    below = signed_in(made, "secretary").get(f"/figures/blockers.filed/{shown['below'][0][1]}").context
    assert below["value"].n == 1 and below["rollup"].outside.n == 1


def test_the_rows_of_a_packs_figure_are_its_list(made: Office) -> None:
    answer = signed_in(made, "secretary").get("/figures/blockers.open/rows/")
    assert answer.status_code == 302 and answer.url.startswith("/list/blocker/?open=yes")


@pytest.mark.parametrize(
    "query", ["from=2020-09-01&to=2020-09-05", "period=2020-Q3", "period=2020-W37&step=day", "period=2019"]
)
def test_a_period_may_be_named(made: Office, query: str) -> None:
    page = signed_in(made, "secretary").get(f"/figures/blockers.filed/?{query}")
    assert page.status_code == 200 and not page.context["this"].fault


def test_a_period_that_cannot_be_understood_is_said(made: Office) -> None:
    page = signed_in(made, "secretary").get("/figures/blockers.filed/?from=2020-09-05&to=2020-09-01")
    assert page.context["this"].fault and page.context["this"].period.name == "year"


def test_a_place_elsewhere_is_not_found(made: Office) -> None:
    assert signed_in(made, "secretary").get(f"/figures/?place={made.county.pk}").status_code == 404
    assert signed_in(made, "secretary").get("/figures/?place=x").status_code == 404


def test_publishing_from_the_page(made: Office) -> None:
    blocker(made, project(made))
    client = signed_in(made, "secretary")
    page = client.get("/figures/?period=month").content.decode()
    assert (
        'form="publish"' in page and 'form="publish"' not in signed_in(made, "grid").get("/figures/").content.decode()
    )
    sent = {
        "figure": ["blockers.filed", "cases.on_time_rate"],
        "title": "九月通报",
        "client_id": "0192f0c0-0000-7000-8000-000000000001",
    }
    answer = client.post("/publications/new/?period=month", sent)
    assert answer.status_code == 302 and client.post("/publications/new/?period=month", sent).url == answer.url
    blocker(made, project(made, "X02"))
    shown = client.get(answer.url, headers=CHINESE).content.decode()
    assert "九月通报" in shown and "现计入而当时未计" in shown
    assert "九月通报" in signed_in(made, "grid").get("/publications/").content.decode()
    assert signed_in(made, "grid").get(answer.url).status_code == 200


def test_what_a_figure_said_before_stays_to_be_read(made: Office) -> None:
    put_figure(key="blockers.filed", columns={"sentence_zh": "新的口径。"}, at=moment(MONDAY))
    page = signed_in(made, "secretary").get("/figures/blockers.filed/", headers=CHINESE).content.decode()
    assert "新的口径。" in page and "期内发生并立案的项目堵点数。" in page and "以往的定义" in page


def test_hours_of_every_class_open_to_the_cases_behind_them(made: Office) -> None:
    for what in ("pipes", "debris"):
        case = blocker(made, project(made, what[:3].upper()), what=what)
        dispatch(
            actor=made.system, at=moment(MONDAY, 9), case=case, unit=Unit.objects.get(office=made.place, code="U-team")
        )
        accept(actor=made.system, at=moment(MONDAY, 9, 1), case=case)
        submit(actor=made.system, at=moment(MONDAY, 9, 2), case=case, reason="done")
        close(actor=made.system, at=moment(MONDAY, 9, 30), case=case)
    client = signed_in(made, "secretary")
    classes = client.get("/figures/cases.median_hours/?period=year").context["classes"]
    assert {c.key == "" for c in classes} == {True, False}
    for each in classes:
        answer = client.get(each.value.evidence)
        assert (answer.context["value"].amount, len(answer.context["lines"])) == (each.value.amount, each.value.n)
        assert each.label in answer.content.decode()
    for wrong in ("kind=no-such", "kind=blocker&class=no-such", "kind=issue%00"):
        assert client.get(f"/figures/cases.median_hours/rows/?{wrong}").status_code == 404
    assert client.get("/figures/cases.open/rows/?kind=blocker").status_code == 404
