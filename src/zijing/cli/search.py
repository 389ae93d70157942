"""``zijing search``: find by words, and make the index anew."""

import click
from django.utils.translation import gettext, ngettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _, table
from zijing.search import index
from zijing.search.queries import find


@click.group(help=_("Find things by their words; the index behind it."))
def search() -> None:
    pass


@search.command("find", help=_("Find names, codes, numbers, words and initials."))
@click.argument("words", nargs=-1, required=True)
@office_option
def find_(words: tuple[str, ...], office_code: str | None) -> None:
    hits = find(operator(chosen_office(office_code)), " ".join(words)).hits
    rows = [(str(h.group.label), h.title, h.code, h.kind_title) for h in hits]
    click.echo(table((gettext("where"), gettext("name"), gettext("code"), gettext("kind")), rows))


@search.command(
    help=_("Throw the index away and read everything anew. The search answers from what is there meanwhile.")
)
def rebuild() -> None:
    count = index.rebuild()
    click.echo(ngettext("%(n)d thing can be found.", "%(n)d things can be found.", count) % {"n": count})
