"""The figures in the rows of a wanted sheet: of places, of units, of months. What has no number stays empty."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zijing.core.worktime import day_of
from zijing.figures.counting import Scope
from zijing.figures.members import UNIT, Measured, Member, measure
from zijing.figures.models import Figure
from zijing.figures.periods import first_of
from zijing.figures.queries import evidence_of, is_money, values
from zijing.packs.builder.plan import Plan, days_of
from zijing.packs.builder.rows import Line, Month
from zijing.packs.builder.sources import MONTH_NAME, PLACE, UNIT_NAME, UNITS, figure_of
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.records.sheets.export import MULTIPLE
from zijing.records.sheets.outcome import Column

FEN = Decimal(100)
Cells = dict[int, tuple[Any, str, str]]
"""By column: the value, the address of its evidence, and a note."""
Days = tuple[date, date]


def counted(plan: Plan, lines: Sequence[Line], actor: Actor, at: datetime) -> Iterator[tuple[Line, Cells]]:
    """The lines with their cells. Units are counted together, a query a figure; places and months row by row."""
    if plan.subject.rows == UNITS:
        by_unit = _of_units(plan, [line.unit for line in lines if line.unit], actor, at)
        for line in lines:
            yield line, by_unit[line.unit.pk] if line.unit else _of_row(plan, line, actor, at)
        return
    for line in lines:
        yield line, _of_row(plan, line, actor, at)


def _of_row(plan: Plan, line: Line, actor: Actor, at: datetime) -> Cells:
    """The figures of one row: those of the same days are counted together."""
    cells: Cells = dict(_named(plan, line))
    asked: dict[Days, list[tuple[Column, Figure]]] = {}
    for column, figure in _figures(plan):
        days = _days(plan, column, line.month, day_of(at))
        if (line.month.since if line.month else days[0]) > day_of(at):
            cells[column.index] = (None, "", _("These days have not begun."))
        else:
            asked.setdefault(days, []).append((column, figure))
    for (since, until), wanted in asked.items():
        figures = list({f.key: f for _c, f in wanted}.values())
        found = values(figures, actor, at=at, place=line.place, since=since, until=until)
        told = {v.figure.key: (v.amount, v.evidence, f"{v.shown} {v.note}".strip()) for v in found}
        cells |= {c.index: _cell(f, c, *told[f.key]) for c, f in wanted}
    return cells


def _of_units(plan: Plan, units: Sequence[Unit], actor: Actor, at: datetime) -> dict[int, Cells]:
    """The figures of units by the id of the unit."""
    cells: dict[int, Cells] = {u.pk: dict(_named(plan, Line(0, unit=u))) for u in units}
    members = [Member(UNIT, u.pk) for u in units]
    for column, figure in _figures(plan):
        since, until = days_of(plan, column, day_of(at))
        found = measure(figure, members, Scope(actor, at, None, since, until))
        for unit, one in zip(units, found, strict=True):
            cells[unit.pk][column.index] = _cell(figure, column, *_of_unit(figure, unit, one, since, until))
    return cells


def _of_unit(figure: Figure, unit: Unit, one: Measured, since: date, until: date) -> tuple[Decimal | None, str, str]:
    """A unit's number, the list of its records where there is one, and what is said without a number."""
    href = evidence_of(figure, place=None, since=since, until=until)
    return one.amount, f"{href}&unit={unit.pk}" if href.startswith("/list/") else "", _("no data")


def _figures(plan: Plan) -> Iterator[tuple[Column, Figure]]:
    for column in plan.mapped:
        figure, _span = figure_of(plan.source(column))
        if figure:
            yield column, figure


def _named(plan: Plan, line: Line) -> Iterator[tuple[int, tuple[Any, str, str]]]:
    """What a blank row is called."""
    month = line.month
    names = {
        PLACE: line.place and line.place.name, UNIT_NAME: line.unit and line.unit.name,
        MONTH_NAME: month and _("%(year)d-%(month)02d") % {"year": month.since.year, "month": month.since.month},
    }  # fmt: skip
    for column in plan.mapped:
        if name := names.get(plan.source(column)):
            yield column.index, (name, "", "")


def _days(plan: Plan, column: Column, month: Month | None, today: date) -> Days:
    """The days of a cell: the column's or the sheet's; in a row of a month that month, or from the quarter's or the
    year's beginning to its end where the heading says so.
    """
    span = figure_of(plan.source(column))[1]
    if month is None or span not in {"", "month", "quarter", "year"}:
        return days_of(plan, column, today)
    return min(month.since, first_of(month.until, span or "month")) if span else month.since, month.until


def _cell(figure: Figure, column: Column, amount: Decimal | None, href: str, without: str) -> tuple[Any, str, str]:
    """A number with the way to its evidence; without one the cell stays empty and says why."""
    if amount is None:
        return None, href, without
    if is_money(figure):
        return amount / MULTIPLE.get(column.unit, FEN), href, ""
    share = figure.measure == Figure.Measure.SHARE
    return round(amount, (figure.decimals or 1) if share else figure.decimals), href, ""
