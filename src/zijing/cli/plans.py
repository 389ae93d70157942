"""``zijing plans``: the plans of an office, one out as a sheet and in again; what a sheet would do, in words."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.imports import FILE, LISTED, tell, write
from zijing.cli.texts import _, table
from zijing.commitments.models import Commitment
from zijing.commitments.queries import plans as every_plan
from zijing.core.errors import Missing
from zijing.packs import intake
from zijing.packs.plans import CODE, NAME, PLAN, plan_sheet
from zijing.people.access import Actor
from zijing.places import clock
from zijing.records import sheets
from zijing.records.sheets import Options, Result


@click.group(help=_("Plans: what there is, one out as a sheet, and in again."))
def plans() -> None:
    pass


@plans.command("list", help=_("List the plans with how many items stand in each."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
@office_option
def list_(as_json: bool, office_code: str | None) -> None:
    found = every_plan(operator(chosen_office(office_code)))
    if as_json:
        facts = [
            {"id": p.pk, "number": p.code, "title": p.title, "deadline": p.deadline and p.deadline.isoformat(),
             "items": p.count, "open": p.open}
            for p in found
        ]  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    head = (gettext("number"), gettext("plan"), gettext("deadline"), gettext("items"), gettext("open"))
    rows = [(p.code, p.title, str(p.deadline or ""), str(p.count), str(p.open)) for p in found]
    click.echo(table(head, rows, right=(3, 4)))


@plans.command(help=_("Write the plan NUMBER with all below it as a workbook, to be changed and imported again."))
@click.argument("number", metavar="NUMBER")
@click.argument("out", type=FILE, metavar="OUT.xlsx", required=False)
@office_option
def export(number: str, out: Path | None, office_code: str | None) -> None:
    office = chosen_office(office_code)
    actor = operator(office)
    name, content = plan_sheet(actor=actor, at=clock.now(office), plan=_numbered(actor, number))
    path = out or Path(name.replace("/", "-"))
    write(path, content)
    click.echo(str(path))


def _numbered(actor: Actor, number: str) -> Commitment:
    """The plan, or the part of one, that carries a number."""
    rows = Commitment.objects.visible_to(actor).filter(business_key=number).select_related("kind")
    found = rows.order_by("closed_at", "pk").first()
    if found is None:
        raise Missing(gettext("There is no plan with number %(number)s. See: zijing plans list"), number=number)
    return found


@plans.command(
    "import",
    help=_("Take in the sheet FILE (.xlsx) of a plan: all of it, or nothing and the reasons. Try --dry-run first."),
)
@click.argument("file", type=FILE, metavar="FILE")
@click.option("--dry-run", is_flag=True, help=_("Say what would happen; write nothing."))
@click.option("--yes", "confirmed", is_flag=True, help=_("The remarks that need a decision are right."))
@click.option("--annotated", type=FILE, metavar="OUT.xlsx", help=_("Write the workbook with every error at its cell."))
@office_option
def import_(file: Path, dry_run: bool, confirmed: bool, annotated: Path | None, office_code: str | None) -> None:
    office = chosen_office(office_code)
    actor = operator(office)
    take = sheets.preview if dry_run else sheets.bring_in
    result = take(
        target=intake.target(PLAN, actor), actor=actor, at=clock.now(office), source=file,
        options=Options(confirmed=confirmed), marked=annotated is not None,
    )  # fmt: skip
    if annotated:
        write(annotated, result.annotated)
    if dry_run and not result.errors:
        _in_words(result)
    tell(result, dry_run)
    if result.errors or not (dry_run or result.landed):
        raise click.exceptions.Exit(1)


def _in_words(result: Result) -> None:
    """What each row would do, those that would do nothing left out."""
    changes = {change.row: change.fields for change in result.changes}
    said = []
    for row, outcome in zip(result.rows, result.outcomes, strict=False):
        item = f"{row.values.get(CODE) or ''} {row.values.get(NAME) or ''}".strip()
        if outcome == "created":
            said.append(gettext("new: %(item)s") % {"item": item})
        elif outcome == "changed":
            what = [f"{label} {before or '—'} → {after or '—'}" for label, before, after in changes.get(row.number, ())]
            said.append(gettext("changed: %(item)s: %(what)s") % {"item": item, "what": "; ".join(what)})
    for line in said[:LISTED]:
        click.echo(line)
    if len(said) > LISTED:
        click.echo(gettext("… and %(n)d more") % {"n": len(said) - LISTED})
