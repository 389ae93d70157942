"""The map: own boundaries within sight, what is open in each place, and the same as a list."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.office import Office, blocker, office, project
from tests.web.visiting import signed_in
from zijing.web.maps.places import centre_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def features(client: Client) -> dict[str, dict[str, Any]]:
    answer = client.get("/map/places.geojson")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/geo+json"
    return {f["properties"]["name"]: f["properties"] for f in answer.json()["features"]}


def tally(properties: dict[str, Any], key: str) -> int:
    return next(t["n"] for t in properties["tallies"] if t["key"] == key)


def test_anonymous_sees_no_map(client: Client) -> None:
    assert client.get("/map/").status_code == client.get("/map/places.geojson").status_code == 302


def test_a_place_counts_what_lies_in_it_and_below(made: Office) -> None:
    blocker(made, project(made, "X01", place="示例社区01"))
    project(made, "X02", place="第一网格")
    seen = features(signed_in(made, "secretary"))
    assert (tally(seen["示例社区01"], "project"), tally(seen["第一网格"], "project")) == (2, 1)
    assert (tally(seen["示例社区01"], "blocker"), tally(seen["示例村02"], "blocker")) == (1, 0)


def test_counts_stay_within_sight(made: Office) -> None:
    blocker(made, project(made, place="示例社区01"))
    assert tally(features(signed_in(made, "community"))["示例社区01"], "blocker") == 1
    assert tally(features(signed_in(made, "community2"))["示例社区01"], "blocker") == 0
    assert tally(features(signed_in(made, "team2"))["示例社区01"], "project") == 0


def test_no_other_office_is_drawn(made: Office) -> None:
    office("410181006000", "杜甫路街道")
    client = signed_in(made, "secretary")
    assert len(features(client)) == 5
    assert "杜甫路街道" not in client.get("/map/").content.decode()


def test_a_count_opens_to_as_many_rows(made: Office) -> None:
    blocker(made, project(made, place="示例社区01"))
    client = signed_in(made, "secretary")
    for properties in features(client).values():
        for t in properties["tallies"]:
            assert client.get(t["href"]).context["totals"].n == t["n"]


def test_the_list_beside_the_map_says_the_same_without_scripts(made: Office) -> None:
    project(made, place="示例社区01")
    text = signed_in(made, "secretary").get("/map/").content.decode()
    assert f"/list/project/?place={made.places['示例社区01'].pk}" in text
    assert "第一网格" not in text  # hundreds of grids are for the map


@pytest.mark.parametrize("role", ["secretary", "community", "team"])
@pytest.mark.parametrize("address", ["/map/", "/map/places.geojson"])
def test_the_number_of_queries_does_not_grow(
    made: Office, role: str, address: str, django_assert_max_num_queries: Any
) -> None:
    for n in (1, 2, 3):
        blocker(made, project(made, f"Q{n}"))
    client = signed_in(made, role)
    with django_assert_max_num_queries(10):
        client.get(address)


@pytest.mark.parametrize(
    ("geometry", "centre"),
    [
        (None, None),
        ({}, None),
        ({"type": "Point", "coordinates": [113, 34.7]}, (113, 34.7)),
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}, (1.0, 1.0)),
        ({"type": "Polygon", "coordinates": [[[0, 0, 5], [2, 0, 5], [1, 3, 5]]]}, (1.0, 1.0)),
        (
            {
                "type": "MultiPolygon",
                "coordinates": [[[[9, 9], [9, 8], [8, 8], [9, 9]]], [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]],
            },
            (1.0, 1.0),
        ),
    ],
)
def test_the_centre_of_a_boundary(geometry: Any, centre: Any) -> None:
    assert centre_of(geometry) == centre
