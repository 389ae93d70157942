"""``zijing pack``: check, compare and apply packs."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.common import offices
from zijing.cli.texts import _
from zijing.packs import actions, loader
from zijing.packs.changes import Change
from zijing.packs.contents import Pack
from zijing.packs.standing import Standing
from zijing.places import clock


@click.group(help=_("Packs: folders of TOML and CSV that define kinds, roles, rhythms and figures."))
def pack() -> None:
    pass


def _load(key: str) -> Pack:
    folder = Path(key)
    return loader.load(
        loader.find(folder.parent, folder.name) if folder.name != key else loader.find(settings.PACKS, key)
    )


keys = click.argument("keys", nargs=-1, required=True, metavar="KEY…")


@pack.command(help=_("Check packs; every fault is named by file, row and column."))
@keys
def check(keys: tuple[str, ...]) -> None:
    for key in keys:
        _load(key)
        click.echo(gettext("%(key)s: no faults") % {"key": key})


@pack.command(help=_("Say what applying packs would change, and what speaks against it."))
@keys
def diff(keys: tuple[str, ...]) -> None:
    for key in keys:
        changes, problems = actions.examine(_load(key), Standing.read(), offices())
        if problems:
            click.echo(gettext("%(key)s cannot be applied:") % {"key": key})
            for problem in problems:
                click.echo(f"  ! {problem}")
        else:
            _tell(key, changes)


@pack.command(help=_("Apply packs, in the order given. Applying again changes nothing."))
@keys
def apply(keys: tuple[str, ...]) -> None:
    for key in keys:
        _tell(key, _apply(_load(key)))


def _apply(loaded: Pack) -> list[Change]:
    """Each office by its own clock, so that a rhythm begins when the office is."""
    places = offices()
    if not places:
        return actions.apply(at=timezone.now(), pack=loaded, offices=[])
    return [line for o in places for line in actions.apply(at=clock.now(o), pack=loaded, offices=[o])]


def _tell(key: str, changes: list[Change]) -> None:
    click.echo(f"{key}:" if changes else gettext("%(key)s: nothing to change") % {"key": key})
    for change in changes:
        click.echo(f"  {change}")
