"""A project's page: who sees it, what its numbers open to, its queries, its curve, its journal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.packs.intake import record
from zijing.projects.actions import correct_report, withdraw_report
from zijing.projects.models import Project
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def target(made: Office) -> Project:
    found = project(made)
    say(made, found, MONDAY, 100)
    say(made, found, MONDAY, 50, stage="主体", crew=30)
    return found


def test_anonymous_is_sent_to_sign_in(client: Client, target: Project) -> None:
    answer = client.get(f"/projects/{target.pk}/")
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200), ("leader", 200), ("project_office", 200), ("section", 200), ("team", 200), ("county", 200),
        ("community", 200), ("team2", 404), ("community2", 404), ("grid", 404),
    ],
)  # fmt: skip
def test_who_sees_the_entry_sees_the_page(made: Office, target: Project, role: str, status: int) -> None:
    assert signed_in(made, role, TUESDAY).get(f"/projects/{target.pk}/").status_code == status


def test_elsewhere_it_does_not_exist(target: Project) -> None:
    other = office("410181006000", "别处街道")
    assert signed_in(other, "secretary", TUESDAY).get(f"/projects/{target.pk}/").status_code == 404


def test_who_may_not_report_is_not_offered_it(made: Office, target: Project) -> None:
    address = f"/projects/{target.pk}/report/"
    assert address in signed_in(made, "team", TUESDAY).get(f"/projects/{target.pk}/").content.decode()
    assert address not in signed_in(made, "secretary", TUESDAY).get(f"/projects/{target.pk}/").content.decode()


def test_points_of_the_stages_are_the_points_of_the_project(made: Office, target: Project) -> None:
    context = signed_in(made, "secretary", TUESDAY).get(f"/projects/{target.pk}/").context
    assert [row.points for row in context["stages"]] == [Decimal(0), Decimal("-21.0")]
    assert sum(row.points for row in context["stages"]) == context["line"].points


def test_numbers_open_to_their_records(made: Office, target: Project) -> None:
    blocker(made, target)
    kind, building = Kind.objects.get(key="investment"), Kind.objects.get(key="building")
    for day, amount in ((date(2020, 5, 1), 100), (date(2020, 6, 1), 50), (date(2019, 12, 31), 7)):
        values = {"project": f"#{target.pk}", "date": day, "amount": f"{amount}元"}
        record(actor=made.system, at=moment(MONDAY), kind=kind, values=values)
    for n in range(3):
        values = {
            "code": f"B{n}",
            "project": f"#{target.pk}",
            "name": f"{n}号楼",
            "flats": 20,
            "place": f"#{target.entry.place_id}",
        }
        topped = {"topped_on": date(2020, 8, 1)} if n else {}
        record(actor=made.system, at=moment(MONDAY), kind=building, values=values | topped)
    client = signed_in(made, "secretary", TUESDAY)
    context = client.get(f"/projects/{target.pk}/").context
    page, links = context["page"], context["links"]
    assert (page.money.done, page.buildings.count, page.buildings.topped, page.buildings.flats) == (150_00, 3, 2, 60)
    listed = {
        name: client.get(links[name]).context["totals"].n
        for name in ("reports", "blockers", "invested", "buildings", "topped")
    }
    assert listed == {"reports": 2, "blockers": 1, "invested": 2, "buildings": 3, "topped": 2}
    shares = [client.get(row.actual_href).context["totals"].n for row in context["stages"]]
    assert shares == [1, 1]


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    target = project(made)
    for i in range(n):
        say(made, target, MONDAY - DAY * i, 50 - i)
        blocker(made, target, what=f"堵点{i}")
        project(made, f"Y{i}")
    client = signed_in(made, "project_office", TUESDAY)
    client.get(f"/projects/{target.pk}/")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(f"/projects/{target.pk}/")


PAGE_QUERIES = 32


def test_curve_is_data_for_the_script_and_a_table_without_it(made: Office, target: Project) -> None:
    answer = signed_in(made, "secretary", TUESDAY).get(f"/projects/{target.pk}/")
    data, page = answer.context["curve_data"], answer.content.decode()
    assert data["today"] == "2020-09-08" in data["days"]
    at = data["days"].index("2020-09-08")
    assert data["actual"][at] == 75.0 and data["actual"][at + 1 :] == [None] * (len(data["days"]) - at - 1)
    assert page.count('<th scope="row">') >= len(data["days"]) and 'id="curve-data" type="application/json"' in page


def test_a_project_without_stages_has_a_page(made: Office) -> None:
    bare = project(made, "X09")
    bare.stages.all().delete()
    answer = signed_in(made, "secretary", TUESDAY).get(f"/projects/{bare.pk}/")
    assert answer.status_code == 200 and "No stages yet" in answer.content.decode()


def test_journal_says_who_did_what(made: Office, target: Project) -> None:
    first = target.reports.order_by("day", "pk")[0]
    by = made.actor("project_office")
    correct_report(actor=by, at=moment(TUESDAY, 8), report=first, values={"crew": "12"})
    withdraw_report(actor=by, at=moment(TUESDAY, 9), report=first, reason="重复")
    found = signed_in(made, "secretary", TUESDAY).get(f"/projects/{target.pk}/").context["journal"]
    assert [(m.noun, m.subject, m.who) for m in found[:2]] == [("activity", first.pk, "project_office岗")] * 2
    assert found[0].verb != found[1].verb
    assert len(found) <= 10 and [m.seq for m in found] == sorted((m.seq for m in found), reverse=True)


def test_lead_comes_first_among_the_people(made: Office, target: Project) -> None:
    people = signed_in(made, "secretary", TUESDAY).get(f"/projects/{target.pk}/").context["people"]
    assert [one.part for one in people] == ["lead", "joint"]
