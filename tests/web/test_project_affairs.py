"""Money by month, land clearance, permits, parcels and the days ahead on a project's page: each number opens its records."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.activities.actions import withdraw
from zijing.activities.models import Activity
from zijing.packs.intake import record
from zijing.projects.models import Project
from zijing.records.models import Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def target(made: Office) -> Project:
    return project(made)


def enter(made: Office, target: Project, kind: str, **values: Any) -> Any:
    raw = {"project": f"#{target.pk}", **values}
    return record(actor=made.system, at=moment(MONDAY), kind=Kind.objects.get(key=kind), values=raw)


def opened(made: Office, target: Project, on: date = MONDAY) -> Any:
    return signed_in(made, "secretary", on).get(f"/projects/{target.pk}/").context


def test_money_by_month_against_the_plan(made: Office, target: Project) -> None:
    for day, amount in (
        (date(2019, 12, 31), 7),
        (date(2020, 3, 31), 100),
        (date(2020, 3, 1), 20),
        (date(2020, 9, 1), 5),
    ):
        enter(made, target, "investment", date=day, amount=f"{amount}元")
    context = opened(made, target)
    money = context["page"].money
    assert (money.done, money.ever) == (125_00, 132_00)
    months = context["affairs"]["months"]
    assert [(m.first.month, m.done, m.so_far) for m in months][1:4] == [(2, 0, 0), (3, 120_00, 120_00), (4, 0, 120_00)]
    assert len(months) == 9 and months[8].planned == 5_000_000_00 * 9 // 12 and all(m.behind for m in months)
    client = signed_in(made, "secretary")
    assert [client.get(m.href).context["totals"].n for m in months] == [0, 0, 2, 0, 0, 0, 0, 0, 1]
    assert client.get(context["links"]["invested_ever"]).context["totals"].n == 4


def test_a_clearance_goes_to_nothing(made: Office, target: Project) -> None:
    enter(made, target, "clearance", code="Q1", name="迁坟", what="graves", total="200", due_on="2020-09-30")
    enter(made, target, "clearance", code="Q2", name="清表", what="mu", total="92.5", due_on="2020-09-01")
    for n, done in enumerate((50, 120)):
        enter(made, target, "cleared", what="graves", date=MONDAY - DAY * (2 - n), done=str(done))
    [graves, mu] = opened(made, target)["affairs"]["clearances"]
    assert (graves["it"].left, graves["it"].done, graves["it"].late) == (30, 170, False)
    assert [d.left for d, _href in graves["days"]] == [30, 150]
    assert graves["chart"]["series"][0]["values"] == [150.0, 30.0]
    assert (mu["it"].left, mu["it"].late, mu["chart"]) == (Decimal("92.5"), True, None), "units are not added together"
    client = signed_in(made, "secretary")
    assert [client.get(graves[k]).context["totals"].n for k in ("total_href", "done_href")] == [1, 2]
    assert [client.get(href).context["totals"].n for _d, href in graves["days"]] == [1, 1]


def test_a_withdrawn_count_counts_nowhere(made: Office, target: Project) -> None:
    enter(made, target, "clearance", code="Q1", name="迁坟", what="graves", total="200", due_on="2020-09-30")
    enter(made, target, "cleared", what="graves", date=MONDAY, done="50")
    withdraw(actor=made.system, at=moment(MONDAY), activity=Activity.objects.get(kind__key="cleared"), reason="重复")
    [graves] = opened(made, target)["affairs"]["clearances"]
    assert graves["it"].left == 200


def test_more_cleared_than_there_was_is_said(made: Office, target: Project) -> None:
    enter(made, target, "clearance", code="Q1", name="迁坟", what="graves", total="10", due_on="2020-09-30")
    enter(made, target, "cleared", what="graves", date=MONDAY, done="12")
    page = signed_in(made, "secretary").get(f"/projects/{target.pk}/")
    assert page.context["affairs"]["clearances"][0]["it"].left == 0
    assert "2 more were recorded as cleared than there were" in page.content.decode()


@pytest.mark.parametrize(
    ("days", "more", "light"),
    [(-1, {}, "red"), (0, {}, "yellow"), (14, {}, "yellow"), (15, {}, ""), (-9, {"granted_on": "2020-09-01"}, "green")],
)
def test_lights_of_permits(made: Office, target: Project, days: int, more: dict[str, str], light: str) -> None:
    enter(made, target, "permit", code="S1", what="施工许可证", due_on=MONDAY + DAY * days, **more)
    [(permit, _href, _word)] = opened(made, target)["affairs"]["permits"]
    assert permit.light == light


def test_land_and_its_area(made: Office, target: Project) -> None:
    for n in (1, 2):
        enter(made, target, "parcel", code=f"D{n}", name=f"地块{n}", area="10.5")
    affairs = opened(made, target)["affairs"]
    assert affairs["area"] == 21
    assert signed_in(made, "secretary").get(affairs["parcel_list"]).context["totals"].n == 2


def test_the_next_seven_days_overdue_first(made: Office, target: Project) -> None:
    say(made, target, MONDAY - DAY, 50)
    blocker(made, target)
    enter(made, target, "permit", code="S1", what="施工许可证", due_on=MONDAY + DAY * 7)
    enter(made, target, "permit", code="S2", what="预售许可证", due_on=MONDAY + DAY * 8)
    coming = opened(made, target)["page"].coming
    assert [(c.what, c.late) for c in coming] == [("stage", True), ("case", False), ("permit", False)]
    assert coming[2].pk == Entry.objects.get(business_key="S1").pk


def test_the_team_sees_the_records_behind_what_its_page_says(made: Office, target: Project) -> None:
    enter(made, target, "clearance", code="Q1", name="迁坟", what="graves", total="200", due_on="2020-09-30")
    enter(made, target, "cleared", what="graves", date=MONDAY, done="50")
    client = signed_in(made, "team")
    [graves] = client.get(f"/projects/{target.pk}/").context["affairs"]["clearances"]
    assert [client.get(graves[k]).context["totals"].n for k in ("total_href", "done_href")] == [1, 1]
