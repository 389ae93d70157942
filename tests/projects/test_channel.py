"""The green channel: who puts a project into it and takes it out, what is refused, and that its works come first."""

from datetime import date, timedelta

import pytest

from tests.factories.office import MONDAY, Office, moment, office, project
from tests.factories.sites import crew, site
from zijing.core.errors import Conflict, DomainError, Invalid, Missing, Refused
from zijing.journal.models import JournalEntry
from zijing.projects.actions import lay_out, publish_ranking, put_in_channel, take_out_of_channel
from zijing.projects.models import GreenChannel, Project, Schedule, Work
from zijing.projects.queries import board, board_of_week
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
AT, DAY = moment(MONDAY), timedelta(days=1)
WHY = "省重点项目,会议纪要第7号"


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def target(made: Office) -> Project:
    return project(made)


def enter(made: Office, target: Project, role: str = "project_office", **more: object) -> GreenChannel:
    said = {"actor": made.actor(role), "at": AT, "project": target, "reason": WHY, **more}
    return put_in_channel(**said)  # type: ignore[arg-type]


def marked(made: Office, on: date) -> list[str]:
    lines = board(made.actor("secretary"), on).everywhere
    return sorted(line.project.entry.business_key for line in lines if line.green_channel)


def test_it_is_kept_who_put_a_project_in_when_and_why(made: Office, target: Project) -> None:
    project(made, "X02")
    one = enter(made, target)
    assert (one.since, one.reason, one.put_at, one.put_by_id) == (MONDAY, WHY, AT, made.posts["project_office"].pk)
    [line] = JournalEntry.objects.filter(verb="projects.enter_channel")
    assert (line.subject_id, line.changes) == (target.pk, {"green_channel": [None, str(MONDAY)]})
    assert marked(made, MONDAY) == ["X01"] and marked(made, MONDAY - DAY) == []


def test_it_begins_on_its_day_and_ends_on_the_day_it_is_taken_out(made: Office, target: Project) -> None:
    one = enter(made, target, since=MONDAY + DAY)
    assert marked(made, MONDAY) == [] and marked(made, MONDAY + DAY) == ["X01"]
    leader = made.actor("secretary")
    take_out_of_channel(actor=leader, at=moment(MONDAY + 3 * DAY), channel=one, reason="已开工")
    assert marked(made, MONDAY + 2 * DAY) == ["X01"] and marked(made, MONDAY + 3 * DAY) == []
    one.refresh_from_db()
    assert (one.until, one.end_reason, one.ended_by_id) == (MONDAY + 3 * DAY, "已开工", leader.post_id)
    assert JournalEntry.objects.filter(verb="projects.leave_channel", subject_id=target.pk).count() == 1
    enter(made, target, at=moment(MONDAY + 4 * DAY))
    assert marked(made, MONDAY + 4 * DAY) == ["X01"]


@pytest.mark.parametrize(
    ("role", "more", "refusal"),
    [
        ("project_office", {"reason": "  "}, Invalid), ("project_office", {"since": MONDAY - DAY}, Invalid),
        ("project_office", {"since": MONDAY + 400 * DAY}, Invalid), ("section", {}, Refused), ("team", {}, Refused),
        ("leader", {}, Refused), ("county", {}, Refused),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(
    made: Office, target: Project, role: str, more: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        enter(made, target, role, **more)
    assert not GreenChannel.objects.exists() and not JournalEntry.objects.filter(verb="projects.enter_channel").exists()


def test_nobody_puts_in_what_they_do_not_see_nor_what_has_ended(made: Office, target: Project) -> None:
    elsewhere = office("410181006000", "别处街道")
    with pytest.raises(Missing):
        enter(elsewhere, target)
    Entry.objects.filter(pk=target.pk).update(stage="retired", closed_at=AT)
    with pytest.raises(Conflict):
        enter(made, target)


def test_nothing_is_put_in_or_taken_out_twice(made: Office, target: Project) -> None:
    one = enter(made, target)
    with pytest.raises(Conflict):
        enter(made, target, "secretary")
    out = {"at": AT, "channel": one, "reason": "已开工"}
    with pytest.raises(Refused):
        take_out_of_channel(actor=made.actor("section"), **out)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        take_out_of_channel(actor=made.actor("secretary"), **{**out, "reason": ""})  # type: ignore[arg-type]
    take_out_of_channel(actor=made.actor("secretary"), **out)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        take_out_of_channel(actor=made.actor("project_office"), **out)  # type: ignore[arg-type]


def test_its_works_have_the_crews_first(made: Office) -> None:
    """Two sites alike share one crew of every trade: whichever is in the channel ends first, and both stay planned."""
    for trade in ("structure", "masonry", "facade"):
        crew(made, trade, 1)
    sites = [site(made, code) for code in ("X01", "X02")]
    for n, one in enumerate(sites):
        lay_out(actor=made.system, at=moment(MONDAY, 9, n), project=one)
    first, second = sites
    ends = dict(Schedule.objects.values_list("project", "ends_on"))
    slower = second if ends[second.pk] > ends[first.pk] else first
    quicker = first if slower is second else second
    one = enter(made, slower, at=moment(MONDAY, 10))
    now = dict(Schedule.objects.values_list("project", "ends_on"))
    assert now[slower.pk] < ends[slower.pk] and now[slower.pk] < now[quicker.pk]
    begins = {w.project_id: w.start for w in Work.objects.filter(key__endswith="B01/structure")}
    assert begins[slower.pk] < begins[quicker.pk]
    take_out_of_channel(actor=made.system, at=moment(MONDAY, 11), channel=one, reason="已开工")
    assert dict(Schedule.objects.values_list("project", "ends_on")) == ends


def test_a_published_week_keeps_the_marks_it_was_published_with(made: Office, target: Project) -> None:
    one = enter(made, target)
    sunday = MONDAY + 6 * DAY
    publish_ranking(actor=made.system, at=moment(sunday, 22), office=made.place, week=MONDAY)
    take_out_of_channel(actor=made.system, at=moment(sunday, 23), channel=one, reason="已开工")
    shown = board_of_week(made.actor("secretary"), sunday)
    assert shown.as_published and [x.green_channel for x in shown.board.all_lines] == [True]
    assert marked(made, sunday) == []
