"""Two persons act on documents in the same moment, each with a database connection of their own."""

from functools import partial

import pytest

from tests.documents.test_composing import AT
from tests.documents.test_life import drafted, signed, template, with_investment
from tests.factories.at_once import told
from zijing.documents.actions import check, issue, send_back, submit
from zijing.documents.models import Document, Series, Stage
from zijing.journal.chain import verify

pytestmark = [pytest.mark.usefixtures("guards_afterwards"), pytest.mark.django_db(transaction=True)]


def test_two_documents_issued_at_once_have_two_numbers_and_no_gap():
    made, _record = with_investment()
    form = template(reply_days=0)
    documents = [signed(made, form=form) for _n in range(4)]
    actor = made.actor("director")
    verbs = [partial(issue, actor=actor, at=AT, document=d) for d in documents]
    assert told(*verbs) == ["done"] * 4
    assert sorted(Document.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Series.objects.get().last == 4 and verify(made.place.pk).sound


def test_one_document_issued_twice_at_once_has_one_number():
    made, _record = with_investment()
    document = signed(made, form=template(reply_days=0))
    actors = [made.actor(role) for role in ("director", "secretary")]
    same = [Document.objects.get(pk=document.pk) for _a in actors]
    verbs = [partial(issue, actor=a, at=AT, document=d) for a, d in zip(actors, same, strict=True)]
    assert told(*verbs) == ["done", "refused"]
    assert Document.objects.get().number == Series.objects.get().last == 1


def test_checked_and_sent_back_at_once_is_one_of_them():
    made, _record = with_investment()
    document = drafted(made, form=template(reply_days=0))
    submit(actor=made.actor("director"), at=AT, document=document, seen=document.revision)
    one, other = (Document.objects.get(pk=document.pk) for _n in range(2))
    secretary = made.actor("secretary")
    asked = {"actor": secretary, "at": AT}
    assert told(
        partial(check, document=one, **asked), partial(send_back, document=other, reason="数有误", **asked)
    ) == ["done", "refused"]
    stands = Document.objects.get()
    assert (stands.stage, bool(stands.content), stands.numbers.count()) in {
        (Stage.SIGNING, True, 1), (Stage.DRAFT, False, 0),
    }  # fmt: skip
