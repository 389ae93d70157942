"""The page of a case: who sees it, who may do what, and two people acting at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.records.test_files import picture
from tests.web.visiting import form, signed_in
from zijing.cases.access import MOVES
from zijing.cases.actions import accept, dispatch, submit
from zijing.cases.models import Case, Supervision
from zijing.outbox.rhythm import tick
from zijing.people.models import Unit
from zijing.records.models import Attachment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def case(made: Office) -> Case:
    return blocker(made, project(made))


def unit(made: Office, role: str = "team") -> Unit:
    return Unit.objects.get(pk=made.posts[role].unit_id)


def to_handling(made: Office, case: Case) -> None:
    dispatch(actor=made.actor("project_office"), at=moment(MONDAY, 11), case=case, unit=unit(made))
    accept(actor=made.actor("team"), at=moment(MONDAY, 12), case=case)


def press(client: Client, case: Case, verb: str, **values: Any) -> Any:
    case.refresh_from_db()
    return client.post(f"/cases/{case.pk}/{verb}/", form(seen=case.revision, **values))


def offered(client: Client, case: Case) -> list[str]:
    return [d.verb for d in client.get(f"/cases/{case.pk}/").context["doings"] if d.verb in MOVES]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200), ("director", 200), ("leader", 200), ("project_office", 200), ("section", 200), ("team", 200),
        ("team2", 404), ("community", 200), ("community2", 404), ("grid", 404), ("county", 200), ("system_admin", 404),
    ],
)  # fmt: skip
def test_who_sees_it(made: Office, case: Case, role: str, status: int) -> None:
    assert signed_in(made, role).get(f"/cases/{case.pk}/").status_code == status


@pytest.mark.parametrize(("role", "may"), [("secretary", True), ("project_office", True), ("section", False)])
def test_who_may_give_it_comes_to_whom_it_is_given(made: Office, case: Case, role: str, may: bool) -> None:
    page, address = (
        signed_in(made, role).get(f"/cases/{case.pk}/").content.decode(),
        f"/records/case/{case.pk}/assignments/",
    )
    assert (f'href="{address}"' in page) == may
    assert (signed_in(made, role).get(address).status_code == 200) == may


def test_anonymous_and_another_office_do_not_see_it(made: Office, case: Case, client: Client) -> None:
    assert client.get(f"/cases/{case.pk}/").status_code == 302
    assert client.post(f"/cases/{case.pk}/accept/", form()).status_code == 302
    other = office("410181006000", "别处街道")
    stranger = signed_in(other, "secretary")
    assert stranger.get(f"/cases/{case.pk}/").status_code == 404
    assert stranger.post(f"/cases/{case.pk}/void/", form(reason="x")).status_code == 404
    case.refresh_from_db()
    assert case.stage == "filed"


def test_the_whole_loop_by_buttons(made: Office, case: Case) -> None:
    team, office_ = signed_in(made, "team"), signed_in(made, "project_office")
    checker = office_
    page = office_.get(f"/cases/{case.pk}/").content.decode()
    assert "Waits to be dispatched" in page and "due" in page and case.timer.due().sentence() in page
    assert offered(office_, case) == ["dispatch", "void", "merge"]
    assert press(office_, case, "dispatch", unit=unit(made).pk).status_code == 302
    assert offered(team, case) == ["accept", "object"]
    assert press(team, case, "accept").status_code == 302
    assert press(team, case, "submit", reason="接通临时水").status_code == 302
    assert offered(team, case) == []
    assert press(checker, case, "rework", reason="水压不足").status_code == 302
    assert press(team, case, "submit", reason="已增压").status_code == 302
    assert press(checker, case, "close").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.closed_on_time) == ("closed", True)
    page = checker.get(f"/cases/{case.pk}/")
    assert [i["title"] for i in page.context["timeline"]] == [
        "Checked and closed", "Reported as done", "Sent back for rework", "Reported as done", "Accepted",
        "Dispatched → team单位", "Filed",
    ]  # fmt: skip
    assert offered(checker, case) == ["reopen"]


def test_a_double_is_merged_and_reached_from_the_one_that_stands(made: Office, case: Case) -> None:
    other = blocker(made, case.subject.project, what=case.title)
    office_ = signed_in(made, "project_office")
    page = office_.get(f"/cases/{other.pk}/")
    assert [d.case.pk for d in page.context["doubles"]] == [case.pk]
    assert press(office_, other, "merge", into=case.pk).status_code == 302
    assert f'href="/cases/{case.pk}/"' in office_.get(f"/cases/{other.pk}/").content.decode()
    assert [one.pk for one, _seen in office_.get(f"/cases/{case.pk}/").context["merged"]] == [other.pk]
    assert offered(office_, other) == ["unmerge"]
    assert press(office_, other, "unmerge", reason="两件事").status_code == 302
    assert Case.objects.get(pk=other.pk).stage == "filed"


@pytest.mark.parametrize(
    ("role", "verb", "values", "status"),
    [
        ("community", "dispatch", {"unit": "the team"}, 403),
        ("community", "void", {"reason": "x"}, 403),
        ("county", "close", {}, 403),
        ("project_office", "dispatch", {}, 422),
        ("project_office", "dispatch", {"unit": "999999"}, 422),
        ("project_office", "dispatch", {"unit": "' OR 1=1"}, 422),
        ("project_office", "void", {"reason": "  "}, 422),
        ("project_office", "nonsense", {}, 404),
        ("project_office", "merge", {}, 422),
        ("project_office", "merge", {"into": "' OR 1=1", "number": "999999"}, 422),
        ("project_office", "unmerge", {"reason": "x"}, 409),
        ("project_office", "supervise", {"reason": "x", "level": "office", "until": "2020-12-31"}, 403),
        ("leader", "supervise", {"reason": "x", "level": "office", "until": "2020-02-31"}, 422),
        ("leader", "supervise", {"reason": "x", "level": "moon", "until": "2020-12-31"}, 422),
        ("leader", "supervise", {"reason": "x", "level": "office", "until": "2020-01-01"}, 422),
        ("leader", "strike-off", {"supervision": "7"}, 404),
    ],
)  # fmt: skip
def test_what_may_not_be_done_changes_nothing(
    made: Office, case: Case, *, role: str, verb: str, values: dict[str, str], status: int
) -> None:
    known = {"the team": str(made.posts["team"].unit_id)}
    answer = press(signed_in(made, role), case, verb, **{k: known.get(v, v) for k, v in values.items()})
    assert answer.status_code == status, answer.content.decode()
    before = case.revision
    case.refresh_from_db()
    assert (case.stage, case.revision, Supervision.objects.count()) == ("filed", before, 0)


def test_a_step_needs_post(made: Office, case: Case) -> None:
    assert signed_in(made, "project_office").get(f"/cases/{case.pk}/void/").status_code == 405


def test_two_people_at_once(made: Office, case: Case) -> None:
    """Both see the page; the second one's button no longer fits: told so, and shown how it stands."""
    first, second = signed_in(made, "project_office"), signed_in(made, "secretary")
    seen = case.revision
    first.post(f"/cases/{case.pk}/dispatch/", form(seen=seen, unit=unit(made).pk))
    answer = second.post(f"/cases/{case.pk}/dispatch/", form(seen=seen, unit=unit(made, "section").pk))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This is how the case stands now." in text and "team单位 should accept it" in text
    case.refresh_from_db()
    assert case.unit == unit(made)


