"""The commands of ``zijing``, imported only when called for. Imported itself after Django is set up."""

import importlib
import importlib.util
from typing import Any

import click
from django.db import DatabaseError
from django.utils import translation

from zijing.cli.texts import _
from zijing.core.errors import DomainError, Several
from zijing.core.health import sentence_for

COMMANDS = {
    "setup": "zijing.cli.running:setup",
    "migrate": "zijing.cli.running:migrate",
    "serve": "zijing.cli.serving:serve",
    "work": "zijing.cli.working:work",
    "tick": "zijing.cli.working:tick_now",
    "init": "zijing.cli.offices:init",
    "office": "zijing.cli.offices:office",
    "place": "zijing.cli.places:place",
    "pack": "zijing.cli.packs:pack",
    "import": "zijing.cli.imports:command",
    "import-all": "zijing.cli.imports:every_sheet",
    "plans": "zijing.cli.plans:plans",
    "read": "zijing.cli.reading:command",
    "schedule": "zijing.cli.schedules:command",
    "sheet": "zijing.cli.sheets:sheet",
    "document": "zijing.cli.documents:document",
    "template": "zijing.cli.imports:template",
    "demo": "zijing.cli.demo:demo",
    "token": "zijing.cli.people:token",
    "password": "zijing.cli.people:password",
    "rank": "zijing.cli.board:rank",
    "publish-ranking": "zijing.cli.board:publish_ranking",
    "figures": "zijing.cli.figures:figures",
    "assessment": "zijing.cli.assessments:assessment",
    "report": "zijing.cli.report:report",
    "verify": "zijing.cli.journals:verify",
    "export": "zijing.cli.journals:export",
    "doctor": "zijing.cli.machinery:doctor",
    "search": "zijing.cli.search:search",
    "backup": "zijing.cli.backups:backup",
    "restore": "zijing.cli.backups:restore",
    "manage": "zijing.cli.running:manage",
    "version": "zijing.cli.running:version",
}


class Commands(click.Group):
    """Commands imported only when called for; a refusal is a sentence on stderr and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return [name for name, where in COMMANDS.items() if importlib.util.find_spec(where.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _colon, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            for one in error.errors if isinstance(error, Several) else [error]:
                click.echo(str(one), err=True)
            ctx.exit(1)
        except DatabaseError as error:
            sentence = sentence_for(error)
            if not sentence:
                raise
            click.echo(sentence, err=True)
            ctx.exit(1)


def language_of(environ: str) -> str:
    """The language a ``LANG`` value asks for: English when it says so, Chinese otherwise."""
    return "en" if environ.startswith("en") else "zh-hans"


def _speak(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        translation.activate(language_of(value))


@click.group(cls=Commands, help=_("Zijing: records of an office, and numbers that open to them."))
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), is_eager=True, expose_value=False, callback=_speak,
    help=_("Language of the answers (default: that of LANG, else Chinese)."),
)  # fmt: skip
def zijing() -> None:
    pass
