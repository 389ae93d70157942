"""The replay in an office that is not the demo's."""

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from tests.factories import office as offices
from zijing.cli.demo import demo
from zijing.core.errors import Conflict
from zijing.core.worktime import ZONE
from zijing.demo import replay
from zijing.places import clock
from zijing.places.actions import set_clock

pytestmark = pytest.mark.django_db
STOP = datetime(2020, 9, 24, 9, 30, tzinfo=ZONE)


def test_a_trial_office_of_ones_own_only_moves_its_clock():
    made = offices.office()
    target = offices.project(made)
    set_clock(actor=made.system, at=STOP, office=made.place, shows=STOP)
    replay.advance(made.place, STOP + timedelta(days=5), made.actor("secretary"))
    assert not target.reports.exists()
    assert clock.now(made.place) - STOP >= timedelta(days=5)


def test_the_demo_is_built_in_an_empty_database_only():
    offices.office()
    result = CliRunner().invoke(demo, ["build"])
    assert isinstance(result.exception, Conflict)


def test_the_command_moves_on_to_the_day_at_the_time_the_clock_shows():
    made = offices.office()
    set_clock(actor=made.system, at=STOP, office=made.place, shows=STOP)
    result = CliRunner().invoke(demo, ["advance", "--to", "2020-09-26"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    shown = clock.now(made.place.__class__.objects.get(pk=made.place.pk)).astimezone(ZONE)
    assert (shown.date().isoformat(), shown.hour) == ("2020-09-26", 9)
