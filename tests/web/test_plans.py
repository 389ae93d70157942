"""The pages of plans and indicators: what is refused is said, what was typed stays, nothing half done is written."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.commitments.test_plans import AUGUST, indicator, say, year
from tests.commitments.test_trees import goal, put
from tests.factories.office import FOUNDED, MONDAY, Office, moment, office
from tests.web.visiting import form, signed_in
from zijing.activities.actions import record_activity
from zijing.commitments.models import Commitment, OrderTemplate
from zijing.journal.models import JournalEntry
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Message, Rhythm
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.people.actions import assign_one
from zijing.people.models import Assignment
from zijing.records.kinds import kind_of

pytestmark = pytest.mark.django_db
NOW = moment(MONDAY)


@pytest.fixture
def made() -> Office:
    return office(packs=("targets", "compounds"))


@pytest.fixture
def client(made: Office) -> Client:
    return signed_in(made, "secretary")


def told(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_record_leads_to_its_plan_only_where_that_is_within_sight(made: Office, client: Client) -> None:
    c = year(made, indicator("Z1", "P-1", begins=date(2020, 1, 1)))["Z1"]
    page = f"/records/commitment/{c.pk}/"
    link = f'href="/plans/{c.root}/"'
    assert link in told(client.get(page))
    assign_one(
        actor=made.actor("secretary"),
        at=FOUNDED,
        subject=c,
        part="lead",
        to=made.posts["community"],
        since=FOUNDED.date(),
    )
    community = signed_in(made, "community")
    assert community.get(f"/plans/{c.root}/").status_code == 404
    assert community.get(page).status_code == 200 and link not in told(community.get(page))


def change(client: Client, c: Commitment, verb: str, **values: Any) -> Any:
    return client.post(f"/plans/{c.pk}/change/", form(verb=verb, **values))


class TestChanging:
    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"deadline": "2019-12-01", "reason": "错"}, "before the day it runs from"),
            ({"quantity": "5", "reason": " "}, "Say why"),
            ({"quantity": "五十亩", "reason": "错"}, "another unit"),
        ],
    )
    def test_an_impossible_target_is_refused_and_stays_in_the_form(
        self, made: Office, client: Client, values: dict[str, str], said: str
    ) -> None:
        c = year(made, indicator("Z1", "P-1", begins=date(2020, 1, 1)))["Z1"]
        answer = change(client, c, "retarget", **values)
        page = told(answer)
        assert answer.status_code == 422 and said in page
        assert all(f'value="{v}"' in page for k, v in values.items() if k != "reason")
        assert not c.retargets.exists()

    def test_a_negative_amount_where_the_kind_wants_none(self, made: Office, client: Client) -> None:
        c = put(made, goal(made, "G", amount=Decimal(4), unit="家"))["G"]
        answer = change(client, c, "retarget", quantity="-5", reason="错")
        assert answer.status_code == 422 and 'value="-5"' in told(answer)
        assert Commitment.objects.get(pk=c.pk).quantity == 4

    def test_a_target_without_a_unit(self, made: Office, client: Client) -> None:
        answer = change(client, year(made)["P-1"], "retarget", quantity="5", reason="加压")
        assert answer.status_code == 422 and "needs a unit" in told(answer)

    def test_a_circle_is_refused_with_the_way_round(self, made: Office, client: Client) -> None:
        found = year(made)
        answer = change(client, found["P"], "move", parent="P-1")
        assert answer.status_code == 422 and "P → P-1 → P" in told(answer)

    def test_shares_that_make_no_hundred(self, made: Office, client: Client) -> None:
        posts = {"lead_post": made.posts["leader"].pk, "joint_posts": [made.posts["leader2"].pk]}
        c = year(made, indicator("Z1", "P-1", **posts))["Z1"]
        held = list(Assignment.objects.filter(subject_id=c.pk).order_by("pk"))
        answer = change(client, c, "share", **{f"share-{held[0].pk}": 70, f"share-{held[1].pk}": 20})
        assert answer.status_code == 422 and "90 percent" in told(answer)
        assert change(client, c, "share", **{f"share-{held[0].pk}": 70, f"share-{held[1].pk}": 30}).status_code == 302

    def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(self, made: Office, client: Client) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        first = change(client, c, "retarget", quantity="150", reason="一", seen=c.revision)
        second = change(client, c, "retarget", quantity="120", reason="二", seen=c.revision)
        assert (first.status_code, second.status_code) == (302, 409)
        assert 'value="120"' in told(second) and Commitment.objects.get(pk=c.pk).quantity == 150

    def test_a_value_stated_meanwhile_is_told_with_both_and_stated_again_replaces_it(
        self, made: Office, client: Client
    ) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        say(made, c, 90, date(2020, 7, 1))
        page = told(client.get(f"/plans/{c.pk}/change/"))
        assert 'name="seen" value="2020-07-01/actual=90"' in page and "<strong>90</strong>" in page
        say(made, c, 110)
        typed = {"period": "2020-08", "value": "120", "note": "报表"}
        second = change(client, c, "state", **typed, seen="2020-07-01/actual=90")
        page = told(second)
        assert second.status_code == 409 and "110 has been stated" in page and "saw nothing and entered 120" in page
        assert 'value="120"' in page and 'value="报表"' in page and c.statements.get(period=AUGUST).value == 110
        [seen] = re.findall(r'name="seen" value="([^"]*actual=[^"]*)"', page)
        assert change(client, c, "state", **typed, seen=seen).status_code == 302
        assert c.statements.get(period=AUGUST).value == 120


class TestIndicator:
    def test_of_a_month_sheet_every_value_stated_meanwhile_is_named_and_none_lands(
        self, made: Office, client: Client
    ) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
        z1, z2 = found["Z1"], found["Z2"]
        say(made, z1, 110, status="expected")
        say(made, z2, 7)
        sheet = {"period": "2020-08", "status": "expected", f"value-{z1.pk}": "120", f"note-{z1.pk}": "预计",
                 f"value-{z2.pk}": "8", f"seen-{z2.pk}": "2020-08-01/actual=7"}  # fmt: skip
        answer = client.post("/indicators/month/", form(**sheet))
        page = told(answer)
        assert answer.status_code == 409 and "110 has been stated" in page and not z2.statements.filter(value=8)
        assert 'value="120"' in page and 'value="预计"' in page and '<option value="expected" selected>' in page
        assert f'name="seen-{z1.pk}" value="2020-08-01/expected=110"' in page
        sheet[f"seen-{z1.pk}"] = "2020-08-01/expected=110"
        assert client.post("/indicators/month/", form(**sheet)).status_code == 302
        assert z1.statements.get().value == 120 and z2.statements.get(status="expected").value == 8

    def test_a_correction_of_what_another_has_corrected_is_refused_and_kept(self, made: Office, client: Client) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        said = say(made, c, 120)
        common = {"verb": "correct", "statement": said.pk, "seen": "120"}
        first = client.post(f"/indicators/{c.pk}/", form(**common, value="110", reason="口径调整"))
        second = client.post(f"/indicators/{c.pk}/", form(**common, value="115", reason="漏报"))
        assert (first.status_code, second.status_code) == (302, 409)
        assert 'value="115"' in told(second) and 'value="漏报"' in told(second) and "<details open>" in told(second)
        assert c.statements.get().value == Decimal(110)

    def test_a_value_that_is_none_keeps_the_note(self, made: Office, client: Client) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        answer = client.post(
            f"/indicators/{c.pk}/", form(verb="state", period="2020-08", value="很多", status="actual", note="待核")
        )
        assert answer.status_code == 422 and 'value="待核"' in told(answer) and not c.statements.exists()


class TestOrdersAndDecisions:
    def test_orders_from_a_template_confirmed_and_checked(self, made: Office, client: Client) -> None:
        place = f"#{made.places['示例社区01'].pk}"
        shop = {"code": "E1", "name": "一厂", "sector": "industry", "status": "above-scale", "place": place}
        record(actor=made.system, at=FOUNDED, kind=kind_of("enterprise"), values=shop)
        plan = year(made)["P-1"]
        where = f"/plans/{plan.pk}/orders/"
        wrong = client.post(
            where, form(verb="template", title="停产：{}", kind="order", register="enterprise", days="0")
        )
        assert wrong.status_code == 422 and 'value="停产：{}"' in told(wrong)
        right = form(verb="template", title="停产：{}", kind="order", register="enterprise", days="3")
        assert client.post(where, right).status_code == 302
        template = OrderTemplate.objects.get().pk
        assert client.post(where, form(verb="apply", template=template, since="2020-09-07")).status_code == 302
        order = Commitment.objects.get(parent=plan, kind__key="order")
        assert client.post(where, form(verb="confirm", order=order.pk)).status_code == 302
        refused = client.post(where, form(verb="check", order=order.pk, passed="no", note=""))
        assert refused.status_code == 422
        assert client.post(where, form(verb="check", order=order.pk, passed="yes")).status_code == 302
        order.refresh_from_db()
        assert order.stage == "closed"

    def test_a_decision_without_owner_or_date_makes_none_of_them(self, made: Office, client: Client) -> None:
        meeting = record_activity(
            actor=made.system, at=NOW, kind=kind_of("meeting"), values={"date": MONDAY, "name": "联席会"}
        )
        where, who = f"/meetings/{meeting.pk}/decisions/", f"post-{made.posts['section'].pk}"
        good = {"title-1": "划线", "holder-1": who, "deadline-1": "2020-09-30"}
        answer = client.post(where, form(**good, **{"title-2": "补牌", "holder-2": who, "deadline-2": ""}))
        assert answer.status_code == 422 and 'value="补牌"' in told(answer)
        assert not Commitment.objects.filter(kind__key="decision").exists()
        assert client.post(where, form(**good)).status_code == 302
        assert Commitment.objects.get(kind__key="decision").deadline == date(2020, 9, 30)


class TestValuesOwed:
    def test_the_clock_reminds_the_post_once_and_today_says_it(self, made: Office) -> None:
        c = year(made, indicator("Z1", "P-1", lead_post=made.posts["leader"].pk))["Z1"]
        year(made, indicator("Z2", "P-1", lead_post=made.posts["leader2"].pk))
        catch_up(made.place.pk)
        Rhythm.objects.exclude(task="commitments.values_owed").delete()
        Rhythm.objects.update(next_at=moment(date(2020, 9, 5), 9))
        for day in (5, 6, 7):
            tick(made.place, moment(date(2020, 9, day), 10))
        reminders = JournalEntry.objects.filter(verb="commitments.remind", subject_id=c.pk)
        assert [e.changes["period"][1] for e in reminders] == ["2020-08-01"]
        catch_up(made.place.pk)
        [message] = Message.objects.filter(post=made.posts["leader"], verb="commitments.remind")
        assert message.subject_id == c.pk
        page = told(signed_in(made, "leader").get("/today/"))
        assert "Values owed" in page and "Z1 指标Z1" in page and "Z2 指标Z2" not in page
        say(made, c, 120, AUGUST)
        assert "Values owed" not in told(signed_in(made, "leader").get("/today/"))
