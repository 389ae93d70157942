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


@pytest.fixture(autouse=True)
def speaks_chinese():
    """Every test begins in the default language, whatever the one before it switched to."""
    with translation.override("zh-hans"):
        yield
