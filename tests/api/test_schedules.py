"""Schedules through the API: read, planned, ended, a work changed, and refused in words."""

import uuid
from typing import Any

import pytest

from tests.factories.calls import api
from tests.factories.office import MONDAY, Office, blocker, moment
from tests.factories.sites import site
from zijing.projects.actions import lay_out
from zijing.projects.models import Dependency, Project, Work


@pytest.fixture
def laid(made: Office) -> Project:
    target = site(made)
    lay_out(actor=made.system, at=moment(MONDAY), project=target)
    return target


def work(target: Project, key: str) -> Work:
    return Work.objects.get(project=target, key=f"X01-B01/{key}")


def asked(**more: Any) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "seconds": 2} | more


def test_a_schedule_is_read_with_its_days_and_its_chance(made: Office, laid: Project) -> None:
    found = api(made, "leader").get(f"projects/{laid.pk}/schedule").json()
    assert found["promised_on"] == "2021-06-30"
    assert (found["ends_on"] <= found["promised_on"]) == (found["chance"] >= 50)
    assert len(found["works"]) == 24
    assert all(w["start"] <= w["end"] for w in found["works"])


def test_what_is_not_laid_out_has_no_works(made: Office) -> None:
    found = api(made, "leader").get(f"projects/{site(made).pk}/schedule").json()
    assert (found["works"], found["chance"], found["ends_on"]) == ([], None, None)


def test_a_search_is_asked_for_once_and_ended(made: Office, laid: Project) -> None:
    caller, sent = api(made, "project_office"), asked()
    first = caller.post(f"projects/{laid.pk}/schedule", sent)
    assert first.status_code == 202
    assert caller.post(f"projects/{laid.pk}/schedule", sent).json()["id"] == first.json()["id"]
    second = caller.post(f"projects/{laid.pk}/schedule", asked())
    assert second.status_code == 409
    ended = caller.post(f"jobs/{first.json()['id']}/cancel", {})
    assert ended.json()["cancel_asked"] is True
    assert caller.post(f"projects/{laid.pk}/schedule", asked()).status_code == 202


@pytest.mark.parametrize("seconds", [0, -5, 100_000])
def test_a_search_of_no_possible_length_is_refused(made: Office, laid: Project, seconds: int) -> None:
    assert api(made, "project_office").post(f"projects/{laid.pk}/schedule", asked(seconds=seconds)).status_code == 422


def test_a_circle_is_refused_by_the_names_of_the_works(made: Office, laid: Project) -> None:
    one, follows = work(laid, "structure"), work(laid, "masonry")
    before = list(Dependency.objects.values_list("work", "after").order_by("pk"))
    sent = {"seen": one.version, "after": [{"work": follows.pk}]}
    refused = api(made, "project_office").patch(f"works/{one.pk}", sent)
    assert refused.status_code == 422
    assert "Structure → " in refused.json()["error"]["message"] and "Masonry" in refused.json()["error"]["message"]
    assert list(Dependency.objects.values_list("work", "after").order_by("pk")) == before


@pytest.mark.parametrize(
    "values", [{"days": -1}, {"days": 99_999}, {"not_before": "9999-12-31"}, {"after": [{"work": 0}]}]
)
def test_what_no_work_can_take_is_refused(made: Office, laid: Project, values: dict[str, Any]) -> None:
    one = work(laid, "structure")
    refused = api(made, "project_office").patch(f"works/{one.pk}", {"seen": one.version} | values)
    assert refused.status_code in {404, 422}
    assert work(laid, "structure").days == one.days


def test_two_at_once_the_second_is_told(made: Office, laid: Project) -> None:
    one, caller = work(laid, "structure"), api(made, "project_office")
    assert caller.patch(f"works/{one.pk}", {"seen": one.version, "days": 60}).json()["days"] == 60
    assert caller.patch(f"works/{one.pk}", {"seen": one.version, "days": 70}).status_code == 409
    assert work(laid, "structure").days == 60


@pytest.mark.parametrize("number", [1, 3])
def test_reading_asks_the_database_a_fixed_number_of_times(
    made: Office, laid: Project, number: int, django_assert_num_queries: Any
) -> None:
    kept = ("X01-B01/structure", "X01-B02/structure", "/grounds")[:number]
    Dependency.objects.all().delete()
    Work.objects.filter(project=laid).exclude(key__in=kept).delete()
    for n in range(number):
        blocker(made, laid, what=f"停水{n}")
    caller = api(made, "leader")
    caller.get(f"projects/{laid.pk}/schedule")
    with django_assert_num_queries(6):
        found = caller.get(f"projects/{laid.pk}/schedule").json()
    assert (len(found["works"]), len(found["blockers"])) == (number, number)
