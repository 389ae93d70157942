"""Photos and documents by the API: added to what stands, or with what is filed and done; read by who sees the record."""

import base64
import uuid
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.factories.calls import Api, api
from tests.factories.office import FOUNDED, MONDAY, Office, moment, pack
from tests.records.test_files import picture
from zijing.cases.actions import accept, dispatch, void
from zijing.cases.models import Case, Stage
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.records.models import Attachment, File, Kind

pytestmark = pytest.mark.django_db


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def put(caller: Api, path: str, content: bytes) -> Any:
    return caller.client.post(
        f"/api/v1/{path}", content, content_type="application/octet-stream", headers=caller.headers
    )


@pytest.fixture
def case(made: Office) -> Case:
    """A case of a class that demands a photo of afterwards, with the community that handles it."""
    apply(at=FOUNDED, pack=pack("city-cases"), offices=[made.place])
    kind = Kind.objects.get(key="city-case")
    described = {f.column or f.type: f.key for f in kind.fields}
    values = {described["title"]: "井盖不见了", described["tree"]: "c0101-missing", described["place"]: "示例社区01"}
    found: Any = record(actor=made.actor("grid"), at=moment(MONDAY), kind=kind, values=values)
    unit = made.posts["community"].unit
    if found.stage == Stage.FILED:
        dispatch(actor=made.actor("project_office"), at=moment(MONDAY), case=found, unit=unit)
    accept(actor=made.actor("community"), at=moment(MONDAY), case=found)
    return found  # type: ignore[no-any-return]


def test_a_photo_added_first_lets_the_step_be_made(made: Office, case: Case) -> None:
    caller = api(made, "community")
    answer = caller.post(f"cases/{case.pk}/submit", {"reason": "已恢复"})
    assert answer.status_code == 409 and "after" in answer.json()["error"]["message"]
    added = put(caller, f"records/case/{case.pk}/files?part=after&name=after.png", picture())
    assert added.status_code == 201, added.content
    assert caller.post(f"cases/{case.pk}/submit", {"reason": "已恢复"}).json()["stage"] == "checking"
    [listed] = caller.get(f"records/case/{case.pk}/files").json()
    assert listed == added.json() and (listed["part"], listed["media_type"]) == ("after", "image/jpeg")


def test_a_photo_goes_with_the_step(made: Office, case: Case) -> None:
    body = {"reason": "已恢复", "photos": {"after": text(picture())}, "client_id": str(uuid.uuid4())}
    caller = api(made, "community")
    first, again = (caller.post(f"cases/{case.pk}/submit", body) for _n in range(2))
    assert first.status_code == 200 and first.json() == again.json()
    assert Attachment.objects.get(subject_id=case.pk).part == "after"


@pytest.mark.parametrize("content", [b"<script>", picture()[:100], b"", b"PK\x03\x04"])
def test_a_photo_that_is_not_one_moves_nothing(made: Office, case: Case, content: bytes) -> None:
    caller = api(made, "community")
    body = {"reason": "已恢复", "photos": {"before": text(picture()), "after": text(content)}}
    for answer in (
        caller.post(f"cases/{case.pk}/submit", body), put(caller, f"records/case/{case.pk}/files?part=after", content),
    ):  # fmt: skip
        assert answer.status_code == 422 and answer.json()["error"]["message"]
    case.refresh_from_db()
    assert case.stage == Stage.HANDLING and not Attachment.objects.exists() and not File.objects.exists()


def test_what_is_no_base64_or_no_part_is_said_at_its_field(made: Office, case: Case) -> None:
    caller = api(made, "community")
    for photos in ({"after": "***"}, {"moon": text(picture())}):
        assert caller.post(f"cases/{case.pk}/submit", {"reason": "x", "photos": photos}).status_code == 422
    assert put(caller, f"records/case/{case.pk}/files?part=moon", picture()).status_code == 422
    assert put(caller, f"records/case/{case.pk}/files", picture()).status_code == 422
    answer = caller.post(f"cases/{case.pk}/void", {"reason": "x", "photos": {"after": text(picture())}})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == "photos"


