"""The green channel on pages: the mark, the filter, the form with what was refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.projects.actions import put_in_channel
from zijing.projects.models import GreenChannel, Project

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
MARK = '<span class="badge badge-accent">Green channel</span>'


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def target(made: Office) -> Project:
    for code in ("X01", "X02", "X03"):
        found = project(made, code)
        if code != "X03":
            say(made, found, MONDAY, 50)
    return Project.objects.get(entry__business_key="X01")


def put(made: Office, target: Project) -> GreenChannel:
    return put_in_channel(actor=made.system, at=moment(MONDAY), project=target, reason="省重点项目")


def send(client: Client, target: Project, said: dict[str, Any]) -> Any:
    return client.post(f"/projects/{target.pk}/channel/", {"client_id": uuid4(), **said})


def test_lists_and_the_board_mark_it(made: Office, target: Project) -> None:
    put(made, target)
    put(made, Project.objects.get(entry__business_key="X03"))
    client = signed_in(made, "secretary", TUESDAY)
    for address in ("/projects/", "/board/"):
        assert client.get(address).content.decode().count(MARK) == 2, address
    assert MARK not in client.get(f"/board/?week={MONDAY - timedelta(days=7)}").content.decode()
    rows = client.get("/projects/?channel=yes").context["rows"]
    assert sorted(row.line.project.entry.business_key for row in rows) == ["X01", "X03"]
    assert client.get("/projects/?channel=x").status_code == 422


def test_the_page_puts_it_in_and_takes_it_out(made: Office, target: Project) -> None:
    client, address = signed_in(made, "project_office", TUESDAY), f"/projects/{target.pk}/"
    refused = send(client, target, {"do": "enter", "since": "2020-09-10", "reason": ""})
    text = refused.content.decode()
    assert refused.status_code == 422 and "Say why." in text and 'value="2020-09-10"' in text
    answer = send(client, target, {"do": "enter", "since": str(TUESDAY), "reason": "省重点项目"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    text = client.get(address).content.decode()
    assert "In the green channel since" in text and "省重点项目" in text and "put into the green channel" in text
    again = send(client, target, {"do": "enter", "reason": "又来"})
    assert again.status_code == 409 and "already" in again.content.decode()
    one = GreenChannel.objects.get()
    assert send(client, target, {"do": "leave", "channel": one.pk, "reason": "已开工"}).status_code == 302
    late = send(client, target, {"do": "leave", "channel": one.pk, "reason": "已开工"})
    assert late.status_code == 409
    assert "In the green channel" not in client.get(address).content.decode()


@pytest.mark.parametrize(("do", "status"), [("", 404), ("x", 404), ("leave", 404)])
def test_what_there_is_not_is_missing(made: Office, target: Project, do: str, status: int) -> None:
    answer = send(signed_in(made, "project_office", TUESDAY), target, {"do": do})
    assert answer.status_code == status


def test_who_may_not_reads_the_reason_and_is_offered_no_form(made: Office, target: Project) -> None:
    put(made, target)
    text = signed_in(made, "section", TUESDAY).get(f"/projects/{target.pk}/").content.decode()
    assert "省重点项目" in text and f"/projects/{target.pk}/channel/" not in text


def test_a_day_that_is_none_is_said_at_its_field(made: Office, target: Project) -> None:
    client = signed_in(made, "secretary", TUESDAY)
    answer = send(client, target, {"do": "enter", "since": "昨天", "reason": "省重点"})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
