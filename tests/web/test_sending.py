"""Forms sent by a script: the same views, the same rights, an answer in JSON, and only as whoever filled them in."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, pack
from tests.records.test_exif import taken_at
from tests.records.test_files import picture
from tests.web.test_record_pages import issue_values
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, dispatch, void
from zijing.cases.models import Case
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.records.exif import position_of
from zijing.records.files import open_file
from zijing.records.models import Attachment, File, Kind

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
SQUARE = [[[112.9, 34.7], [113.1, 34.7], [113.1, 34.8], [112.9, 34.8], [112.9, 34.7]]]


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Office:
    settings.DATA = tmp_path
    return office()


@pytest.fixture
def handled(made: Office) -> Case:
    """An issue that the grid worker's unit handles."""
    values = {"what": "路面坑洼", "class": "other", "place": f"#{made.places['第一网格'].pk}"}
    case = record(actor=made.actor("grid"), at=moment(MONDAY), kind=Kind.objects.get(key="issue"), values=values)
    assert isinstance(case, Case)
    grid = made.actor("grid")
    dispatch(actor=made.system, at=moment(MONDAY), case=case, unit=Unit.objects.get(pk=grid.unit_id))
    accept(actor=grid, at=moment(MONDAY), case=case)
    return case


def photo(content: bytes | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), "image/jpeg")


def marked(client: Client) -> str:
    """Whose pages these are."""
    return str(client.get("/today/")["X-Whose"])


def done(client: Client, case: Case, **more: Any) -> Any:
    headers = more.pop("headers", JSON)
    sent = {"client_id": str(uuid4()), "seen": case.revision, "reason": "已修补", **more}
    return client.post(f"/cases/{case.pk}/submit/", sent, headers=headers)


class TestAnswers:
    def test_what_was_taken_says_so_and_where_it_is_and_again_the_same(self, made: Office) -> None:
        client, sent = signed_in(made, "grid"), issue_values(made)
        answers = [client.post("/new/issue/", {**sent, "photo": photo()}, headers=JSON) for _n in range(2)]
        case = Case.objects.get()
        assert [a.json() for a in answers] == [{"said": "Recorded.", "at": f"/cases/{case.pk}/"}] * 2
        assert Attachment.objects.count() == 1
        assert not list(client.get("/today/").context["messages"]), "the script says it, no later page"

    def test_a_refusal_is_said_with_its_status_and_nothing_is_kept(self, made: Office) -> None:
        client = signed_in(made, "grid")
        answer = client.post("/new/issue/", issue_values(made, what=""), headers=JSON)
        assert answer.status_code == 422 and "What is wrong" in answer.json()["error"]["message"]
        answer = client.post("/new/issue/", {**issue_values(made), "photo": photo(b"<html>")}, headers=JSON)
        assert answer.status_code == 422 and "no picture" in answer.json()["error"]["message"]
        assert not Case.objects.exists() and not File.objects.exists()

    def test_the_same_id_with_other_words_is_a_conflict(self, made: Office) -> None:
        client, sent = signed_in(made, "grid"), issue_values(made)
        client.post("/new/issue/", sent, headers=JSON)
        answer = client.post("/new/issue/", {**sent, "what": "别的"}, headers=JSON)
        assert answer.status_code == 409 and Case.objects.count() == 1

    def test_moved_on_meanwhile_given_to_others_or_gone(self, made: Office, handled: Case) -> None:
        client, seen = signed_in(made, "grid"), handled.revision
        void(actor=made.system, at=moment(MONDAY, 11), case=handled, reason="重复")
        handled.revision = seen
        answer = done(client, handled)
        assert answer.status_code == 409 and "voided" in answer.json()["error"]["message"]
        assert done(client, Case(pk=99999, revision=0)).status_code == 404

    def test_a_page_still_gets_a_page(self, made: Office, handled: Case) -> None:
        answer = done(signed_in(made, "grid"), handled, headers={"accept": "text/html,application/json"})
        assert answer.status_code == 302


class TestWhose:
    def test_signed_out_it_waits(self, made: Office, handled: Case) -> None:
        client = signed_in(made, "grid")
        mark = marked(client)
        client.logout()
        answer = done(client, handled, headers=JSON | {"x-whose": mark})
        assert answer.status_code == 401 and answer.json()["error"]["message"]
        assert "X-Whose" not in client.get("/")

    def test_it_is_never_sent_as_somebody_else(self, made: Office, handled: Case) -> None:
        grid, other = signed_in(made, "grid"), signed_in(made, "community")
        assert marked(grid) != marked(other)
        answer = done(other, handled, headers=JSON | {"x-whose": marked(grid)})
        handled.refresh_from_db()
        assert answer.status_code == 401 and handled.stage == "handling"
        assert done(grid, handled, headers=JSON | {"x-whose": marked(grid)}).status_code == 200

    def test_a_post_no_longer_in_force_is_said(self, made: Office, handled: Case) -> None:
        client = signed_in(made, "grid")
        made.posts["grid"].holdings.update(until=MONDAY.replace(day=1))
        answer = done(client, handled)
        assert answer.status_code == 403 and answer.json()["error"]["message"]


