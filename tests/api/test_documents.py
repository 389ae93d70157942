"""A document through the API, from its form to its reply; whatever is refused is refused in words."""

from uuid import uuid4

import pytest

from tests.documents.test_life import issued, template
from tests.factories.calls import api, let_clock_show
from tests.factories.office import MONDAY, blocker, moment, office, project
from tests.figures.test_publishing import invest
from zijing.activities.actions import withdraw
from zijing.documents.models import Document

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 20)


@pytest.fixture
def made():
    made = office(packs=("targets", "documents"))
    made.record = invest(made, project(made), MONDAY, 1_230_000)
    let_clock_show(made, AT)
    return made


def begun(made, **more):
    """What a program sends to begin a document about the first week of September."""
    template()
    days = {"since": "2020-09-01", "until": "2020-09-07"}
    return {"client_id": str(uuid4()), "form": "weekly", "recipients": [made.posts["team"].unit_id], **days, **more}


def test_from_the_form_to_the_reply(made):
    section, leader, secretary, team = (api(made, role) for role in ("section", "leader", "secretary", "team"))
    sent = begun(made)
    answers = [section.post("documents", sent) for _turn in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and Document.objects.count() == 1
    document = answers[0].json()
    assert (document["stage"], document["steps"], document["numbers"]) == ("draft", ["submit", "drop"], [])
    at = f"documents/{document['id']}"
    edited = section.patch(at, {"seen": document["revision"], "note": "联系人：某某", "client_id": str(uuid4())})
    assert edited.json()["note"] == "联系人：某某" and edited.json()["text"] == document["text"]
    assert section.post(f"{at}/submit", {"seen": edited.json()["revision"]}).json()["stage"] == "checking"
    assert [d["id"] for d in leader.get("documents?tab=todo").json()] == [document["id"]]
    assert leader.post(f"{at}/check", {}).json()["stage"] == "signing"
    assert secretary.post(f"{at}/sign", {}).json()["stage"] == "signed"
    out = section.post(f"{at}/issue", {"client_id": str(uuid4())}).json()
    assert (out["stage"], out["number"], out["reply_by"]) == ("issued", "紫办通〔2020〕1号", "2020-09-10")
    [number] = out["numbers"]
    assert (number["shown"], number["amount"], number["unit"]) == ("123万元", "123000000", "")
    assert team.get(at).json()["steps"] == ["receive", "reply"]
    assert team.post(f"{at}/receive", {}).json()["steps"] == ["reply"]
    assert team.post(f"{at}/reply", {"text": "已整改。"}).json()["recipients"][0]["reply"] == "已整改。"
    assert section.post(f"{at}/archive", {}).json()["stage"] == "archived"


def test_a_printed_number_is_held_against_the_records_of_today(made):
    document, director = issued(made), api(made, "director")
    held = director.get(f"documents/{document.pk}/numbers/1").json()
    assert (held["holds"], held["now"], held["changed"]) == (True, held["number"]["shown"], 0)
    withdraw(actor=made.actor("director"), at=AT, activity=made.record, reason="重复")
    held = director.get(f"documents/{document.pk}/numbers/1").json()
    assert (held["holds"], held["changed"]) == (False, 1)
    assert director.get(f"documents/{document.pk}/numbers/2").status_code == 404


def test_it_comes_as_the_very_file_of_the_page(made):
    document, director = issued(made), api(made, "director")
    word, portable = (director.get(f"documents/{document.pk}/files/{form}") for form in ("docx", "pdf"))
    assert (word.content[:2], portable.content[:4]) == (b"PK", b"%PDF")
    assert ".docx" in word.headers["Content-Disposition"]
    assert director.get(f"documents/{document.pk}/files/odt").status_code == 422


def test_a_notice_about_a_case_names_it_and_the_form_says_what_it_fits(made):
    case = blocker(made, project(made, "X9"))
    leader = api(made, "leader")
    notice = next(f for f in leader.get("document-forms").json() if f["key"] == "supervision-notice")
    assert notice["fits"] == ["project", "case", "commitment"] and not notice["own"]
    sent = {"client_id": str(uuid4()), "form": "supervision-notice", "about": f"case:{case.pk}"}
    document = leader.post("documents", sent).json()
    assert (document["about"], document["title"]) == (f"case:{case.pk}", f"关于督办{case.title}的通知")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"form": "nothing"}, 404), ({"about": "case:1"}, 404), ({"recipients": [0]}, 404), ({"until": "2020-12-31"}, 422),
        ({"text": "{{没有这个数}}"}, 422), ({"reply_days": 999}, 422), ({"secrecy": "机密"}, 422), ({"tilte": "x"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_refused_in_words(made, more, status):
    refused = api(made, "section").post("documents", begun(made, **more))
    assert refused.status_code == status and refused.json()["error"]["message"]
    assert not Document.objects.exists()


def test_what_has_moved_on_is_a_conflict_and_a_step_without_its_reason_none(made):
    section = api(made, "section")
    document = section.post("documents", begun(made)).json()
    at = f"documents/{document['id']}"
    assert section.patch(at, {"seen": document["revision"], "note": "一"}).status_code == 200
    for late in (section.patch(at, {"seen": document["revision"], "note": "二"}),
                 section.post(f"{at}/submit", {"seen": document["revision"]})):  # fmt: skip
        assert late.status_code == 409 and late.json()["error"]["message"]
    assert section.post(f"{at}/drop", {}).status_code == 422
    assert section.post(f"{at}/check", {}).status_code == 403
    assert section.post(f"{at}/reply", {"text": "好"}).status_code == 404
    assert api(made, "grid").get(at).status_code == 404
