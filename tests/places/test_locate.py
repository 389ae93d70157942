"""Finding the place that holds a position: holes, parts, common edges, mergers, and positions outside."""

import pytest

from tests.factories import office as offices
from tests.factories.calls import api
from zijing.core.errors import Invalid
from zijing.places.locate import area_of, locate
from zijing.places.models import Place

pytestmark = pytest.mark.django_db
INSIDE = (113.005, 34.755)


@pytest.fixture
def made():
    return offices.office()


def square(x, y, size):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def test_the_deepest_place_holds_it(made):
    found = locate(made.place.pk, *INSIDE)
    assert found == made.places["第一网格"], "a grid rather than its community; of two, the one entered first"


def test_a_hole_is_outside_and_every_part_inside():
    ring, hole = square(0, 0, 10), square(4, 4, 2)
    area = area_of(Place(geometry={"type": "Polygon", "coordinates": [ring, hole]}))
    assert area is not None
    assert area.holds(1, 1)
    assert not area.holds(5, 5)
    assert area.holds(4, 5), "on the edge of the hole"
    parts = area_of(Place(geometry={"type": "MultiPolygon", "coordinates": [[ring], [square(20, 0, 1)]]}))
    assert parts is not None
    assert parts.holds(20.5, 0.5)
    assert not parts.holds(15, 0.5)


@pytest.mark.parametrize("corner", [(0, 0), (10, 10), (10, 0), (0, 10), (10, 5), (5, 10)])
def test_the_boundary_belongs_to_it(corner):
    area = area_of(Place(geometry={"type": "Polygon", "coordinates": [square(0, 0, 10)]}))
    assert area is not None
    assert area.holds(*corner)
    assert not area.holds(corner[0] + 10.001, corner[1])


def test_outside_is_said_with_the_way_out(made):
    with pytest.raises(Invalid, match="选择所在区划"):
        locate(made.place.pk, 113.9, 34.75)


def test_a_merged_place_holds_nothing_any_more_and_an_office_without_boundaries_answers_none(made):
    first, second = made.places["第一网格"], made.places["第二网格"]
    Place.objects.filter(pk=first.pk).update(merged_into=second)
    assert locate(made.place.pk, *INSIDE) == second
    Place.objects.update(geometry=None)
    assert locate(made.place.pk, *INSIDE) is None


def test_a_case_with_a_position_and_no_place_gets_the_place(made):
    caller = api(made, "grid")
    body = {"client_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "kind": "issue"}
    values = {"what": "路面塌陷", "class": "safety", "spot": list(INSIDE)}
    answer = caller.post("cases", body | {"values": values})
    assert answer.status_code == 201, answer.content
    assert answer.json()["place"]["name"] == "第一网格"
    body["client_id"] = "1f8fad5b-d9cb-469f-a165-70867728950e"
    outside = caller.post("cases", body | {"values": values | {"spot": [113.9, 34.75]}})
    assert (outside.status_code, outside.json()["error"]["field"]) == (422, "spot")
    named = {"place": made.places["示例村02"].pk, "values": values | {"spot": [113.9, 34.75]}}
    assert caller.post("cases", body | named).status_code == 201, "a place that is named is the place"
