"""Today says which documents wait for the reader, and nothing of those that wait for others."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.documents.test_life import drafted, issued, signed, template, with_investment
from tests.web.visiting import signed_in
from zijing.documents.actions import check, confirm_receipt, reply, submit
from zijing.documents.models import Document

pytestmark = pytest.mark.django_db
DAY = date(2020, 9, 30)
FREE = {"reply_days": 0}


def papers(made, role, day=DAY):
    """What the block of documents says, by the title of the block; {} when there is no such block."""
    answer = signed_in(made, role, day).get("/today/")
    assert answer.status_code == 200
    found = [b for b in answer.context["day"].blocks if b.title == "Official documents"]
    return {i.href: (i.text, i.badge, i.tone) for b in found for i in b.items}, [c for b in found for c in b.counts]


def waits(made, role):
    return [text for text, _badge, _tone in papers(made, role)[0].values()]


def test_each_step_waits_for_whom_it_is_for():
    made, _record = with_investment()
    document = drafted(made, role="section", form=template(**FREE))
    assert waits(made, "section") == ["a draft of yours, not handed in yet"] and waits(made, "director") == []
    submit(actor=made.actor("section"), at=document.drafted_at, document=document, seen=document.revision)
    assert waits(made, "leader") == ["to be checked"] and waits(made, "section") == []
    check(actor=made.actor("leader"), at=document.drafted_at, document=document)
    assert waits(made, "secretary") == ["to be signed"] and waits(made, "leader") == []


def test_what_is_signed_waits_to_be_issued_and_the_count_opens_the_very_documents():
    made, _record = with_investment()
    form = template(**FREE)
    documents = [signed(made, form=form) for _n in range(2)]
    items, [count] = papers(made, "section")
    assert list(items) == [f"/documents/{d.pk}/" for d in documents]
    assert (count.shown, count.href) == ("2", "/documents/?tab=todo")
    listed = signed_in(made, "section", DAY).get(count.href).content.decode()
    assert all(href in listed for href in items)
    assert waits(made, "grid") == []


def test_a_unit_is_told_of_receipt_and_reply_with_its_day():
    made, _record = with_investment()
    document = issued(made, recipients=("team",))
    address = f"/documents/{document.pk}/"
    [recipient] = document.recipients.all()
    assert papers(made, "team")[0] == {address: ("to be replied to", "due Mon 12 Oct", "")}
    assert papers(made, "team", date(2020, 10, 12))[0][address][2] == "yellow"
    late = papers(made, "team", date(2020, 10, 14))[0][address]
    assert late == ("to be replied to", "2 days overdue", "red")
    assert waits(made, "section") == []
    reply(actor=made.actor("team"), at=document.issued_at, recipient=recipient, text="已整改。")
    assert waits(made, "team") == []


def test_what_asks_for_no_reply_waits_until_its_receipt_is_confirmed():
    made, _record = with_investment()
    document = issued(made, recipients=("team",), form=template(**FREE))
    assert waits(made, "team") == ["its receipt to be confirmed"]
    confirm_receipt(actor=made.actor("team"), at=document.issued_at, recipient=document.recipients.get())
    assert waits(made, "team") == []


def test_the_number_of_queries_does_not_grow():
    made, _record = with_investment()
    form = template()
    issued(made, recipients=("team",), form=form)
    assert queries(made) == 2
    for _n in range(2):
        issued(made, recipients=("team",), form=form)
    assert queries(made) == 2 and Document.objects.count() == 3


def queries(made):
    client = signed_in(made, "team", DAY + timedelta(days=1))
    client.get("/today/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/today/")
    return len([q for q in seen if "documents_" in q["sql"]])
