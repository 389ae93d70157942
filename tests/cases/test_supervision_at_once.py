"""Two leaders list the same thing at the same moment: one of them is told so."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.cases.test_alarms_at_once import look_past_locks
from tests.factories.guards import taken_down
from tests.factories.office import MONDAY, moment, office, project
from zijing.cases.models import Supervision
from zijing.cases.supervision import strike_off, supervise
from zijing.core.errors import DomainError
from zijing.journal.chain import verify
from zijing.people.access import Actor
from zijing.registers.models import Entry

AT = moment(MONDAY, 10)


@pytest.fixture(scope="module", autouse=True)
def guards_afterwards(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This test commits, so the tables are emptied after it, which the journal's guard would refuse."""
    with django_db_blocker.unblock(), taken_down():
        yield


@pytest.mark.django_db(transaction=True)
def test_listed_once_and_struck_off_once() -> None:
    made = office()
    entry = Entry.objects.select_related("kind").get(pk=project(made).pk)
    both = [made.actor("leader"), made.actor("secretary")]

    def put(actor: Actor) -> None:
        supervise(actor=actor, at=AT, subject=entry, level="office", reason="久拖", until=MONDAY)

    def take_off(actor: Actor) -> None:
        strike_off(actor=actor, at=AT, supervision=Supervision.objects.get(), reason="好了")

    assert at_once(put, both) == 1
    assert Supervision.objects.count() == 1
    assert at_once(take_off, both) == 1
    assert verify(made.place.pk).sound


def at_once(do: Any, actors: list[Actor]) -> int:
    """How many were refused of those who do something at the same moment."""
    ready, refused = threading.Barrier(len(actors)), list[DomainError]()

    def run(actor: Actor) -> None:
        try:
            look_past_locks()
            ready.wait(20)
            do(actor)
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return len(refused)
