"""An office that lets messages out, and the servers they go to."""

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.outside import Certificate, Chat, Letterbox, certificate, mail_server, robot_server
from zijing.outbox.channels import outlets
from zijing.outbox.channels.sending import code_of
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Outlet
from zijing.people.access import oneself
from zijing.people.models import Account

AT = moment(MONDAY, 10)
ADDRESS = "zhuanban@example.com"


@pytest.fixture
def made(db: None) -> Office:
    founded = office()
    Account.objects.update(office=founded.place)
    catch_up(founded.place.pk)
    return founded


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def outside(settings: Any, certified: Certificate) -> None:
    """What an operator sets; no server is there yet."""
    settings.MAIL = {
        "host": "127.0.0.1", "port": 9, "security": "none", "user": "", "password": "", "from": "noreply@example.com",
    }  # fmt: skip
    settings.CHANNEL_CA, settings.CHANNEL_TIMEOUT = str(certified.ca), 1
    settings.WEBHOOK_PRIVATE, settings.ADDRESS = True, "https://zijing.example.com"


@pytest.fixture
def box(outside: None, settings: Any) -> Iterator[Letterbox]:
    with mail_server() as there:
        settings.MAIL = {**settings.MAIL, "port": there.port}
        yield there


@pytest.fixture
def chat(outside: None, settings: Any, certified: Certificate) -> Iterator[Chat]:
    with robot_server(certified) as there:
        settings.WEBHOOK_HOSTS = frozenset({f"127.0.0.1:{there.port}"})
        yield there


@pytest.fixture
def letting(made: Office, outside: None) -> Callable[..., None]:
    """Say what the office lets out."""

    def let(**more: Any) -> None:
        rules = {
            "mail": True, "topics": ["work", "limits", "answers"], "quiet_from": time(20), "quiet_until": time(8),
            "quiet_days_off": True, "digest_at": time(8, 30),
        }  # fmt: skip
        outlets.keep_rules(actor=made.actor("system_admin"), at=AT, **(rules | more))

    let()
    return let


def proved(made: Office, role: str = "team", *, rhythm: str = "soon", address: str = ADDRESS) -> Outlet:
    """The account of a role has proved an address and wants everything of all its posts there."""
    account = made.account(role)
    facts = {"actor": oneself(account, channel="test"), "at": AT, "account": account}
    outlets.give_address(**facts, address=address)
    given = outlets.mail_of(account)
    assert given is not None
    given.deliveries.all().delete()
    outlets.prove_address(**facts, code=code_of(given))
    Outlet.objects.filter(pk=given.pk).update(rhythm=rhythm)
    found = outlets.mail_of(account)
    assert found is not None
    return found


def group(made: Office, chat: Chat, role: str = "team", **more: Any) -> Outlet:
    """A robot for what the unit of a role is told."""
    facts = {
        "channel": "wecom", "unit": made.posts[role].unit, "address": chat.address, "rhythm": "soon",
        "topics": ["work", "limits", "answers"],
    }  # fmt: skip
    return outlets.open_group(actor=made.actor("system_admin"), at=AT, **(facts | more))
