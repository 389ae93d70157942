"""Residents without an account: report, follow by a code, rate; and whoever would misuse it."""

import time
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pydantic import ValidationError

from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, Office, moment, office
from tests.records.test_files import picture
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, close, dispatch, refuse, reopen, submit, verify
from zijing.cases.models import Case, Reporter, Stage
from zijing.cases.reporters import as_typed, code_of
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.chain import verify as sound
from zijing.journal.models import JournalEntry
from zijing.packs.kinds import KindSpec
from zijing.people.access import resident
from zijing.records.models import Attachment, Kind
from zijing.web.public.views import SALT

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)


@pytest.fixture
def made() -> Office:
    made = office(packs=("residents",))
    let_clock_show(made, AT)
    return made


def fields(made: Office, **more: Any) -> dict[str, Any]:
    where = made.places["示例社区01"].pk
    return {"what": "井盖松动", "class": "facilities", "place": f"#{where}", "client_id": str(uuid.uuid4()), **more}


def opened(seconds: int = 20) -> str:
    """What a form opened so many seconds ago says of when it was."""
    since = signing.b62_encode(int(time.time()) - seconds)
    return signing.Signer(salt=SALT).sign(f"opened:{since}")


def send(made: Office, client: Client, **more: Any) -> Any:
    data = {"opened": opened(), **fields(made), **more}
    return client.post(f"/public/{made.place.pk}/report/request/", data)


def reported(made: Office, client: Client, **more: Any) -> Reporter:
    answer = send(made, client, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Reporter.objects.select_related("case__kind", "case__place").get(code=answer.url.split("/")[2])


def handled(made: Office, case: Case, at: datetime = AT) -> Case:
    """Verified, given to the community, put right, closed with an answer."""
    verify(actor=made.actor("project_office"), at=at, case=case)
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=made.posts["community"].unit)
    accept(actor=made.actor("community"), at=at, case=case)
    submit(actor=made.actor("community"), at=at, case=case, reason="已更换井盖")
    close(actor=made.actor("project_office"), at=at, case=case, reason="井盖已更换，请您查看")
    return case


class TestReporting:
    def test_what_a_resident_reports_waits_to_be_verified(self, made: Office, client: Client) -> None:
        page = client.get(f"/public/{made.place.pk}/")
        assert page.status_code == 200 and f"/public/{made.place.pk}/report/request/" in page.content.decode()
        found = reported(made, client, contact="13800138000")
        case = found.case
        assert (case.stage, case.source, case.recorded_by_id) == (Stage.REPORTED, "resident", None)
        assert case.place == made.places["示例社区01"]
        entry = JournalEntry.objects.filter(subject_type="cases.case", subject_id=case.pk).get()
        assert (entry.verb, entry.channel, entry.actor) == ("cases.receive", "public", None)
        assert sound(made.place.pk).sound
        assert client.get(f"/cases/{case.pk}/").status_code == 302

    def test_the_telephone_stays_sealed_and_off_every_page(self, made: Office, client: Client) -> None:
        found = reported(made, client, contact="13800138000")
        assert "13800138000" not in str(list(Case.objects.values()))
        for page in (
            client.get(f"/follow/{found.code}/"),
            signed_in(made, "secretary").get(f"/cases/{found.case.pk}/"),
        ):
            assert page.status_code == 200 and "13800138000" not in page.content.decode()

    def test_sent_again_after_a_lost_answer_it_is_one_report_with_the_same_code(
        self, made: Office, client: Client
    ) -> None:
        data = {"opened": opened(), **fields(made)}
        address = f"/public/{made.place.pk}/report/request/"
        first, again = client.post(address, data), client.post(address, data)
        assert first.url == again.url and Case.objects.count() == Reporter.objects.count() == 1

    def test_a_photo_goes_along_and_only_staff_open_it(self, made: Office, client: Client) -> None:
        found = reported(made, client, photo=SimpleUploadedFile("x.png", picture()))
        file = Attachment.objects.get(subject_id=found.case.pk).file
        assert client.get(f"/files/{file.pk}/").status_code == 302
        assert signed_in(made, "secretary").get(f"/files/{file.pk}/").status_code == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"what": ""}, {"what": "x" * 121}, {"class": "moon"}, {"place": "#99999999"}, {"place": ""},
            {"spot": "0, 0"}, {"contact": "12"}, {"client_id": "no uuid"},
            {"photo": SimpleUploadedFile("x.png", b"<script>")},
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
        self, made: Office, client: Client, wrong: dict[str, Any]
    ) -> None:
        answer = send(made, client, **wrong)
        assert answer.status_code == 422
        form = answer.context["form"]
        assert form.errors or any(i.error for i in form.inputs)
        assert not Case.objects.exists() and not Reporter.objects.exists()

    def test_what_was_typed_comes_back(self, made: Office, client: Client) -> None:
        answer = send(made, client, **{"class": "", "details": "三天了，<b>没人管</b>"})
        assert "三天了，&lt;b&gt;没人管&lt;/b&gt;" in answer.content.decode()

    def test_an_office_without_the_pack_has_no_such_page(self, client: Client) -> None:
        bare = office("410181006000", "别处街道")
        for address in ("", "report/request/", "fixed/"):
            assert client.get(f"/public/{bare.place.pk}/{address}").status_code == 404
        assert client.get(f"/public/{2**70}/").status_code == 404

    def test_a_kind_that_is_not_open_is_not_reported_here(self, made: Office, client: Client) -> None:
        assert client.get(f"/public/{made.place.pk}/report/issue/").status_code == 404


