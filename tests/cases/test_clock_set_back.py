"""A clock set back: the journal keeps its order, nothing is done twice, deadlines stay where they were."""

from datetime import timedelta

import pytest

from tests.factories import office as offices
from tests.factories.calls import NINE, api, let_clock_show
from zijing.cases.models import Case
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import next_due, tick

pytestmark = pytest.mark.django_db
EARLIER = NINE - timedelta(days=2)


@pytest.fixture
def made():
    office = offices.office()
    let_clock_show(office)
    return office


def file(made, number):
    body = {
        "client_id": f"0f8fad5b-d9cb-469f-a165-70867728950{number}", "kind": "issue",
        "values": {"what": "路面塌陷", "class": "safety"}, "place": made.places["第一网格"].pk,
    }  # fmt: skip
    answer = api(made, "grid").post("cases", body)
    assert answer.status_code == 201, answer.content
    return Case.objects.get(pk=answer.json()["id"])


def test_what_was_filed_before_keeps_its_times_and_its_place_in_the_journal(made):
    first = file(made, 1)
    let_clock_show(made, EARLIER)
    second = file(made, 2)
    assert second.recorded_at < first.recorded_at, "each says what its office's clock showed"
    assert Case.objects.get(pk=first.pk).due_at == first.due_at
    assert second.due_at == second.timer.due().at < first.due_at
    entries = JournalEntry.objects.filter(office=made.place.pk, verb="cases.file").order_by("seq")
    assert [e.subject_id for e in entries] == [first.pk, second.pk], "the journal's order is its numbers, not its times"
    assert JournalEntry.objects.filter(office=made.place.pk, verb="places.set_clock").count() == 2, "that it was set"
    assert verify(made.place.pk).sound


def test_the_same_request_after_the_clock_was_set_back_is_the_same_case(made):
    first = file(made, 1)
    let_clock_show(made, EARLIER)
    assert file(made, 1).pk == first.pk
    assert Case.objects.count() == 1


def test_what_was_done_is_not_done_again(made):
    tick(made.place, NINE)
    due, done = next_due(made.place), JournalEntry.objects.count()
    assert Rhythm.objects.filter(office=made.place).exists()
    assert tick(made.place, EARLIER) == 0
    assert (next_due(made.place), JournalEntry.objects.count()) == (due, done)
    assert tick(made.place, NINE) == 0, "nor when the time comes again"
