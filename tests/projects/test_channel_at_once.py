"""Two people put a project into the green channel in the same moment, in threads and connections of their own."""

import pytest

from tests.factories.at_once import at_once
from tests.factories.office import MONDAY, moment, office, project
from zijing.core.errors import Conflict
from zijing.journal.models import JournalEntry
from zijing.projects.actions import put_in_channel, take_out_of_channel
from zijing.projects.models import GreenChannel

pytestmark = pytest.mark.usefixtures("guards_afterwards")


@pytest.mark.django_db(transaction=True)
def test_of_those_who_put_it_in_or_take_it_out_at_once_one_does() -> None:
    made = office()
    target, at = project(made), moment(MONDAY)

    def enter(role: str) -> str:
        try:
            put_in_channel(actor=made.actor(role), at=at, project=target, reason="省重点项目")
        except Conflict:
            return "refused"
        return "done"

    def leave(role: str) -> str:
        try:
            take_out_of_channel(actor=made.actor(role), at=at, channel=one, reason="已开工")
        except Conflict:
            return "refused"
        return "done"

    roles = ["secretary", "director", "project_office"]
    assert sorted(at_once([lambda r=r: enter(r) for r in roles])) == ["done", "refused", "refused"]  # type: ignore[misc]
    one = GreenChannel.objects.select_related("project__entry__office").get()
    assert sorted(at_once([lambda r=r: leave(r) for r in roles])) == ["done", "refused", "refused"]  # type: ignore[misc]
    verbs = JournalEntry.objects.filter(subject_id=target.pk, verb__endswith="_channel").values_list("verb", flat=True)
    assert sorted(verbs) == ["projects.enter_channel", "projects.leave_channel"]
