"""What every test begins with; the surroundings are set earlier, in ``environment.py``."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def speaks_chinese():
    """Every test begins in the default language, whatever the one before it switched to."""
    with translation.override("zh-hans"):
        yield
