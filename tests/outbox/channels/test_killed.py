"""``kill -9`` of the work process while it talks to a mail server: nothing is lost, nothing goes out twice by itself."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import setup_test_environment

from tests.factories.installation import KINDS, ROOT, Installation, ready
from tests.factories.office import office
from tests.factories.outside import Letterbox, mail_server
from tests.outbox.channels.conftest import AT, proved
from tests.outbox.channels.test_sending import waiting
from zijing.outbox.channels import outlets
from zijing.outbox.channels.sending import SILENT
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Delivery, Rhythm
from zijing.people.models import Account


@dataclass
class Deadly(Letterbox):
    """A mail server in whose hands the first client dies: while it is told the recipient, or once it has the letter."""

    at: str = ""
    victim: "subprocess.Popen[str] | None" = None
    has_killed: bool = False

    def _kill(self, step: str) -> None:
        if step == self.at and self.victim and not self.has_killed:
            self.has_killed = True
            self.victim.kill()
            self.victim.wait(20)

    async def handle_RCPT(self, *said: Any) -> str:  # noqa: N802
        await asyncio.to_thread(self._kill, "RCPT")
        return await super().handle_RCPT(*said)

    async def handle_DATA(self, *said: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*said)
        await asyncio.to_thread(self._kill, "DATA")
        return answer


@dataclass
class There:
    """An office in which one letter waits, and the mail server it goes to."""

    installation: Installation
    box: Deadly

    @property
    def mail(self) -> dict[str, str]:
        return {
            "ZIJING_MAIL_HOST": "127.0.0.1", "ZIJING_MAIL_PORT": str(self.box.port), "ZIJING_MAIL_SECURITY": "none",
            "ZIJING_MAIL_FROM": "noreply@example.com", "ZIJING_ADDRESS": "https://zijing.example.com",
        }  # fmt: skip

    def do(self, what: str, *given: str) -> str:
        """Run a function of this file over there; what it said."""
        code = f"from tests.outbox.channels.test_killed import {what}\n{what}(*{given!r})"
        return self.installation.python(code, **self.mail).strip()

    @contextmanager
    def working(self) -> Iterator["subprocess.Popen[str]"]:
        command = [sys.executable, "-u", "-m", "zijing", "work"]
        with subprocess.Popen(command, env=self.installation.environ | self.mail, text=True, cwd=ROOT) as process:
            self.box.victim = process
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture(params=[(kind, step) for kind in KINDS for step in ("RCPT", "DATA")], ids="-".join)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[There]:
    """An office whose work process has died at a step of the talk with the mail server."""
    kind, step = request.param
    with ready(kind, tmp_path) as installation, mail_server(box=Deadly(at=step)) as box:
        assert isinstance(box, Deadly)
        made = There(installation, box)
        made.do("found")
        with made.working() as process:
            assert process.wait(60) == -9
        assert box.has_killed
        yield made


def test_a_letter_is_never_lost_and_never_sent_twice_by_itself(there: There) -> None:
    handed = there.box.at == "DATA"
    assert len(there.box.came) == handed
    assert there.do("say_state") == f"underway handed={handed}"
    there.do("let_ten_minutes_pass")
    with there.working():
        assert there.do("say_state", "unclear" if handed else "sent") == ("unclear killed" if handed else "sent")
        time.sleep(5)  # two rounds more
        assert len(there.box.came) == 1
        if handed:
            there.do("send_again_by_the_page")
            assert there.do("say_state", "sent") == "sent"
            first, second = there.box.came
            assert first["Message-ID"] == second["Message-ID"], "a mail server may know it again"


def found() -> None:
    """An office that lets mail out, and a letter that waits."""
    made = office()
    Rhythm.objects.all().delete()  # years of them are due: the work process shall have nothing else to do
    Account.objects.update(office=made.place)
    catch_up(made.place.pk)
    hours = {"quiet_from": clock(20), "quiet_until": clock(8), "digest_at": clock(8, 30)}
    rules = {"mail": True, "topics": ["work"], "quiet_days_off": True}
    outlets.keep_rules(actor=made.actor("system_admin"), at=AT, **rules, **hours)
    proved(made)
    waiting(made)


def the_letter() -> Delivery:
    [letter] = Delivery.objects.all()
    return letter


def say_state(awaited: str = "") -> None:
    """The state of the letter; as soon as it is the one awaited, or after half a minute."""
    letter, until = the_letter(), time.monotonic() + 30
    while awaited and letter.state != awaited and time.monotonic() < until:
        time.sleep(0.1)
        letter = the_letter()
    more = f"handed={letter.handed_at is not None}" if letter.state == "underway" else letter.fault
    print(letter.state, more)


def let_ten_minutes_pass() -> None:
    """As if the process had died that long ago."""
    letter = the_letter()
    Delivery.objects.update(claimed_at=letter.claimed_at and letter.claimed_at - SILENT)


def send_again_by_the_page() -> None:
    """The system administrator sees what is unclear and presses the button."""
    setup_test_environment()
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(holdings__post__code="P-system_admin"))
    assert "may have arrived" in client.get("/channels/?state=unclear").content.decode()
    assert client.post("/channels/", {"verb": "again", "delivery": the_letter().pk}).status_code == 302