def test_a_step_that_fits_again_after_two_others_is_refused_too(made: Office, case: Case) -> None:
    """Dispatched, objected and back at the same stage: the stage looks the same, the revision does not."""
    client, seen = signed_in(made, "project_office"), case.revision
    press(client, case, "dispatch", unit=unit(made).pk)
    press(signed_in(made, "team"), case, "object", reason="不归我们")
    answer = client.post(f"/cases/{case.pk}/dispatch/", form(seen=seen, unit=unit(made, "section").pk))
    assert answer.status_code == 409


def test_the_same_form_sent_twice_moves_once(made: Office, case: Case) -> None:
    client = signed_in(made, "project_office")
    sent = form(seen=case.revision, unit=unit(made).pk)
    answers = [client.post(f"/cases/{case.pk}/dispatch/", sent).status_code for _n in range(2)]
    assert answers == [302, 302]
    assert case.steps.filter(verb="dispatch").count() == 1


def test_a_form_without_id_is_refused(made: Office, case: Case) -> None:
    answer = signed_in(made, "project_office").post(f"/cases/{case.pk}/void/", {"reason": "x"})
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.stage == "filed"


def test_listing_and_striking_off(made: Office, case: Case) -> None:
    leader = signed_in(made, "leader")
    assert press(leader, case, "supervise", level="office", reason="拖延", until="2020-09-30").status_code == 302
    assert "On the office list until 30 Sep 2020" in leader.get(f"/cases/{case.pk}/").content.decode()
    assert press(leader, case, "supervise", level="office", reason="又", until="2020-09-30").status_code == 409
    listed = Supervision.objects.get()
    assert (
        press(signed_in(made, "community"), case, "strike-off", supervision=listed.pk, reason="好了").status_code == 403
    )
    assert press(leader, case, "strike-off", supervision=listed.pk, reason="好了").status_code == 302
    assert "struck off" in leader.get(f"/cases/{case.pk}/").content.decode()
    assert press(leader, case, "strike-off", supervision=listed.pk, reason="好了").status_code == 409


