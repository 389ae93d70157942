"""``zijing report``: what is composed from the records of a year."""

import json
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import get_language, gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _
from zijing.core.errors import Invalid
from zijing.documents.layout.portable import pdf
from zijing.documents.layout.word import docx
from zijing.packs.yearly import YearReport, year_report
from zijing.places import clock

LAID_OUT = {"docx": docx, "pdf": pdf}


@click.group(help=_("Reports composed from the records: every number opens."))
def report() -> None:
    pass


@report.command(help=_("The year-end report of an office: JSON to the terminal, DOCX or PDF into a file."))
@office_option
@click.option("--year", type=int, required=True, help=_("The year reported on."))
@click.option("--format", "form", type=click.Choice(["json", "docx", "pdf"]), default="json", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_("The file to write."))
@click.option("--coverage", "covered", is_flag=True, help=_("Say which promises of the year it does not speak of."))
def year(office_code: str | None, year: int, form: str, out: Path | None, covered: bool) -> None:
    office = chosen_office(office_code)
    language = "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
    found = year_report(actor=operator(office), at=clock.now(office), year=year, language=language)
    if form == "json":
        text = json.dumps(found.sentences, ensure_ascii=False, indent=1)
        out.write_text(text + "\n", encoding="utf-8") if out else click.echo(text)
    else:
        path = out or Path(f"{found.title}.{form}")
        _write(path, LAID_OUT[form](found.official(settings.ADDRESS)))
        click.echo(str(path))
    if covered:
        _say_missing(found)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Invalid(gettext("%(file)s cannot be written."), file=str(path)) from error


def _say_missing(found: YearReport) -> None:
    """On stderr, so that the report itself stays what a program reads."""
    covered = found.coverage
    words = {
        "all": covered.total,
        "n": len(covered.reported),
        "stated": len(covered.stated),
        "missing": len(covered.missing),
    }
    sentence = gettext(
        "Of %(all)d promises of the year, %(n)d are reported by a number, %(stated)d by a statement; "
        "%(missing)d are missing."
    )
    click.echo(sentence % words, err=True)
    for one in covered.missing:
        click.echo(f"{one.business_key} {one.title}", err=True)
