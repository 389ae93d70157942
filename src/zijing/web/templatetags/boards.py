"""The lines of the board, written without the template engine: dozens of them are most of what the page costs."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from zijing.web.addresses import project_at
from zijing.web.projects.rows import Bar, Row
from zijing.web.templatetags.zijing import NONE, day, percent, points

register = template.Library()

RANKED = """<tr id="project-{pk}">
<td class="rank">{rank}</td>
<td class="moved-cell" data-label="{word_movement}">{movement}</td>
<th scope="row" class="name"><a href="{page}">{title}</a><span class="under">{type}{late}</span>{channel}{odds}</th>
<td class="leader" data-label="{word_leader}">{leader}</td>
<td class="gauge-cell">{gauge}
<span class="pair"><a class="opens" href="{actual_href}" title="{word_done}">{actual}</a>\
<span class="pair-of">{word_of} \
<a class="opens" href="{planned_href}" title="{word_planned}">{planned}</a></span></span></td>
<td class="num points tone-{light}" data-label="{word_points}">\
<a class="opens" href="{page}#stages" title="{word_difference}">{points}</a></td>
<td class="light-cell" data-label="{word_light}">{shape}</td>
<td class="num" data-label="{word_blockers}"><a class="opens {strong}" href="{blockers_href}">{blockers}</a></td>
<td class="num" data-label="{word_days}">{since}</td>
</tr>"""
MISSING = """<tr id="project-{pk}"><th scope="row" class="name"><a href="{page}">{title}</a>{channel}{odds}</th>\
<td data-label="{word_leader}">{leader}</td>\
<td class="num" data-label="{word_missing}"><a class="opens strong" href="{actual_href}">{missing}</a></td>\
<td data-label="{word_last}">{last}</td>\
<td class="num" data-label="{word_done}"><a class="opens" href="{actual_href}">{actual}</a></td>\
<td class="num" data-label="{word_planned}"><a class="opens" href="{planned_href}">{planned}</a></td></tr>"""
GAUGE = """<svg class="gauge" height="16" role="img" aria-label="{said}">\
<rect class="gauge-track" y="3" width="100%" height="10" rx="2"/>\
<rect class="gauge-done" y="3" width="{bar.done}" height="10" rx="2"/>\
<rect class="gauge-gap {bar.tone}" x="{bar.gap_from}" y="3" width="{bar.gap}" height="10"/>\
<rect class="gauge-plan" x="{bar.planned}" width="2" height="16" transform="translate(-1 0)"/></svg>"""
LIGHT = '<span class="light light-{0}"><svg viewBox="0 0 14 14" aria-hidden="true">{1}</svg>{2}</span>'
SHAPES = {
    "green": '<circle cx="7" cy="7" r="6" fill="currentColor"/>',
    "yellow": '<path d="M7 1 13.5 13H.5z" fill="currentColor"/>',
    "red": '<rect x="1.5" y="1.5" width="11" height="11" fill="currentColor"/>',
}
CHANNEL = '<span class="badge badge-accent">{}</span>'
UP, DOWN = "M5 1 9.5 9h-9z", "M5 9 .5 1h9z"


@register.simple_tag
def light(name: str) -> SafeString:
    """A light, said by colour, shape and word; nothing where there is none."""
    return mark_safe(lights_in_words()[name] if name else "")  # noqa: S308 - written here


@register.simple_tag
def gauge(bar: Bar, planned: Decimal, actual: Decimal) -> SafeString:
    """A bar of what is done against what is planned; the shares in percent for readers who hear the page."""
    said = gettext("done %(actual)s, planned %(planned)s")
    return mark_safe(_gauge(bar, said, percent(planned), percent(actual)))  # noqa: S308 - every part is escaped


@register.simple_tag
def movement(row: Row) -> SafeString:
    """How many ranks were won or lost since the week before, with the way to that week's board."""
    return mark_safe(_movement(row))  # noqa: S308 - every part is escaped


@register.simple_tag
def board_rows(rows: Sequence[Row]) -> SafeString:
    """The ranked lines as ``<tr>``; all that comes from records and texts is escaped here."""
    words = _escaped(
        movement=gettext("Movement"),
        leader=gettext("Leader in charge"),
        done=gettext("done: the daily reports"),
        of=gettext("of planned"),
        planned=gettext("planned: the stages with their dates and weights"),
        points=gettext("Points"),
        difference=gettext("done minus planned, stage by stage"),
        light=gettext("Light"),
        blockers=gettext("Open blockers"),
        days=gettext("Days since report"),
    )
    said, lights = gettext("done %(actual)s, planned %(planned)s"), lights_in_words()
    return mark_safe("\n".join([_ranked(row, words, said, lights) for row in rows]))  # noqa: S308 - every part is escaped


