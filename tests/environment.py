"""The tests' surroundings: a data folder of their own, never the demo's, and nothing of the operator's settings.

A plugin, not part of ``conftest.py``: pytest-django reads the settings before any conftest is read.
"""

import os
import shutil
import tempfile

import pytest

KEPT = {"ZIJING_DATABASE_URL"}
# Workers of pytest-xdist inherit the surroundings of the process that started them.
OWNER = "PYTEST_XDIST_WORKER" not in os.environ

if OWNER:
    for name in [name for name in os.environ if name.startswith("ZIJING_") and name not in KEPT]:
        del os.environ[name]
    os.environ["ZIJING_DATA"] = tempfile.mkdtemp(prefix="zijing-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if OWNER:
        shutil.rmtree(os.environ["ZIJING_DATA"], ignore_errors=True)
        shutil.rmtree(f"{os.environ['ZIJING_DATA']}-once", ignore_errors=True)
