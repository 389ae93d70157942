"""The page of the year-end report: every number opens, files come out of it, and who may not read it is told so."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.factories.office import Office, moment, office
from tests.packs.test_yearly import AT, enter, example, town
from zijing.documents.models import Document
from zijing.places.actions import set_clock

pytestmark = pytest.mark.django_db
QUERIES = 53


def signed_in(made: Office, role: str = "secretary") -> Client:
    set_clock(actor=made.system, at=AT, office=made.place, shows=AT)
    client = Client()
    client.force_login(made.account(role))
    return client


def test_every_number_opens_and_what_nothing_counts_is_named():
    made = town()
    enter(made, "honour", example("honour"))
    values = {"code": "T1", "name": "建成基地", "level": "目标", "deadline": date(2022, 12, 31)}
    enter(made, "goal", values)
    shown = signed_in(made).get("/year-report/").content.decode()
    assert "紫荆路街道2022年工作总结" in shown and "建成基地" in shown
    assert '<a class="opens" href="/list/honour/?' in shown
    assert "{{" not in shown.partition("</article>")[0]


def test_it_comes_out_as_a_file():
    made = town()
    enter(made, "camera", example("camera"))
    client = signed_in(made)
    [told] = [s for s in client.get("/year-report/json/?year=2022").json() if "摄像头1个" in s["sentence"]]
    assert told["numbers"][0] | {"url": ""} == {
        "figure": "cameras.count", "form": "value", "value": 1, "unit": "个", "text": "1个", "place": "紫荆路街道",
        "period": "2022-01-01..2022-12-31", "evidence_count": 1, "url": "",
    }  # fmt: skip
    content = b"".join(client.get("/year-report/docx/?year=2022").streaming_content)
    assert content[:2] == b"PK"
    assert client.get("/year-report/xls/").status_code == 404


@pytest.mark.parametrize("year", ["2024", "22", "二零二二", "1"])
def test_a_year_that_is_none_is_refused(year):
    assert signed_in(town()).get("/year-report/", {"year": year}).status_code == 422


def test_without_a_pack_that_describes_it_the_page_says_so():
    made = office()
    client = Client()
    client.force_login(made.account("secretary"))
    set_clock(actor=made.system, at=moment(date(2023, 1, 5)), office=made.place, shows=AT)
    answer = client.get("/year-report/")
    assert answer.status_code == 200 and "没有业务包说明年终总结" in answer.content.decode()
    assert signed_in(made, "team").get("/year-report/").status_code == 403


def test_it_reads_as_few_questions_whether_one_record_or_three(django_assert_num_queries):
    made = town()
    client = signed_in(made)
    for more in (1, 2):
        for _n in range(more):
            enter(made, "honour", example("honour"))
        client.get("/year-report/")
        with django_assert_num_queries(QUERIES):
            client.get("/year-report/")


def test_a_draft_of_it_is_begun_from_its_page_and_says_what_it_leaves_out():
    made = town()
    enter(made, "honour", example("honour"))
    client = signed_in(made, "project_office")
    shown = client.get("/year-report/").content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.partition("document-new")[0]))
    begun = client.post("/documents/new/", sent, follow=True)
    assert begun.status_code == 200, begun.content.decode()[:400]
    [document] = Document.objects.all()
    assert (document.title, document.text[:2]) == ("紫荆路街道2022年工作总结", "{{")
    assert (document.since, document.until) == (date(2022, 1, 1), date(2022, 12, 31))
    assert "句没有印：数没有数据" in begun.content.decode()
    assert (
        f'<a href="/documents/{document.pk}/">紫荆路街道2022年工作总结</a>'
        in client.get("/year-report/").content.decode()
    )
    assert client.get(f"/documents/{document.pk}/change/").status_code == 200


def test_who_only_reads_documents_begins_none():
    assert 'action="/documents/new/"' not in signed_in(town(), "community").get("/year-report/").content.decode()
