"""``zijing work`` and ``zijing tick``: what the offices' clocks make due, and what else goes on behind the pages."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import click
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.common import office_option, offices
from zijing.cli.texts import _
from zijing.core.health import require_present_version
from zijing.core.plans import take_samples
from zijing.core.worktime import ZONE
from zijing.journal import chain
from zijing.journal.acting import in_turn
from zijing.outbox import backup, messages, pulse
from zijing.outbox.channels import MAIL, robots, sending
from zijing.outbox.channels.composing import compose
from zijing.outbox.jobs import run_due_jobs, sweep
from zijing.outbox.machinery import CHANNELS, DAY, JOBS, MESSAGES, MINUTE, PER_OFFICE, SEARCH, TICKS, VERIFY
from zijing.outbox.models import Pulse
from zijing.outbox.rhythm import tick
from zijing.outbox.turns import turn
from zijing.places import clock
from zijing.places.models import Place
from zijing.records import files
from zijing.search import index

logger = logging.getLogger(__name__)
Go = Callable[[], bool]


@dataclass
class Chore:
    """Something the work process does every so many seconds; ``alone``: only one process does it at a time."""

    name: str
    seconds: float
    do: Callable[[Go], object]
    alone: bool = True
    due: float = field(default=0.0, init=False)

    def run(self, go: Go) -> None:
        """Do it if it is due; a failure is logged, and it is tried again when it is due next."""
        if time.monotonic() < self.due:
            return
        try:
            with turn(self.name) if self.alone else nullcontext(True) as mine:
                if mine:
                    self.do(go)
        except Exception:
            logger.exception("%s failed; it is tried again", self.name)
        self.due = time.monotonic() + self.seconds


class Beats:
    """Pulses once a minute are enough, however often a chore is done: each is a write."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, int | None], float] = {}

    def beat(self, name: str, *, office: Place | None = None, note: str = "") -> None:
        key, now = (name, office.pk if office else None), time.monotonic()
        if now - self.last.get(key, -60.0) >= 50:
            pulse.beat(name, timezone.now(), every=PER_OFFICE.get(name, MINUTE), office=office, note=note)
            self.last[key] = now

    def fail(self, name: str, error: Exception, *, office: Place | None = None) -> None:
        self.last.pop((name, office.pk if office else None), None)
        every = PER_OFFICE.get(name, MINUTE)
        pulse.fail(name, timezone.now(), every=every, office=office, note=type(error).__name__)


def lanes() -> list[list[Chore]]:
    """Everything the work process does: what must not wait, and what may take minutes, side by side."""
    beats = Beats()
    prompt = [
        Chore("ticks", 20.0, lambda go: ticks(beats, go)),
        Chore("search", 1.0, lambda go: _follow(beats, SEARCH, index.catch_up, go)),
        Chore("messages", 1.0, lambda go: _follow(beats, MESSAGES, messages.catch_up, go)),
        Chore("channels", 5.0, lambda go: _compose(beats, go)),
    ]
    # Each by itself: a mail server that hangs holds up no robot, and neither of them a tick.
    leaving = [[_leaving("mail", [MAIL])], [_leaving("robots", list(robots.CHANNELS))]]
    long = [Chore("backup", 60.0, lambda go: _backup()), Chore("verify", 600.0, _verify)]
    asked = [
        Chore("jobs", 1.0, lambda go: _jobs(beats, go), alone=False),
        Chore("sweep", 3600.0, lambda go: _sweep()),
        Chore("files", 86400.0, lambda go: files.sweep()),
        Chore("samples", 600.0, lambda go: _samples()),
    ]
    return [prompt, long, asked, *leaving]


def _leaving(name: str, channels: list[str]) -> Chore:
    return Chore(name, 2.0, lambda go: sending.send_due(channels, go), alone=False)


@click.command(help=_("Keep doing what the clocks make due, until stopped."))
def work() -> None:
    require_present_version()
    ended = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_args: ended.set())
    threads = [threading.Thread(target=keep_on, args=(lane, ended)) for lane in lanes()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def keep_on(lane: list[Chore], ended: threading.Event) -> None:
    """Round after round until asked to stop; then what is under way comes to its next safe point."""

    def go() -> bool:
        return not ended.is_set()

    while go():
        close_old_connections()
        for chore in lane:
            if go():
                chore.run(go)
        ended.wait(1.0)
    connection.close()


def ticks(beats: Beats, go: Go) -> object:
    """A tick of every office, how many tasks ran; a failure in one is logged and stops no other."""
    total = 0
    for office in offices():
        if not go():
            break
        try:
            done = tick(office, clock.now(office), go=go)
            beats.beat(TICKS, office=office, note=str(done) if done else "")
            total += done
        except Exception as error:
            logger.exception("tick of office %s failed; the next round tries again", office.pk)
            beats.fail(TICKS, error, office=office)
    return total


def _samples() -> None:
    with in_turn():
        take_samples()


def _follow(beats: Beats, name: str, catch_up: Callable[..., object], go: Go) -> None:
    """Let what follows the journals read on in each."""
    try:
        for office in offices():
            catch_up(office.pk, go=go)
        beats.beat(name)
    except Exception as error:
        logger.exception("%s did not follow; the next round tries again", name)
        beats.fail(name, error)


def _compose(beats: Beats, go: Go) -> None:
    """Make the letters that each office's outlets are due by its clock."""
    for office in offices():
        if go():
            compose(office, clock.now(office))
    beats.beat(CHANNELS)


def _jobs(beats: Beats, go: Go) -> None:
    """What people asked for, one after the other; a job that is broken off is begun again."""
    while go() and run_due_jobs():
        pass
    beats.beat(JOBS)


def _sweep() -> None:
    """Take away what is kept for a while only."""
    sweep(timezone.now())
    sending.sweep(timezone.now())
    for office in offices():
        messages.sweep(office, clock.now(office))


def _backup() -> None:
    backup.run_scheduled(timezone.now())


def _verify(go: Go) -> None:
    """Check the journal of every office that was not checked within a day."""
    at = timezone.now()
    lately = Pulse.objects.filter(name=VERIFY, succeeded_at__gt=at - DAY + timedelta(hours=1))
    checked = set(lately.values_list("office", flat=True))
    for office in offices():
        if office.pk not in checked and go():
            verified(office, chain.verify(office.pk))


def verified(office: Place, verdict: chain.Verdict) -> None:
    """Note the result of a check for the machinery page."""
    if verdict.sound:
        pulse.beat(VERIFY, timezone.now(), every=DAY, office=office, note=f"{verdict.checked} · {verdict.head[:12]}")
    else:
        pulse.fail(VERIFY, timezone.now(), every=DAY, office=office, note=verdict.broken)


@click.command("tick", help=_("Do once what the clocks make due."))
@office_option
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help=_("As if it were this time in China."))
def tick_now(office_code: str | None, at: Any) -> None:
    for office in offices(office_code):
        moment = timezone.make_aware(at, ZONE) if at else clock.now(office)
        click.echo(gettext("%(office)s: %(n)d done") % {"office": office.name, "n": tick(office, moment)})
