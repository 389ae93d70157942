"""What every test begins with; the surroundings are set earlier, in ``environment.py``."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import translation
from hypothesis import HealthCheck, settings

# No property is a measurement: a busy machine fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# To guess a password shall take long; to test what becomes of the guess need not.
PBKDF2PasswordHasher.iterations = 1_000
# What takes longest begins first, or one worker would still be at it when the others have nothing left to do.
LONGEST = (
    "tests/demo/test_facts.py",
    "tests/upgrades/test_releases.py",
    "tests/outbox/test_backup.py",
    "tests/cli/test_processes.py",
    "tests/api/test_schemathesis.py",
    "tests/cases/test_loop.py",
    "tests/scenarios/",
    "tests/demo/test_replay.py",
    "tests/cli/test_first_hour.py",
    "tests/figures/test_measures.py",
    "tests/outbox/channels/test_killed.py",
    "tests/architecture/test_restricted_kinds.py",
    "tests/architecture/test_every_door.py",
    "tests/api/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bring the longest files to the front for several workers; the order within a file stays."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: next((n for n, f in enumerate(LONGEST) if item.nodeid.startswith(f)), len(LONGEST)))


@pytest.fixture(autouse=True)
def speaks_chinese():
    """Every test begins in the default language, whatever the one before it switched to."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="module")
def guards_afterwards(django_db_setup, django_db_blocker):
    """For tests that commit: the tables are emptied after each, which the journal's guards would refuse."""
    from tests.factories.guards import taken_down  # Django's models are there only once it is set up

    with django_db_blocker.unblock(), taken_down():
        yield
