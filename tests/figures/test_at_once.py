"""A reader beside an act that is under way: it answers without waiting long, and keeps nothing stale."""

import threading
from datetime import date

import pytest
from django.db import connection

from tests.factories.office import MONDAY, moment, office, project
from zijing.activities.actions import record_activity
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.acting import act
from zijing.records.models import Kind

pytestmark = pytest.mark.usefixtures("guards_afterwards")
AT = moment(date(2020, 9, 30), 20)


@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_an_act_under_way_keeps_nothing_stale() -> None:
    made = office()
    target, reader, figure = project(made), made.actor("secretary"), find("investment.done")
    kind = Kind.objects.get(key="investment")
    marked, answered = threading.Event(), threading.Event()

    def read() -> int:
        return value(figure, reader, at=AT, since=MONDAY, until=MONDAY).n

    def write() -> None:
        try:
            with act(made.system, AT):
                values = {"project": target.pk, "date": MONDAY, "amount": 100}
                record_activity(actor=made.system, at=AT, kind=kind, values=values, subject=target.entry)
                marked.set()
                answered.wait(20)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        # The tests' database lives in memory, where connections would lock whole tables; a file's readers wait for nobody.
        connection.cursor().execute("PRAGMA read_uncommitted = 1")
    writer = threading.Thread(target=write)
    writer.start()
    assert marked.wait(20)
    assert read() in {0, 1}
    answered.set()
    writer.join(20)
    assert (read(), read()) == (1, 1)
