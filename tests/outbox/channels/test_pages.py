"""The pages of the channels: an administrator sets them up and sees how letters ended; a person chooses the own mail."""

import pytest
from django.test import Client

from tests.factories.office import Office
from tests.outbox.channels.conftest import ADDRESS, proved
from tests.web.visiting import signed_in
from zijing.outbox.channels.sending import code_of, send_due
from zijing.outbox.models import ChannelRules, Delivery, Outlet

pytestmark = pytest.mark.django_db
RULES = {
    "verb": "rules",
    "mail": "on",
    "topics": ["limits"],
    "quiet_from": "21:00",
    "quiet_until": "07:30",
    "digest_at": "09:00",
}
LOG = 9


def admin(made: Office) -> Client:
    return signed_in(made, "system_admin")


class TestAdministrator:
    def test_says_what_leaves_and_when(self, made, outside):
        assert admin(made).post("/channels/", RULES).status_code == 302
        rules = ChannelRules.objects.get()
        assert rules.mail and rules.topics == ["limits"] and not rules.quiet_days_off
        assert 'value="21:00"' in admin(made).get("/channels/").content.decode()

    @pytest.mark.parametrize("wrong", [{"digest_at": "25:99"}, {"quiet_from": ""}, {"topics": ["gossip"]}])
    def test_is_told_what_is_wrong(self, made, outside, wrong):
        page = admin(made).post("/channels/", RULES | wrong)
        assert page.status_code == 422 and 'role="alert"' in page.content.decode()
        assert not ChannelRules.objects.exists()

    def test_adds_a_robot_tries_it_and_ends_it_and_never_sees_its_address(self, made, letting, chat):
        client = admin(made)
        robot = {
            "verb": "open", "unit": made.posts["team"].unit_id, "channel": "wecom", "address": chat.address,
            "topics": ["work"], "rhythm": "hour",
        }  # fmt: skip
        assert client.post("/channels/", robot).status_code == 302
        there = Outlet.objects.get()
        assert client.post("/channels/", {"verb": "try", "group": there.pk}).status_code == 302
        send_due(["wecom"], lambda: True)
        assert len(chat.came) == 1
        page = client.get("/channels/").content.decode()
        assert "GEHEIM" not in page and "team单位" in page and "trial" in page
        assert client.post("/channels/", {"verb": "close", "group": there.pk}).status_code == 302
        assert client.post("/channels/", {"verb": "close", "group": there.pk}).status_code == 409

    def test_a_foreign_host_is_refused_in_words_and_not_shown_again(self, made, letting, chat):
        robot = {
            "verb": "open", "unit": made.posts["team"].unit_id, "channel": "wecom", "rhythm": "hour", "topics": ["work"],
            "address": "https://evil.example.com/x?key=GEHEIM",
        }  # fmt: skip
        page = admin(made).post("/channels/", robot)
        assert page.status_code == 422 and "ZIJING_WEBHOOK_HOSTS" in page.content.decode()
        assert "GEHEIM" not in page.content.decode()

    def test_sees_why_a_letter_was_lost_and_sends_it_again(self, made, letting, box):
        box.answers["RCPT"] = "550 no <zhuanban@example.com>"
        outlet = proved(made)
        lost = Delivery.objects.create(outlet=outlet, counts={"work": 1}, made_at=outlet.made_at, due_at=outlet.made_at)
        send_due(["mail"], lambda: True)
        page = admin(made).get("/channels/?state=given_up").content.decode()
        assert "refuses this recipient" in page and "(550)" in page and ADDRESS not in page
        box.answers.clear()
        assert admin(made).post("/channels/", {"verb": "again", "delivery": lost.pk}).status_code == 302
        send_due(["mail"], lambda: True)
        assert len(box.came) == 1
        assert admin(made).post("/channels/", {"verb": "again", "delivery": lost.pk}).status_code == 409
        assert (
            "no deliveries" not in page and "None yet" in admin(made).get("/channels/?state=waiting").content.decode()
        )

    def test_what_is_not_there_or_not_theirs(self, made, letting, chat):
        for body in ({"verb": "again", "delivery": "99"}, {"verb": "try", "group": "x"}, {"verb": "dance"}):
            assert admin(made).post("/channels/", body).status_code == 404
        assert signed_in(made, "secretary").post("/channels/", RULES).status_code == 403

    def test_a_long_log_costs_no_more(self, made, letting, box, django_assert_num_queries):
        outlet, client = proved(made), admin(made)
        for _n in range(2):
            Delivery.objects.create(outlet=outlet, made_at=outlet.made_at, due_at=outlet.made_at)
            client.get("/channels/")
            with django_assert_num_queries(LOG):
                client.get("/channels/")


class TestPerson:
    def test_proves_an_address_chooses_and_stops(self, made, letting, box):
        client = signed_in(made, "team")
        assert "Messages by mail" in client.get("/account/").content.decode()
        assert client.post("/account/mail/", {"verb": "give", "address": ADDRESS}).status_code == 302
        outlet, post = Outlet.objects.get(), made.posts["team"].pk
        assert client.post("/account/mail/", {"verb": "prove", "code": "nonsense"}).status_code == 422
        assert client.post("/account/mail/", {"verb": "prove", "code": code_of(outlet)}).status_code == 302
        chosen = {"verb": "choose", "rhythm": "hour", "post": [post], f"topics-{post}": ["limits"]}
        assert client.post("/account/mail/", chosen).status_code == 302
        assert Outlet.objects.get().rhythm == "hour" and Outlet.objects.get().wishes.get().topics == ["limits"]
        page = client.get("/account/").content.decode()
        assert ADDRESS not in page and 'value="limits" checked' in page
        assert client.post("/account/mail/", {"verb": "stop"}).status_code == 302
        assert client.post("/account/mail/", {"verb": "stop"}).status_code == 409

    def test_sees_nothing_of_it_where_the_office_sends_no_mail(self, made, outside):
        assert "Messages by mail" not in signed_in(made, "team").get("/account/").content.decode()
