"""``zijing document``: official documents, and whether a file is one by the standard."""

from pathlib import Path

import click
from django.utils.translation import gettext, ngettext

from zijing.cli.imports import FILE
from zijing.cli.texts import _
from zijing.core.errors import Invalid


@click.group(help=_("Official documents: is a DOCX laid out by GB/T 9704-2012?"))
def document() -> None:
    pass


@document.command(help=_("Measure FILE.docx and list where it deviates from GB/T 9704-2012; exit code 1 if it does."))
@click.argument("file", type=FILE, metavar="FILE.docx")
def check(file: Path) -> None:
    from zijing.documents import checking, packaging

    try:
        with file.open("rb") as opened:
            content = opened.read(packaging.LARGEST + 1)
    except OSError as error:
        raise Invalid(gettext("The file “%(name)s” cannot be opened."), field="file", name=file.name) from error
    found = checking.check(content)
    for one in found:
        click.echo(str(one))
    if found:
        said = ngettext("%(n)d deviation", "%(n)d deviations", len(found)) % {"n": len(found)}
        click.echo(said, err=True)
        raise click.exceptions.Exit(1)
    click.echo(gettext("Nothing deviates from GB/T 9704-2012."))
