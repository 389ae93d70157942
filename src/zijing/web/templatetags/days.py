"""Days as short as a narrow column or a screen in the hall needs them."""

from datetime import date

from django import template
from django.utils import formats
from django.utils.translation import ngettext

from zijing.web.templatetags.zijing import NONE, in_chinese

register = template.Library()


@register.filter
def month_day(value: date | None) -> str:
    """A day without year and weekday: "10月5日", "5 Oct"."""
    if value is None:
        return NONE
    return f"{value.month}月{value.day}日" if in_chinese() else formats.date_format(value, "j M")


@register.filter
def iso_day(value: date | None) -> str:
    """A day in digits, "2020-10-05"; "" for none."""
    return value.isoformat() if value else ""


@register.filter
def in_days(n: int) -> str:
    """So many days, in words."""
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
