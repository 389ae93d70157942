"""The demo is built once; a build that was stopped in the middle is noticed, not served."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories import office as offices
from zijing.cli.running import ensure_demo
from zijing.core.errors import Invalid

pytestmark = pytest.mark.django_db


def test_the_demo_is_built_when_there_is_no_office(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    built = []

    def build() -> None:
        built.append(offices.office())

    ensure_demo(build)
    ensure_demo(build)
    assert len(built) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_half_built_demo_is_said_so(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path

    def stopped() -> None:
        offices.office()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_demo(stopped)
    with pytest.raises(Invalid):
        ensure_demo(lambda: None)


def test_data_of_ones_own_is_left_alone(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    offices.office()
    ensure_demo(lambda: pytest.fail("built over an office"))
