"""A part of the machinery that goes silent or fails is noticed; one that works is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from zijing.outbox.models import Pulse
from zijing.outbox.pulse import beat, fail, next_due, state_of

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def the(name):
    return Pulse.objects.get(name=name)


def test_a_part_that_works_is_well_and_says_when_it_is_due_again():
    beat("ticks", NOW, every=MINUTE, note="3 done")
    beat("ticks", NOW + MINUTE, every=MINUTE)
    assert the("ticks").succeeded_at == NOW + MINUTE
    assert next_due(the("ticks")) == NOW + 2 * MINUTE
    assert state_of(the("ticks"), NOW + 2 * MINUTE) == Pulse.State.WELL


@pytest.mark.parametrize("minutes, state", [(3, Pulse.State.WELL), (4, Pulse.State.SILENT), (600, Pulse.State.SILENT)])
def test_a_part_that_misses_three_beats_is_silent(minutes, state):
    beat("ticks", NOW, every=MINUTE)
    assert state_of(the("ticks"), NOW + minutes * MINUTE + timedelta(seconds=-1 if minutes == 3 else 1)) == state


def test_what_only_happens_on_request_is_never_silent():
    beat("imports", NOW)
    assert state_of(the("imports"), NOW + timedelta(days=400)) == Pulse.State.WELL
    assert next_due(the("imports")) is None


def test_a_failure_shows_until_the_next_success_and_keeps_the_last_one():
    beat("backup", NOW, every=timedelta(days=1))
    fail("backup", NOW + MINUTE, every=timedelta(days=1), note="disk full")
    assert state_of(the("backup"), NOW + MINUTE) == Pulse.State.FAILING
    assert (the("backup").succeeded_at, the("backup").note) == (NOW, "disk full")
    beat("backup", NOW + 2 * MINUTE, every=timedelta(days=1))
    assert state_of(the("backup"), NOW + 2 * MINUTE) == Pulse.State.WELL


def test_what_never_succeeded_and_failed_is_failing():
    fail("backup", NOW, note="x" * 500)
    assert state_of(the("backup"), NOW) == Pulse.State.FAILING
    assert len(the("backup").note) == 200


def test_a_beat_is_one_statement(django_assert_num_queries):
    beat("ticks", NOW, every=MINUTE)
    with django_assert_num_queries(1):
        beat("ticks", NOW + MINUTE, every=MINUTE)
