"""A plan read through the API, from its text to commitments."""

from uuid import uuid4

import pytest

from tests.factories.calls import api
from tests.factories.office import office
from zijing.commitments.models import Commitment

pytestmark = pytest.mark.django_db
TEXT = "新增停车泊位300个。改造公厕12座。修缮文化站2处。"


@pytest.fixture
def section():
    made = office(packs=("targets",))
    return made, api(made, "section")


def chosen(drafts):
    return [{"id": d["id"], "revision": d["revision"]} for d in drafts]


def test_a_plan_is_kept_edited_merged_dropped_and_accepted(section):
    made, call = section
    kept = call.post("papers", {"client_id": str(uuid4()), "text": TEXT, "title": "计划"})
    assert kept.status_code == 201
    at = f"papers/{kept.json()['id']}"
    drafts = call.get(f"{at}/drafts").json()["drafts"]
    assert [(d["quote"], d["quantity"]) for d in drafts] == [
        ("新增停车泊位300个", "300"), ("改造公厕12座", "12"), ("修缮文化站2处", "2"),
    ]  # fmt: skip
    edited = call.post(f"drafts/{drafts[0]['id']}", {"revision": 0, "quantity": "320", "client_id": str(uuid4())})
    assert edited.json() == {"id": drafts[0]["id"], "revision": 1}
    stale = call.post(f"drafts/{drafts[0]['id']}", {"revision": 0, "quantity": "310", "client_id": str(uuid4())})
    assert stale.status_code == 409
    assert stale.json()["error"]
    assert call.post(f"{at}/drop", {"drafts": chosen(drafts[2:]), "client_id": str(uuid4())}).json() == {"decided": 1}
    rest = call.get(f"{at}/drafts").json()["drafts"]
    sent = {
        "drafts": chosen(rest), "lead": made.posts["section"].unit_id, "deadline": "2020-12-31",
        "client_id": str(uuid4()),
    }  # fmt: skip
    answers = [call.post(f"{at}/accept", sent) for _turn in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert [c["target"] for c in answers[0].json()["commitments"]] == ["320", "12"]
    assert Commitment.objects.filter(origin__document="计划", kind__key="task").count() == 2


def test_what_cannot_be_is_refused_in_words(section):
    _made, call = section
    empty = call.post("papers", {"client_id": str(uuid4()), "text": "   "})
    assert empty.status_code == 422 and empty.json()["error"]["message"]
    kept = call.post("papers", {"client_id": str(uuid4()), "text": TEXT}).json()["id"]
    none = call.post(f"papers/{kept}/drop", {"drafts": [{"id": 10**9, "revision": 0}], "client_id": str(uuid4())})
    assert none.status_code == 409 and none.json()["error"]["message"]
