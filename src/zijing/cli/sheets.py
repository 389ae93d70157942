"""``zijing sheet fill``: a sheet wanted from above, filled from what is known."""

from pathlib import Path
from urllib.parse import parse_qsl

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.imports import FILE, write
from zijing.cli.texts import _, table
from zijing.packs.builder.asking import fill_sheet, said
from zijing.packs.builder.plan import Choices, look
from zijing.places import clock
from zijing.records.sheets.guards import admit


@click.group(help=_("Sheets wanted from above."))
def sheet() -> None:
    pass


@sheet.command("fill", help=_("Fill FILE (.xlsx) from what is known: its columns by their headings."))
@click.argument("file", type=FILE, metavar="FILE")
@click.argument("out", type=FILE, metavar="OUT.xlsx", required=False)
@office_option
@click.option("--sheet", "name", default="", metavar="NAME", help=_("The sheet to fill, when there are several."))
@click.option(
    "--header-row", "header", default=0, metavar="N", help=_("The row of the headings, when it is not found.")
)
@click.option("--about", default="", metavar="KIND", help=_("What each row is: a kind of record, or places."))
@click.option("--filter", "query", default="", metavar="QUERY", help=_("Only these records: open=yes&place=3"))
@click.option("--period", default="", metavar="PERIOD", help=_("Days of the figures: month, 2026-09, 2026-Q3"))
@click.option("--over", is_flag=True, help=_("Write over what stands in the cells already."))
def fill(
    file: Path, out: Path | None, office_code: str | None, name: str, header: int, about: str, query: str, period: str,
    over: bool,
) -> None:  # fmt: skip
    office = chosen_office(office_code)
    actor, at = operator(office), clock.now(office)
    choices = Choices(
        sheet=name, header=header, subject=about, filter=dict(parse_qsl(query)), period=period, over=over
    )  # fmt: skip
    plan = look(actor=actor, at=at, source=admit(file), choices=choices)
    made = fill_sheet(actor=actor, at=at, plan=plan)
    path = out or file.with_name(f"{file.stem}-{gettext('filled')}.xlsx")
    write(path, made.content)
    unknown = gettext("not known, left empty")
    head = (gettext("Column"), gettext("Heading"), gettext("Filled with"))
    click.echo(table(head, [(c.letter, c.heading, c.field.label if c.field else unknown) for c in plan.columns]))
    for row, text in made.strange:
        click.echo(gettext("Row %(n)s: %(text)s is not known.") % {"n": row, "text": text}, err=True)
    click.echo(said(made))
    click.echo(str(path))
