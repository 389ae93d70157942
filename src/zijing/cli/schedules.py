"""``zijing schedule``: plan an office's projects anew and search for a better plan, from the terminal."""

import signal
import time

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _
from zijing.places import clock
from zijing.projects.actions import search_plan
from zijing.projects.scheduling.solving import Solved


@click.command(help=_("Plan the projects of an office anew and search for a better plan; Ctrl-C keeps the best."))
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help=_("How long to search at most.")
)
@office_option
def command(seconds: int, office_code: str | None) -> None:
    office, began = chosen_office(office_code), time.monotonic()
    ended: list[bool] = []
    said = -1

    def going_on(found: Solved) -> bool:
        nonlocal said
        if found.cost != said:
            said = found.cost
            words = {"s": round(time.monotonic() - began), "cost": found.cost, "gap": f"{found.gap:.1f}"}
            click.echo(gettext("%(s)d s: cost %(cost)d, gap %(gap)s%%") % words)
        return not ended

    before = signal.signal(signal.SIGINT, lambda *_given: ended.append(True))
    try:
        moved, best = search_plan(
            actor=operator(office), at=clock.now(office), office=office, seconds=seconds, going_on=going_on
        )
    finally:
        signal.signal(signal.SIGINT, before)
    if ended:
        click.echo(gettext("Ended; the best plan found is kept."))
    words = {"n": moved, "gap": f"{best.gap:.1f}"}
    click.echo(gettext("%(n)d works moved; at most %(gap)s%% better is possible.") % words)