def test_a_case_is_filed_with_its_photo(made: Office) -> None:
    kind = Kind.objects.get(key="issue")
    field = next((f.key for f in kind.fields if f.type == "file"), None)
    assert field, "general issues take a photo"
    body = {
        "client_id": str(uuid.uuid4()), "kind": "issue", "values": {"what": "路面塌陷", "class": "safety"},
        "place": made.places["第一网格"].pk, "files": {field: text(picture())},
    }  # fmt: skip
    caller = api(made, "grid")
    first, again = (caller.post("cases", body) for _n in range(2))
    assert first.status_code == 201 and first.json() == again.json(), first.content
    [listed] = caller.get(f"records/case/{first.json()['id']}/files").json()
    assert caller.get(f"files/{listed['file']}").status_code == 200
    wrong = body | {"client_id": str(uuid.uuid4()), "files": {"moon": text(picture())}}
    assert caller.post("cases", wrong).status_code == 422 and Case.objects.count() == 1


def test_the_content_is_encoded_anew_and_read_by_who_sees_the_record(made: Office, case: Case) -> None:
    out = BytesIO()
    Image.new("RGB", (3000, 1000), "red").save(out, "JPEG", comment=b"secret")
    added = put(api(made, "community"), f"records/case/{case.pk}/files?part=far", out.getvalue()).json()
    answer = api(made, "secretary").get(f"files/{added['file']}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "image/jpeg" and len(content) == added["size"]
    assert b"secret" not in content and Image.open(BytesIO(content)).size == (2000, 667)
    small = api(made, "secretary").get(f"files/{added['file']}?small=true")
    assert Image.open(BytesIO(b"".join(small.streaming_content))).width == 320  # type: ignore[attr-defined]
    for path in (f"files/{added['file']}", f"records/case/{case.pk}/files"):
        assert api(made, "team2").get(path).status_code == 404


def test_sent_again_it_is_added_once_and_nothing_else_by_its_id(made: Office, case: Case) -> None:
    caller, path = api(made, "community"), f"records/case/{case.pk}/files?part=far&client_id={uuid.uuid4()}"
    assert put(caller, path, picture()).json() == put(caller, path, picture()).json()
    assert Attachment.objects.count() == 1
    assert put(caller, path.replace("far", "near"), picture()).status_code == 409


def test_too_large_is_said(made: Office, case: Case) -> None:
    path = f"records/case/{case.pk}/files?part=far"
    assert put(api(made, "community"), path, b"x" * (10 * 2**20 + 1)).status_code == 422
    assert put(api(made, "community"), path, b"x" * (13 * 2**20)).status_code == 413


def test_a_case_that_was_voided_takes_no_more(made: Office, case: Case) -> None:
    void(actor=made.actor("project_office"), at=moment(MONDAY), case=case, reason="重复")
    assert put(api(made, "community"), f"records/case/{case.pk}/files?part=far", picture()).status_code == 409


def test_a_photo_sent_again_after_a_lost_answer_is_not_decoded_again(
    made: Office, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    look = Image.open
    monkeypatch.setattr(Image, "open", lambda *told, **more: opened.append(1) or look(*told, **more))
    caller, body = api(made, "community"), {"reason": "已恢复", "photos": {"after": text(picture())}}
    sent = body | {"client_id": str(uuid.uuid4())}
    first, counted = caller.post(f"cases/{case.pk}/submit", sent), len(opened)
    assert first.status_code == 200 and counted
    again = caller.post(f"cases/{case.pk}/submit", sent)
    assert (again.status_code, again.json(), len(opened)) == (200, first.json(), counted)
    added = f"records/case/{case.pk}/files?part=near&name=a.png&client_id={uuid.uuid4()}"
    first, counted = put(caller, added, picture()), len(opened)
    again = put(caller, added, picture())
    assert (first.status_code, again.json(), len(opened)) == (201, first.json(), counted)
