"""``zijing doctor``: the machinery page at the command line, for an operator and for a watcher."""

import stat
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.common import offices
from zijing.cli.texts import _, table
from zijing.core.health import require_present_version
from zijing.outbox.machinery import Gauge, Part, report

KEYS = ("secret-key", "field-key")


@click.command(help=_("Say how the machinery is; exit code 1 when something is silent, failing or unsafe."))
@click.pass_context
def doctor(ctx: click.Context) -> None:
    require_present_version()
    found = report(offices(), timezone.now())
    keys = [_key(Path(settings.DATA) / name) for name in KEYS if (Path(settings.DATA) / name).exists()]
    columns = (
        gettext("state"), gettext("part"), gettext("office"), gettext("last success"), gettext("next due"),
        gettext("note"),
    )  # fmt: skip
    click.echo(table(columns, [_row(part) for part in found.parts]))
    gauges = [*found.gauges, *keys]
    marks = [(gettext("well") if g.well else gettext("WRONG"), g.title, g.shown) for g in gauges]
    click.echo("\n" + table((gettext("state"), gettext("measure"), gettext("value")), marks))
    for head in found.heads:
        facts = {"name": head.office, "code": head.code, "n": head.seq, "head": head.digest}
        click.echo(gettext("%(name)s (%(code)s): %(n)d entries, head %(head)s") % facts)
    if not (found.well and all(g.well for g in keys)):
        ctx.exit(1)


def _row(part: Part) -> tuple[str, ...]:
    times = [f"{timezone.localtime(t):%Y-%m-%d %H:%M}" if t else "–" for t in (part.succeeded_at, part.due_at)]
    return (str(part.state.label), part.title, part.office, *times, part.note)


def _key(path: Path) -> Gauge:
    """A key that others can read is no key."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return Gauge(path.name, f"{mode:04o}", well=not mode & 0o077)
