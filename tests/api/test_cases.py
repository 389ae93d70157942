"""Cases through the API: filed once, moved by whose turn it is, listed and struck off."""

import uuid
from typing import Any

import pytest

from tests.factories import office as offices
from tests.factories.calls import api
from tests.factories.office import Office
from zijing.cases.models import Case
from zijing.projects.models import Project


@pytest.fixture
def target(made: Office) -> Project:
    return offices.project(made)


def body(target: Project, **more: Any) -> dict[str, Any]:
    values = {"class": "utilities", "what": "停水"}
    return {"client_id": str(uuid.uuid4()), "kind": "blocker", "values": values, "subject": target.pk} | more


def test_a_case_is_filed_once(made: Office, target: Project) -> None:
    team, sent = api(made, "team"), body(target)
    first, again = team.post("cases", sent), team.post("cases", sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    case = first.json()
    assert (case["stage"], case["kind"], case["subject"]["id"]) == ("filed", "blocker", target.pk)
    assert case["due_at"] == "2020-09-10T18:00:00+08:00"
    assert case["due_because"] == "Due Thu 10 Sep 2020 18:00: 3 working days from Mon 7 Sep 2020 09:00."
    assert Case.objects.count() == 1


def test_a_case_about_something_out_of_sight_is_refused(made: Office, target: Project) -> None:
    answer = api(made, "team2").post("cases", body(target))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "project")


def test_a_kind_that_is_no_case_is_404(made: Office, target: Project) -> None:
    assert api(made, "team").post("cases", body(target, kind="daily-report")).status_code == 404
    assert api(made, "team").post("cases", body(target, kind="moon")).status_code == 404


def test_moves_follow_the_turn(made: Office, target: Project) -> None:
    filed = offices.blocker(made, target)
    path = f"cases/{filed.pk}"
    office, team = api(made, "project_office"), api(made, "team")
    assert [n["verb"] for n in office.get(path).json()["next"]] == ["dispatch", "void"]
    assert team.get(path).json()["next"] == []
    unit = team.get("me").json()["unit"]["id"]
    assert office.post(f"{path}/dispatch", {}).status_code == 404
    assert office.post(f"{path}/dispatch", {"unit": unit}).json()["stage"] == "dispatched"
    assert team.post(f"{path}/object", {"reason": ""}).json()["error"]["field"] == "reason"
    assert team.post(f"{path}/accept", {}).json()["stage"] == "handling"
    assert team.post(f"{path}/close", {}).status_code == 403
    assert team.post(f"{path}/submit", {"reason": "已恢复供水"}).json()["stage"] == "checking"
    assert office.post(f"{path}/rework", {"reason": "仍然停水"}).json()["stage"] == "handling"
    assert office.post(f"{path}/close", {}).status_code == 409
    assert office.post(f"{path}/fly", {}).status_code == 404


def test_a_move_with_a_client_id_is_made_once(made: Office, target: Project) -> None:
    filed, office = offices.blocker(made, target), api(made, "project_office")
    sent = {"reason": "重复立案", "client_id": str(uuid.uuid4())}
    first = office.post(f"cases/{filed.pk}/void", sent)
    again = office.post(f"cases/{filed.pk}/void", sent)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert office.post(f"cases/{filed.pk}/void", {"reason": "重复立案"}).status_code == 409


def test_supervision_is_listed_and_struck_off_by_its_level(made: Office, target: Project) -> None:
    filed, leader, county = offices.blocker(made, target), api(made, "leader"), api(made, "county")
    path = f"cases/{filed.pk}"
    listing = {"level": "office", "reason": "久拖不决", "until": "2020-09-20"}
    assert leader.post(f"{path}/supervise", listing | {"until": "2020-09-06"}).json()["error"]["field"] == "until"
    assert leader.post(f"{path}/supervise", listing | {"level": "moon"}).status_code == 422
    assert leader.post(f"{path}/supervise", listing).json()["supervisions"][0]["until"] == "2020-09-20"
    assert leader.post(f"{path}/supervise", listing).status_code == 409
    assert county.post(f"{path}/strike-off", {"level": "office", "reason": "好了"}).status_code == 403
    assert leader.post(f"{path}/strike-off", {"level": "county", "reason": "好了"}).status_code == 404
    assert leader.post(f"{path}/strike-off", {"level": "office", "reason": "好了"}).status_code == 200
    assert leader.post(f"{path}/strike-off", {"level": "office", "reason": "好了"}).status_code == 409


