"""Documents on their pages: from a form to what a unit replies, every number opening, bad input given back."""

import uuid
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document as Docx

from tests.documents.test_life import drafted, issued, template
from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, moment, office, project
from tests.figures.test_publishing import invest
from zijing.documents.actions import put_template
from zijing.documents.models import Document, Template
from zijing.outbox.messages import catch_up

pytestmark = pytest.mark.django_db
AT = moment(date(2020, 9, 30), 20)


@pytest.fixture
def made():
    made = office(packs=("targets", "documents"))
    invest(made, project(made), MONDAY, 1_230_000)
    let_clock_show(made, AT)
    return made


def browse(made, role):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(made.account(role))
    return client


def told(answer):
    return answer.content.decode()


def test_from_a_form_to_a_reply(made):
    section, director, secretary = (browse(made, role) for role in ("section", "leader", "secretary"))
    form = template()
    given = {"template": form.pk, "place": made.place.pk, "period": "2020-09", "client_id": str(uuid.uuid4())}
    begun = section.post("/documents/new/", given)
    page = begun["Location"]
    assert "123万元" in told(section.get(page))
    document = Document.objects.get()
    words = {
        "seen": document.revision, "title": document.title, "text": document.text, "main": made.posts["team"].unit_id,
        "reply_days": 3, "sealed": "1",
    }  # fmt: skip
    assert section.post(f"{page}change/", words).status_code == 302
    document.refresh_from_db()
    assert section.post(f"{page}step/", {"do": "submit", "seen": document.revision}).status_code == 302
    for client, verb in ((director, "check"), (secretary, "sign"), (section, "issue")):
        assert client.post(f"{page}step/", {"do": verb}).status_code == 302, verb
    assert "紫办通〔2020〕1号" in told(secretary.get(page))
    team = browse(made, "team")
    assert page in told(team.get("/documents/"))
    assert team.post(f"{page}answer/", {"do": "reply", "text": ""}).status_code == 422
    assert team.post(f"{page}answer/", {"do": "reply", "text": "已整改。"}).status_code == 302
    assert "已整改。" in told(section.get(page))
    assert page not in told(team.get("/documents/?tab=todo"))


def test_a_printed_number_opens_to_what_it_was_and_to_its_records(made):
    document = issued(made)
    secretary = browse(made, "secretary")
    page = told(secretary.get(f"/documents/{document.pk}/"))
    assert f"/documents/{document.pk}/numbers/1/" in page
    number = told(secretary.get(f"/documents/{document.pk}/numbers/1/"))
    assert "仍然属实" in number and "/list/investment/?" in number
    invest(made, project(made, "X02"), MONDAY, 10)
    assert "已有变化：1条记录不同" in told(secretary.get(f"/documents/{document.pk}/numbers/1/"))


def test_what_is_refused_is_given_back_with_the_reason(made):
    section = browse(made, "section")
    document = drafted(made, role="section")
    kept = {"seen": "1", "title": "关于投资的通报", "text": "完成{{没有这个数}}。", "reply_days": "x"}
    answer = section.post(f"/documents/{document.pk}/change/", kept)
    assert answer.status_code == 422 and "没有这个数" in told(answer)
    answer = section.post(f"/documents/{document.pk}/change/", kept | {"reply_days": "3"})
    assert answer.status_code == 422 and "没有叫“没有这个数”的数" in told(answer)
    stale = kept | {"seen": "7", "text": "好。", "reply_days": "3"}
    assert section.post(f"/documents/{document.pk}/change/", stale).status_code == 409
    given = {"template": template(key="b").pk, "period": "2020-13", "client_id": str(uuid.uuid4())}
    answer = section.post("/documents/new/", given)
    assert answer.status_code == 422 and 'value="2020-13"' in told(answer)
    secretary = browse(made, "secretary")
    assert secretary.post(f"/documents/{document.pk}/step/", {"do": "sign"}).status_code == 409


def test_a_document_speaks_of_a_period_that_runs_the_one_before_or_other_days(made):
    section, form = browse(made, "section"), template()
    page = told(section.get("/documents/new/"))
    for name in ("week", "2020-W39", "month", "2020-08", "quarter", "2020-Q2", "year", "2019"):
        assert f'<option value="{name}"' in page
    given = {"template": form.pk, "place": made.place.pk, "period": "month"}
    begun = lambda **more: section.post("/documents/new/", given | more | {"client_id": str(uuid.uuid4())})
    assert begun(since="2020-09-07", until="2020-09-13").status_code == 302
    document = Document.objects.get()
    assert (document.since, document.until) == (date(2020, 9, 7), date(2020, 9, 13))
    assert begun(since="2020-09-07").status_code == 422
    assert begun(period="").status_code == 302
    assert Document.objects.latest("pk").since is None


def test_only_forms_of_packs_the_office_has_are_offered_and_its_own_versions(made):
    elsewhere = template(pack="hazards")
    offered = lambda: browse(made, "section").get("/documents/new/").context["templates"]
    assert {t.pack for t in offered()} == {"documents", "project-drive", "targets"}
    own = put_template(actor=made.actor("director"), at=AT, template=elsewhere, text="投资{{完成投资}}。")
    assert own in offered() and elsewhere not in offered()


def test_files_come_as_docx_and_pdf_with_links(made):
    document = issued(made)
    secretary = browse(made, "secretary")
    docx = secretary.get(f"/documents/{document.pk}/file/docx/")
    assert docx["Content-Type"].endswith("wordprocessingml.document")
    words = Docx(BytesIO(docx.content))
    links = {rel.target_ref for rel in words.part.rels.values() if rel.is_external}
    assert f"http://testserver/documents/{document.pk}/numbers/1/" in links
    pdf = secretary.get(f"/documents/{document.pk}/file/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert secretary.get(f"/documents/{document.pk}/file/exe/").status_code == 404


def test_who_takes_the_next_step_and_who_receives_is_told(made):
    catch_up(made.place.pk)
    document = issued(made, recipients=("team",))
    catch_up(made.place.pk)
    page = told(browse(made, "team").get("/messages/"))
    assert f"/documents/{document.pk}/" in page and "公文已印发" in page
    assert "公文送核稿" in told(browse(made, "leader").get("/messages/"))
    assert document.title not in told(browse(made, "team2").get("/messages/"))


def test_an_office_puts_its_own_form_back(made):
    director = browse(made, "director")
    form = Template.objects.get(key="leaders-brief")
    taken = director.get(f"/documents/templates/{form.pk}/file/")
    words = Docx(BytesIO(taken.content))
    words.paragraphs[0].runs[0].text = "改过的开头。"
    kept = BytesIO()
    words.save(kept)
    answer = director.post(f"/documents/templates/{form.pk}/", {"file": SimpleUploadedFile("a.docx", kept.getvalue())})
    assert answer.status_code == 302
    assert Template.objects.get(office=made.place).text_zh.startswith("改过的开头。")
    bad = director.post(f"/documents/templates/{form.pk}/", {"file": SimpleUploadedFile("a.docx", b"no docx")})
    assert bad.status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(made, n, django_assert_num_queries):
    form = template()
    for _n in range(n):
        issued(made, form=form)
    secretary = browse(made, "secretary")
    secretary.get("/documents/?tab=issued")
    with django_assert_num_queries(5):
        secretary.get("/documents/?tab=issued")
