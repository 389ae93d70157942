"""The board of a past week: it opens as it was published, and says what its records say today."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.figures.models import Publication
from zijing.projects.actions import correct_report, publish_ranking, put_projects
from zijing.projects.models import Project
from zijing.registers.actions import retire_entry
from zijing.web.hall import TURNS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SUNDAY = MONDAY + 6 * DAY
AFTER = SUNDAY + 3 * DAY
PAST = f"/board/?week={SUNDAY}"


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def three(made: Office) -> list[Project]:
    """Three projects, published on Sunday: 90, 80 and 70 percent of the second stage."""
    found = [project(made, f"X{i:02d}", team="team" if i == 1 else "team2") for i in (1, 2, 3)]
    for i, one in enumerate(found):
        say(made, one, SUNDAY - DAY, 100)
        say(made, one, SUNDAY - DAY, 90 - 10 * i, stage="主体")
    blocker(made, found[0])
    publish_ranking(actor=made.system, at=moment(SUNDAY, 20), office=made.place, week=SUNDAY)
    return found


def lines(client: Client, url: str = PAST) -> list[tuple[Any, ...]]:
    return [
        (r.line.rank, r.line.project.entry.business_key, str(r.line.actual)) for r in client.get(url).context["rows"]
    ]


def correct(made: Office, target: Project, share: int) -> None:
    report = target.reports.get(stage__milestone__title="主体")
    correct_report(actor=made.system, at=moment(AFTER), report=report, values={"share": str(share), "remark": "更正"})


def test_it_opens_as_it_was_published(made: Office, three: list[Project]) -> None:
    client = signed_in(made, "secretary", AFTER)
    published = lines(client)
    assert published == [(1, "X01", "95.0"), (2, "X02", "90.0"), (3, "X03", "85.0")]
    correct(made, three[2], 95)
    assert lines(client) == published
    [change] = [c for c in client.get(PAST).context["changes"] if c.project == three[2]]
    assert (change.then["rank"], change.now.rank, str(change.now.actual)) == (3, 1, "97.5")


def test_the_recount_is_one_click_away_and_says_so(made: Office, three: list[Project]) -> None:
    correct(made, three[2], 95)
    client = signed_in(made, "secretary", AFTER)
    assert "recount=yes" in client.get(PAST).content.decode()
    anew = client.get(PAST + "&recount=yes")
    assert "Counted anew" in anew.content.decode() and "As it was published" in anew.content.decode()
    assert lines(client, PAST + "&recount=yes")[0] == (1, "X03", "97.5")


def test_names_leaders_and_blockers_are_those_of_then(made: Office, three: list[Project]) -> None:
    row = {"code": "X01", "name": "新名字", "type": "housing", "promised_on": three[0].promised_on,
           "leader": made.posts["leader2"].pk}  # fmt: skip
    put_projects(actor=made.system, at=moment(AFTER), rows=[row], place=made.place)
    first = signed_in(made, "secretary", AFTER).get(PAST).context["rows"][0].line
    assert (str(first.project), str(first.project.leader.title), first.open_blockers) == ("示例项目X01", "leader岗", 1)
    three[0].refresh_from_db()
    assert three[0].entry.title == "新名字", "the copy that is shown is never saved"


def test_a_project_that_left_the_ledger_stays_on_its_board(made: Office, three: list[Project]) -> None:
    retire_entry(actor=made.system, at=moment(AFTER), entry=three[1].entry, reason="撤销")
    client = signed_in(made, "secretary", AFTER)
    answer = client.get(PAST)
    assert [r.line.project.pk for r in answer.context["rows"]] == [p.pk for p in three]
    gone = [c for c in answer.context["changes"] if c.now is None]
    assert [c.project for c in gone] == [three[1]] and "no longer ranked" in answer.content.decode()


def test_a_publication_of_before_these_columns_still_opens(made: Office, three: list[Project]) -> None:
    published = Publication.objects.get()
    kept = ("project", "title", "rank", "planned", "actual", "points", "light", "apart")
    old = published.values | {"lines": [{k: row[k] for k in kept} for row in published.values["lines"]]}
    Publication.objects.filter(pk=published.pk).update(values=old)
    answer = signed_in(made, "secretary", AFTER).get(PAST)
    assert answer.context["rows"][0].line.open_blockers is None and not answer.context["changes"]


def test_sight_is_that_of_today(made: Office, three: list[Project]) -> None:
    assert [code for _rank, code, _done in lines(signed_in(made, "team2", AFTER))] == ["X02", "X03"]


def test_previous_and_next_lead_through_the_weeks(made: Office, three: list[Project]) -> None:
    week = signed_in(made, "secretary", AFTER).get(PAST).context["week"]
    assert (week.previous, week.next) == (MONDAY - 7 * DAY, MONDAY + 7 * DAY)


def test_a_week_that_was_not_published_is_counted_and_says_so(made: Office, three: list[Project]) -> None:
    answer = signed_in(made, "secretary", AFTER).get(f"/board/?week={MONDAY - DAY}")
    assert "This week was not published." in answer.content.decode() and not answer.context["past"].as_published


@pytest.mark.parametrize("recount", ["", "&recount=yes"])
def test_queries_of_a_past_week(
    made: Office, three: list[Project], recount: str, django_assert_num_queries: Any
) -> None:
    client = signed_in(made, "project_office", AFTER)
    client.get(PAST)
    with django_assert_num_queries(12):
        client.get(PAST + recount)


def test_the_wall_opens_a_past_week_as_published_and_says_what_changed(made: Office, three: list[Project]) -> None:
    correct(made, three[2], 95)
    shown = signed_in(made, "secretary", AFTER).get(f"/board/wall/?week={MONDAY}")
    text = shown.content.decode()
    assert [r.line.project.entry.business_key for r in shown.context["rows"]] == ["X01", "X02", "X03"]
    assert "changes since" in text and 'rel="prev"' in text and "this week" in text
    assert all(f"week={MONDAY}&" in sheet.href for sheet in shown.context["sheets"])


def test_the_wall_turns_back_to_the_running_week_after_some_minutes(made: Office, three: list[Project]) -> None:
    client = signed_in(made, "secretary", AFTER)
    address, seen = f"/board/wall/?week={MONDAY}", 0
    while "week=" in address:
        address, seen = client.get(address).context["next"], seen + 1
        assert seen <= TURNS
    assert (address, seen) == ("/board/wall/", TURNS)
    assert client.get(f"/board/wall/?week={MONDAY}&turn=x").context["next"].endswith("&turn=1")
    assert "turn=" not in client.get("/board/wall/").context["next"]
