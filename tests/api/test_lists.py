"""Lists, records, figures and places through the API: filters, pages, sight, constant numbers of queries."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import office as offices
from tests.factories.calls import api
from tests.factories.office import MONDAY, Office
from zijing.records import paging


def test_a_list_has_the_filter_of_the_pages(made: Office) -> None:
    target = offices.project(made)
    for n in range(3):
        offices.say(made, target, MONDAY - timedelta(days=n), 40 - n)
    secretary = api(made, "secretary")
    found = secretary.get("lists/daily-report?happened=2020-09-06..2020-09-07").json()
    assert [r["happened_on"] for r in found["records"]] == ["2020-09-07", "2020-09-06"]
    first = found["records"][0]
    assert (first["values"]["share"], first["shown"]["share"], first["subject"]["name"]) == ("40", "40%", "示例项目X01")


@pytest.mark.parametrize("query", ["moon=1", "happened=soon", "place=0", "f.moon=1", "open=maybe", "after=~x"])
def test_a_filter_not_understood_is_422_and_never_a_wider_list(made: Office, query: str) -> None:
    answer = api(made, "secretary").get(f"lists/daily-report?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == query.partition("=")[0]


def test_an_unknown_kind_is_404(made: Office) -> None:
    assert api(made, "secretary").get("lists/moon").status_code == 404


def test_pages_follow_each_other_to_the_end(made: Office, monkeypatch: Any) -> None:
    target = offices.project(made)
    for n in range(5):
        offices.say(made, target, MONDAY - timedelta(days=n), 40 - n)
    monkeypatch.setattr(paging.page, "__kwdefaults__", {"after": "", "size": 2})
    secretary, shares, after = api(made, "secretary"), [], ""
    for _page in range(3):
        found = secretary.get(f"lists/daily-report?after={after}").json()
        shares += [r["values"]["share"] for r in found["records"]]
        after = found["after"]
    assert (shares, after) == (["40", "39", "38", "37", "36"], "")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries_for_one_row_and_three(
    made: Office, count: int, django_assert_num_queries: Any
) -> None:
    target = offices.project(made)
    for n in range(count):
        offices.say(made, target, MONDAY - timedelta(days=n), 40 - n)
    secretary = api(made, "secretary")
    with django_assert_num_queries(6):
        assert len(secretary.get("lists/daily-report").json()["records"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_the_same_queries_for_one_project_and_three(
    made: Office, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        offices.project(made, f"X{n}")
    secretary = api(made, "secretary")
    with django_assert_num_queries(10):
        assert len(secretary.get("board").json()["unranked"]) == count


def test_a_record_by_noun_and_id(made: Office) -> None:
    target = offices.project(made)
    found = api(made, "secretary").get(f"records/register/{target.pk}").json()
    assert (found["kind"], found["business_key"], found["amount_fen"]) == ("project", "X01", 10_000_000_00)
    assert found["values"]["promised_on"] == "2020-12-31"


@pytest.mark.parametrize(("path", "status"), [
    ("records/register/999", 404), ("records/moon/1", 422), ("records/register/moon", 422), ("records/case/0", 404),
    ("records/register/99999999999999999999999", 422), ("projects/99999999999999999999999", 422),
])  # fmt: skip
def test_records_that_are_not_there(made: Office, path: str, status: int) -> None:
    assert api(made, "secretary").get(path).status_code == status


def test_what_is_out_of_sight_is_not_listed(made: Office) -> None:
    target = offices.project(made)
    offices.say(made, target, MONDAY, 40)
    assert api(made, "team2").get("lists/daily-report").json()["records"] == []
    assert api(made, "team2").get(f"records/register/{target.pk}").status_code == 404


def test_a_figure_says_what_it_counts_and_where_the_rows_are(made: Office) -> None:
    target = offices.project(made)
    offices.say(made, target, MONDAY, 40)
    secretary = api(made, "secretary")
    assert "reports.sent" in {f["key"] for f in secretary.get("figures").json()}
    value = secretary.get("figures/reports.sent?since=2020-09-07&until=2020-09-07").json()
    assert (value["amount"], value["n"], value["figure"]["measures"]) == ("1", 1, "effort")
    kind_and_filter = value["evidence"].removeprefix("/list/").replace("/?", "?")
    assert len(secretary.get(f"lists/{kind_and_filter}").json()["records"]) == value["n"]


def test_a_share_of_nothing_is_null(made: Office) -> None:
    value = api(made, "secretary").get("figures/blockers.on_time_share").json()
    assert (value["amount"], value["shown"]) == (None, "none")


def test_an_unknown_figure_and_a_place_elsewhere_are_404(made: Office) -> None:
    secretary = api(made, "secretary")
    assert secretary.get("figures/moon").status_code == 404
    assert secretary.get(f"figures/projects.count?place={made.county.pk}").status_code == 404


def test_places_carry_their_codes(made: Office) -> None:
    found = api(made, "grid").get("places").json()
    assert {p["code"] for p in found} >= {"410181005000", "410181005001", "410181005001001"}
    assert "410181000000" not in {p["code"] for p in found}


def test_publishing_is_for_those_who_may_and_answers_the_same_twice(made: Office) -> None:
    offices.project(made)
    assert api(made, "team").post("rankings/2020-09-07/publish").status_code == 403
    office = api(made, "project_office")
    first = office.post("rankings/2020-09-02/publish").json()
    assert first["period"] == "2020-08-31"
    assert office.post("rankings/2020-09-06/publish").json()["digest"] == first["digest"]
    assert office.post("rankings/someday/publish").status_code == 422


def test_a_figure_by_step_place_and_record(made: Office) -> None:
    case = offices.blocker(made, offices.project(made))
    secretary = api(made, "secretary")
    steps = secretary.get("figures/cases.filed/series?period=2020-Q3&compare=true").json()
    assert [(s["since"], s["value"]["n"], s["before"]["n"]) for s in steps][-1] == ("2020-09-01", 1, 0)
    places = secretary.get("figures/cases.filed/places?period=2020-09").json()
    assert sum(p["value"]["n"] for p in places["places"]) + places["outside"]["n"] == places["whole"]["n"] == 1
    behind = secretary.get("figures/cases.filed/evidence?period=2020-09").json()
    assert behind == {"records": [{"id": case.pk, "noun": "case", "kind": "blocker", "title": str(case)}], "after": ""}
    assert secretary.get("figures/cases.open/series").json() == []
    assert secretary.get("figures/cases.median_hours/places").json()["places"] == []
    assert secretary.get("figures/cases.filed?period=soon").status_code == 422
    assert {r["noun"] for r in secretary.get("figures/forms.count/evidence").json()["records"]} == {"kind"}
