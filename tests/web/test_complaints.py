"""The complaints entrance: anybody, nobody named, answered within a limit, counted."""

import uuid
from typing import Any

import pytest
from django.test import Client

from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, Office, moment, office
from tests.web.test_public import opened
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, close, dispatch, submit, verify
from zijing.cases.models import Case, Reporter
from zijing.cases.reporters import MOST_COMPLAINTS
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.models import JournalEntry

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)


@pytest.fixture
def made() -> Office:
    made = office()
    let_clock_show(made, AT)
    return made


def complain(made: Office, client: Client, **more: Any) -> Any:
    sent = {"opened": opened(), "what": "一周要了三次人口表", "class": "forms", "client_id": str(uuid.uuid4())}
    return client.post(f"/complain/{made.place.pk}/", {**sent, **more})


@pytest.mark.parametrize("role", ["", "grid", "secretary"])
def test_nobody_is_named_signed_in_or_not(made: Office, client: Client, role: str) -> None:
    visitor = signed_in(made, role) if role else client
    answer = complain(made, visitor, place="#999999")
    assert answer.status_code == 302, answer.content.decode()
    case, reporter = Case.objects.get(), Reporter.objects.get()
    assert (case.recorded_by_id, case.place_id, reporter.address) == (None, made.place.pk, "")
    entries = JournalEntry.objects.filter(subject_type="cases.case", subject_id=case.pk)
    assert entries.exists() and {(e.actor, e.post) for e in entries} == {(None, None)}
    assert "一周要了三次人口表" in client.get(answer["Location"]).content.decode()


def test_the_entrance_is_in_the_frame_of_every_page(made: Office) -> None:
    for role in ("grid", "secretary", "system_admin", "team"):
        page = signed_in(made, role).get("/messages/").content.decode()
        assert f'href="/complain/{made.place.pk}/"' in page


def test_it_is_answered_within_the_limit_and_counted(made: Office, client: Client) -> None:
    followed = complain(made, client)["Location"]
    case, unit = Case.objects.get(), made.posts["section"].unit
    at, section = AT, made.actor("section")
    verify(actor=made.actor("project_office"), at=at, case=case)
    case.refresh_from_db()
    assert case.due_at is not None and (case.due_at - at).days == 7, "five working days"
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=unit)
    accept(actor=section, at=at, case=case)
    submit(actor=section, at=at, case=case, reason="改为自动汇总")
    close(actor=made.actor("project_office"), at=at, case=case, reason="表已停用，改由平台汇总")
    assert "表已停用" in client.get(followed).content.decode()
    shown = {k: value(find(f"complaints.{k}"), made.actor("secretary"), at=at).n for k in ("filed", "answered_on_time")}
    assert shown == {"filed": 1, "answered_on_time": 1}


def test_too_many_are_stopped_without_an_address(made: Office, client: Client) -> None:
    _span, most = MOST_COMPLAINTS[0]
    for _n in range(most):
        assert complain(made, client).status_code == 302
    assert complain(made, client).status_code == 429


@pytest.mark.parametrize("more", [{"what": ""}, {"class": "none"}, {"opened": "x"}, {"website": "http://x"}])
def test_bad_input_is_said_and_kept_nowhere(made: Office, client: Client, more: dict[str, str]) -> None:
    assert complain(made, client, **more).status_code == 422 and not Case.objects.exists()


def test_residents_lists_and_other_programs_do_not_show_it(made: Office, client: Client) -> None:
    complain(made, client)
    assert client.get(f"/public/{made.place.pk}/").status_code == 404, "the residents' page is another pack's"
    listed = client.get("/open311/v2/requests.json?jurisdiction_id=410181005000")
    assert "一周" not in listed.content.decode() and "complaint" not in listed.content.decode()


def test_an_office_that_does_not_exist_has_no_entrance(client: Client) -> None:
    assert client.get("/complain/999999/").status_code == 404
