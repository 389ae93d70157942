"""``zijing import``: a spreadsheet into a ledger, all of it or nothing."""

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext, ngettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _, table
from zijing.core.errors import Invalid
from zijing.packs import intake
from zijing.packs.templates import template_of
from zijing.packs.workbooks import bring_in_workbook
from zijing.places import clock
from zijing.records import sheets
from zijing.records.sheets import Options, Result

LISTED = 100
FILE = click.Path(path_type=Path, dir_okay=False)


def _mapping(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[int, str] | None:
    """``--column 3=investment``, as often as wanted."""
    pairs = [text.partition("=") for text in given]
    if any(not number.isdigit() for number, _equals, _key in pairs):
        raise click.BadParameter(gettext("Write the number of the column and the key of the field: 3=investment"))
    return {int(number): key for number, _equals, key in pairs} or None


@click.command(help=_("Import the rows of FILE (.xlsx) into the ledger KIND: all of them, or none and the reasons."))
@click.argument("kind", metavar="KIND")
@click.argument("file", type=FILE, metavar="FILE")
@click.option("--dry-run", is_flag=True, help=_("Say what would happen; write nothing."))
@office_option
@click.option("--sheet", default="", metavar="NAME", help=_("The sheet to import, when there are several."))
@click.option(
    "--header-row", "header", default=0, metavar="N", help=_("The row of the headings, when it is not found.")
)
@click.option(
    "--column",
    "mapping",
    multiple=True,
    callback=_mapping,
    metavar="N=FIELD",
    help=_("Read only these columns, as these fields."),
)
@click.option("--with-hidden", "hidden", flag_value="with", default=None, help=_("Import hidden rows and columns too."))
@click.option("--without-hidden", "hidden", flag_value="without", help=_("Leave hidden rows and columns out."))
@click.option("--yes", "confirmed", is_flag=True, help=_("The remarks that need a decision are right."))
@click.option("--annotated", type=FILE, metavar="OUT.xlsx", help=_("Write the workbook with every error at its cell."))
def command(
    kind: str,
    file: Path,
    dry_run: bool,
    office_code: str | None,
    annotated: Path | None,
    hidden: str | None,
    **more: Any,
) -> None:
    office = chosen_office(office_code)
    actor = operator(office)
    import_ = sheets.preview if dry_run else sheets.bring_in
    result = import_(
        target=intake.target(kind, actor), actor=actor, at=clock.now(office), source=file,
        options=Options(hidden=hidden or "", **more), marked=annotated is not None,
    )  # fmt: skip
    if annotated:
        write(annotated, result.annotated)
    tell(result, dry_run)
    if result.errors or not (dry_run or result.landed):
        raise click.exceptions.Exit(1)


@click.command(
    help=_("Import every sheet of FILE (.xlsx) into the ledger it is named after: all, or none and the reasons.")
)
@click.argument("file", type=FILE, metavar="FILE")
@click.option("--dry-run", is_flag=True, help=_("Say what would happen; write nothing."))
@click.option("--yes", "confirmed", is_flag=True, help=_("The remarks that need a decision are right."))
@office_option
def every_sheet(file: Path, dry_run: bool, confirmed: bool, office_code: str | None) -> None:
    office = chosen_office(office_code)
    done = bring_in_workbook(
        actor=operator(office), at=clock.now(office), source=file, confirmed=confirmed, dry_run=dry_run
    )
    for sheet in done:
        click.echo(f"{sheet.name}:", err=not sheet.result.landed)
        tell(sheet.result, dry_run)
    if not all(sheet.result.landed for sheet in done):
        raise click.exceptions.Exit(1)


@click.command(help=_("Write the workbook to fill in for the ledger KIND."))
@click.argument("kind", metavar="KIND")
@click.argument("out", type=FILE, metavar="OUT.xlsx", required=False)
@office_option
def template(kind: str, out: Path | None, office_code: str | None) -> None:
    name, content = template_of(actor=operator(chosen_office(office_code)), key=kind)
    path = out or Path(name)
    write(path, content)
    click.echo(str(path))


def write(path: Path, content: bytes) -> None:
    """Write a file; ``Invalid`` where that cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Invalid(gettext("“%(path)s” cannot be written."), path=path) from error


def tell(result: Result, dry_run: bool) -> None:
    """Say what became of a sheet: its faults by their cells, else how many rows are new, changed, the same."""
    for remark in result.remarks:
        click.echo(f"{'?' if remark.ask else '-'} {remark.message}", err=True)
    if result.errors:
        head = (gettext("Cell"), gettext("Column"), gettext("What is wrong"))
        click.echo(table(head, [(e.where or "-", e.heading, e.message) for e in result.errors[:LISTED]]), err=True)
        _tell_refused(len(result.errors))
    elif dry_run or result.landed:
        click.echo(gettext("%(read)s rows: %(created)s new, %(changed)s changed, %(same)s unchanged.") % result.counts)
        if dry_run:
            click.echo(gettext("Nothing was written: this was a dry run."))
    else:
        click.echo(gettext("Nothing was imported: say --yes when the remarks marked ? are right."), err=True)


def _tell_refused(n: int) -> None:
    sentence = ngettext("Nothing was imported: %(n)s error.", "Nothing was imported: %(n)s errors.", n)
    click.echo(sentence % {"n": n}, err=True)