def test_overdue_is_said(made: Office, case: Case) -> None:
    page = signed_in(made, "secretary", MONDAY + DAY * 14).get(f"/cases/{case.pk}/")
    assert page.context["late"] and "overdue" in page.content.decode()


def test_what_the_clock_has_noted_is_said(made: Office, case: Case) -> None:
    thursday = MONDAY + DAY * 3
    tick(made.place, moment(thursday, 8))
    page = signed_in(made, "secretary", thursday).get(f"/cases/{case.pk}/")
    assert page.context["near"] and "close to the deadline" in page.content.decode()
    assert "the last quarter of the limit has begun" in page.content.decode().lower()
    assert not signed_in(made, "secretary", MONDAY + DAY * 14).get(f"/cases/{case.pk}/").context["near"]


def test_photo_is_added_by_the_handling_unit_only(made: Office, case: Case, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    to_handling(made, case)

    def send(role: str, content: bytes, name: str = "a.jpg") -> int:
        file = SimpleUploadedFile(name, content, "image/jpeg")
        return signed_in(made, role).post(f"/cases/{case.pk}/evidence/", form(file=file, part="after")).status_code

    assert send("team", picture()) == 302
    assert send("system_admin", picture()) == 404
    assert send("team", b"<html>", "evil.jpg") == 422
    assert send("team", b"") == 422
    assert Attachment.objects.get().subject_id == case.pk
    assert "/files/" in signed_in(made, "team").get(f"/cases/{case.pk}/").content.decode()


def test_a_handler_does_not_check(made: Office, case: Case) -> None:
    to_handling(made, case)
    submit(actor=made.actor("team"), at=moment(MONDAY, 15), case=case, reason="好了")
    assert offered(signed_in(made, "secretary"), case) == ["close", "rework", "void", "merge"]
    assert press(signed_in(made, "team"), case, "close").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_in_both_languages(made: Office, case: Case, language: str) -> None:
    assert signed_in(made, "team", language=language).get(f"/cases/{case.pk}/").status_code == 200


class TestAsking:
    """What the unit asks for and another post decides, by the forms of the page."""

    def test_more_time_by_its_form_and_the_answer_by_two_buttons(self, made: Office, case: Case) -> None:
        to_handling(made, case)
        team, leader = signed_in(made, "team"), signed_in(made, "secretary")
        due = Case.objects.get(pk=case.pk).due_at
        assert press(team, case, "ask", matter="extension", amount="2", reason="管线迁改未批").status_code == 302
        page = leader.get(f"/cases/{case.pk}/").content.decode()
        assert "More time is asked for" in page and 'name="decision" value="deny"' in page
        assert 'name="decision"' not in team.get(f"/cases/{case.pk}/").content.decode()
        plea = case.pleas.get()
        refused = press(leader, case, "decide", plea=plea.pk, decision="deny", reason=" ")
        assert refused.status_code == 422 and "Say why." in refused.content.decode()
        assert press(leader, case, "decide", plea=plea.pk, decision="grant").status_code == 302
        assert Case.objects.get(pk=case.pk).due_at > due

    def test_what_was_refused_comes_back_unfolded_as_it_was_typed(self, made: Office, case: Case) -> None:
        to_handling(made, case)
        answer = press(signed_in(made, "team"), case, "ask", matter="parking", until="2020-01-01", reason="等审批")
        forms = {(d.verb, d.hidden.get("matter")): d for d in answer.context["doings"]}
        assert answer.status_code == 422
        assert forms["ask", "parking"].open and not forms["ask", "extension"].open
        assert [a.value for a in forms["ask", "parking"].asks] == ["2020-01-01", "等审批"]
        assert [a.value for a in forms["ask", "extension"].asks] == ["1", ""]

    @pytest.mark.parametrize(
        "values",
        [{}, {"matter": "moon"}, {"matter": "extension", "amount": "-1"}, {"matter": "extension", "amount": "x" * 99}],
    )
    def test_nonsense_asks_for_nothing(self, made: Office, case: Case, values: dict[str, str]) -> None:
        to_handling(made, case)
        assert press(signed_in(made, "team"), case, "ask", reason="x", **values).status_code == 422
        assert not case.pleas.exists()

    def test_another_unit_answers_for_its_part_on_the_page(self, made: Office, case: Case) -> None:
        to_handling(made, case)
        lead, other = signed_in(made, "project_office"), signed_in(made, "team2")
        asked = unit(made, "team2")
        assert press(lead, case, "involve", unit=asked.pk, reason="现场断电").status_code == 302
        assert 'name="share"' not in lead.get(f"/cases/{case.pk}/").content.decode()
        share = case.shares.get()
        assert press(other, case, "answer", share=share.pk, reason=" ").status_code == 422
        assert press(other, case, "answer", share=share.pk, reason="已断电").status_code == 302
        assert "已断电" in lead.get(f"/cases/{case.pk}/").content.decode()
