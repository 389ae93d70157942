from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.office import office
from zijing.commitments.models import Commitment, Paper

pytestmark = pytest.mark.django_db
PLAN = "".join(f"{n}.新建第{n}小区充电桩{n}个。\n" for n in range(1, 61))


@pytest.fixture
def made():
    return office(packs=("targets",))


@pytest.fixture
def client(made):
    client = Client()
    client.force_login(made.account("section"))
    return client


@pytest.fixture
def paper(client):
    answer = client.post("/plans/read/", {"title": "充电桩计划", "text": PLAN, "client_id": str(uuid4())})
    assert answer.status_code == 302
    return Paper.objects.get()


def told(answer):
    return answer.content.decode()


def test_where_no_pack_knows_plans_nothing_is_offered_and_nothing_kept():
    made = office()
    client = Client()
    client.force_login(made.account("section"))
    page = told(client.get("/plans/"))
    assert "/new/goal/" not in page and "targets" in page
    answer = client.post("/plans/read/", {"title": "充电桩计划", "text": PLAN, "client_id": str(uuid4())})
    assert answer.status_code == 409 and "targets" in told(answer) and "第60小区" in told(answer)
    assert not Paper.objects.exists()


def test_pasted_text_stands_beside_its_drafts(client, paper):
    page = told(client.get(f"/plans/read/{paper.pk}/"))
    assert page.count('class="panel reading-card"') == 50
    first = paper.drafts.first()
    assert f'id="t{first.pk}"' in page
    assert f'href="#t{first.pk}"' in page


def test_chosen_on_two_pages_are_accepted_at_once(client, paper, made):
    drafts = list(paper.drafts.order_by("pk"))
    first, last = f"{drafts[0].pk}:0", f"{drafts[55].pk}:0"
    there = client.post(f"/plans/read/{paper.pk}/", {"verb": "next", "next": drafts[49].pk, "chosen": [first]})
    assert f'type="hidden" name="chosen" value="{first}"' in told(there)
    lead = made.posts["section"].unit_id
    sent = {"verb": "accept", "chosen": [first, last], "lead": lead, "deadline": "2020-12-31"}
    assert client.post(f"/plans/read/{paper.pk}/", sent).status_code == 302
    assert Commitment.objects.filter(origin__document="充电桩计划", kind__key="task").count() == 2


def test_a_stale_card_is_refused_with_a_sentence(client, paper):
    draft = paper.drafts.first()
    sent = {
        "verb": "edit",
        "draft": draft.pk,
        "revision": 0,
        "title": "改过",
        "sort": "task",
        "quantity": "2",
        "unit": "个",
    }
    assert client.post(f"/plans/read/{paper.pk}/", sent).status_code == 302
    again = client.post(f"/plans/read/{paper.pk}/", sent)
    assert again.status_code == 409
    assert 'role="alert"' in told(again)


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"%PDF-1.4 broken", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"]
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client, content):
    upload = SimpleUploadedFile("计划.pdf", content)
    answer = client.post("/plans/read/", {"file": upload, "client_id": str(uuid4())})
    assert answer.status_code == 422
    assert 'role="alert"' in told(answer)


def test_a_scanned_pdf_says_that_it_has_no_text(client):
    import pypdfium2

    document, out = pypdfium2.PdfDocument.new(), BytesIO()
    document.new_page(200, 200)
    document.save(out)
    upload = SimpleUploadedFile("扫描.pdf", out.getvalue())
    answer = client.post("/plans/read/", {"file": upload, "client_id": str(uuid4())}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "rapidocr" in told(answer)


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_papers_asks_the_same_however_many_there_are(client, made, n, django_assert_num_queries):
    for one in range(n):
        client.post("/plans/read/", {"title": f"计划{one}", "text": "新建公园3个。", "client_id": str(uuid4())})
    client.get("/plans/read/")
    with django_assert_num_queries(5):
        page = told(client.get("/plans/read/"))
    assert page.count("/plans/read/") >= n


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_of_a_paper_asks_the_same_however_many_drafts_it_has(client, made, n, django_assert_num_queries):
    text = "".join(f"新建公园{k}个。责任单位：某局\n" for k in range(1, n + 1))
    client.post("/plans/read/", {"title": "计划", "text": text, "client_id": str(uuid4())})
    address = f"/plans/read/{Paper.objects.get().pk}/"
    client.get(address)
    with django_assert_num_queries(11):
        page = told(client.get(address))
    assert page.count('class="panel reading-card"') == n


def test_all_or_the_firm_ones_are_chosen_over_pages(client, made, paper):
    page = told(client.get(f"/plans/read/{paper.pk}/?choose=firm"))
    assert page.count(" checked") >= 50
    assert page.count('type="hidden" name="chosen"') == 10
    assert 'type="hidden" name="chosen"' not in told(client.get(f"/plans/read/{paper.pk}/?choose=nothing"))
