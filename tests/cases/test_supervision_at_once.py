"""Two leaders list the same thing at the same moment: one of them is told so."""

from functools import partial
from typing import Any

import pytest

from tests.factories.at_once import at_once, look_past_locks
from tests.factories.office import MONDAY, moment, office, project
from zijing.cases.models import Supervision
from zijing.cases.supervision import strike_off, supervise
from zijing.core.errors import DomainError
from zijing.journal.chain import verify
from zijing.people.access import Actor
from zijing.registers.models import Entry

pytestmark = pytest.mark.usefixtures("guards_afterwards")
AT = moment(MONDAY, 10)


@pytest.mark.django_db(transaction=True)
def test_listed_once_and_struck_off_once() -> None:
    made = office()
    entry = Entry.objects.select_related("kind").get(pk=project(made).pk)
    both = [made.actor("leader"), made.actor("secretary")]

    def put(actor: Actor) -> None:
        supervise(actor=actor, at=AT, subject=entry, level="office", reason="久拖", until=MONDAY)

    def take_off(actor: Actor) -> None:
        strike_off(actor=actor, at=AT, supervision=Supervision.objects.get(), reason="好了")

    assert refused(put, both) == 1
    assert Supervision.objects.count() == 1
    assert refused(take_off, both) == 1
    assert verify(made.place.pk).sound


def refused(do: Any, actors: list[Actor]) -> int:
    """How many were refused of those who do something at the same moment."""

    def is_refused(actor: Actor) -> bool:
        look_past_locks()
        try:
            do(actor)
        except DomainError:
            return True
        return False

    return sum(at_once([partial(is_refused, actor) for actor in actors]))