class TestMisuse:
    def test_a_machine_is_too_fast_or_fills_in_what_nobody_sees(self, made: Office, client: Client) -> None:
        assert send(made, client, opened=opened(0)).status_code == 422
        assert send(made, client, opened=opened(13 * 3600)).status_code == 422
        assert send(made, client, opened="forged:by:hand").status_code == 422
        assert send(made, client, website="http://example.org").status_code == 422
        assert not Case.objects.exists()
        assert reported(made, client).case.pk

    def test_a_flood_from_one_address_ends_at_ten_and_others_go_on(self, made: Office, client: Client) -> None:
        answers = [send(made, client).status_code for _n in range(12)]
        assert answers == [302] * 10 + [429] * 2
        other = Client(REMOTE_ADDR="203.0.113.9")
        assert send(made, other).status_code == 302
        assert "203.0.113.9" not in str(list(Reporter.objects.values()))
        Reporter.objects.update(at=timezone.now() - timedelta(minutes=11))
        assert send(made, client).status_code == 302

    def test_a_resident_sees_no_record(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        assert not Case.objects.visible_to(resident(made.place)).exists()
        assert found.code not in client.get(f"/public/{made.place.pk}/fixed/").content.decode()


class TestFollowing:
    def test_by_its_code_however_it_is_typed(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        typed = f" {found.code[:4].lower()}-{found.code[4:8]} {found.code[8:]} "
        answer = client.get("/follow/", {"code": typed}, follow=True)
        assert answer.status_code == 200 and "井盖松动" in answer.content.decode()
        assert client.get("/follow/", {"code": "ABCD-1234-EFGH"}, follow=True).status_code == 404

    @pytest.mark.parametrize(("typed", "code"), [("o1l-i", "0111"), ("ab cd", "ABCD"), ("<script>", "SCR1PT")])
    def test_what_looks_alike_is_alike(self, typed: str, code: str) -> None:
        assert as_typed(typed) == code

    def test_codes_cannot_be_told_from_the_form(self) -> None:
        ids = [uuid.UUID(int=n) for n in range(300)]
        codes = {code_of(i) for i in ids}
        assert len(codes) == 300 and all(len(c) == 12 and as_typed(c) == c for c in codes)
        assert len({c[:6] for c in codes}) > 290

    def test_why_it_was_not_filed_is_told(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        refuse(actor=made.actor("project_office"), at=AT, case=found.case, reason="属私人院内设施，请联系物业")
        assert "属私人院内设施，请联系物业" in client.get(f"/follow/{found.code}/").content.decode()

    def test_what_staff_say_among_themselves_is_not_told(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        handled(made, found.case)
        page = client.get(f"/follow/{found.code}/").content.decode()
        assert "井盖已更换，请您查看" in page and "已更换井盖" not in page.replace("井盖已更换", "")


class TestRating:
    ANSWERS = {"responded": "yes", "resolved": "yes", "satisfied": "no", "said": "等了三天"}

    def rates(self, made: Office) -> dict[str, Any]:
        days = {"since": MONDAY, "until": date(2020, 9, 30)}
        keys = ("rated", "response_rate", "resolution_rate", "satisfaction_rate")
        who, at = made.actor("secretary"), AT + timedelta(days=1)
        return {k: value(find(f"cases.{k}"), who, at=at, **days).amount for k in keys}

    def test_once_it_is_closed_and_it_counts(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 409
        handled(made, found.case)
        assert self.rates(made) == {
            "rated": 0, "response_rate": None, "resolution_rate": None, "satisfaction_rate": None,
        }  # fmt: skip
        assert client.post(f"/follow/{found.code}/", {"responded": "yes"}).status_code == 422
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 302
        assert self.rates(made) == {"rated": 1, "response_rate": 100, "resolution_rate": 100, "satisfaction_rate": 0}
        page = signed_in(made, "project_office").get(f"/cases/{found.case.pk}/").content.decode()
        assert "等了三天" in page and "not satisfied" in page
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 409
        assert sound(made.place.pk).sound

    def test_reopened_and_closed_again_it_is_rated_anew(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        case = handled(made, found.case)
        client.post(f"/follow/{found.code}/", self.ANSWERS | {"resolved": "no"})
        case.refresh_from_db()
        reopen(actor=made.actor("leader"), at=AT + timedelta(hours=1), case=case, reason="反映人说没有解决")
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 409
        let_clock_show(made, AT + timedelta(hours=3))
        Case.objects.filter(pk=case.pk).update(
            stage=Stage.CLOSED, closed_at=AT + timedelta(hours=2), closed_on_time=True
        )
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 302
        found.refresh_from_db()
        assert found.resolved is True

    def test_not_after_thirty_days(self, made: Office, client: Client) -> None:
        found = reported(made, client)
        handled(made, found.case)
        let_clock_show(made, AT + timedelta(days=31))
        assert client.post(f"/follow/{found.code}/", self.ANSWERS).status_code == 409


class TestPutRight:
    def test_kind_and_community_and_nothing_else(
        self, made: Office, client: Client, django_assert_num_queries: Any
    ) -> None:
        found = reported(made, client)
        handled(made, found.case)
        page = client.get(f"/public/{made.place.pk}/fixed/").content.decode()
        assert "示例社区01" in page and "道路和公共设施" in page
        assert "井盖" not in page and found.code not in page
        counts = []
        for n in (1, 3):
            while Case.objects.filter(stage=Stage.CLOSED).count() < n:
                handled(made, reported(made, client).case)
            with django_assert_num_queries(4):
                counts.append(client.get(f"/public/{made.place.pk}/fixed/").content.decode().count("<tr>"))
        assert counts == [2, 4]


def test_a_pack_that_opens_what_is_not_verified_or_is_restricted_is_refused() -> None:
    office()
    kind = Kind.objects.get(key="issue")
    spec = {"noun": "case", "key": "x", "edition": "2021.1", "title": {"zh": "甲", "en": "A"}, "public": True}
    where = {"key": "place", "type": "place", "title": {"zh": "地点", "en": "Where"}, "column": "place"}
    for wrong in ({}, {"verified": True}, {"verified": True, "restricted": True}):
        with pytest.raises(ValidationError):
            KindSpec.model_validate({**spec, **wrong, "fields": [where]})
    assert KindSpec.model_validate({**spec, "verified": True, "fields": [where | {"required": True}]}).public
    assert not kind.public
