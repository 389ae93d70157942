"""``zijing read``: a plan in prose as a ledger of candidate commitments."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _, table
from zijing.commitments.papers import changed
from zijing.commitments.reading import Candidate, read
from zijing.commitments.reading.files import text_of
from zijing.commitments.reading.second import configured, second_reading
from zijing.core.errors import Invalid


@click.command(help=_("Read the plan FILE (.txt, .docx, .pdf): what it promises, how much, until when, and who."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", required=False)
@click.option("--json", "as_json", is_flag=True, help=_("Print a JSON list, with the offsets of every finding."))
@click.option("--year", type=click.IntRange(1990, 2100), help=_("The year of days without one (default: the plan's)."))
@click.option("--kept", is_flag=True, help=_("Print what people made of what was read: one JSON line a draft."))
@office_option
def command(file: Path | None, as_json: bool, year: int | None, kept: bool, office_code: str | None) -> None:
    if kept:
        for line in changed(operator(chosen_office(office_code))):
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    if file is None:
        raise Invalid(gettext("Name the file to read."))
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(gettext("“%(path)s” cannot be read."), path=file) from error
    text = text_of(content)
    found = read(text, year=year)
    if model := configured():
        found = second_reading(text, model, found)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1))
    else:
        _show(found)


def _show(found: list[Candidate]) -> None:
    head = tuple(map(gettext, ("at", "what", "how much", "until", "again", "who", "kind", "firm", "why")))
    click.echo(table(head, [_row(one) for one in found]))


def _row(one: Candidate) -> tuple[str, ...]:
    amount = f"{one.bound} {format(one.quantity, 'f')} {one.unit}".strip() if one.quantity is not None else ""
    return (
        f"{one.start}-{one.end}", one.title, amount, str(one.deadline or ""), one.recurrence, one.owner, one.kind,
        one.strength, one.reason,
    )  # fmt: skip
