"""What the forms of documents cost: blanks to write, numbers looked up, minutes measured in the page, and their use."""

from datetime import timedelta

import pytest

from tests.documents.test_composing import AT
from tests.documents.test_life import signed, template, with_investment
from tests.factories.office import office
from zijing.core.errors import Missing
from zijing.documents.actions import confirm_receipt, issue
from zijing.documents.burden import PaperBurden, paper_burdens, paper_of
from zijing.records.filling import note_filling
from zijing.records.models import Filling

pytestmark = pytest.mark.django_db
TEXT = "一、投资\n{{单位}}完成投资{{完成投资}}，同比{{完成投资|同比}}。【写明原因】\n【下一步】"
QUERIES = 4


def of(made, at=AT, role="secretary") -> PaperBurden:
    return next(b for b in paper_burdens(made.actor(role), at) if b.template.key == "weekly")


def test_blanks_are_asked_and_placeholders_derived():
    made = office()
    template(text_zh=TEXT)
    found = of(made)
    assert (found.asked, found.derived, found.filled, found.seconds, found.minutes) == (2, 3, 0, None, None)


def test_a_document_issued_and_received_counts_as_used_for_thirty_days():
    made, _record = with_investment()
    document = signed(made, recipients=("team",))
    issue(actor=made.actor("director"), at=AT, document=document)
    confirm_receipt(actor=made.actor("team"), at=AT, recipient=document.recipients.get())
    found = of(made)
    assert (found.begun, found.issued, found.answered) == (1, 1, 1)
    later = of(made, AT + timedelta(days=31))
    assert (later.begun, later.issued, later.answered) == (0, 0, 0)


def test_writing_is_timed_by_form_and_day_and_counted_once_a_bucket():
    made = office()
    template()
    for seconds in (110, 115, 118):
        note_filling(actor=made.actor("director"), at=AT, kind=None, paper="weekly", seconds=seconds, fields=3)
    found = of(made)
    assert found.filled == 3 and found.seconds is not None and 90 < found.seconds <= 120
    assert found.minutes == found.seconds * 3 / 60
    assert Filling.objects.get().fields == 9


def test_a_form_nobody_has_is_not_timed():
    made = office()
    assert paper_of(made.actor("secretary"), template().key) == "weekly"
    with pytest.raises(Missing):
        paper_of(made.actor("secretary"), "none")


def test_it_asks_as_little_however_many(django_assert_num_queries):
    made = office()
    template()
    actor = made.actor("secretary")
    for more in ("one", "two", "three"):
        paper_burdens(actor, AT)
        with django_assert_num_queries(QUERIES):
            paper_burdens(actor, AT)
        template(key=more)
