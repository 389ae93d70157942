"""``zijing place``: move a place, merge two, give one another code."""

from datetime import datetime

import click
from django.utils.translation import gettext

from zijing.cli.common import DATE, chosen_office, code_of, office_option, operator
from zijing.cli.texts import _, table
from zijing.core.errors import Missing
from zijing.places import clock
from zijing.places.models import Place
from zijing.records import moving


@click.group(help=_("The communities and grids of an office."))
def place() -> None:
    pass


@place.command("list", help=_("List the places with their code and level, each below the one it lies in."))
@office_option
def list_(office_code: str | None) -> None:
    office = chosen_office(office_code)
    rows = [
        (code_of(p), "  " * (p.path.count("/") - office.path.count("/")) + p.name, p.get_level_display())
        for p in Place.objects.visible_to(operator(office)).standing().filter(path__startswith=office.path)
    ]
    click.echo(table((gettext("code"), gettext("name"), gettext("level")), sorted(rows)))


@place.command(help=_("Put the place CODE, with all that lies in it, under another: its open work goes along."))
@click.argument("code")
@click.option("--under", "parent", required=True, metavar="CODE", help=_("The place it lies in from now on."))
@office_option
def move(code: str, parent: str, office_code: str | None) -> None:
    office = chosen_office(office_code)
    followed = moving.move_place(
        actor=operator(office), at=clock.now(office), place=_place(office, code), parent=_place(office, parent)
    )
    _tell(followed)


@place.command(help=_("Let the place CODE end in another of its level; its code may be given anew afterwards."))
@click.argument("code")
@click.option("--into", required=True, metavar="CODE", help=_("The place that takes everything in."))
@office_option
def merge(code: str, into: str, office_code: str | None) -> None:
    office = chosen_office(office_code)
    followed = moving.merge_place(
        actor=operator(office), at=clock.now(office), place=_place(office, code), into=_place(office, into)
    )
    _tell(followed)


@place.command(help=_("Give the place CODE the code NEW."))
@click.argument("code")
@click.argument("new")
@click.option("--since", type=DATE, required=True, help=_("The first day of the new code."))
@click.option("--edition", default="", help=_("The edition of the division codes it comes from."))
@office_option
def recode(code: str, new: str, since: datetime, edition: str, office_code: str | None) -> None:
    office = chosen_office(office_code)
    moving.recode_place(
        actor=operator(office), at=clock.now(office), place=_place(office, code), code=new, since=since.date(),
        edition=edition,
    )  # fmt: skip
    click.echo(gettext("Done."))


def _place(office: Place, code: str) -> Place:
    found = Place.objects.visible_to(operator(office)).with_code(code).first()
    if found is None:
        raise Missing(gettext("There is no place with code %(code)s."), code=code)
    return found


def _tell(followed: dict[str, int]) -> None:
    click.echo(gettext("Done: %(n)d open records went along.") % {"n": sum(followed.values())})
