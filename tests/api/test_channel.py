"""The green channel through the API: in once, out once, each with a reason."""

from tests.factories.calls import api
from tests.factories.office import MONDAY, Office, project


def test_a_project_goes_in_once_and_out_once(made: Office) -> None:
    one, office = project(made), api(made, "project_office")
    sent = {"reason": "省重点项目", "client_id": "7a0c3a9e-7f5e-4a51-9f9b-0a1f0f0f0f01"}
    first, again = (office.post(f"projects/{one.pk}/channel", sent) for _n in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json() | {"id": 0} == {
        "id": 0, "project": one.pk, "since": str(MONDAY), "reason": "省重点项目", "until": None, "end_reason": "",
    }  # fmt: skip
    assert office.get(f"projects/{one.pk}").json()["line"]["green_channel"] is True
    assert office.post(f"projects/{one.pk}/channel", {"reason": "又来"}).status_code == 409
    left = office.post(f"projects/{one.pk}/channel/leave", {"reason": "已封顶"}).json()
    assert (left["until"], left["end_reason"]) == (str(MONDAY), "已封顶")
    assert office.get(f"projects/{one.pk}").json()["line"]["green_channel"] is False
    assert office.post(f"projects/{one.pk}/channel/leave", {"reason": "再来"}).status_code == 409


def test_without_a_reason_or_from_a_day_gone_by_nothing_is_written(made: Office) -> None:
    one, office = project(made), api(made, "project_office")
    for body, field in (({"reason": " "}, "reason"), ({"reason": "省重点", "since": "2020-09-01"}, "since")):
        answer = office.post(f"projects/{one.pk}/channel", body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert not one.channels.exists()
