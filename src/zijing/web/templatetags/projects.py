"""The lines of the list of projects, written without the template engine for the same reason as those of the board."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from zijing.projects.queries import CurvePoint, Line
from zijing.web.projects.rows import Row
from zijing.web.templatetags.boards import common_of, gauge_of, lights_in_words, odds, opens
from zijing.web.templatetags.zijing import NONE, day, full_day, percent, points

register = template.Library()

ROW = """<tr id="project-{pk}">
<th scope="row" class="name"><a href="{page}">{title}</a><span class="under">{about}</span>{channel}{odds}</th>
<td class="leader" data-label="{word_leader}">{leader}</td>
<td class="gauge-cell">{gauge}
<span class="pair"><a class="opens" href="{actual_href}">{actual}</a>\
<span class="pair-of">{word_of} <a class="opens" href="{planned_href}">{planned}</a></span></span></td>
<td class="num points tone-{light}" data-label="{word_points}"><a class="opens" href="{page}#stages">{points}</a></td>
<td class="light-cell" data-label="{word_light}">{shape}</td>
<td class="last" data-label="{word_last}">{last}</td>
<td class="num" data-label="{word_blockers}"><a class="opens {strong}" href="{blockers_href}">{blockers}</a></td>
<td class="promised" data-label="{word_promised}">{promised}</td>
</tr>"""
POINT = """<tr><th scope="row">{day}</th><td class="num"><a class="opens" href="{href}">{planned}</a></td>\
<td class="num">{actual}</td></tr>"""
APART = '<span class="badge{tone}">{text}</span>'


@register.simple_tag
def project_rows(rows: Sequence[Row]) -> SafeString:
    """The list's lines as ``<tr>``; all that comes from records and texts is escaped here."""
    said = {
        "leader": gettext("Leader in charge"), "of": gettext("of planned"), "points": gettext("Points"),
        "light": gettext("Light"), "last": gettext("Last report"), "blockers": gettext("Open blockers"),
        "promised": gettext("Promised"),
    }  # fmt: skip
    words = {f"word_{name}": escape(text) for name, text in said.items()}
    lights = lights_in_words()
    return mark_safe("\n".join([_row(row, words, lights) for row in rows]))  # noqa: S308 - every part is escaped


@register.simple_tag
def curve_rows(points: Sequence[CurvePoint], planned_href: str) -> SafeString:
    """The curve of a project as ``<tr>``: the numbers that its picture draws."""
    href = escape(planned_href)
    written = [
        POINT.format(day=escape(full_day(p.day)), href=href, planned=percent(p.planned), actual=percent(p.actual))
        for p in points
    ]
    return mark_safe("".join(written))  # noqa: S308 - every part is escaped


def _row(row: Row, words: dict[str, str], lights: dict[str, str]) -> str:
    line = row.line
    common = common_of(row)
    project = line.project
    about = [project.entry.business_key, project.type_title, project.level_title]
    promised = escape(full_day(project.promised_on))
    return ROW.format(
        **words, **common,
        about=escape(" · ".join(x for x in about if x)),
        odds=odds(row),
        gauge=gauge_of(row.bar, common["planned"], common["actual"]),
        light=line.light if not line.apart else "none",
        points=points(line.points), shape=_apart(line) or lights[line.light],
        last=opens(row.last_report_href, day(line.last_report)) if line.last_report else escape(gettext("none yet")),
        strong="strong" if line.open_blockers else "zero", blockers_href=escape(row.blockers_href),
        blockers=NONE if line.open_blockers is None else line.open_blockers,
        promised=f'<b class="late">{promised}</b>' if line.late else promised,
    )  # fmt: skip


def _apart(line: Line) -> str:
    """Why a project stands apart: a missing report is said, never guessed over."""
    if line.apart == "missing":
        n = line.days_missing
        text = ngettext("%(n)s working day without a report", "%(n)s working days without a report", n) % {"n": n}
        return APART.format(tone=" badge-red", text=escape(text))
    if line.apart == "done":
        return APART.format(tone=" badge-green", text=escape(gettext("completed")))
    return APART.format(tone="", text=escape(gettext("not yet begun"))) if line.apart else ""
