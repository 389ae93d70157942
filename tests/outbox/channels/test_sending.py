"""Sending: real servers that are down, slow, refuse or break off; nothing is lost, nothing goes out twice by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.office import Office
from tests.factories.outside import PASSWORD, USER, Certificate, Chat, Letterbox, certificate, mail_server
from tests.outbox.channels.conftest import ADDRESS, AT, group, proved
from tests.outbox.channels.test_digest import dispatched
from zijing.core.errors import Conflict, Invalid, Missing
from zijing.journal.models import JournalEntry
from zijing.outbox.channels import outlets, sending
from zijing.outbox.channels.composing import compose
from zijing.outbox.channels.sending import PAUSES, SILENT, measure, send_due
from zijing.outbox.models import Delivery, Message, Outlet, Pulse

Let = Callable[..., None]
ALL = ["mail", "wecom", "dingtalk"]


def go() -> bool:
    return True


def waiting(made: Office) -> Delivery:
    """A letter that waits."""
    dispatched(made)
    assert compose(made.place, AT + timedelta(minutes=10)) == 1
    return Delivery.objects.latest("pk")


def tried(delivery: Delivery, *, again: bool = False) -> Delivery:
    """The delivery after one more try."""
    if again:
        Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    send_due(ALL, go)
    delivery.refresh_from_db()
    return delivery


def test_a_mail_arrives_once(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    assert tried(waiting(made)).state == "sent"
    send_due(ALL, go)
    [came] = box.came
    assert came["To"] == ADDRESS and "Zijing" in came["From"] and came["Auto-Submitted"] == "auto-generated"
    assert "新任务：1" in came.get_content() and "停水" not in came.get_content()


def test_a_post_arrives_in_the_group(made: Office, letting: Let, chat: Chat) -> None:
    group(made, chat)
    assert tried(waiting(made)).state == "sent"
    [(path, said)] = chat.came
    assert path.endswith("key=GEHEIM") and said["msgtype"] == "text" and "新任务：1" in said["text"]["content"]
    assert "team单位" in said["text"]["content"]


def test_dingtalk_is_signed_with_time_and_secret(made: Office, letting: Let, chat: Chat) -> None:
    group(made, chat, channel="dingtalk", secret="SEC1")
    assert tried(waiting(made)).state == "sent"
    assert "&timestamp=" in chat.came[0][0] and "&sign=" in chat.came[0][0] and "SEC1" not in chat.came[0][0]


def test_a_server_that_is_down_is_tried_with_growing_pauses_and_then_given_up(
    made: Office, letting: Let, outside: None
) -> None:
    proved(made)
    delivery = waiting(made)
    for n, pause in enumerate(PAUSES, 1):
        before = timezone.now()
        assert tried(delivery, again=True).state == "waiting" and delivery.fault == "unreachable"
        assert delivery.attempts == n and pause <= delivery.due_at - before < pause + timedelta(seconds=5)
    assert tried(delivery, again=True).state == "given_up"
    assert not measure([made.place.pk]).well
    assert Message.objects.filter(read_at=None).exists(), "in the house it is told all the same"


def test_what_is_down_is_tried_once_a_round_and_holds_up_no_other_channel(
    made: Office, letting: Let, chat: Chat
) -> None:
    proved(made)
    proved(made, "team2", address="b@example.com")
    group(made, chat)
    group(made, chat, "team2")
    dispatched(made)
    Outlet.objects.filter(account=made.account("team2")).update(told=0)
    for outlet in Outlet.objects.all():
        Delivery.objects.create(outlet=outlet, counts={"work": 1}, made_at=AT, due_at=AT)
    assert send_due(ALL, go) == 2 and len(chat.came) == 2
    assert sorted(Delivery.objects.filter(outlet__channel="mail").values_list("attempts", flat=True)) == [0, 1]
    assert Pulse.objects.get(name="mail").note.startswith("unreachable")
    assert Pulse.objects.get(name="wecom").succeeded_at is not None


def test_a_slow_server_is_not_waited_for_for_ever_and_not_asked_again(
    made: Office, letting: Let, box: Letterbox, settings: Any
) -> None:
    settings.CHANNEL_TIMEOUT = 0.3
    box.slow = 1.0
    proved(made)
    delivery = tried(waiting(made))
    assert (delivery.state, delivery.fault) == ("unclear", "cut_off"), "it may take the letter after all"
    tried(delivery, again=True)
    assert box.tried == 1


@pytest.mark.parametrize(
    ("step", "answer", "state", "fault"),
    [
        ("RCPT", "550 5.1.1 <zhuanban@example.com>: user unknown", "given_up", "recipient"),
        ("RCPT", "450 4.2.1 greylisted", "waiting", "deferred"),
        ("DATA", "554 5.7.1 looks like spam", "given_up", "refused"),
        ("DATA", "451 4.3.0 come back", "waiting", "deferred"),
    ],
)
def test_a_mail_server_that_refuses(
    made: Office, letting: Let, box: Letterbox, step: str, answer: str, state: str, fault: str
) -> None:
    box.answers[step] = answer
    proved(made)
    delivery = tried(waiting(made))
    assert (delivery.state, delivery.fault, delivery.detail) == (state, fault, answer[:3])
    assert "example.com" not in f"{delivery.fault}{delivery.detail}", "the server's words name the person"


def test_one_refused_recipient_holds_up_no_other(made: Office, letting: Let, box: Letterbox) -> None:
    box.answers["b@example.com"] = "550 no"
    for outlet in (proved(made, "team2", address="b@example.com"), proved(made)):
        Delivery.objects.create(outlet=outlet, counts={"work": 1}, made_at=AT, due_at=AT)
    send_due(ALL, go)
    assert [m["To"] for m in box.came] == [ADDRESS]


@pytest.mark.parametrize(
    ("status", "body", "state", "fault"),
    [
        (500, b"oops", "waiting", "server"),
        (429, b"", "waiting", "rate"),
        (200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', "waiting", "rate"),
        (200, b'{"errcode":-1}', "waiting", "server"),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "given_up", "refused"),
        (404, b"", "given_up", "refused"),
        (302, b"", "given_up", "redirected"),
        (200, b"<html>" + b"x" * 200_000, "unclear", "answer"),
        (200, b"[]", "unclear", "answer"),
    ],
)
def test_a_robot_that_answers_badly(
    made: Office, letting: Let, chat: Chat, status: int, body: bytes, state: str, fault: str
) -> None:
    chat.status, chat.body, chat.headers = status, body, {"Location": "https://127.0.0.1:1/"}
    group(made, chat)
    delivery = tried(waiting(made))
    assert (delivery.state, delivery.fault) == (state, fault)
    assert len(chat.came) == 1


def test_who_is_too_fast_waits_as_long_as_is_asked(made: Office, letting: Let, chat: Chat) -> None:
    chat.status, chat.headers = 429, {"Retry-After": "600"}
    group(made, chat)
    delivery = tried(waiting(made))
    assert delivery.due_at - timezone.now() > timedelta(minutes=9)


def test_a_certificate_that_nobody_vouches_for(made: Office, letting: Let, chat: Chat, settings: Any) -> None:
    settings.CHANNEL_CA = None
    group(made, chat)
    delivery = tried(waiting(made))
    assert (delivery.state, delivery.fault) == ("waiting", "certificate") and chat.came == []


def test_mail_is_encrypted_and_signed_in(
    made: Office, letting: Let, settings: Any, certified: Certificate, tmp_path: Any
) -> None:
    def over(port: int, **more: Any) -> None:
        settings.MAIL = {
            **settings.MAIL,
            "port": port,
            "security": "starttls",
            "user": USER,
            "password": PASSWORD,
            **more,
        }

    proved(made)
    delivery = waiting(made)
    with mail_server(secured=certificate(tmp_path, "foreign"), sign_in=True) as box:
        over(box.port)
        assert tried(delivery, again=True).fault == "certificate"
    with mail_server() as box:
        over(box.port)
        assert tried(delivery, again=True).fault == "no_tls"
    with mail_server(secured=certified, sign_in=True) as box:
        over(box.port, password="falsch")
        assert (tried(delivery, again=True).fault, delivery.detail) == ("sign_in", "535")
        over(box.port)
        assert tried(delivery, again=True).state == "sent" and len(box.came) == 1


class TestWhereRobotsMayBeCalled:
    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:{port}/x", "https://user@127.0.0.1:{port}/x", "https://127.0.0.1:22/x", "https://localhost/x",
            "https://127.0.0.1:99999/x", "https://[::1/x", "ftp://x", "", "https://127.0.0.1:{port}@evil.example.com/x",
        ],
    )  # fmt: skip
    def test_only_https_and_only_hosts_the_operator_allowed(
        self, made: Office, letting: Let, chat: Chat, address: str
    ) -> None:
        with pytest.raises(Invalid):
            group(made, chat, address=address.format(port=chat.port))
        assert not Outlet.objects.exists()

    def test_a_host_no_longer_allowed_is_not_called(
        self, made: Office, letting: Let, chat: Chat, settings: Any
    ) -> None:
        group(made, chat)
        settings.WEBHOOK_HOSTS = frozenset()
        assert tried(waiting(made)).fault == "not_allowed" and chat.came == []

    def test_an_address_inside_the_house_is_not_called(
        self, made: Office, letting: Let, chat: Chat, settings: Any
    ) -> None:
        group(made, chat)
        settings.WEBHOOK_PRIVATE = False
        delivery = tried(waiting(made))
        assert (delivery.state, delivery.fault) == ("given_up", "private") and chat.came == []


def test_a_process_that_dies_before_handing_over_repeats_and_after_it_does_not(
    made: Office, letting: Let, box: Letterbox
) -> None:
    proved(made)
    delivery, long_ago = waiting(made), timezone.now() - SILENT - timedelta(seconds=1)
    claimed = {"state": "underway", "claimed_at": long_ago, "attempts": 1}
    Delivery.objects.filter(pk=delivery.pk).update(**claimed)
    assert tried(delivery).state == "sent" and len(box.came) == 1
    Delivery.objects.filter(pk=delivery.pk).update(**claimed, handed_at=long_ago, ended_at=None)
    assert (tried(delivery).state, delivery.fault, len(box.came)) == ("unclear", "killed", 1)


def test_a_claim_taken_over_sends_nothing(
    made: Office, letting: Let, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    group(made, chat)
    delivery = waiting(made)
    mine = sending._claim("wecom")
    assert mine is not None
    Delivery.objects.filter(pk=delivery.pk).update(claimed_at=timezone.now())
    assert sending._attempt(mine) is not None and chat.came == []


def test_what_was_lost_is_sent_again_by_a_person_and_only_that(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    box.answers["RCPT"] = "550 no"
    delivery, admin = tried(waiting(made)), made.actor("system_admin")
    box.answers.clear()
    outlets.send_again(actor=admin, at=AT, delivery=delivery)
    assert tried(delivery).state == "sent" and len(box.came) == 1
    with pytest.raises(Conflict):
        outlets.send_again(actor=admin, at=AT, delivery=delivery)


def test_a_closed_group_gets_nothing_more_and_its_address_is_gone(made: Office, letting: Let, chat: Chat) -> None:
    there = group(made, chat)
    delivery = waiting(made)
    outlets.close_group(actor=made.actor("system_admin"), at=AT, outlet=there)
    assert tried(delivery).fault == "closed" and chat.came == []
    there.refresh_from_db()
    assert there.address == there.secret == ""


def test_no_secret_is_kept_in_the_clear_or_journalled(made: Office, letting: Let, chat: Chat) -> None:
    group(made, chat, channel="dingtalk", secret="SEC-GEHEIM")
    proved(made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address || secret FROM outbox_outlet")
        kept = "".join(row[0] for row in cursor.fetchall())
    said = "".join(str(e.changes) for e in JournalEntry.objects.all())
    for secret in ("GEHEIM", ADDRESS, "127.0.0.1"):
        assert secret not in kept and secret not in said


def test_another_office_has_no_say(made: Office, letting: Let, chat: Chat) -> None:
    from tests.factories.office import office

    there, other = group(made, chat), office("410181006000", "别的街道")
    with pytest.raises(Missing):
        outlets.try_out(actor=other.actor("system_admin"), at=AT, outlet=there)
    with pytest.raises(Missing):
        outlets.open_group(
            actor=made.actor("system_admin"), at=AT, channel="wecom", unit=other.posts["team"].unit,
            address=chat.address, topics=["work"], rhythm="soon",
        )  # fmt: skip
