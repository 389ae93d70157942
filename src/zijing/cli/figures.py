"""``zijing figures``: what an office counts, the numbers, and the records behind them."""

import json
from collections.abc import Callable
from typing import Any

import click
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _, table
from zijing.core.errors import Missing
from zijing.figures import courses, known, queries
from zijing.figures.counting import Scope
from zijing.figures.models import Figure
from zijing.figures.periods import parse_period
from zijing.figures.queries import Value
from zijing.figures.registry import KIND
from zijing.places import clock
from zijing.places.models import Place

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("As JSON."))


def scoped(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a figure's scope: office, place and period."""
    command = office_option(command)
    command = click.option("--place", "place_code", metavar="CODE", help=_("Division code of a place in the office."))(
        command
    )
    return click.option(
        "--period", default="", help=_("week, month, quarter, year, 2020, 2020-Q3, 2020-09, 2020-W37, or from..until.")
    )(command)


def scope_of(office_code: str | None, place_code: str | None, period: str, default: str = "") -> Scope:
    """The scope the options name, seen by the office's operator."""
    office = chosen_office(office_code)
    place = None
    if place_code:
        place = (
            Place.objects.visible_to(operator(office))
            .filter(path__startswith=office.path)
            .with_code(place_code)
            .first()
        )
        if place is None:
            raise Missing(gettext("There is no place with code %(code)s in this office."), code=place_code)
    wanted = period or default
    named = parse_period(wanted, clock.today(office)) if wanted else None
    ends = (named.since, named.until) if named else (None, None)
    return Scope(operator(office), clock.now(office), place, *ends)


@click.group(help=_("Figures: what is counted, and how much it is."))
def figures() -> None:
    pass


@figures.command("list", help=_("List the figures with the sentence that defines each."))
@AS_JSON
def list_(as_json: bool) -> None:
    found = Figure.objects.order_by("key")
    if as_json:
        _print([_defined(f) for f in found])
        return
    rows = [(f.key, str(f), f.unit, f.get_measures_display(), f.sentence) for f in found]
    click.echo(
        table((gettext("key"), gettext("figure"), gettext("unit"), gettext("measures"), gettext("meaning")), rows)
    )


def _defined(figure: Figure) -> dict[str, Any]:
    plain = ("key", "measure", "unit", "measures", "owner", "version", "pack", "sentence")
    return {name: getattr(figure, name) for name in plain} | {"title": str(figure), "since": figure.since.isoformat()}


def _print(facts: Any) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False))


def _facts(found: Value) -> dict[str, Any]:
    amount = None if found.amount is None else str(found.amount)
    return {
        "key": found.figure.key, "amount": amount, "shown": found.shown, "n": found.n, "evidence": found.evidence,
    }  # fmt: skip


@figures.command(help=_("The value of the figure KEY, with the address of the records behind it."))
@click.argument("key")
@AS_JSON
@scoped
def value(key: str, as_json: bool, office_code: str | None, place_code: str | None, period: str) -> None:
    s = scope_of(office_code, place_code, period)
    found = queries.value(known.find(key), s.actor, at=s.at, place=s.place, since=s.since, until=s.until)
    if as_json:
        _print(_facts(found) | ({"inputs": [_facts(v) for v in found.inputs]} if found.inputs else {}))
        return
    click.echo(f"{found.figure}: {found.shown}  ({found.evidence})")
    for each in found.inputs:
        click.echo(f"  {each.figure}: {each.shown}  ({each.evidence})")


@figures.command(help=_("The course of the figure KEY over a period, step by step."))
@click.argument("key")
@click.option("--step", default="month", help=_("day, week, month, quarter or year."))
@AS_JSON
@scoped
def series(key: str, step: str, as_json: bool, office_code: str | None, place_code: str | None, period: str) -> None:
    s, figure = scope_of(office_code, place_code, period, "year"), known.find(key)
    if s.since is None or s.until is None or not courses.has_course(figure):
        raise Missing(gettext("“%(figure)s” stands for now and has no course."), figure=str(figure))
    steps = courses.series(figure, s.actor, at=s.at, since=s.since, until=s.until, place=s.place, step=step)
    if as_json:
        _print([{"since": str(x.since), "until": str(x.until)} | _facts(x.value) for x in steps])
        return
    rows = [(str(x.since), str(x.until), x.value.shown) for x in steps]
    click.echo(table((gettext("from"), gettext("until"), str(figure)), rows, right=(2,)))


@figures.command(help=_("The records the figure KEY counts: exactly those, within the office."))
@click.argument("key")
@AS_JSON
@scoped
def evidence(key: str, as_json: bool, office_code: str | None, place_code: str | None, period: str) -> None:
    s, figure = scope_of(office_code, place_code, period), known.find(key)
    rows = queries.rows_of(figure, s).order_by("pk")
    if queries.noun_of(figure) == KIND:
        found = [(k.pk, k.key, str(k)) for k in rows]
    else:
        found = [(r.pk, r.kind.key, str(r)) for r in rows.select_related("kind").iterator(chunk_size=1000)]
    if as_json:
        _print([{"id": pk, "kind": kind, "title": title} for pk, kind, title in found])
        return
    click.echo(table((gettext("id"), gettext("kind"), gettext("title")), [(str(a), b, c) for a, b, c in found]))
