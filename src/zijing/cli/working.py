"""``zijing work`` and ``zijing tick``: whatever the offices' clocks make due."""

import logging
import signal
import threading
from typing import Any

import click
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.common import office_option, offices
from zijing.cli.texts import _
from zijing.core.worktime import ZONE
from zijing.outbox.rhythm import tick
from zijing.places import clock

INTERVAL = 20.0
logger = logging.getLogger(__name__)


@click.command(help=_("Keep doing what the clocks make due, until stopped."))
def work() -> None:
    ended = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_args: ended.set())
    while not ended.is_set():
        close_old_connections()
        work_once()
        ended.wait(INTERVAL)


def work_once() -> int:
    """One round over all offices; a failure in one is logged and stops neither the others nor the next round."""
    done = 0
    try:
        for office in offices():
            try:
                done += tick(office, clock.now(office))
            except Exception:
                logger.exception("tick of office %s failed; the next round tries again", office.pk)
    except Exception:
        logger.exception("this round of work failed; the next one tries again")
    return done


@click.command("tick", help=_("Do once what the clocks make due."))
@office_option
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help=_("As if it were this time in China."))
def tick_now(office_code: str | None, at: Any) -> None:
    for office in offices(office_code):
        moment = timezone.make_aware(at, ZONE) if at else clock.now(office)
        click.echo(gettext("%(office)s: %(n)d done") % {"office": office.name, "n": tick(office, moment)})