@register.simple_tag
def missing_rows(rows: Sequence[Row]) -> SafeString:
    """The lines that are not ranked for want of reports as ``<tr>``."""
    words = _escaped(
        leader=gettext("Leader in charge"),
        missing=gettext("Working days missing"),
        last=gettext("Last report"),
        done=gettext("Done"),
        planned=gettext("Planned"),
    )
    none = escape(gettext("none yet"))
    written = []
    for row in rows:
        last = opens(row.last_report_href, day(row.line.last_report)) if row.line.last_report else none
        said = {"missing": row.line.days_missing, "last": last, "odds": odds(row)}
        written.append(MISSING.format(**words, **common_of(row), **said))
    return mark_safe("\n".join(written))  # noqa: S308 - every part is escaped


def _escaped(**words: str) -> dict[str, str]:
    return {f"word_{name}": escape(text) for name, text in words.items()}


def lights_in_words() -> dict[str, str]:
    """Each light with its colour, shape and word."""
    words = {"green": gettext("on track"), "yellow": gettext("slipping"), "red": gettext("behind")}
    return {name: LIGHT.format(name, SHAPES[name], escape(word)) for name, word in words.items()}


def _gauge(bar: Bar, said: str, planned: str, actual: str) -> str:
    return GAUGE.format(bar=bar, said=escape(said % {"actual": actual, "planned": planned}))


def gauge_of(bar: Bar, planned: str, actual: str) -> str:
    """The bar of what is done against what is planned."""
    return _gauge(bar, gettext("done %(actual)s, planned %(planned)s"), planned, actual)


def common_of(row: Row) -> dict[str, str]:
    """What every table of projects says of a line."""
    line = row.line
    leader = line.project.leader
    return {
        "pk": str(line.project.pk),
        "page": project_at(line.project.pk),
        "title": escape(str(line.project)),
        "leader": escape(leader.title if leader and leader.title else NONE),
        "actual_href": escape(row.actual_href),
        "actual": percent(line.actual),
        "planned_href": escape(row.planned_href),
        "planned": percent(line.planned),
        "channel": CHANNEL.format(escape(gettext("Green channel"))) if line.green_channel else "",
    }


def _ranked(row: Row, words: dict[str, str], said: str, lights: dict[str, str]) -> str:
    line, common = row.line, common_of(row)
    last = line.last_report
    return RANKED.format(
        **words,
        **common,
        rank=_rank(line.rank, common["page"]),
        movement=_movement(row),
        type=escape(line.project.type_title),
        late=f' · <b class="late">{escape(gettext("promised date passed"))}</b>' if line.late else "",
        odds=odds(row),
        gauge=_gauge(row.bar, said, common["planned"], common["actual"]),
        light=line.light,
        points=points(line.points),
        shape=lights[line.light],
        strong="strong" if line.open_blockers else "zero",
        blockers_href=escape(row.blockers_href),
        blockers=NONE if line.open_blockers is None else line.open_blockers,
        since=opens(row.last_report_href, str(line.days_since_report), title=day(last)) if last else NONE,
    )


def opens(href: str, text: str, title: str = "") -> str:
    """A number that leads to its records."""
    said = f' title="{escape(title)}"' if title else ""
    return f'<a class="opens" href="{escape(href)}"{said}>{escape(text)}</a>'


ODDS = '<details class="odds"><summary class="tone-{0}">{1}</summary><p>{2}</p></details>'


@register.simple_tag
def odds(row: Row) -> SafeString:
    """How sure the promised date is, in a word and percent, with its reason to open; nothing where it is not known."""
    if row.odds is None:
        return SafeString("")
    said = gettext("on time: %(word)s %(percent)d%%") % {"word": row.odds.word, "percent": row.odds.percent}
    return mark_safe(ODDS.format(row.odds.tone, escape(said), escape(row.odds.reason)))  # noqa: S308 - escaped


def _rank(rank: int | None, page: str) -> str:
    if not rank:
        return f'<span class="quiet">{NONE}</span>'
    said = escape(gettext("where the rank comes from"))
    return f'<a class="plain" href="{page}#stages" title="{said}">{rank}</a>'


def _movement(row: Row) -> str:
    moved = row.line.movement
    if moved is None:
        text = pgettext("in the ranking", "new") if row.line.rank else NONE
        return f'<span class="moved" title="{escape(gettext("not ranked the week before"))}">{escape(text)}</span>'
    href = escape(row.before_href)
    if not moved:
        return f'<a class="moved" href="{href}" title="{escape(gettext("same rank the week before"))}">=</a>'
    said = escape(gettext("rank %(rank)s the week before") % {"rank": row.line.previous_rank})
    way, shape, word = ("up", UP, gettext("up")) if moved > 0 else ("down", DOWN, gettext("down"))
    return (
        f'<a class="moved {way}" href="{href}" title="{said}"><svg viewBox="0 0 10 10" aria-hidden="true">'
        f'<path d="{shape}"/></svg><span class="visually-hidden">{escape(word)} </span>{row.won}</a>'
    )
