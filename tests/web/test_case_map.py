"""Cases on a map: clusters counted in the database, each opening to a list of as many."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, moment, office
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.packs.intake import record
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
PAGE, POINTS = "/list/issue/map/", "/list/issue/map/points.geojson"
WHOLE = "box=112.9,34.7,113.1,34.8"
QUERIES, POINT_QUERIES = 10, 6


@pytest.fixture
def made() -> Office:
    return office()


def issue(made: Office, spot: tuple[float, float] | None, what: str = "路灯不亮", where: str = "第一网格") -> Case:
    values = {"what": what, "class": "appearance", "place": f"#{made.places[where].pk}"}
    if spot:
        values["spot"] = f"{spot[0]}, {spot[1]}"
    case: Case = record(actor=made.system, at=moment(MONDAY, 9), kind=Kind.objects.get(key="issue"), values=values)
    return case


def features(client: Any, query: str) -> list[dict[str, Any]]:
    return [f["properties"] for f in client.get(f"{POINTS}?{query}").json()["features"]]


def test_far_away_they_are_one_and_near_by_each_is_its_own(made: Office) -> None:
    cases = [issue(made, (113.001 + n / 1000, 34.752)) for n in range(4)]
    client = signed_in(made, "secretary")
    far = features(client, f"open=yes&zoom=8&{WHOLE}")
    assert sum(f["n"] for f in far) == 4 and len(far) == 1 and far[0]["title"] == ""
    near = features(client, f"open=yes&zoom=18&{WHOLE}")
    assert sorted(f["href"] for f in near) == [f"/cases/{c.pk}/" for c in cases]
    assert {f["title"] for f in near} == {"路灯不亮"}


@pytest.mark.parametrize("zoom", [3, 9, 11, 13, 15, 17])
def test_every_cluster_opens_to_a_list_of_as_many(made: Office, zoom: int) -> None:
    """Also where a position lies exactly on the border of a cell."""
    for n in range(12):
        issue(made, (113.0 + n * 0.0009765625, 34.75 + n * 0.00048828125))
    issue(made, None)
    client = signed_in(made, "secretary")
    found = features(client, f"open=yes&zoom={zoom}&{WHOLE}")
    assert sum(f["n"] for f in found) == 12
    for f in found:
        assert f["n"] == 1 or client.get(f["href"]).context["totals"].n == f["n"], f


def test_only_the_part_asked_for_is_answered(made: Office) -> None:
    issue(made, (113.001, 34.752)), issue(made, (113.015, 34.752), where="村一网格")
    client = signed_in(made, "secretary")
    assert len(features(client, "open=yes&zoom=15&box=113.0,34.75,113.01,34.76")) == 1
    assert len(features(client, f"open=yes&zoom=15&{WHOLE}")) == 2


def test_late_ones_are_told_apart(made: Office) -> None:
    issue(made, (113.001, 34.752))
    assert features(signed_in(made, "secretary"), f"open=yes&zoom=9&{WHOLE}")[0]["late"] == 0
    later = signed_in(made, "secretary", MONDAY + timedelta(days=20))
    assert features(later, f"open=yes&zoom=9&{WHOLE}")[0]["late"] == 1


def test_beside_the_map_the_same_numbers_by_place(made: Office) -> None:
    issue(made, (113.001, 34.752)), issue(made, None), issue(made, None, where="村一网格")
    client = signed_in(made, "secretary")
    context = client.get(f"{PAGE}?open=yes").context
    assert (context["n"], context["positioned"]) == (3, 1)
    assert {w.place.name: w.n for w in context["places"]} == {"紫荆路街道": 3, "示例社区01": 2, "示例村02": 1}
    for where in context["places"]:
        assert client.get(where.href).context["totals"].n == where.n


def test_without_a_word_it_shows_what_is_open(made: Office) -> None:
    answer = signed_in(made, "secretary").get(PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}?open=yes")


def test_only_what_is_seen_lies_on_it(made: Office) -> None:
    issue(made, (113.001, 34.752))
    assert features(signed_in(made, "community2"), f"open=yes&zoom=9&{WHOLE}") == []
    assert features(signed_in(made, "community"), f"open=yes&zoom=9&{WHOLE}")[0]["n"] == 1


def test_too_many_are_not_drawn_and_nothing_is_pretended(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        issue(made, (113.001 + n / 1000, 34.752))
    monkeypatch.setattr("zijing.web.maps.cases.MOST", 2)
    client = signed_in(made, "secretary")
    assert "More than 2 cases meet this" in client.get(f"{PAGE}?open=yes").content.decode()
    assert client.get(f"{POINTS}?open=yes&zoom=9&{WHOLE}").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["", "zoom=9", f"zoom=x&{WHOLE}", f"zoom=999&{WHOLE}", "zoom=9&box=1,2,3", "zoom=9&box=5,0,1,9",
     "zoom=9&box=nan,0,1,9", "zoom=9&box=0,0,999,9", f"zoom=9&{WHOLE}&nonsense=1"],
)  # fmt: skip
def test_nonsense_is_refused(made: Office, query: str) -> None:
    assert signed_in(made, "secretary").get(f"{POINTS}?{query}").status_code == 422


@pytest.mark.parametrize("value", ["x", "1,2,3", "2,2,1,3", "nan,nan,nan,nan", "0,0,inf,9", "1,2,3,4,5"])
def test_a_list_knows_no_other_rectangle(made: Office, value: str) -> None:
    assert signed_in(made, "secretary").get("/list/issue/", {"f.spot": value}).status_code == 422


def test_a_kind_without_positions_has_no_map(made: Office) -> None:
    assert signed_in(made, "secretary").get("/list/blocker/map/?open=yes").status_code == 404
    assert "/list/blocker/map/" not in signed_in(made, "secretary").get("/list/blocker/").content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        issue(made, (113.001 + i / 1000, 34.752))
    client = signed_in(made, "secretary")
    pages = (f"{PAGE}?open=yes", f"{POINTS}?open=yes&zoom=18&{WHOLE}")
    for page, queries in zip(pages, (QUERIES, POINT_QUERIES), strict=True):
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)
