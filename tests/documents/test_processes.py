"""Two processes issue and sign documents of one office in the same moment: no number twice, none left out."""

from functools import partial

import pytest

from tests.documents.test_composing import AT
from tests.documents.test_life import drafted, signed, template, with_investment
from tests.factories.processes import in_processes, on_disk
from zijing.documents.actions import check, issue, sign, submit
from zijing.documents.models import Document, Series, Stage, Step
from zijing.journal.chain import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def reached_by_all(guards_afterwards, tmp_path):
    with on_disk(tmp_path):
        yield


def test_two_processes_number_without_gap_or_double_and_the_chain_stays_whole():
    made, _record = with_investment()
    form = template(reply_days=0)
    documents = [signed(made, form=form) for _n in range(4)]
    halves = [documents[:2], documents[2:]]

    def issue_all(some):
        for document in some:
            issue(actor=made.actor("director"), at=AT, document=document)

    assert in_processes([partial(issue_all, half) for half in halves]) == ["done", "done"]
    assert sorted(Document.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Series.objects.get().last == 4 and verify(made.place.pk).sound


def test_a_document_that_two_processes_sign_is_signed_once():
    made, _record = with_investment()
    document = drafted(made, form=template(reply_days=0))
    submit(actor=made.actor("director"), at=AT, document=document, seen=document.revision)
    check(actor=made.actor("secretary"), at=AT, document=document)
    same = [Document.objects.get(pk=document.pk) for _n in range(2)]
    signs = [partial(sign, actor=made.actor("secretary"), at=AT, document=d) for d in same]
    assert in_processes(signs) == ["done", "refused"]
    assert Document.objects.get().stage == Stage.SIGNED and Step.objects.filter(verb="sign").count() == 1
    assert verify(made.place.pk).sound
