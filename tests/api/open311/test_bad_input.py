"""What programs send wrong: told clearly in the caller's format, and nothing lost, nothing half done."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.open311 import Open311, root_of
from tests.factories.calls import Api, api
from tests.factories.office import FOUNDED, MONDAY, Office, pack
from tests.records.test_files import picture
from zijing.cases.models import Case, Reporter
from zijing.journal.chain import verify as sound
from zijing.journal.models import JournalEntry
from zijing.packs.actions import apply
from zijing.records.models import Attachment, Kind

pytestmark = pytest.mark.django_db
HERE = {"lat": "34.755", "long": "113.005"}
NOISE: dict[str, Any] = {"service_code": "request.noise", **HERE}


def told(answer: Any, status: int) -> str:
    """The sentence of a refusal, the same in both formats' shapes."""
    assert answer.status_code == status, answer.content.decode()
    if "xml" in answer.headers["Content-Type"]:
        return str(root_of(answer).findtext("error/description"))
    return str(json.loads(answer.content)[0]["description"])


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("wrong", [{"lat": "31.23", "long": "121.47"}, {"lat": "0", "long": "0"}])
def test_a_position_outside_the_office(app: Open311, form: str, wrong: dict[str, str]) -> None:
    said = told(app.post(f"v2/requests.{form}", **NOISE | wrong), 400)
    assert wrong["long"].rstrip("0") in said and "boundaries" in said
    assert not Case.objects.exists()


def test_a_position_outside_the_office_by_the_api(made: Office) -> None:
    apply(at=FOUNDED, pack=pack("city-cases"), offices=[made.place])
    spot = next(f.key for f in Kind.objects.get(key="city-case").fields if f.type == "point")
    body = {"client_id": "01992a5e-7d0f-7a3c-9c1e-0242ac120002", "kind": "city-case", "values": {spot: "121.47, 31.23"}}
    answer = api(made, "grid").post("cases", body)
    assert answer.status_code == 422
    assert any(fault["field"] == spot for fault in answer.json()["error"]["errors"])


def dated(made: Office) -> None:
    """Let residents say since when; not after today."""
    kind = Kind.objects.get(key="request")
    field = {"key": "since", "type": "date", "latest": "today", "title": {"zh": "从哪天起", "en": "since"}}
    kind.definition = dict(kind.definition) | {"fields": [*kind.definition["fields"], field]}
    kind.save()


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_day_in_the_future(made: Office, app: Open311, form: str) -> None:
    dated(made)
    tomorrow = (MONDAY + timedelta(days=1)).isoformat()
    said = told(app.post(f"v2/requests.{form}", **NOISE, **{"attribute[since]": tomorrow}), 400)
    assert "since" in said and not Case.objects.exists()
    for day in (MONDAY.isoformat(), "2020-09-07T08:00:00+08:00", "2020-09-06T17:00:00Z"):
        assert app.post(**NOISE, **{"attribute[since]": day}).status_code == 200
    assert {case.fields["since"] for case in Case.objects.all()} == {MONDAY.isoformat()}


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_forged_key(app: Open311, form: str) -> None:
    assert "api_key" in told(app.post(f"v2/requests.{form}", **NOISE, api_key=app.key[:-1] + "x"), 403)
    assert "api_key" in told(app.get(f"v2/requests.{form}", api_key="forged"), 403)
    assert Api("forged").get("me").status_code == 401
    assert not Case.objects.exists()


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_forged_token(app: Open311, form: str) -> None:
    app.report()
    code = Reporter.objects.get().code
    forged = ("0" if code[-1] != "0" else "1").join([code[:-1], ""])
    for token in (forged, code[:-1], "0" * 12, "x" * 5000, "%00", "' or 1=1"):
        assert told(app.get(f"v2/tokens/{token}.{form}"), 404)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_an_unknown_service(app: Open311, form: str) -> None:
    assert "request.moon" in told(app.post(f"v2/requests.{form}", **NOISE | {"service_code": "request.moon"}), 404)
    assert "request.moon" in told(app.get(f"v2/services/request.moon.{form}"), 404)


def test_a_thousand_reports_in_a_minute_from_one_address(made: Office, app: Open311) -> None:
    statuses = [app.post(**NOISE, description=f"第{n}条").status_code for n in range(1000)]
    assert statuses == [200] * 10 + [400] * 990
    answer = app.post("v2/requests.xml", **NOISE)
    assert "network" in told(answer, 400) and root_of(answer).findtext("error/code") == "429"
    assert int(answer.headers["Retry-After"]) > 0
    assert Case.objects.count() == Reporter.objects.count() == 10
    assert JournalEntry.objects.filter(verb="cases.receive").count() == 10 and sound(made.place.pk).sound


def test_what_was_sent_before_the_flood_is_answered_after_it(app: Open311) -> None:
    own = {"client_id": "01992a5e-7d0f-7a3c-9c1e-0242ac120002"}
    first = app.report(**own)
    for _n in range(9):
        app.report()
    assert app.post(**NOISE).status_code == 400
    assert app.report(**own) == first


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=1&service_code=\xff", "application/x-www-form-urlencoded"),
        (b"service_code=1", "application/x-www-form-urlencoded; charset=latin-1"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"<request/>", "text/xml"),
        (b"", ""),
        (b"&".join(b"a%d=1" % n for n in range(6000)), "application/x-www-form-urlencoded"),
        (b"description=" + b"x" * (13 * 2**20), "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_body_that_cannot_be_read(made: Office, app: Open311, form: str, body: bytes, kind: str) -> None:
    answer = app.client.post(f"/open311/v2/requests.{form}", body, content_type=kind)
    assert answer.status_code in {400, 403} and told(answer, answer.status_code)
    assert not Case.objects.exists()


def test_a_telephone_that_is_none_is_said_without_repeating_it(app: Open311) -> None:
    said = told(app.post(**NOISE, phone="12x"), 400)
    assert "12x" not in said and said


def test_markup_and_null_bytes_are_text(app: Open311) -> None:
    made = app.report(description="<script>\x00alert(1)</script>")
    [seen] = app.json("v2/requests.json", service_request_id=made["service_request_id"], api_key=app.key)
    assert seen["description"] == "<script>alert(1)</script>"


def with_files(app: Open311, *contents: bytes) -> Any:
    files = [SimpleUploadedFile("x.png", content) for content in contents]
    return app.client.post("/open311/v2/requests.json", {"api_key": app.key, **NOISE, "media": files})


def test_a_picture_goes_along_with_a_multipart_form(app: Open311) -> None:
    assert with_files(app, picture()).status_code == 200
    assert Attachment.objects.get().subject_id == Case.objects.get().pk


def test_a_photo_that_is_not_one_leaves_nothing_behind(app: Open311) -> None:
    for contents in ((b"<script>",), (picture()[:200],), (picture(), picture()), (b"\0" * (11 * 2**20),)):
        assert told(with_files(app, *contents), 400)
    assert not Case.objects.exists() and not Attachment.objects.exists() and not Reporter.objects.exists()
