"""What a case may be, over the API and below the form: read only, within sight."""

from urllib.parse import quote

import pytest

from tests.factories.calls import api
from tests.factories.office import FOUNDED, Office, office, pack
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.packs.actions import apply


@pytest.fixture(autouse=True)
def catalogue(made: Office) -> None:
    apply(at=FOUNDED, pack=pack("city-cases"), offices=[made.place])


def ask(made: Office, role: str = "section", **params: object) -> object:
    query = "&".join(f"{name}={quote(str(value))}" for name, value in ({"kind": "city-case"} | params).items())
    return api(made, role).get(f"cases/suggestions?{query}")


def test_class_place_limit_and_why(made: Office) -> None:
    found = ask(made, text="示例社区01井盖丢失").json()
    first = found["classes"][0]
    assert (first["field"], first["value"]) == ("class", "c0101-missing")
    assert first["because"] == ["the text says “井盖丢失”"] and first["limit"].startswith("2 hours")
    assert (first["unit"], first["unit_because"]) == (None, "")
    place = made.places["示例社区01"]
    assert found["places"] == [
        {"place": {"id": place.pk, "name": place.name}, "because": "the text says “示例社区01”"}
    ]  # fmt: skip
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("params", "status"),
    [({"kind": "moon"}, 404), ({"kind": "enterprise"}, 404), ({"place": 99999}, 404), ({"place": "x"}, 422),
     ({"text": "%27 OR 1=1 --" * 50}, 200), ({}, 200)],
)  # fmt: skip
def test_bad_questions(made: Office, params: dict[str, object], status: int) -> None:
    assert ask(made, **params).status_code == status


def test_a_place_out_of_sight_is_not_there(made: Office) -> None:
    other = office("410181006000", "别处街道")
    assert ask(made, place=other.places["第一网格"].pk).status_code == 404
    assert ask(made, role="county", text="路灯").status_code == 403


class TestBelowTheForm:
    def test_buttons_that_fill_in_and_nothing_filled_in(self, made: Office) -> None:
        visitor, place = signed_in(made, "section"), made.places["示例社区01"]
        assert 'hx-include="#f-what,#f-place,#f-class,#f-spot"' in visitor.get("/new/city-case/").content.decode()
        page = visitor.get("/new/city-case/suggestions/", {"what": "示例社区01井盖丢失", "place": f"#{made.place.pk}"})
        text = page.content.decode()
        assert 'data-fill="class" data-value="c0101-missing"' in text and f'data-value="#{place.pk}"' in text
        assert "the text says “井盖丢失”" in text and "selected" not in text

    @pytest.mark.parametrize("place", ["", "#", "#9999999", "示例社区01", "#1' OR 1=1", "9" * 400])
    def test_what_is_written_as_place_may_be_anything(self, made: Office, place: str) -> None:
        params = {"what": "<b>路灯</b>" * 1000, "place": place}
        page = signed_in(made, "section").get("/new/city-case/suggestions/", params)
        assert page.status_code == 200 and "<b>路灯" not in page.content.decode()

    def test_only_for_cases_and_only_new_ones(self, made: Office) -> None:
        visitor = signed_in(made, "section")
        assert "suggest-answer" not in visitor.get("/new/enterprise/").content.decode()
        assert visitor.get("/new/enterprise/suggestions/").status_code == 404
