"""The board of a past week and the list of projects through the API: as published, what changed, filters, contests."""

from datetime import timedelta

import pytest

from tests.factories.calls import api
from tests.factories.office import MONDAY, Office, moment, project, say, two_stages
from zijing.projects.actions import correct_report, publish_ranking

DAY = timedelta(days=1)
LAST_MONDAY = MONDAY - 7 * DAY


def test_a_published_week_comes_as_published_with_what_changed_since(made: Office) -> None:
    one = project(made)
    told = say(made, one, MONDAY - 2 * DAY, 50)
    publish_ranking(actor=made.system, at=moment(MONDAY - DAY, 20), office=made.place, week=MONDAY - DAY)
    correct_report(actor=made.system, at=moment(MONDAY), report=told, values={"share": "80", "remark": "更正"})
    secretary = api(made, "secretary")
    answer = secretary.get(f"board?week={LAST_MONDAY}")
    assert answer.status_code == 200, answer.content.decode()[:900]
    board = answer.json()
    every = [*board["lines"], *board["unranked"]]
    assert (board["published"], board["as_published"], [x["actual"] for x in every]) == (True, True, ["25"])
    [change] = board["changes"]
    assert (change["project"]["id"], change["then"]["actual"], change["now"]["actual"]) == (one.pk, "25.0", "40")
    anew = secretary.get(f"board?week={LAST_MONDAY}&recount=true").json()
    assert not anew["as_published"]
    assert [x["actual"] for x in [*anew["lines"], *anew["unranked"]]] == ["40"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["X01", "X02"]), ("type=commercial", ["X02"]), ("level=county", ["X01"]), ("light=red", ["X01"]),
        ("light=waiting", ["X02"]),
    ],
)  # fmt: skip
def test_projects_are_filtered_as_on_the_page(made: Office, query: str, codes: list[str]) -> None:
    say(made, project(made, "X01", level="county"), MONDAY - 3 * DAY, 10)
    project(made, "X02", type="commercial", plans=two_stages(MONDAY + 30 * DAY))
    found = api(made, "secretary").get(f"projects?{query}").json()
    assert [one["number"] for one in found] == codes


@pytest.mark.parametrize("query", ["type=castle", "level=moon", "light=blue", "leader=me", "unit=us"])
def test_a_filter_that_there_is_not_is_422(made: Office, query: str) -> None:
    answer = api(made, "secretary").get(f"projects?{query}")
    assert answer.status_code == 422 and answer.json()["error"]["field"] == query.partition("=")[0]


def test_contests_are_listed_and_an_unknown_one_is_404(made: Office) -> None:
    secretary = api(made, "secretary")
    assert [c["key"] for c in secretary.get("contests").json()] == ["hundred-days", "investment-third-quarter"]
    assert secretary.get("contests/investment-third-quarter").json()["contest"]["outcome"] == "investment"
    assert secretary.get("contests/none").status_code == 404