class TestPhotosOfAStep:
    def test_they_come_with_the_step_typed_and_once(self, made: Office, handled: Case) -> None:
        client, key = signed_in(made, "grid"), str(uuid4())
        for _n in range(2):
            sent = {"photo.before": photo(picture(size=(50, 40))), "photo.after": photo(), "client_id": key}
            assert done(client, handled, **sent).status_code == 200
        assert sorted(Attachment.objects.values_list("part", flat=True)) == ["after", "before"]
        assert handled.steps.filter(verb="submit").count() == 1

    def test_a_bad_one_fails_the_step_whole(self, made: Office, handled: Case) -> None:
        sent = {"photo.after": photo(), "photo.near": photo(b"<html>", "evil.jpg")}
        assert done(signed_in(made, "grid"), handled, **sent).status_code == 422
        assert done(signed_in(made, "grid"), handled, **{"photo.moon": photo()}).status_code == 422
        handled.refresh_from_db()
        assert handled.stage == "handling" and not Attachment.objects.exists()

    def test_a_refused_step_leaves_no_photo(self, made: Office, handled: Case) -> None:
        assert done(signed_in(made, "community2"), handled, **{"photo.after": photo()}).status_code == 404
        handled.revision = 0
        assert done(signed_in(made, "grid"), handled, **{"photo.after": photo()}).status_code == 409
        assert not Attachment.objects.exists()

    def test_the_form_asks_for_what_the_class_wants(self, made: Office) -> None:
        apply(at=FOUNDED, pack=pack("city-cases"), offices=[made.place])
        values = {"what": "塌了", "class": "路面塌陷", "place": f"#{made.places['第一网格'].pk}"}
        case = record(actor=made.system, at=moment(MONDAY), kind=Kind.objects.get(key="city-case"), values=values)
        assert isinstance(case, Case)
        grid = made.actor("grid")
        dispatch(actor=made.system, at=moment(MONDAY), case=case, unit=Unit.objects.get(pk=grid.unit_id))
        accept(actor=grid, at=moment(MONDAY), case=case)
        client = signed_in(made, "grid")
        [form] = [d for d in client.get(f"/cases/{case.pk}/").context["doings"] if d.verb == "submit"]
        assert [(a.name, a.required) for a in form.asks if a.type == "file"] == [("photo.after", True)]
        assert done(client, case).status_code == 409
        assert done(client, case, **{"photo.after": photo()}).status_code == 200


class TestPosition:
    @pytest.fixture(autouse=True)
    def _bounded(self, made: Office) -> None:
        place = Place.objects.get(pk=made.place.pk)
        place.geometry = {"type": "Polygon", "coordinates": SQUARE}
        place.save()

    def filed(self, made: Office, **more: Any) -> Case:
        answer = signed_in(made, "grid").post("/new/issue/", {**issue_values(made), **more}, headers=JSON)
        assert answer.status_code == 200, answer.content.decode()
        return Case.objects.latest("pk")

    def test_the_kind_asks_for_it(self, made: Office) -> None:
        there = taken_at((34.0, 45.0, 36.0), (113.0, 0.0, 36.0))
        case = self.filed(made, photo=photo(there))
        assert case.fields["spot"] == [113.01, 34.76]
        assert position_kept_in_the_file() is None
        assert self.filed(made, photo=photo(there), spot="113.02, 34.75").fields["spot"] == [113.02, 34.75]

    def test_one_from_elsewhere_says_nothing(self, made: Office) -> None:
        case = self.filed(made, photo=photo(taken_at((39.0, 54.0, 0.0), (116.0, 24.0, 0.0))))
        assert not case.fields.get("spot")

    def test_a_kind_that_does_not_ask_gets_none(self, made: Office) -> None:
        kind = Kind.objects.get(key="issue")
        fields = [{k: v for k, v in f.items() if k != "position"} for f in kind.definition["fields"]]
        kind.definition = dict(kind.definition) | {"fields": fields}
        kind.save()
        case = self.filed(made, photo=photo(taken_at((34.0, 45.0, 36.0), (113.0, 0.0, 36.0))))
        assert not case.fields.get("spot")


def position_kept_in_the_file() -> list[float] | None:
    return position_of(open_file(File.objects.latest("pk")).read())
