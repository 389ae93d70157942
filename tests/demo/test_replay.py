"""Two weeks of the demo: what happens, and that it happens the same way however it is cut."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.demo import past
from tests.demo.conftest import undone
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.worktime import ZONE
from zijing.demo import replay
from zijing.figures.models import Publication
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.people.access import Actor, actor_of, system_actor
from zijing.people.models import Holding
from zijing.places import clock
from zijing.places.models import Place
from zijing.projects.actions import report
from zijing.projects.models import Project, Report
from zijing.projects.queries import RANKING, board
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

FIRST_STOP = datetime(2020, 1, 10, 11, 0, tzinfo=ZONE)
STOP = datetime(2020, 1, 16, 9, 30, tzinfo=ZONE)


def office() -> Place:
    return Place.objects.get(level="office")


def acting(username: str) -> Actor:
    holding = Holding.objects.select_related("post__role", "post__office", "post__place").get(
        account__username=username
    )
    return actor_of(holding, channel="web", on=STOP.date())


@pytest.fixture(scope="module")
def pasts(for_the_module: None) -> Iterator[dict[str, past.Past]]:
    """The same two weeks lived twice, and once with a stop on the way; the last one stands."""
    found = {}
    with undone():
        replay.build(FIRST_STOP)
        replay.advance(office(), STOP, acting("secretary"))
        found["advanced"] = past.of(office())
    with undone():
        replay.build(STOP)
        found["again"] = past.of(office())
    replay.build(STOP)
    found["standing"] = past.of(office())
    return found


@pytest.mark.parametrize("other", ["again", "advanced"])
def test_the_same_things_happen(pasts, other):
    for what, rows in pasts["standing"].items():
        assert rows == pasts[other][what], what


def test_the_rankings_of_both_weeks_are_published(pasts):
    weeks = [p.period for p in Publication.objects.filter(key=RANKING).order_by("period")]
    assert weeks == [date(2019, 12, 30), date(2020, 1, 6)]
    lines = Publication.objects.get(key=RANKING, period=weeks[1]).values["lines"]
    assert len(lines) == 38
    assert sum(line["rank"] is not None for line in lines) >= 15


def test_teams_that_did_not_report_yesterday_are_listed_apart(pasts):
    shown = board(system_actor(office()), STOP.date())
    reported = set(Report.objects.filter(day=STOP.date() - timedelta(days=1)).values_list("project", flat=True))
    assert 1 <= len(shown.unranked) <= 3
    assert all(line.project.pk not in reported and line.days_missing >= 1 for line in shown.unranked)
    assert {line.project.pk for line in shown.lines} <= reported


def test_the_chain_holds_and_every_action_has_its_own_time_and_person(pasts):
    verdict = verify(office().pk)
    assert verdict.sound, verdict.broken
    entries = JournalEntry.objects.filter(verb="activities.daily-report")
    assert entries.values("happened_at", "post").distinct().count() == entries.count()
    assert all(e.happened_at == e.recorded_at and e.channel == "demo" for e in entries)


def test_the_clock_shows_where_the_replay_stopped(pasts):
    for place in Place.objects.offices():
        assert timedelta(0) <= clock.now(place) - STOP < timedelta(minutes=30)


def test_going_on_leaves_alone_what_people_did_themselves(pasts):
    with undone():
        team = acting("team05")
        project = Project.objects.get(entry__business_key="H05")
        mine = report(
            actor=team, at=STOP, project=project, day=STOP.date(), values={"stage": "H05-2", "share": "99", "crew": 7}
        )
        replay.advance(office(), STOP + timedelta(days=4), acting("leader01"))
        reports = Report.objects.filter(project=project, day__gte=STOP.date()).order_by("day")
        assert reports[0] == mine
        assert [r.share for r in reports if r.stage_id == mine.stage_id] == sorted(
            r.share for r in reports if r.stage_id == mine.stage_id
        )
        assert reports.count() >= 2


@pytest.mark.parametrize(("to", "error"), [
    (STOP - timedelta(days=1), Invalid), (STOP + timedelta(days=121), Invalid),
])  # fmt: skip
def test_the_demo_moves_ahead_only_and_not_too_far(pasts, to, error):
    before = JournalEntry.objects.count()
    with pytest.raises(error) as refused:
        replay.advance(office(), to, acting("secretary"))
    assert refused.value.field == "to"
    assert JournalEntry.objects.count() == before


def test_only_some_posts_move_the_clock(pasts):
    with pytest.raises(Refused):
        replay.advance(office(), STOP + timedelta(days=1), acting("grid0102"))


def test_a_real_office_does_not_move(pasts):
    with undone():
        Place.objects.update(demo=False)
        with pytest.raises(Invalid):
            replay.advance(office(), STOP + timedelta(days=1), acting("secretary"))


def test_it_does_not_move_twice_at_once(pasts):
    assert replay._moving.acquire(blocking=False)
    try:
        with pytest.raises(Conflict):
            replay.advance(office(), STOP + timedelta(days=1), acting("secretary"))
    finally:
        replay._moving.release()


def test_it_is_founded_only_once(pasts):
    with pytest.raises(Invalid):
        replay.build(STOP)
    assert Entry.objects.filter(kind__key="project").count() == 38
