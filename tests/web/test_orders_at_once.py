"""Two clerks take in the same orders in the same moment, in threads and transactions of their own: each order once.

In an installation of its own: a database in memory, which other tests use, refuses readers while another thread writes.
"""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import setup_test_environment

from tests.factories.at_once import at_once
from tests.factories.installation import KINDS, ready
from tests.factories.office import office
from tests.factories.sheets import workbook
from tests.records.test_orders import HEAD, ONE, TWO
from tests.web.test_imports import fields_of, token_of
from tests.web.visiting import signed_in
from zijing.cases.models import Case, Timer
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry

ADDRESS = "/import/hotline-order/"
ROUNDS = 3


@pytest.mark.parametrize("kind", KINDS)
def test_two_clerks_take_in_the_same_orders_at_once(kind: str, tmp_path: Path) -> None:
    with ready(kind, tmp_path) as installation:
        said = installation.python("from tests.web.test_orders_at_once import both_confirm\nboth_confirm()")
    assert said.splitlines() == ["each order once"] * ROUNDS


def both_confirm() -> None:
    """In an installation of its own: both have seen the trial, both press at the same moment, and both are taken."""
    setup_test_environment()
    made = office(packs=("hotline",))
    for n in range(1, ROUNDS + 1):
        orders = [(*order[:1], f"{order[1]}-{n}", *order[2:]) for order in (ONE, TWO)]
        answers = press([tried(signed_in(made, role), orders) for role in ("secretary", "director")])
        assert answers == [302, 302], answers
        assert (Case.objects.count(), Timer.objects.count()) == (2 * n, 2 * n)
        assert JournalEntry.objects.filter(verb="cases.file").count() == 2 * n
        assert verify(made.place.pk).sound
        print("each order once")


def tried(client: Client, orders: list[tuple[object, ...]]) -> tuple[Client, dict[str, str]]:
    """A clerk before the trial of a sheet, and what the button will send."""
    file = SimpleUploadedFile("工单.xlsx", workbook([HEAD, *orders]))
    page = client.get(f"{ADDRESS}?file={token_of(client.post(ADDRESS, {'step': 'upload', 'file': file}))}")
    assert page.context["result"].created == 2
    return client, {**fields_of(page), "step": "confirm"}


def press(ready: list[tuple[Client, dict[str, str]]]) -> list[int]:
    """All press the button at once; the statuses they are answered with."""
    return at_once([lambda c=client, f=sent: c.post(ADDRESS, f).status_code for client, sent in ready])
