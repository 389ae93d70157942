"""The weeks of a calendar's month, written without the template engine: forty cells with what falls on each day."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from zijing.web.calendar.views import Cell, Entry

register = template.Library()
LATE = ' class="late"'


@register.simple_tag
def week_rows(weeks: Sequence[Sequence[Cell]]) -> SafeString:
    """A row for each week, a cell for each day: what is beside the month, off work, today, and what falls there."""
    rows = (f"<tr>{''.join(map(_cell, week))}</tr>" for week in weeks)
    return mark_safe("".join(rows))  # noqa: S308 - every value is escaped


def _cell(cell: Cell) -> str:
    style = f"{'' if cell.here else 'beside'}{'' if cell.working else ' off'}{' today' if cell.today else ''}"
    found = f"<ul>{''.join(map(_entry, cell.entries))}</ul>" if cell.entries else ""
    return f'<td class="{style}"><span class="day-n">{cell.day.day}</span>\n{found}</td>'


def _entry(one: Entry) -> str:
    late = LATE if one.it.late else ""
    title = escape(one.it.title)
    return f'<li><a href="{escape(one.href)}"{late} title="{escape(one.what)}">{title}</a></li>'
