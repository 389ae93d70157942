"""Two people confirm the same sheet in the same moment, in threads and transactions of their own."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.at_once import at_once
from tests.factories.office import office
from tests.web.test_imports import ADDRESS, GOOD, fields_of, token_of, upload
from tests.web.visiting import signed_in
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.registers.models import Entry

pytestmark = pytest.mark.usefixtures("guards_afterwards")


@pytest.mark.django_db(transaction=True)
def test_two_people_import_the_same_file_at_once(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    made = office()
    ready = []
    for role in ("section", "project_office"):
        client = signed_in(made, role)
        page = client.get(f"{ADDRESS}?file={token_of(upload(client, GOOD))}")
        assert page.context["result"].created == 2
        ready.append((client, {**fields_of(page), "step": "confirm"}))
    statuses = at_once([lambda c=client, f=sent: c.post(ADDRESS, f).status_code for client, sent in ready])
    assert sorted(statuses) in ([302, 302], [302, 422])  # 422: the other was faster by a hair; nothing half done
    assert Entry.objects.count() == 2
    assert JournalEntry.objects.filter(verb="registers.entry.put").count() == 2
    assert verify(made.place.pk).sound
