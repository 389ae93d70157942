"""The page kit's tags and filters: how numbers, days and moments are written, icons, addresses, form ids."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from zijing.core.errors import DomainError, Several
from zijing.core.identifiers import new_id
from zijing.core.quantity import MINUS, show_money, show_number
from zijing.core.worktime import ZONE
from zijing.outbox.messages import unread
from zijing.people.access import Actor
from zijing.web.addresses import case_step_at, page_of

register = template.Library()
NONE = "—"
MANY = 99
WEEKDAYS = "一二三四五六日"


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """A picture from the sprite; decoration only, so that a reader's software skips it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "", static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def bell(actor: Actor) -> SafeString:
    """The way to the messages, with how many the post has not read."""
    new = unread(actor)
    words = ngettext("Messages: %(n)d new", "Messages: %(n)d new", new) % {"n": new} if new else gettext("Messages")
    count = format_html('<span class="bell-count" aria-hidden="true">{}</span>', "99+" if new > MANY else new)
    return format_html(
        '<a class="top-button bell" href="{}" aria-label="{}" title="{}">{}{}</a>',
        page_of("messages"), words, words, icon("bell"), count if new else "",
    )  # fmt: skip


@register.filter
def money(fen: int | None) -> str:
    """An amount in fen, in the unit a reader thinks in."""
    return NONE if fen is None else show_money(int(fen))


@register.filter
def number(value: Decimal | float | None, decimals: int = 2) -> str:
    """A number with thousands separated and at most ``decimals`` places."""
    return NONE if value is None else show_number(value, decimals)


@register.filter
def points(value: Decimal | float | None) -> str:
    """A difference in points of percent, signed, one place: "+3.2", "−1.0", "0.0"."""
    if value is None:
        return NONE
    rounded = round(Decimal(value), 1)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):.1f}"


@register.filter
def percent(value: Decimal | float | None, decimals: int = 1) -> str:
    """A share that is already in percent, with one place: "62.5%"."""
    return NONE if value is None else f"{Decimal(value):.{decimals}f}%"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day of the running year: "10月15日 周四", "Thu 15 Oct"."""
    if value is None:
        return NONE
    on = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    return f"{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}" if in_chinese() else formats.date_format(on, "D j M")


@register.filter
def full_day(value: date | datetime | None) -> str:
    """A day of any year: "2020年10月15日", "15 Oct 2020"."""
    if value is None:
        return NONE
    on = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    return f"{on.year}年{on.month}月{on.day}日" if in_chinese() else formats.date_format(on, "j M Y")


@register.filter
def moment(value: datetime | None) -> str:
    """A minute: "2020年10月15日 周四 09:30", "Thu 15 Oct 2020 09:30"."""
    if value is None:
        return NONE
    there = value.astimezone(ZONE)
    if in_chinese():
        return f"{there.year}年{day(there)} {there:%H:%M}"
    return formats.date_format(there, "D j M Y H:i")


@register.filter
def minute(value: datetime | None) -> str:
    """A minute of the running year: "10月15日 09:30", "15 Oct 09:30"."""
    if value is None:
        return NONE
    there = value.astimezone(ZONE)
    return f"{there.month}月{there.day}日 {there:%H:%M}" if in_chinese() else formats.date_format(there, "j M H:i")


@register.simple_tag
def url_with(request: HttpRequest, **changes: Any) -> str:
    """The page's own address with some parameters changed; an empty value removes one."""
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag
def client_id() -> SafeString:
    """The hidden id that makes sending a form twice the same as sending it once."""
    return format_html('<input type="hidden" name="client_id" value="{}">', new_id())


register.simple_tag(case_step_at)


@register.filter
def sentences(error: DomainError | str | None) -> list[str]:
    """The sentences of an error, all of them if it holds several."""
    if not error:
        return []
    return [str(e) for e in error.errors] if isinstance(error, Several) else [str(error)]


@register.filter
def by_key(table: dict[Any, Any], key: Any) -> Any:
    """What a table holds under a key, or nothing."""
    return table.get(key)
