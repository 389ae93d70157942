"""Two tickers at the same moment: each timer is noted once."""

import threading

import pytest
from django.db import connection

from tests.factories.at_once import look_past_locks
from tests.factories.office import FOUNDED, MONDAY, blocker, ladder, moment, office, project
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick

pytestmark = pytest.mark.usefixtures("guards_afterwards")
NOTED = ("cases.warned", "cases.overdue", "cases.escalated")
LATER = moment(MONDAY.replace(month=10))


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_note_each_timer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zijing.outbox.alarms.SLICE", 2)
    made, done = office(), []
    Rhythm.objects.all().delete()
    ladder({"amount": 2, "clock": "office_hours", "to": ["director"]})
    cases = [blocker(made, project(made, f"X{n}")) for n in range(7)]
    tick(made.place, FOUNDED)  # the readers of the journal begin
    ready = threading.Barrier(2)

    def run() -> None:
        try:
            look_past_locks()
            ready.wait(20)
            done.append(tick(made.place, LATER))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ticker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(done), sum(done)) == (2, 3 * len(cases))
    noted = JournalEntry.objects.filter(verb__in=NOTED).values_list("subject_id", "verb")
    assert sorted(noted) == sorted((c.pk, verb) for c in cases for verb in NOTED)
    assert verify(made.place.pk).sound
