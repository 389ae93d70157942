"""What the tests of the demo share: a past to compare, said without ids."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.factories.guards import taken_down
from zijing.demo import sources


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def for_the_module(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The database open for a whole module (its tests are marked ``django_db``), and empty afterwards.

    Each act commits, as it does in an office: in one transaction PostgreSQL would keep every version of the chain's head
    and walk through all of them at the next act. Numbers go on: rows that a test lays down keep theirs.
    """
    sources.story.cache_clear()
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with taken_down():
                call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
