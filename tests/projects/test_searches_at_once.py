"""Two people ask for a better plan in the same moment, in threads and connections of their own."""

import uuid
from datetime import timedelta
from threading import Barrier

import pytest
from django.db.models import F
from django.utils import translation

from tests.factories.at_once import at_once
from tests.factories.office import MONDAY, moment, office
from tests.factories.sites import crew, site
from zijing.core.errors import Conflict
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.jobs import try_again
from zijing.outbox.models import Job
from zijing.projects.actions import ask_plan, lay_out, search_plan
from zijing.projects.models import Work

pytestmark = pytest.mark.usefixtures("guards_afterwards")
AT = moment(MONDAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_searches() -> None:
    made = office()
    lay_out(actor=made.system, at=AT, project=site(made))

    def ask(role: str) -> str:
        try:
            ask_plan(actor=made.actor(role), at=AT, office=made.place, client_id=uuid.uuid4())
        except Conflict:
            return "refused"
        return "searches"

    roles = ["leader", "project_office"] * 2
    said = at_once([lambda r=role: ask(r) for role in roles])  # type: ignore[misc]
    assert sorted(said) == ["refused"] * 3 + ["searches"]
    assert Job.objects.count() == 1
    assert JournalEntry.objects.filter(verb="jobs.enqueue").count() == 1
    assert verify(made.place.pk).sound


@pytest.mark.django_db(transaction=True)
def test_neither_the_terminal_nor_trying_again_begins_a_second_search() -> None:
    made = office()
    actor = made.actor("project_office")
    lay_out(actor=actor, at=AT, project=site(made))
    failed = ask_plan(actor=actor, at=AT, office=made.place, client_id=uuid.uuid4())
    Job.objects.update(state=Job.State.FAILED)
    going = ask_plan(actor=made.actor("leader"), at=AT, office=made.place, client_id=uuid.uuid4())
    with pytest.raises(Conflict):
        search_plan(actor=made.system, at=AT, office=made.place, seconds=1, going_on=lambda _found: False)
    with pytest.raises(Conflict):
        try_again(actor=actor, at=AT, job=failed)
    Job.objects.filter(pk=going.pk).update(state=Job.State.DONE)
    try_again(actor=actor, at=AT, job=failed)
    failed.refresh_from_db()
    assert failed.state == Job.State.WAITING


@pytest.mark.django_db(transaction=True)
def test_of_two_terminals_the_plan_that_is_no_worse_stays_and_the_other_is_told() -> None:
    made = office()
    crew(made, "structure", 1)
    for n, code in enumerate(("X01", "X02")):
        lay_out(actor=made.system, at=moment(MONDAY, 9, n), project=site(made, code))
    began = Barrier(2)

    def search() -> str:
        """Each begins before the other has ended, so that both start from the same plan."""
        waited: list[int] = []

        def going_on(_found: object) -> bool:
            if not waited:
                waited.append(began.wait(20))
            return False

        try:
            with translation.override("en"):
                search_plan(actor=made.system, at=moment(MONDAY, 10), office=made.place, seconds=9, going_on=going_on)
        except Conflict as refused:
            return str(refused)
        return "kept"

    # What stands is a plan of yesterday's, so that either search moves it.
    Work.objects.update(end=F("end") + timedelta(days=30))
    said = at_once([search, search])
    days = list(Work.objects.order_by("pk").values_list("start", "end"))
    assert sorted(said) == ["Somebody has planned meanwhile, and no worse; that plan stays.", "kept"]
    assert JournalEntry.objects.filter(verb="projects.plan", happened_at=moment(MONDAY, 10)).count() == 1
    # A better plan than the one that came between is kept all the same.
    assert search_plan(actor=made.system, at=moment(MONDAY, 10), office=made.place, seconds=1, going_on=_worsen)[0] > 0
    assert list(Work.objects.order_by("pk").values_list("start", "end")) == days
    assert verify(made.place.pk).sound


def _worsen(_found: object) -> bool:
    Work.objects.update(end=F("end") + timedelta(days=30))
    return False
