"""The daily report by phone: who may send it, what it begins with, twice the same, and whatever can be wrong with it."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.factories.office import MONDAY, Office, office, project, say
from tests.web.visiting import form, signed_in
from zijing.cases.models import Case
from zijing.projects.models import Project, Report
from zijing.records.files import MAX_BYTES
from zijing.records.models import Attachment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def target(made: Office) -> Project:
    found = project(made, started_on=date(2020, 3, 1))
    say(made, found, MONDAY, 40, crew=25)
    return found


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), "purple").save(out, "JPEG")
    return SimpleUploadedFile("site.jpg", out.getvalue(), "image/jpeg")


def send(made: Office, target: Project, role: str = "team", **values: Any) -> Any:
    return signed_in(made, role, TUESDAY).post(f"/projects/{target.pk}/report/", form(stage="X01-1", **values))


def made_since(target: Project) -> list[Report]:
    return list(target.reports.filter(day__gt=MONDAY).select_related("activity"))


class TestWho:
    @pytest.mark.parametrize("address", ["/report/", "/projects/{}/report/", "/projects/{}/report/{}/"])
    def test_anonymous_is_sent_to_sign_in(self, client: Client, target: Project, address: str) -> None:
        report = target.reports.get()
        assert "/sign-in/" in client.get(address.format(target.pk, report.pk))["Location"]

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("team", 200), ("project_office", 200), ("secretary", 403), ("leader", 403), ("section", 403), ("county", 403),
            ("community", 403), ("system_admin", 404), ("team2", 404), ("grid", 404),
        ],
    )  # fmt: skip
    def test_the_form_and_sending_need_the_same_right(
        self, made: Office, target: Project, role: str, status: int
    ) -> None:
        assert signed_in(made, role, TUESDAY).get(f"/projects/{target.pk}/report/").status_code == status
        answer = send(made, target, role, share="50")
        assert answer.status_code == (302 if status == 200 else status)
        assert len(made_since(target)) == (status == 200)

    def test_elsewhere_it_does_not_exist(self, target: Project) -> None:
        other = office("410181006000", "别处街道")
        assert send(other, target, "project_office", share="50").status_code == 404

    def test_the_confirmation_is_for_whoever_sees_the_project(self, made: Office, target: Project) -> None:
        address = f"/projects/{target.pk}/report/{target.reports.get().pk}/"
        assert signed_in(made, "team", TUESDAY).get(address).status_code == 200
        assert signed_in(made, "team2", TUESDAY).get(address).status_code == 404
        elsewhere = project(made, "X02")
        assert (
            signed_in(made, "team", TUESDAY)
            .get(f"/projects/{elsewhere.pk}/report/{target.reports.get().pk}/")
            .status_code
            == 404
        )


class TestBeginning:
    def begun(self, made: Office, target: Project, query: str = "") -> Any:
        return signed_in(made, "team", TUESDAY).get(f"/projects/{target.pk}/report/{query}").context["draft"]

    def test_the_stage_reported_last_with_its_values(self, made: Office, target: Project) -> None:
        draft = self.begun(made, target)
        assert (draft.stage.name, draft.counted, draft.values) == ("基础", False, {"share": "40", "crew": 25})
        assert draft.today is None

    def test_when_it_is_done_the_next_one_counted(self, made: Office, target: Project) -> None:
        say(made, target, TUESDAY, 100, remark="完成")
        draft = self.begun(made, target)
        assert (draft.stage.name, draft.counted, draft.values["count"]) == ("主体", True, 0)

    def test_chosen_stage_and_way_of_telling(self, made: Office, target: Project) -> None:
        second = target.stages.get(order=2)
        assert self.begun(made, target, f"?stage={second.pk}").counted
        assert not self.begun(made, target, f"?stage={second.pk}&by=share").counted
        assert self.begun(made, target, "?stage=99999").stage.name == "基础"

    def test_todays_report_is_named(self, made: Office, target: Project) -> None:
        report = say(made, target, TUESDAY, 45)
        page = signed_in(made, "team", TUESDAY).get(f"/projects/{target.pk}/report/").content.decode()
        assert f"/reports/{report.pk}/correct/" in page

    def test_the_photo_says_why_and_is_optional(self, made: Office, target: Project) -> None:
        page = signed_in(made, "team", TUESDAY).get(f"/projects/{target.pk}/report/").content.decode()
        assert "never counted" in page and "optional" in page


class TestSending:
    def test_it_lands_and_shows_what_it_changed(self, made: Office, target: Project) -> None:
        answer = send(made, target, share="55.5", crew="30", remark="", blocked="no")
        report = made_since(target)[0]
        assert answer["Location"] == f"/projects/{target.pk}/report/{report.pk}/"
        assert (str(report.share), report.crew, report.activity.recorded_by) == ("55.50", 30, made.posts["team"])
        page = signed_in(made, "team", TUESDAY).get(answer["Location"]).content.decode()
        assert "40.0%" in page and "55.5%" in page and "27.8%" in page, "before, now, and the project: half of 55.5"

    def test_twice_with_the_same_id_makes_one(self, made: Office, target: Project) -> None:
        client, values = signed_in(made, "team", TUESDAY), form(stage="X01-1", share="50", blocked="yes", what="停水")
        values["class"] = "utilities"
        first = client.post(f"/projects/{target.pk}/report/", values)
        second = client.post(f"/projects/{target.pk}/report/", values)
        assert first["Location"] == second["Location"]
        assert len(made_since(target)) == 1 and Case.objects.count() == 1

    def test_again_with_another_id_is_a_conflict_said_on_the_page(self, made: Office, target: Project) -> None:
        send(made, target, share="50")
        answer = send(made, target, share="60")
        assert answer.status_code == 422 and "already a report" in answer.content.decode()
        assert len(made_since(target)) == 1

    def test_by_count(self, made: Office, target: Project) -> None:
        answer = signed_in(made, "team", TUESDAY).post(f"/projects/{target.pk}/report/", form(stage="X01-2", count="3"))
        assert answer.status_code == 302 and str(made_since(target)[0].share) == "30.00"

    def test_a_blocker_is_filed_in_the_same_act(self, made: Office, target: Project) -> None:
        send(made, target, share="50", blocked="yes", what="停水", **{"class": "utilities"})
        case = Case.objects.get()
        assert (case.title, case.subject_id, case.fields["class"]) == ("停水", target.pk, "utilities")
        assert made_since(target)[0].activity.fields["blocked"] is True

    def test_blocker_words_without_yes_file_nothing(self, made: Office, target: Project) -> None:
        send(made, target, share="50", blocked="no", what="停水", **{"class": "utilities"})
        assert not Case.objects.exists()

    def test_a_photo_is_kept(self, made: Office, target: Project) -> None:
        send(made, target, share="50", photo=picture())
        assert Attachment.objects.get().subject_id == made_since(target)[0].pk

    def test_an_earlier_day(self, made: Office, target: Project) -> None:
        send(made, target, share="30", date="2020-09-04")
        assert target.reports.filter(day=date(2020, 9, 4)).exists()


class TestWrong:
    @pytest.mark.parametrize(
        ("values", "at", "says"),
        [
            ({"share": "101"}, "share", "between 0 and 100"),
            ({"share": "-1"}, "share", "between 0 and 100"),
            ({"share": "一半"}, "share", "not a number"),
            ({"share": "30"}, "share", "less than"),
            ({"share": "50", "crew": "-3"}, "crew", "at least 0"),
            ({"share": "50", "crew": "2.5"}, "crew", "whole number"),
            ({"share": "50", "crew": "99999"}, "crew", "at most"),
            ({"share": "50", "date": "2020-09-09"}, "date", "still to come"),
            ({"share": "50", "date": "2020-02-29"}, "date", "began on"),
            ({"share": "50", "date": "2020-02-30"}, "date", "is no day"),
            ({"share": "50", "blocked": "yes", "class": "", "what": "停水"}, "class", "needed"),
            ({"share": "50", "blocked": "yes", "class": "funds", "what": " "}, "what", "needed"),
            ({"share": "50", "blocked": "yes", "class": "ghosts", "what": "x"}, "class", "none of"),
            ({"share": "50", "remark": "长" * 301}, "remark", "at most"),
            ({"count": "11", "stage": "X01-2"}, "count", "more than"),
            ({"count": "3"}, "count", "no quantity"),
            ({"share": "50", "stage": "X99-1"}, "stage", "no stage"),
        ],
    )
    def test_the_error_stands_at_its_field_and_nothing_is_kept(
        self, made: Office, target: Project, values: dict[str, str], at: str, says: str
    ) -> None:
        answer = signed_in(made, "team", TUESDAY).post(
            f"/projects/{target.pk}/report/", form(**{"stage": "X01-1", **values})
        )
        assert answer.status_code == 422
        assert says in answer.context["faults"].at[at] and says in answer.content.decode()
        assert not made_since(target) and not Case.objects.exists()

    def test_what_was_typed_is_still_there(self, made: Office, target: Project) -> None:
        page = send(made, target, share="101", crew="33", remark="下午停电").content.decode()
        assert 'value="101"' in page and 'value="33"' in page and "下午停电" in page

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"GIF89a no picture", "is no picture"),
            (b"", "is empty"),
            (b"\xff\xd8" + b"0" * MAX_BYTES, "larger than 10 MB"),
        ],
    )
    def test_a_bad_photo_keeps_nothing(self, made: Office, target: Project, content: bytes, says: str) -> None:
        answer = send(made, target, share="50", photo=SimpleUploadedFile("x.jpg", content, "image/jpeg"))
        assert answer.status_code == 422 and says in answer.context["faults"].at["photo"]
        assert not made_since(target) and not Attachment.objects.exists()

    @pytest.mark.parametrize("client_id", ["", "x", "1" * 100])
    def test_without_its_id_a_form_is_incomplete(self, made: Office, target: Project, client_id: str) -> None:
        answer = send(made, target, share="50", client_id=client_id)
        assert answer.status_code == 422 and "incomplete" in answer.content.decode()

    def test_hostile_text_stays_text(self, made: Office, target: Project) -> None:
        page = send(made, target, share="<script>alert(1)</script>", remark="<b>x</b>").content.decode()
        assert "<script>alert" not in page and "<b>x</b>" not in page


class TestMine:
    def test_one_project_goes_straight_there(self, made: Office, target: Project) -> None:
        answer = signed_in(made, "team", TUESDAY).get("/report/")
        assert answer.status_code == 302 and answer["Location"] == f"/projects/{target.pk}/report/"

    def test_several_say_which_are_missing(self, made: Office, target: Project) -> None:
        other = project(made, "X02")
        say(made, target, TUESDAY, 50)
        answer = signed_in(made, "team", TUESDAY).get("/report/")
        assert answer.context["projects"] == [(other, False), (target, True)]
        assert "report is missing" in answer.content.decode()

    def test_none_is_said(self, made: Office) -> None:
        assert "No project is assigned" in signed_in(made, "team", TUESDAY).get("/report/").content.decode()

    def test_a_day_off_asks_for_nothing(self, made: Office, target: Project) -> None:
        project(made, "X02")
        assert "not a working day" in signed_in(made, "team", date(2020, 9, 12)).get("/report/").content.decode()

    def test_who_does_not_report_is_refused(self, made: Office) -> None:
        assert signed_in(made, "secretary", TUESDAY).get("/report/").status_code == 403


class TestAfterwards:
    def reported(self, target: Project) -> Report:
        return target.reports.get()

    @pytest.mark.parametrize("verb", ["correct", "withdraw"])
    @pytest.mark.parametrize(
        ("role", "status"),
        [("team", 200), ("project_office", 200), ("secretary", 403), ("section", 403), ("team2", 404), ("grid", 404)],
    )
    def test_who_may(self, made: Office, target: Project, verb: str, role: str, status: int) -> None:
        assert signed_in(made, role, TUESDAY).get(f"/reports/{self.reported(target).pk}/{verb}/").status_code == status

    @pytest.mark.parametrize("verb", ["correct", "withdraw"])
    def test_anonymous_and_elsewhere(self, target: Project, client: Client, verb: str) -> None:
        address = f"/reports/{self.reported(target).pk}/{verb}/"
        assert "/sign-in/" in client.get(address)["Location"]
        other = office("410181006000", "别处街道")
        assert signed_in(other, "project_office", TUESDAY).get(address).status_code == 404

    def test_correcting_changes_the_board(self, made: Office, target: Project) -> None:
        client, report = signed_in(made, "project_office", TUESDAY), self.reported(target)
        answer = client.post(f"/reports/{report.pk}/correct/", {"share": "60", "crew": "25", "remark": "数错了"})
        assert answer["Location"] == f"/records/activity/{report.pk}/"
        assert str(client.get("/board/").context["rows"][0].line.actual) == "30.0"

    @pytest.mark.parametrize(("field", "value"), [("share", "101"), ("share", "x"), ("crew", "-1")])
    def test_a_wrong_correction_stands_at_its_field(
        self, made: Office, target: Project, field: str, value: str
    ) -> None:
        report = self.reported(target)
        answer = signed_in(made, "team", TUESDAY).post(f"/reports/{report.pk}/correct/", {field: value})
        assert answer.status_code == 422 and f'id="f-{field}-error"' in answer.content.decode()

    def test_withdrawing_needs_a_reason_and_happens_once(self, made: Office, target: Project) -> None:
        client, report = signed_in(made, "team", TUESDAY), self.reported(target)
        address = f"/reports/{report.pk}/withdraw/"
        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.post(address, {"reason": "重复"}).status_code == 302
        assert client.post(address, {"reason": "重复"}).status_code == 409
        report.refresh_from_db()
        assert report.void and client.post(f"/reports/{report.pk}/correct/", {"share": "50"}).status_code == 422
