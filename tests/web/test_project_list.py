"""The list of projects: who sees which, filters, what is said where a report is missing, literal query counts."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, office, project, say
from tests.web.visiting import signed_in

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
QUERIES = 13


@pytest.fixture
def made() -> Office:
    return office()


def four(made: Office) -> None:
    """One behind, one on track, one silent, one done."""
    say(made, project(made, "X01", type="industry", level="county"), MONDAY, 50)
    ahead = project(made, "X02", leader="leader2", team="team2", promised=date(2020, 10, 1))
    say(made, ahead, MONDAY, 100)
    say(made, ahead, MONDAY, 96, stage="主体")
    project(made, "X03")
    done = project(made, "X04")
    say(made, done, MONDAY, 100)
    say(made, done, MONDAY, 100, stage="主体")


def shown(made: Office, query: str = "", role: str = "secretary") -> list[str]:
    rows = signed_in(made, role, TUESDAY).get(f"/projects/{query}").context["rows"]
    return [row.line.project.entry.business_key for row in rows]


def test_worst_first(made: Office) -> None:
    four(made)
    assert shown(made) == ["X01", "X03", "X02", "X04"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=industry", ["X01"]), ("level=county", ["X01"]), ("light=red", ["X01"]), ("light=missing", ["X03"]),
        ("light=done", ["X04"]), ("light=yellow", []), ("order=number", ["X01", "X02", "X03", "X04"]),
        ("order=promised", ["X02", "X01", "X03", "X04"]), ("type=housing&light=green", ["X02"]),
    ],
)  # fmt: skip
def test_filters_and_orders(made: Office, query: str, found: list[str]) -> None:
    four(made)
    assert shown(made, f"?{query}") == found


def test_by_leader(made: Office) -> None:
    four(made)
    assert shown(made, f"?leader={made.posts['leader2'].pk}") == ["X02"]


def test_by_unit(made: Office) -> None:
    four(made)
    second = made.posts["team2"].unit
    assert shown(made, f"?unit={second.pk}") == ["X02"] and shown(made, "?unit=9999999") == []
    page = signed_in(made, "secretary", TUESDAY).get("/projects/").context
    [asked] = [one for one in page["filters"] if one["name"] == "unit"]
    assert (second.pk, second.name) in asked["options"]


@pytest.mark.parametrize(
    "query", ["type=secret", "level=x", "light=blue", "leader=x", "leader=９", "leader=" + "9" * 40, "order=luck"]
)
def test_what_there_is_not_is_said(made: Office, query: str) -> None:
    assert signed_in(made, "secretary", TUESDAY).get(f"/projects/?{query}").status_code == 422


def test_a_missing_report_is_said_not_guessed(made: Office) -> None:
    four(made)
    page = signed_in(made, "secretary", TUESDAY).get("/projects/?light=missing").content.decode()
    assert "working days without a report" in page and "none yet" in page


def test_a_team_sees_its_own(made: Office) -> None:
    four(made)
    assert shown(made, role="team2") == ["X02"]


def test_another_office_sees_none(made: Office) -> None:
    four(made)
    other = office("410181006000", "别处街道")
    page = signed_in(other, "secretary", TUESDAY).get("/projects/").content.decode()
    assert "No project is within your sight." in page


def test_names_are_written_as_text(made: Office) -> None:
    say(made, project(made, name="<b>河</b>"), MONDAY, 50)
    page = signed_in(made, "secretary", TUESDAY).get("/projects/").content.decode()
    assert "&lt;b&gt;河" in page and "<b>河" not in page


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        target = project(made, f"X{i:02d}")
        say(made, target, MONDAY, 50)
        blocker(made, target)
    client = signed_in(made, "project_office", TUESDAY)
    client.get("/projects/")
    with django_assert_num_queries(QUERIES):
        assert len(client.get("/projects/").context["rows"]) == n


def test_numbers_lead_to_their_records(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 50)
    blocker(made, target)
    client = signed_in(made, "secretary", TUESDAY)
    row = client.get("/projects/").context["rows"][0]
    for href, n in ((row.planned_href, 2), (row.actual_href, 1), (row.blockers_href, 1), (row.last_report_href, 1)):
        assert href in client.get("/projects/").content.decode().replace("&amp;", "&")
        assert client.get(href).context["totals"].n == n, href
