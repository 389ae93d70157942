"""``zijing figures``: what an office counts, and the numbers."""

import json

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _, table
from zijing.figures import queries
from zijing.figures.models import Figure
from zijing.places import clock


@click.group(help=_("Figures: what is counted, and how much it is."))
def figures() -> None:
    pass


@figures.command("list", help=_("List the figures with the sentence that defines each."))
def list_() -> None:
    rows = [(f.key, str(f), f.unit, f.get_measures_display(), f.sentence) for f in Figure.objects.order_by("key")]
    click.echo(
        table((gettext("key"), gettext("figure"), gettext("unit"), gettext("measures"), gettext("meaning")), rows)
    )


@figures.command(help=_("The value of the figure KEY now, with the address of the records behind it."))
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help=_("As JSON."))
@office_option
def value(key: str, as_json: bool, office_code: str | None) -> None:
    office = chosen_office(office_code)
    found = queries.value(queries.find(key), operator(office), at=clock.now(office))
    if as_json:
        amount = None if found.amount is None else str(found.amount)
        facts = {"key": key, "amount": amount, "shown": found.shown, "n": found.n, "evidence": found.evidence}
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo(f"{found.figure}: {found.shown}  ({found.evidence})")
