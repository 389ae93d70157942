"""``zijing demo``: build the demo office by replaying its year, and move its clock ahead."""

import time
from typing import Any

import click
from django.utils.translation import gettext, ngettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _
from zijing.core.errors import Conflict
from zijing.demo import replay, town
from zijing.places.models import Place


class Bar:
    """A progress bar that says what is being done; plain lines of output stay short when it is no terminal."""

    def __init__(self) -> None:
        self.bar: Any = None

    def __call__(self, done: int, total: int, what: str) -> None:
        if self.bar is None or self.bar.length != total:
            self.close()
            self.bar = click.progressbar(
                length=total, label=gettext("Replaying"), item_show_func=lambda x: str(x or "")
            )
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos, what)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)


@click.group(help=_("The demo office: a year replayed through the same actions as any office's."))
def demo() -> None:
    pass


@demo.command(help=_("Build the demo: found an office and replay its year, found a town and import its ledgers."))
def build() -> None:
    if Place.objects.offices().exists():
        raise Conflict(gettext("There are offices already. The demo needs an empty database: ./run --reset."))
    _timed(_both)


def _both(bar: Bar) -> int:
    count = replay.build(progress=bar)
    town.found(lambda name: bar(1, 1, name))
    return count


@demo.command(help=_("Live on until a day, by the same time of day as the clock shows now."))
@click.option("--to", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help=_("The day to reach."))
@office_option
def advance(to: Any, office_code: str | None) -> None:
    office = chosen_office(office_code)
    _timed(lambda bar: replay.advance(office, replay.at_day(office, to), operator(office), bar))


def _timed(run: Any) -> None:
    bar, started = Bar(), time.monotonic()
    try:
        count = run(bar)
    finally:
        bar.close()
    seconds = round(time.monotonic() - started)
    click.echo(ngettext("%(n)d action in %(s)d s.", "%(n)d actions in %(s)d s.", count) % {"n": count, "s": seconds})