def test_a_case_out_of_sight_is_404_for_every_move(made: Office, target: Project) -> None:
    filed, other = offices.blocker(made, target), api(made, "team2")
    assert other.get(f"cases/{filed.pk}").status_code == 404
    for verb in ("accept", "submit", "close", "supervise", "strike-off"):
        sent = {"level": "office", "reason": "x", "until": "2020-09-20"} if verb == "supervise" else {"reason": "x"}
        sent = {"level": "office", "reason": "x"} if verb == "strike-off" else sent
        assert other.post(f"cases/{filed.pk}/{verb}", sent).status_code == 404, verb


def test_who_read_an_older_revision_is_told_so(made: Office, target: Project) -> None:
    filed, office = offices.blocker(made, target), api(made, "project_office")
    read = office.get(f"cases/{filed.pk}").json()["revision"]
    unit = made.posts["team"].unit_id
    assert office.post(f"cases/{filed.pk}/dispatch", {"unit": unit, "seen": read}).status_code == 200
    late = office.post(f"cases/{filed.pk}/void", {"reason": "重复", "seen": read})
    assert late.status_code == 409
    assert "meanwhile" in late.json()["error"]["message"]


class TestMerging:
    """A double is merged and taken back as on the page: by right, within sight, once, as it was seen."""

    def test_a_double_is_merged_and_taken_back(self, made: Office, target: Project) -> None:
        one, other, office = offices.blocker(made, target), offices.blocker(made, target), api(made, "project_office")
        sent = {"into": one.pk, "client_id": str(uuid.uuid4())}
        first, again = office.post(f"cases/{other.pk}/merge", sent), office.post(f"cases/{other.pk}/merge", sent)
        assert (first.status_code, again.json()) == (200, first.json())
        double, stands = first.json(), office.get(f"cases/{one.pk}").json()
        assert (double["stage"], double["merged_into"]["id"], double["next"]) == ("voided", one.pk, [])
        assert (stands["stage"], stands["merged"], stands["merged_into"]) == (
            "filed", [{"id": other.pk, "name": other.title}], None,
        )  # fmt: skip
        assert office.post(f"cases/{other.pk}/unmerge", {"reason": " "}).json()["error"]["field"] == "reason"
        back = office.post(f"cases/{other.pk}/unmerge", {"reason": "两件事"}).json()
        assert (back["stage"], back["merged_into"], back["due_at"]) == ("filed", None, stands["due_at"])
        assert office.post(f"cases/{other.pk}/unmerge", {"reason": "两件事"}).status_code == 409

    def test_into_what_it_cannot_be_merged_into(self, made: Office, target: Project) -> None:
        one, other, office = offices.blocker(made, target), offices.blocker(made, target), api(made, "project_office")
        path, read = f"cases/{other.pk}/merge", office.get(f"cases/{other.pk}").json()["revision"]
        assert office.post(path, {"into": other.pk}).json()["error"]["field"] == "into"
        assert office.post(path, {"into": 10**9}).status_code == 404
        assert office.post(path, {}).status_code == 422
        unit = made.posts["team"].unit_id
        assert office.post(f"cases/{other.pk}/dispatch", {"unit": unit}).status_code == 200
        assert office.post(path, {"into": one.pk, "seen": read}).status_code == 409
        assert office.post(f"cases/{one.pk}/void", {"reason": "误报"}).status_code == 200
        assert office.post(path, {"into": one.pk}).status_code == 409

    def test_without_the_right_and_out_of_sight(self, made: Office, target: Project) -> None:
        one, other = offices.blocker(made, target), offices.blocker(made, target)
        for verb, sent in (("merge", {"into": one.pk}), ("unmerge", {"reason": "两件事"})):
            assert api(made, "team").post(f"cases/{other.pk}/{verb}", sent).status_code == 403
            assert api(made, "team2").post(f"cases/{other.pk}/{verb}", sent).status_code == 404
        assert Case.objects.filter(stage="filed").count() == 2
