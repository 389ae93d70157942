"""The register of figures: values within sight, their evidence, and their course."""

from decimal import Decimal

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, office, project
from tests.web.visiting import signed_in
from zijing.figures.models import Figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def test_anonymous_is_sent_to_sign_in(made: Office, client: Client) -> None:
    assert client.get("/figures/").status_code == 302 and client.get("/figures/blockers.open/").status_code == 302


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200),
        ("project_office", 200),
        ("team", 200),
        ("community", 200),
        ("grid", 200),
        ("county", 200),
        ("system_admin", 403),
    ],
)
def test_who_reads_figures(made: Office, role: str, status: int) -> None:
    client = signed_in(made, role)
    assert client.get("/figures/").status_code == client.get("/figures/blockers.open/").status_code == status


def test_every_number_on_the_page_opens_to_as_many_rows(made: Office) -> None:
    target = project(made)
    blocker(made, target)
    client = signed_in(made, "secretary")
    values = client.get("/figures/?period=year").context["values"]
    assert len(values) == Figure.objects.count()
    for found in values:
        answer = client.get(found.evidence)
        assert answer.status_code == 200, found.evidence
        if found.figure.kind and found.figure.measure in {"count", "sum"}:
            assert answer.context["totals"].n == found.n, found.evidence
        elif found.figure.noun:
            assert len(answer.context["lines"]) == found.n, found.evidence


@pytest.mark.parametrize(
    ("role", "amount"), [("secretary", 1), ("team", 1), ("team2", 0), ("community2", 0), ("grid", 0)]
)
def test_a_figure_counts_only_what_the_reader_sees(made: Office, role: str, amount: int) -> None:
    blocker(made, project(made))
    found = signed_in(made, role).get("/figures/blockers.open/").context["value"]
    assert found.amount == Decimal(amount)


@pytest.mark.parametrize("step", ["week", "month", "nonsense"])
def test_course_of_what_falls_on_days(made: Office, step: str) -> None:
    blocker(made, project(made))
    page = signed_in(made, "secretary").get(f"/figures/blockers.filed/?step={step}")
    steps = page.context["steps"]
    assert len(steps) == (37 if step == "week" else 9)
    assert sum(row.step.value.amount for row in steps) == 1 and steps[-1].step.value.amount == 1
    assert {row.step.before.amount for row in steps} == {0}
    assert page.context["chart"]["series"][0]["values"][-1] == 1.0


def test_a_stock_has_no_course_and_a_share_shows_its_two_parts(made: Office) -> None:
    client = signed_in(made, "secretary")
    assert client.get("/figures/blockers.open/").context["steps"] == []
    share = client.get("/figures/blockers.on_time_share/").context
    assert [v.figure.key for v in share["inputs"]] == ["blockers.closed_on_time", "blockers.closed"]
    assert share["value"].amount is None and len(share["steps"]) == 9


def test_unknown_figure_is_not_found(made: Office) -> None:
    assert signed_in(made, "secretary").get("/figures/nonsense/").status_code == 404


@pytest.mark.parametrize("query", ["period=nonsense", "period=", "period=week", "period=month"])
def test_any_period_is_answered(made: Office, query: str) -> None:
    assert signed_in(made, "secretary", MONDAY).get(f"/figures/?{query}").status_code == 200
