"""The options of a choice, written without the template engine: a page has hundreds of them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from zijing.web.records.picking import Chooser, Option

register = template.Library()


@register.simple_tag
def options(chooser: Chooser) -> SafeString:
    """What a chooser offers as ``<option>``, in the groups it stands in."""
    written = [
        f'<optgroup label="{escape(group)}">{_written(offered, chooser.value)}</optgroup>'
        if group else _written(offered, chooser.value)
        for group, offered in chooser.groups
    ]  # fmt: skip
    return mark_safe("".join(written))  # noqa: S308 - every part is escaped


def _written(offered: Iterable[Option], chosen: str) -> str:
    return "".join([_option(o, chosen) for o in offered])


def _option(o: Option, chosen: str) -> str:
    told = (("letters", o.letters), ("also", o.also), ("hint", o.hint))
    marks = "".join([f' data-{name}="{escape(text)}"' for name, text in told if text])
    selected = " selected" * (o.value == chosen)
    return f'<option value="{escape(o.value)}"{selected}{marks}>{escape(o.text)}</option>'
