"""Daily reports through the API: exactly once, corrected, withdrawn, refused in words."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import office as offices
from tests.factories.calls import api, let_clock_show
from tests.factories.office import MONDAY, Office, moment
from zijing.cases.models import Case
from zijing.projects.models import Project, Report


@pytest.fixture
def target(made: Office) -> Project:
    return offices.project(made)


def body(**values: Any) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "values": {"stage": "基础", "share": 40, "crew": 12} | values}


def test_a_report_is_made_once_however_often_it_arrives(made: Office, target: Project) -> None:
    team, sent = api(made, "team"), body()
    first = team.post(f"projects/{target.pk}/reports", sent)
    again = team.post(f"projects/{target.pk}/reports", sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json() == {
        "id": Report.objects.get().pk, "project": target.pk, "stage": "X01-1", "day": "2020-09-07", "share": "40",
        "crew": 12, "void": False,
    }  # fmt: skip


def test_the_same_id_with_another_body_is_a_conflict(made: Office, target: Project) -> None:
    team, sent = api(made, "team"), body()
    team.post(f"projects/{target.pk}/reports", sent)
    answer = team.post(f"projects/{target.pk}/reports", sent | {"values": {"stage": "基础", "share": 50}})
    assert answer.status_code == 409
    assert Report.objects.count() == 1


def test_the_same_id_at_another_address_is_a_conflict(made: Office, target: Project) -> None:
    other, sent, team = offices.project(made, "X02"), body(), api(made, "team")
    team.post(f"projects/{target.pk}/reports", sent)
    assert team.post(f"projects/{other.pk}/reports", sent).status_code == 409


def test_a_blocker_comes_with_the_report_or_not_at_all(made: Office, target: Project) -> None:
    team = api(made, "team")
    wrong = team.post(f"projects/{target.pk}/reports", body() | {"blocker": {"class": "moon", "what": "停水"}})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "class")
    assert (Report.objects.count(), Case.objects.count()) == (0, 0)
    right = team.post(f"projects/{target.pk}/reports", body() | {"blocker": {"class": "utilities", "what": "停水"}})
    assert right.status_code == 201
    assert Case.objects.get().title == "停水"


def test_every_fault_is_named_by_its_field(made: Office, target: Project) -> None:
    answer = api(made, "team").post(f"projects/{target.pk}/reports", body(share="150%", crew="许多"))
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["error"]["errors"]] == ["share", "crew"]


def test_an_unknown_key_in_the_body_is_refused(made: Office, target: Project) -> None:
    answer = api(made, "team").post(f"projects/{target.pk}/reports", body() | {"proect": 3})
    assert answer.status_code == 422
    assert answer.json()["error"]["errors"] == [{"message": "There is no “proect” here.", "field": "proect"}]


def test_a_body_that_is_no_json_is_422(made: Office, target: Project) -> None:
    team = api(made, "team")
    answer = team.client.post(
        f"/api/v1/projects/{target.pk}/reports", b"{", content_type="application/json", headers=team.headers
    )
    assert (answer.status_code, answer.json()["error"]["message"]) == (422, "The body is no valid JSON.")


def test_a_day_to_come_is_refused(made: Office, target: Project) -> None:
    answer = api(made, "team").post(f"projects/{target.pk}/reports", body() | {"day": "2020-09-08"})
    assert answer.status_code == 422


def test_a_project_of_another_team_is_not_there(made: Office, target: Project) -> None:
    assert api(made, "team2").post(f"projects/{target.pk}/reports", body()).status_code == 404


def test_a_post_that_may_not_report_is_told_so(made: Office, target: Project) -> None:
    answer = api(made, "secretary").post(f"projects/{target.pk}/reports", body())
    assert answer.status_code == 403
    assert "secretary岗" in answer.json()["error"]["message"]


def test_correcting_and_withdrawing(made: Office, target: Project) -> None:
    made_report = offices.say(made, target, MONDAY, 40)
    team = api(made, "team")
    corrected = team.patch(f"reports/{made_report.pk}", {"values": {"share": "45"}})
    assert (corrected.status_code, corrected.json()["share"]) == (200, "45")
    without_reason = team.post(f"reports/{made_report.pk}/withdraw", {"reason": " "})
    assert (without_reason.status_code, without_reason.json()["error"]["field"]) == (422, "reason")
    withdrawn = team.post(f"reports/{made_report.pk}/withdraw", {"reason": "写错了"})
    assert withdrawn.json()["void"] is True
    assert team.post(f"reports/{made_report.pk}/withdraw", {"reason": "写错了"}).status_code == 409
    assert team.patch(f"reports/{made_report.pk}", {"values": {"share": "50"}}).status_code == 409


def test_a_report_of_another_team_is_not_there(made: Office, target: Project) -> None:
    made_report = offices.say(made, target, MONDAY, 40)
    other = api(made, "team2")
    assert other.patch(f"reports/{made_report.pk}", {"values": {"share": "45"}}).status_code == 404
    assert other.post(f"reports/{made_report.pk}/withdraw", {"reason": "x"}).status_code == 404


def test_the_board_counts_the_running_week_until_today(made: Office, target: Project) -> None:
    offices.say(made, target, MONDAY, 40)
    let_clock_show(made, moment(MONDAY + timedelta(days=1), 9))
    board = api(made, "secretary").get("board").json()
    assert (board["week_start"], board["on"], board["published"]) == ("2020-09-07", "2020-09-08", False)
    [line] = board["lines"]
    assert (line["project"]["number"], line["actual"], line["last_report"]) == ("X01", "20", "2020-09-07")


def test_a_week_to_come_has_no_board(made: Office) -> None:
    answer = api(made, "secretary").get("board?week=2020-09-14")
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "week")


def test_the_project_page_has_stages_people_and_money(made: Office, target: Project) -> None:
    offices.say(made, target, MONDAY, 40)
    page = api(made, "team").get(f"projects/{target.pk}").json()
    assert [(s["name"], s["weight"], s["actual_share"]) for s in page["stages"]] == [
        ("基础", "50", "40"),
        ("主体", "50", "0"),
    ]
    money = page["money"]
    assert [money[k] for k in ("total", "plan", "done", "ever")] == [10_000_000_00, 5_000_000_00, 0, 0]
    assert [m["first"] for m in money["months"]][-1] == "2020-09-01"
    assert (page["permits"], page["clearances"], page["area"]) == ([], [], "0")
    assert {p["part"] for p in page["people"]} == {"lead", "joint"}
    assert [r["share"] for r in page["reports"]] == ["40"]


def test_a_project_out_of_sight_is_404(made: Office, target: Project) -> None:
    answer = api(made, "team2").get(f"projects/{target.pk}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        404,
        "There is no such record within your sight.",
    )
    assert api(made, "team2").get("projects").json() == []
