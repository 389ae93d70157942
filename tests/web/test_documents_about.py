"""A document is begun from the page of what it is about: its title, unit and deadline are in it, its unit receives it."""

import uuid
from datetime import timedelta

import pytest

from tests.factories.office import MONDAY, blocker, moment, office, project
from tests.web.visiting import form as sent, signed_in
from zijing.cases.actions import dispatch
from zijing.documents.about import fits
from zijing.documents.actions import draft, submit
from zijing.documents.models import Document, Template

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def made():
    return office(packs=("targets", "documents"))


def told(answer):
    return answer.content.decode()


def forms_on(made, role, page):
    return [one.title for one in signed_in(made, role, TUESDAY).get(page).context["paper_forms"]]


def begun(made, role, subject, key="supervision-notice"):
    """The document that comes of the form as the page offers it."""
    client = signed_in(made, role, TUESDAY)
    page = client.get("/documents/new/", {"form": key, "subject": subject})
    given = {k: page.context["given"][k] for k in ("template", "place", "period", "subject")}
    answer = client.post("/documents/new/", sent(**given))
    assert answer.status_code == 302, told(answer)
    return Document.objects.get(pk=int(answer["Location"].split("/")[-2]))


def test_a_case_is_put_under_supervision_by_a_notice(made):
    case = blocker(made, project(made))
    at, unit = moment(MONDAY, 10), made.posts["team"].unit
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=unit)
    assert forms_on(made, "leader", f"/cases/{case.pk}/") == ["Accountability notice", "Supervision notice"]
    document = begun(made, "leader", f"case:{case.pk}")
    assert document.title == f"关于督办{case.title}的通知" and document.place == case.place
    assert [r.unit for r in document.recipients.all()] == [unit]
    assert document.addressed_to == f"{unit}："
    leader = signed_in(made, "leader", TUESDAY)
    page = told(leader.get(f"/documents/{document.pk}/"))
    assert f"由{unit}负责。" in page and f"/cases/{case.pk}/" in page
    assert "请于2020年9月11日前书面回复" in page, "three working days from Tuesday"
    assert document.title in told(leader.get(f"/cases/{case.pk}/"))


def test_what_the_record_does_not_say_is_left_out(made):
    target = project(made)
    document = begun(made, "director", f"register:{target.pk}")
    assert document.about_type == "registers.entry" and document.title == f"关于督办{target}的通知"
    page = signed_in(made, "director", TUESDAY).get(f"/documents/{document.pk}/")
    assert ("一、督办事项", "应于{{办理期限}}前完成。") in page.context["content"].left_out
    submit(actor=made.actor("director"), at=moment(TUESDAY), document=document, seen=document.revision)
    said = told(signed_in(made, "secretary", TUESDAY).get(f"/documents/{document.pk}/")).partition("</article>")[0]
    assert "由team单位负责。" in said and "应于" not in said


def test_a_form_is_offered_only_where_its_pack_says_and_only_to_whom_drafts(made):
    target = project(made)
    assert forms_on(made, "leader", f"/projects/{target.pk}/") == ["Supervision notice"]
    assert forms_on(made, "team", f"/projects/{target.pk}/") == []
    weekly = Template.objects.get(key="weekly-bulletin")
    with pytest.raises(Exception, match="not for records of this kind"):
        draft(
            actor=made.actor("director"), at=moment(TUESDAY), template=weekly, place=made.place, since=MONDAY,
            until=MONDAY, client_id=uuid.uuid4(), about=target.entry,
        )  # fmt: skip


def test_what_is_out_of_sight_restricted_or_nothing_begins_no_document(made):
    case = blocker(made, project(made))
    leader = signed_in(made, "leader", TUESDAY)
    for subject in ("case:0", "case:99999999", "paper:1", "case", f"case:{case.pk}x", "case:" + "9" * 30):
        assert leader.get("/documents/new/", {"form": "supervision-notice", "subject": subject}).status_code == 404
    notice, kind = Template.objects.get(key="supervision-notice"), case.kind
    assert fits(notice, kind)
    kind.restricted = True
    assert not fits(notice, kind)
