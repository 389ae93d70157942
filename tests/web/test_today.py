"""The day of each role: the right things first, within sight, each number opening to what it counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, dispatch, submit
from zijing.cases.models import Case
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.records.models import Kind
from zijing.web.home.blocks import Block, Day

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def made() -> Office:
    found = office()
    Rhythm.objects.update(next_at=moment(MONDAY + timedelta(days=90)))
    return found


def day_of(client: Client) -> Day:
    answer = client.get("/today/")
    assert answer.status_code == 200
    return answer.context["day"]


def counts(block: Block) -> dict[str, str]:
    return {c.label: c.shown for c in block.counts}


def titles(block: Block) -> list[str]:
    return [i.title for i in block.items]


def issue(made: Office, place: str, what: str = "楼道堆物", role: str = "grid") -> Case:
    kind = Kind.objects.get(key="issue")
    values = {"what": what, "class": "safety", "place": place}
    made_case: Any = record(actor=made.actor(role), at=moment(MONDAY), kind=kind, values=values)
    return made_case


@pytest.mark.parametrize(
    "role",
    [
        "secretary",
        "director",
        "leader",
        "project_office",
        "section",
        "team",
        "community",
        "grid",
        "county",
        "system_admin",
    ],
)
def test_every_role_has_a_day_even_in_an_empty_office(made: Office, role: str) -> None:
    assert day_of(signed_in(made, role)).blocks


def test_secretary_sees_what_is_behind_stuck_and_to_decide(made: Office) -> None:
    slow, fast = project(made, "X01"), project(made, "X02")
    say(made, slow, MONDAY, 10)
    for stage in ("基础", "主体"):
        say(made, fast, MONDAY, 95, stage=stage)
    blocker(made, slow, MONDAY, "停水")
    behind, stuck, act = day_of(signed_in(made, "secretary", TUESDAY)).blocks
    assert counts(behind)["behind"] == "1" and titles(behind)[0] == slow.entry.title
    assert counts(stuck) == {"open blockers": "1", "overdue": "0", "under supervision": "0"}
    assert titles(stuck) == ["停水"] and titles(act) == []


def test_an_overdue_blocker_comes_first_and_is_counted(made: Office) -> None:
    target = project(made)
    blocker(made, target, MONDAY - timedelta(days=14), "早先的")
    blocker(made, target, MONDAY, "新来的")
    _behind, stuck, _act = day_of(signed_in(made, "secretary", TUESDAY)).blocks
    assert counts(stuck)["overdue"] == "1"
    assert titles(stuck) == ["早先的", "新来的"] and stuck.items[0].tone == "red"


def test_a_unit_sees_which_of_its_cases_the_clock_has_noted(made: Office) -> None:
    target = project(made)
    Rhythm.objects.all().delete()
    for what, day in (
        ("早先的", MONDAY - timedelta(days=14)),
        ("临期的", MONDAY),
        ("新来的", MONDAY + 2 * (TUESDAY - MONDAY)),
    ):
        case = blocker(made, target, day, what)
        unit = made.posts["team"].unit
        dispatch(actor=made.actor("project_office"), at=moment(day, 10), case=case, unit=unit)
    thursday = MONDAY + timedelta(days=3)
    tick(made.place, moment(thursday))
    client = signed_in(made, "team", thursday)
    turn = day_of(client).blocks[0]
    assert counts(turn) == {
        "Blocker": "3",
        "Blocker, close to the deadline": "1",
        "Blocker, overdue": "1",
    }
    assert [(i.title, i.tone) for i in turn.items] == [("早先的", "red"), ("临期的", "yellow"), ("新来的", "")]
    for count in turn.counts:
        assert str(client.get(count.href).context["totals"].n) == count.shown, count


def test_every_count_opens_to_as_many_rows(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 10)
    blocker(made, target, MONDAY - timedelta(days=14))
    issue(made, "第一网格")
    for role in ("secretary", "leader", "project_office", "team", "community", "grid", "county"):
        client = signed_in(made, role, TUESDAY)
        day = day_of(client)
        opened = [c for b in day.blocks for c in b.counts] + [c for o in day.offices for c in o.counts]
        for count in opened:
            answer = client.get(count.href)
            assert answer.status_code == 200, (role, count)
            proposals = count.href.endswith("#to-decide")
            n = answer.context["waiting_decision"] if proposals else answer.context["totals"].n
            assert str(n) == count.shown, (role, count)


def test_a_leader_sees_the_own_projects_first(made: Office) -> None:
    mine, other = project(made, "X01", leader="leader"), project(made, "X02", leader="leader2")
    blocker(made, other, MONDAY, "别人的")
    own, stuck, _act = day_of(signed_in(made, "leader", TUESDAY)).blocks
    assert titles(own) == [mine.entry.title] and titles(stuck) == []


def test_project_office_sees_who_has_not_reported(made: Office) -> None:
    said, silent = project(made, "X01"), project(made, "X02")
    say(made, said, TUESDAY, 50)
    missing, dispatching, checking = day_of(signed_in(made, "project_office", TUESDAY)).blocks
    assert titles(missing) == [silent.entry.title] and counts(missing) == {"projects": "1"}
    assert titles(dispatching) == titles(checking) == []


def test_no_report_is_due_on_a_day_off(made: Office) -> None:
    project(made)
    missing = day_of(signed_in(made, "project_office", date(2020, 10, 2))).blocks[0]
    assert missing.counts == [] and "day off" in missing.empty


def test_a_case_moves_from_block_to_block(made: Office) -> None:
    case = blocker(made, project(made))
    at = moment(MONDAY, 9)
    office_day = lambda n: titles(day_of(signed_in(made, "project_office")).blocks[n])
    team_turn = lambda: titles(day_of(signed_in(made, "team")).blocks[0])
    assert (office_day(1), office_day(2), team_turn()) == ([case.title], [], [])
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=made.posts["team"].unit)
    assert (office_day(1), office_day(2), team_turn()) == ([], [], [case.title])
    accept(actor=made.actor("team"), at=at, case=case)
    submit(actor=made.actor("team"), at=at, case=case, reason="已通水")
    assert (office_day(1), office_day(2), team_turn()) == ([], [case.title], [])


def test_a_team_is_asked_for_its_report_until_it_is_sent(made: Office) -> None:
    target = project(made, team="team")
    project(made, "X02", team="team2")
    (action,) = day_of(signed_in(made, "team", TUESDAY)).actions
    assert action.href == f"/projects/{target.pk}/report/" and not action.done
    say(made, target, TUESDAY, 50)
    (action,) = day_of(signed_in(made, "team", TUESDAY)).actions
    assert action.done


def test_a_grid_worker_sees_the_own_grid_only(made: Office) -> None:
    issue(made, "第一网格", "这里的")
    issue(made, "第二网格", "那里的", role="community")
    day = day_of(signed_in(made, "grid"))
    assert titles(day.blocks[1]) == ["这里的"] and titles(day.blocks[2]) == ["这里的"]
    assert day.actions[0].href == "/new/issue/"
    around = day_of(signed_in(made, "community")).blocks[1]
    assert sorted(titles(around)) == ["这里的", "那里的"]


def test_another_place_sees_nothing_of_it(made: Office) -> None:
    issue(made, "第一网格", "这里的")
    assert titles(day_of(signed_in(made, "community2")).blocks[1]) == []


def test_the_county_sees_offices_side_by_side(made: Office) -> None:
    second = office("410181006000", "杜甫路街道")
    blocker(made, project(made))
    project(second)
    lines = day_of(signed_in(made, "county", TUESDAY)).offices
    assert [line.name for line in lines] == ["紫荆路街道", "杜甫路街道"]
    assert [[c.shown for c in line.counts if c.label == "open blockers"] for line in lines] == [["1"], ["0"]]


@pytest.mark.parametrize("role", ["secretary", "leader", "project_office", "team", "grid", "county"])
def test_the_number_of_queries_does_not_grow(made: Office, role: str) -> None:
    grow(made, 1)
    one = queries(made, role)
    grow(made, 3)
    assert queries(made, role) == one <= 45


def queries(made: Office, role: str) -> int:
    """How many queries the page costs once the figures' days are counted."""
    client = signed_in(made, role, TUESDAY)
    client.get("/today/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/today/")
    return len(seen)


def grow(made: Office, n: int) -> None:
    """``n`` projects with a report and a blocker each, and as many issues."""
    for number in range(1 if n == 1 else 2, n + 1):
        target = project(made, f"Q{number}")
        say(made, target, MONDAY, 20)
        blocker(made, target)
        issue(made, "第一网格", f"问题{number}")
