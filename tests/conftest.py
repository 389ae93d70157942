"""The tests' surroundings, set before Django reads them: a data folder of their own, never the demo's."""

import os
import tempfile

os.environ.setdefault("ZIJING_DATA", tempfile.mkdtemp(prefix="zijing-tests-"))
os.environ["ZIJING_DEMO"] = "0"

import pytest  # noqa: E402
from django.utils import translation  # noqa: E402


@pytest.fixture(autouse=True)
def speaks_chinese():
    """Every test begins in the default language, whatever the one before it switched to."""
    with translation.override("zh-hans"):
        yield
