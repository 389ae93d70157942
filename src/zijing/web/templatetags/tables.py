"""The rows of a list, written without the template engine: a hundred of them are most of what a page costs."""

from collections.abc import Collection, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zijing.records.tables import Cell, Column, Row
from zijing.web.templatetags.zijing import icon

register = template.Library()
LONGEST = 60
WORDY = 20


@register.simple_tag
def table_rows(
    rows: Sequence[Row], columns: Sequence[Column], *, opens: bool, stages: Collection[str] = ()
) -> SafeString:
    """The rows of a table as ``<tr>``; ``opens`` adds a button to each, where no column leads to its record.

    Rows at one of these ``stages`` can be chosen for a step taken with several at once.
    All that comes from records, packs and texts is escaped here.
    """
    titles = [escape(c.title[:1].upper() + c.title[1:]) for c in columns]
    words = f'{icon("alert-triangle", "sm")} <span class="visually-hidden">{escape(gettext("overdue"))}</span>'
    written = []
    for row in rows:
        cells = zip(row.cells, columns, titles, strict=True)
        inside = "".join([_cell(cell, column.type, title, words) for cell, column, title in cells])
        if row.record.stage in stages:
            inside = inside.replace(">", f">{_chooser(row)}", 1)
        written.append(f"<tr>{inside}{_opener(row) if opens else ''}</tr>")
    return mark_safe("\n".join(written))  # noqa: S308 - every part is escaped above and below


def _cell(cell: Cell, type_: str, title: str, overdue: str) -> str:
    text = escape(cell.text if len(cell.text) <= LONGEST else f"{cell.text[: LONGEST - 1]}…")
    if cell.href:
        text = f'<a href="{escape(cell.href)}">{text}</a>'
    elif type_ == "stage":
        text = f'<span class="badge">{text}</span>' if text else ""
    elif cell.late:
        text = overdue + text
    marks = " num" * cell.numeric + " late" * cell.late + " wordy" * (len(cell.text) > WORDY)
    return f'<td class="is-{type_}{marks}" data-label="{title}">{text}</td>'


def _chooser(row: Row) -> str:
    said = escape(gettext("Choose %(title)s") % {"title": row.record})
    box = f'<input type="checkbox" name="case" value="{row.record.pk}" form="several" aria-label="{said}">'
    return f'<label class="choose">{box}</label>'


def _opener(row: Row) -> str:
    said = escape(gettext("Open %(title)s") % {"title": row.record})
    return (
        f'<td class="opener"><a class="btn btn-sm" href="{escape(row.href)}" aria-label="{said}">'
        f"{escape(gettext('Open'))}</a></td>"
    )
