"""What the tests of the demo share: a past to compare, said without ids."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from zijing.demo import sources


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def for_the_module(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The database open for a whole module (its tests are marked ``django_db``), and as it was afterwards."""
    sources.story.cache_clear()
    with django_db_blocker.unblock(), undone():
        yield
