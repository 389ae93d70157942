from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from tests.factories import office as offices
from tests.factories.calls import let_clock_show
from zijing.cli.commands import zijing

Cli = Callable[..., Result]


@pytest.fixture
def cli() -> Cli:
    """Runs a command in English."""

    def run(*args: str, typed: str = "") -> Result:
        with translation.override("en"):
            return CliRunner().invoke(zijing, ["--lang", "en", *args], input=typed)

    return run


@pytest.fixture
def made(db: None) -> offices.Office:
    """An office whose clock shows Monday 7 September 2020, 9:00."""
    office = offices.office()
    let_clock_show(office)
    return office
