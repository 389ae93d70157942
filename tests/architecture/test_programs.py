"""A program of somebody else (role ``program`` of pack residents, without a verb) changes nothing through the API."""

import pytest

from tests.architecture.test_every_door import CALLS, Scene, scene, undone, with_key
from zijing.journal.models import JournalEntry
from zijing.people.models import Post, Role

__all__ = ["scene"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n in CALLS if not n.startswith("GET ")])
def test_a_program_changes_nothing(scene: Scene, name: str) -> None:
    with undone():
        Post.objects.filter(pk=scene.made.posts["section"].pk).update(role=Role.objects.get(key="program"))
        program = with_key(scene.made, "section")
        before = JournalEntry.objects.count()
        answer = program.call(scene, name, CALLS[name], scene.ids)
        assert answer.status_code in {403, 404, 422}, answer.content  # 422: it names what the program does not see
        assert JournalEntry.objects.count() == before
