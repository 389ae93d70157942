"""``zijing assessment``: compute a period, show what was found, try a version on a period that is over."""

import json
from typing import Any

import click
from django.utils.translation import gettext

from zijing.assessment.actions import look, propose, run
from zijing.assessment.models import Score
from zijing.assessment.queries import latest_run, scheme_of, scores_of, version_numbered, without_anyone
from zijing.assessment.trial import try_version
from zijing.cli.common import DATE, chosen_office, day_of, office_option, operator
from zijing.cli.texts import _
from zijing.core.errors import Missing
from zijing.core.worktime import DAY
from zijing.figures.periods import first_of
from zijing.places import clock

SCHEME = click.argument("key", metavar="SCHEME")
ON = click.option("--day", type=DATE, help=_("A day of the period (default: the last one that is over)."))
JSON = click.option("--json", "as_json", is_flag=True, help=_("For programs."))


@click.group(help=_("Assessments: compute a period, show its result, try a version of a scheme."))
def assessment() -> None:
    pass


@assessment.command("run", help=_("Compute a period and propose what follows; nothing is confirmed or made public."))
@SCHEME
@ON
@click.option("--again", is_flag=True, help=_("Compute a period anew that was computed."))
@click.option("--provisional", is_flag=True, help=_("Look at a period that is not over."))
@click.option("--dry-run", is_flag=True, help=_("Write nothing."))
@JSON
@office_option
def compute(
    key: str, day: Any, again: bool, provisional: bool, dry_run: bool, as_json: bool, office_code: str | None
) -> None:  # fmt: skip
    office, scheme = chosen_office(office_code), scheme_of(key)
    actor, at = operator(office), clock.now(office)
    wanted = day_of(office, day) if day or provisional else first_of(day_of(office, None), scheme.period) - DAY
    asked: dict[str, Any] = {
        "actor": actor, "at": at, "office": office, "scheme": scheme, "day": wanted, "provisional": provisional,
    }  # fmt: skip
    if dry_run:
        found = look(**asked)
        _show([_line(r.subject.label, r.standing) for r in found.results], as_json)
        return
    made = run(**asked, again=again)
    propose(actor=actor, at=at, run=made)
    _show([_line(s.label, s) for s in scores_of(made, actor)], as_json)


@assessment.command(help=_("Show the result of a period that was computed."))
@SCHEME
@ON
@JSON
@office_option
def show(key: str, day: Any, as_json: bool, office_code: str | None) -> None:
    office, scheme = chosen_office(office_code), scheme_of(key)
    wanted = day_of(office, day) if day else first_of(day_of(office, None), scheme.period) - DAY
    found = latest_run(scheme, office, first_of(wanted, scheme.period))
    if found is None:
        raise Missing(gettext("This period has not been computed: zijing assessment run"))
    _show([_line(s.label, s) for s in scores_of(found, operator(office))], as_json)
    for type_, why in without_anyone(found):
        click.echo(f"{type_.label}: {why}", err=True)


@assessment.command(help=_("Try a version on a period that is over: who gains and who loses. Nothing is written."))
@SCHEME
@click.option("--version", "number", type=int, required=True, help=_("The version's number."))
@ON
@JSON
@office_option
def trial(key: str, number: int, day: Any, as_json: bool, office_code: str | None) -> None:
    office, scheme = chosen_office(office_code), scheme_of(key)
    actor = operator(office)
    wanted = day_of(office, day) if day else first_of(day_of(office, None), scheme.period) - DAY
    version = version_numbered(actor, key, number)
    found = try_version(actor=actor, at=clock.now(office), office=office, version=version, day=wanted)
    lines = [
        {"label": m.label, "before": _text(m.before.total), "after": _text(m.after.total), "gain": _text(m.gain)}
        for m in found.members
    ]
    _show(lines, as_json)
    for f in found.follows:
        click.echo(f"{f.type.label}: {f.before} → {f.after}", err=True)


def _text(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _line(label: str, one: "Score | Any") -> dict[str, Any]:
    return {"label": label, "rank": one.rank, "total": _text(one.total), "last": one.last, "above": one.above}


def _show(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
        return
    for line in lines:
        shown = ("" if v is None else str(v) for v in line.values() if not isinstance(v, bool))
        click.echo("\t".join([*shown, *(k for k, v in line.items() if v is True)]))
