"""``zijing verify`` and ``zijing export``: check a chain in the database or in an exported copy, and hand one out."""

from pathlib import Path
from typing import TextIO

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, code_of, office_option, offices
from zijing.cli.texts import _
from zijing.cli.working import verified
from zijing.journal import chain


@click.command(help=_("Check the journal of every office, of one, or an exported FILE (which needs no database)."))
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@office_option
@click.pass_context
def verify(ctx: click.Context, file: Path | None, office_code: str | None) -> None:
    if file:
        with file.open(encoding="utf-8", errors="replace") as lines:
            verdicts = {file.name: chain.check_export(lines)}
    else:
        verdicts = {}
        for office in offices(office_code):
            verdicts[f"{office.name} ({code_of(office)})"] = verdict = chain.verify(office.pk)
            verified(office, verdict)
    for name, verdict in verdicts.items():
        _tell(name, verdict)
    if not all(v.sound for v in verdicts.values()):
        ctx.exit(1)


def _tell(name: str, verdict: chain.Verdict) -> None:
    if verdict.sound:
        facts = {"name": name, "n": verdict.checked, "head": verdict.head or "-"}
        click.echo(gettext("%(name)s: sound, %(n)d entries, head %(head)s") % facts)
    else:
        facts = {"name": name, "n": verdict.checked, "entry": verdict.broken}
        click.echo(gettext("%(name)s: BROKEN after %(n)d sound entries, at %(entry)s") % facts, err=True)


@click.group(help=_("Hand out data."))
def export() -> None:
    pass


@export.command(help=_("Write an office's journal as JSON Lines, an entry a line."))
@office_option
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-", metavar="FILE")
def journal(office_code: str | None, output: TextIO) -> None:
    count = chain.export(chosen_office(office_code).pk, output)
    click.echo(gettext("%(n)d entries") % {"n": count}, err=True)
