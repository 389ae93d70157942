"""Leaders' lists on pages: the block with its forms for the three nouns, the list, the wall."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cases.test_supervision import NOUNS, UNTIL, answers, listable, put
from tests.factories.office import MONDAY, Office, moment, office, project
from tests.web.visiting import form, signed_in
from zijing.cases.models import Supervision
from zijing.commitments.models import Commitment
from zijing.people.actions import assign, issue_screen
from zijing.people.models import Post, Unit
from zijing.records.models import Kind
from zijing.registers.models import Entry

DAY = timedelta(days=1)
# What the page asks where nothing is listed; then also the reports, and the records of the noun.
EMPTY = 5

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def page_of(noun: str, record: Any) -> str:
    return {"case": "/cases/{}/", "project": "/projects/{}/", "commitment": "/records/commitment/{}/"}[noun].format(
        record.pk
    )


def step_of(noun: str, record: Any, verb: str) -> str:
    if noun == "case":
        return f"/cases/{record.pk}/{verb}/"
    return f"/supervision/{record.kind.noun}/{record.pk}/{verb}/"


def press(client: Client, noun: str, record: Any, verb: str, **values: Any) -> Any:
    return client.post(step_of(noun, record, verb), form(seen=record.revision, **values))


@pytest.mark.parametrize("noun", NOUNS)
def test_listed_reported_on_and_struck_off_on_its_page(made: Office, noun: str) -> None:
    record, leader, team = listable(made, noun), signed_in(made, "leader"), signed_in(made, answers(noun))
    url = page_of(noun, record)
    assert f'action="{step_of(noun, record, "supervise")}"' in leader.get(url).content.decode()
    asked = {"level": "office", "reason": "拖延", "until": "2020-09-30", "every": "7", "shown": "public"}
    assert press(leader, noun, record, "supervise", **asked).status_code == 302
    listed = Supervision.objects.get()
    assert (listed.every, listed.public) == (7, True)
    text = team.get(url).content.decode()
    assert "On the office list until 30 Sep 2020" in text
    assert "A report every 7 days, the next by 14 Sep 2020" in text
    assert "strike-off" not in text and "Report how it goes" in text
    assert press(team, noun, record, "progress", supervision=listed.pk, reason="已协调").status_code == 302
    assert "the next by 21 Sep 2020" in team.get(url).content.decode()
    assert "已协调" in leader.get(url).content.decode()
    assert press(leader, noun, record, "strike-off", supervision=listed.pk, reason="").status_code == 422
    assert press(leader, noun, record, "strike-off", supervision=listed.pk, reason="好了").status_code == 302
    text = leader.get(url).content.decode()
    assert "struck off" in text and "好了" in text and "On the office list until" not in text


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, 422), ({"every": "often"}, 422), ({"every": "0"}, 422), ({"until": "2020-02-31"}, 422),
        ({"level": "county"}, 403), ({"seen": "999"}, 409),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_refused_and_changes_nothing(made: Office, values: dict[str, str], status: int) -> None:
    record, leader = listable(made, "project"), signed_in(made, "leader")
    good = {"level": "office", "reason": "拖延", "until": "2020-09-30", "seen": str(record.revision)} if values else {}
    assert leader.post(step_of("project", record, "supervise"), form(**(good | values))).status_code == status
    assert not Supervision.objects.exists()


def test_no_other_noun_and_no_other_step(made: Office) -> None:
    record, leader = listable(made, "project"), signed_in(made, "leader")
    for url in (f"/supervision/activity/{record.pk}/supervise/", f"/supervision/register/{record.pk}/void/"):
        assert leader.post(url, form()).status_code == 404
    assert press(leader, "project", record, "strike-off", supervision="7", reason="x").status_code == 404


def test_the_list_says_what_is_late_and_missing_and_opens(made: Office) -> None:
    record = listable(made, "project")
    put(made, record, every=3)
    client = signed_in(made, "secretary", UNTIL + DAY)
    text = client.get("/supervision/").content.decode()
    assert f'href="/projects/{record.pk}/"' in text and "overdue" in text
    assert "3 reports missing, the last due 16 Sep 2020" in text
    assert "Nothing is listed." in client.get("/supervision/?mine=yes").content.decode()
    assert f"/projects/{record.pk}/" in signed_in(made, "leader").get("/supervision/?mine=yes").content.decode()
    assert "Nothing is listed." in signed_in(made, "team2").get("/supervision/").content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_much_of_three_as_of_one(made: Office, n: int, django_assert_num_queries: Any) -> None:
    client = signed_in(made, "secretary")
    client.get("/supervision/")
    with django_assert_num_queries(EMPTY):
        client.get("/supervision/")
    for i in range(n):
        put(made, Entry.objects.select_related("kind").get(pk=project(made, f"X{i}").pk), every=1)
    client.get("/supervision/")
    with django_assert_num_queries(EMPTY + 5):
        client.get("/supervision/")


def test_the_wall_shows_what_is_public_and_not_restricted(made: Office) -> None:
    record, other = listable(made, "project"), Entry.objects.select_related("kind").get(pk=project(made, "X02").pk)
    put(made, record, public=True)
    put(made, other)
    key = issue_screen(actor=made.actor("security_admin"), at=moment(MONDAY), label="大厅")
    for client, url in (
        (signed_in(made, "secretary"), "/supervision/wall/"),
        (Client(), f"/screen/{key}/supervision/"),
    ):
        text = client.get(url).content.decode()
        assert str(record) in text and str(other) not in text and "久拖" not in text
    Kind.objects.filter(key="project").update(restricted=True)
    assert str(record) not in Client().get(f"/screen/{key}/supervision/").content.decode()
    assert Client().get("/screen/unknown/supervision/").status_code == 404


def test_the_wall_names_who_answers_and_what_a_milestone_belongs_to(made: Office) -> None:
    built = project(made)
    milestone = Commitment.objects.select_related("kind").filter(subject=built.pk).earliest("pk")
    put(made, milestone, public=True)
    for holder in (Unit.objects.get(code="U-team"), Post.objects.get(code="P-team2")):
        assign(
            actor=made.actor("secretary"), at=moment(MONDAY), subject=milestone, path=milestone.path, part="lead",
            to=[holder],
        )  # fmt: skip
        text = signed_in(made, "secretary").get("/supervision/wall/").content.decode()
        assert f"{built}: {milestone}" in text
        assert f'<td class="hall-leader">{holder}</td>' in text


@pytest.mark.parametrize("noun", NOUNS)
def test_a_refused_form_comes_back_on_its_page_with_what_was_typed(made: Office, noun: str) -> None:
    record, leader = listable(made, noun), signed_in(made, "leader")
    answer = press(leader, noun, record, "supervise", level="office", reason="拖延三周", until="2020-02-31", every="7")
    text = answer.content.decode()
    assert answer.status_code == 422 and f'action="{step_of(noun, record, "supervise")}"' in text
    assert (
        'value="拖延三周"' in text
        and '<p class="late small" id="supervise-until-error">Say until which day.</p>' in text
    )
    listed = put(made, record, every=3)
    record.refresh_from_db()
    team = signed_in(made, answers(noun))
    answer = press(team, noun, record, "progress", supervision=listed.pk, reason=" ")
    assert (
        answer.status_code == 422
        and '<p class="late small" id="progress-reason-error">Say how it goes.</p>' in answer.content.decode()
    )
    assert str(record) in answer.content.decode()
    record.revision = 999
    answer = press(signed_in(made, "county"), noun, record, "supervise", level="county", reason="x", until="2020-09-30")
    assert answer.status_code == 409 and str(record) in answer.content.decode()


def test_a_step_taken_from_the_queue_leads_back_to_it(made: Office) -> None:
    record = listable(made, "project")
    listed, team = put(made, record, every=1), signed_in(made, "team", MONDAY + DAY)
    assert 'name="next" value="/queue/"' in team.get(f"{page_of('project', record)}?next=/queue/").content.decode()
    answer = press(team, "project", record, "progress", supervision=listed.pk, reason="在办", next="/queue/")
    assert answer.headers["Location"] == "/queue/"
