"""What a process that answers pages holds for good is no matter of the garbage collector."""

import gc
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from zijing.core.loading import load_for_good


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_all_pages_are_loaded_and_left_alone_by_the_collector() -> None:
    load_for_good()
    assert settings.ROOT_URLCONF in sys.modules
    assert gc.get_freeze_count() > len(gc.get_objects()), "what is loaded is most of all there is"
