"""What matters of a record now, as a card or a line, written without the template engine: a page has dozens of them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from zijing.web.cases.lines import Line
from zijing.web.home.blocks import Item
from zijing.web.templatetags.boards import light

register = template.Library()
CARD = '<li class="{mark}"><a href="{href}"><strong>{title}</strong><small>{text}</small>{badge}</a></li>'
ENTRY = '<li><a href="{href}"><span class="day-line"><strong>{title}</strong>{end}</span>{below}</a></li>'
LINE = (
    '<a href="{href}"><strong>{title}</strong><span class="queue-about"><small>{kind} · {text}</small>{badge}</span>'
    "{said}</a>"
)
LONGEST = 160


@register.simple_tag
def cards(items: Iterable[Item]) -> SafeString:
    """Each case as ``<li>`` with its deadline, in the colour of how near that is."""
    return mark_safe("".join([_card(item) for item in items]))  # noqa: S308 - every part is escaped


@register.simple_tag
def entries(items: Iterable[Item]) -> SafeString:
    """Each record as ``<li>`` of a block of the day: its name, light and points, and below what matters of it."""
    return mark_safe("".join([_entry(item) for item in items]))  # noqa: S308 - every part is escaped


@register.simple_tag
def case_line(line: Line) -> SafeString:
    """The case of a line that waits, with its deadline and what is asked about it, as a link to its page."""
    item, said = line.item, escape(Truncator(line.said).chars(LONGEST)) if line.said else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        LINE.format(
            href=escape(item.href),
            title=escape(item.title),
            kind=escape(str(line.kind)),
            text=escape(item.text),
            badge=_badge(item),
            said=f'<span class="queue-said">{said}</span>' if said else "",
        )
    )


def _card(item: Item) -> str:
    return CARD.format(
        mark=f"card-{item.tone}" if item.tone else "",
        href=escape(item.href),
        title=escape(item.title),
        text=escape(item.text),
        badge=_badge(item),
    )


def _entry(item: Item) -> str:
    points = f'<b class="day-points">{escape(item.number)}</b>' if item.number else ""
    end, badge = points + light(item.light), _badge(item)
    return ENTRY.format(
        href=escape(item.href),
        title=escape(item.title),
        end=f'<span class="day-end">{end}</span>' if end else "",
        below=f'<span class="day-line"><small>{escape(item.text)}</small>{badge}</span>' if item.text or badge else "",
    )


def _badge(item: Item) -> str:
    tone = f" tone-{item.tone}" if item.tone else ""
    return f'<span class="day-badge{tone}">{escape(item.badge)}</span>' if item.badge else ""
