"""What needs a person: shown to who can change it, with what to do, and gone once somebody is there."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, expire, moment, office, project
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, dispatch
from zijing.cases.unattended import unattended
from zijing.commitments.models import Commitment
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.people.actions import hold
from zijing.people.models import Account, Holding
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY


@pytest.fixture
def made() -> Office:
    found = office()
    Rhythm.objects.update(next_at=moment(MONDAY + 30 * DAY))
    return found


def with_section(made: Office, code: str = "X01") -> Any:
    """A blocker that the section handles."""
    case = blocker(made, project(made, code))
    dispatch(actor=made.actor("project_office"), at=moment(MONDAY, 10), case=case, unit=made.posts["section"].unit)
    accept(actor=made.actor("section"), at=moment(MONDAY, 11), case=case)
    return case


def blocks(made: Office, role: str) -> list[str]:
    return [b.title for b in signed_in(made, role, TUESDAY).get("/today/").context["day"].blocks]


def test_when_somebody_is_there_for_everything_it_says_so(made: Office) -> None:
    with_section(made)
    page = signed_in(made, "project_office", TUESDAY).get("/unattended/")
    assert page.context["found"].count == 0
    assert "Somebody is there for everything." in page.content.decode()
    assert "Needs a person" not in blocks(made, "project_office")


@pytest.mark.parametrize("role", ["project_office", "system_admin"])
def test_work_of_a_post_at_an_end_waits_for_a_person(made: Office, role: str) -> None:
    with_section(made)
    expire(made, "section", MONDAY)
    page = signed_in(made, role, TUESDAY).get("/unattended/")
    assert [(v.post.code, v.ended, v.work) for v in page.context["found"].posts] == [("P-section", MONDAY, 1)]
    assert [(w.unit.code, w.count) for w in page.context["found"].units] == [("U-section", 1)]
    assert ("Assign or substitute" in page.content.decode()) == (role == "system_admin")
    assert "Needs a person" in blocks(made, role)


def test_a_number_opens_to_as_many_cases(made: Office) -> None:
    with_section(made, "X01")
    with_section(made, "X02")
    expire(made, "section", MONDAY)
    client = signed_in(made, "project_office", TUESDAY)
    ((waiting, href),) = client.get("/unattended/").context["waiting"]
    assert waiting.count == client.get(href).context["totals"].n == 2


def test_a_locked_account_leaves_its_post_vacant_and_a_new_holder_fills_it(made: Office) -> None:
    Account.objects.filter(pk=made.account("section").pk).update(is_active=False)
    reader = made.actor("system_admin")
    assert [v.post.code for v in unattended(reader, moment(TUESDAY)).posts] == ["P-section"]
    hold(actor=made.system, at=moment(TUESDAY), post=made.posts["section"], username=made.account("team").username)
    assert unattended(reader, moment(TUESDAY)).posts == []


def test_a_rhythm_behind_the_clock_surfaces_and_one_just_due_does_not(made: Office) -> None:
    late = Rhythm.objects.filter(office=made.place).order_by("pk")[0]
    Rhythm.objects.filter(pk=late.pk).update(next_at=moment(MONDAY))
    reader = made.actor("system_admin")
    assert unattended(reader, moment(MONDAY) + timedelta(minutes=5)).rhythms == []
    assert unattended(reader, moment(TUESDAY)).rhythms == [late]
    page = signed_in(made, "system_admin", TUESDAY).get("/unattended/")
    assert late.title_en in page.content.decode() and "/machinery/" in page.content.decode()


def test_restricted_work_is_in_no_number(made: Office) -> None:
    with_section(made)
    Kind.objects.filter(key="blocker").update(restricted=True)
    Holding.objects.filter(post=made.posts["section"]).update(until=MONDAY)
    found = unattended(made.actor("system_admin"), moment(TUESDAY))
    assert [(v.post.code, v.work) for v in found.posts] == [("P-section", 0)]
    assert found.units == []


def test_another_office_is_not_in_it(made: Office) -> None:
    other = office("410181006000", "别处街道")
    with_section(made)
    expire(made, "section", MONDAY)
    assert unattended(other.actor("system_admin"), moment(TUESDAY)).posts == []


@pytest.mark.parametrize("role", ["secretary", "section", "team", "grid", "county", "security_admin"])
def test_only_who_can_change_it_reads_it(made: Office, role: str) -> None:
    refused = signed_in(made, role, TUESDAY).get("/unattended/")
    assert refused.status_code == (200 if role == "secretary" else 403)


def test_nothing_is_lost_when_every_post_of_a_person_has_ended(made: Office) -> None:
    case = with_section(made)
    entries = JournalEntry.objects.count()
    expire(made, "section", MONDAY)
    client = signed_in(made, "section", TUESDAY)
    assert "stays with the post" in client.get("/today/").content.decode()
    assert unattended(made.actor("project_office"), moment(TUESDAY)).posts[0].work == 1
    case.refresh_from_db()
    assert (case.stage, case.closed_at) == ("handling", None)
    assert JournalEntry.objects.filter(subject_id=case.pk).exists() and JournalEntry.objects.count() >= entries


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        with_section(made, f"X{i}")
    vacant = [made.posts[role] for role in ("section", "leader2", "team2")[:n]]
    Holding.objects.filter(post__in=vacant).update(until=MONDAY)
    reader = made.actor("system_admin")
    with django_assert_num_queries(12):
        found = unattended(reader, moment(TUESDAY))
    assert (len(found.posts), [w.count for w in found.units]) == (n, [n])


def test_projects_and_commitments_of_a_unit_that_is_no_more_are_in_it_and_open(made: Office) -> None:
    project(made, "X01")
    team = made.posts["team"].unit
    Commitment.objects.update(unit=team)
    expected = Commitment.objects.count()
    expire(made, "team", MONDAY)
    client = signed_in(made, "project_office", TUESDAY)
    shown = {(w.unit, w.kind.noun): (w.count, href) for w, href in client.get("/unattended/").context["waiting"]}
    assert shown[team, "register"] == (1, "")
    n, href = shown[team, "commitment"]
    assert n == client.get(href).context["totals"].n == expected > 0
