"""``zijing init`` and ``zijing office``: found offices, list them."""

import click
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.common import code_of, offices
from zijing.cli.texts import _, table
from zijing.core.errors import Invalid
from zijing.places import clock
from zijing.places.actions import found_office
from zijing.places.models import Place


@click.command(help=_("Found an office: its 12-digit division code (ending in 000) and its name."))
@click.argument("code")
@click.argument("name")
@click.option("--county", nargs=2, metavar="CODE NAME", help=_("The county it belongs to; founded too when it is new."))
@click.option("--trial", is_flag=True, help=_("An office to try things in: its clock can be moved."))
def init(code: str, name: str, county: tuple[str, str] | None, trial: bool) -> None:
    above = _county(*county) if county else None
    office = found_office(code=code, name=name, at=timezone.now(), county=above, demo=trial)
    click.echo(gettext("Founded %(name)s (%(code)s).") % {"name": office.name, "code": code})


def _county(code: str, name: str) -> Place:
    standing = Place.objects.with_code(code).first()
    if standing is None:
        return found_office(code=code, name=name, at=timezone.now())
    if standing.name != name:
        raise Invalid(gettext("%(code)s is %(name)s."), code=code, name=standing.name)
    return standing


@click.group(help=_("The offices in this database."))
def office() -> None:
    pass


@office.command("list", help=_("List the offices with their code and the time their clock shows."))
def list_() -> None:
    rows = [
        (code_of(o), o.name, o.get_level_display(), f"{timezone.localtime(clock.now(o)):%Y-%m-%d %H:%M}")
        for o in offices()
    ]
    click.echo(table((gettext("code"), gettext("name"), gettext("level"), gettext("clock")), rows))
