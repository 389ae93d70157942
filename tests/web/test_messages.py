"""The page of what a post was told."""

from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.web.visiting import signed_in
from zijing.cases.actions import dispatch
from zijing.cases.models import Case
from zijing.outbox.messages import catch_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    founded = office()
    catch_up(founded.place.pk)
    return founded


def tell(made: Office, n: int) -> None:
    """Let the team be given ``n`` cases."""
    target = project(made)
    for number in range(n):
        case = blocker(made, target, what=f"断路{number}")
        dispatch(actor=made.actor("project_office"), at=moment(MONDAY), case=case, unit=made.posts["team"].unit)
    catch_up(made.place.pk)


def test_it_says_what_happened_to_which_record(made: Office) -> None:
    tell(made, 1)
    page = signed_in(made, "team", language="zh-hans").get("/messages/").content.decode()
    assert "断路0" in page and "派遣" in page and "全部标为已读" in page
    assert "断路0" not in signed_in(made, "team2").get("/messages/").content.decode()


def test_a_record_out_of_sight_is_not_named(made: Office) -> None:
    tell(made, 1)
    Case.objects.update(unit=made.posts["team2"].unit, subject=None, place=made.places["示例村02"])
    page = signed_in(made, "team", language="zh-hans").get("/messages/").content.decode()
    assert "断路0" not in page and "派遣" not in page
    assert "已不在您的查看范围内" in page


def test_what_was_shown_is_read_and_what_came_since_is_not(made: Office) -> None:
    tell(made, 1)
    team = signed_in(made, "team")
    until = team.get("/messages/").context["until"]
    assert team.post("/messages/read/", {"until": until}).status_code == 302
    assert not team.get("/messages/").context["unread"]
    for nonsense in ("", "x", "9" * 30):
        assert team.post("/messages/read/", {"until": nonsense}).status_code == 302


def test_every_page_says_how_many_are_new(made: Office) -> None:
    tell(made, 2)
    team = signed_in(made, "team", language="zh-hans")
    assert "消息：2条新消息" in team.get("/list/blocker/").content.decode()
    team.post("/messages/read/", {"until": team.get("/messages/").context["until"]})
    page = team.get("/list/blocker/").content.decode()
    assert 'aria-label="消息"' in page and "bell-count" not in page


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    tell(made, n)
    team = signed_in(made, "team")
    team.get("/messages/")
    with django_assert_num_queries(7):
        team.get("/messages/")
