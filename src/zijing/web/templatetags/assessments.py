"""How a score's table and its interval are written; what comes from records is escaped here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zijing.web.addresses import page_at
from zijing.web.templatetags.zijing import NONE, number

if TYPE_CHECKING:
    from zijing.web.assessment.results import Row

register = template.Library()


@register.simple_tag
def interval(row: "Row") -> SafeString:
    """The score on a line from 0 to 100, with what the cases speak for around it."""
    it = row.it
    if it.total is None or it.low is None:
        return format_html("{}", NONE if it.total is None else "")
    said = gettext("%(low)s to %(high)s") % {"low": number(it.low), "high": number(it.high)}
    return format_html(
        '<svg class="interval" width="120" height="12" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><title>{}</title><rect x="0" y="4" width="100" height="2" fill="currentColor" opacity=".15"/>'
        '<rect x="{}" y="2" width="{}" height="6" fill="currentColor" opacity=".35"/>'
        '<rect x="{}" y="0" width="1.5" height="10" fill="currentColor"/></svg>',
        said, said, row.left, row.width, it.total,
    )  # fmt: skip


@register.simple_tag
def score_rows(rows: Sequence["Row"]) -> SafeString:
    """The members of a result as ``<tr>``."""
    labels = [
        gettext("Rank"), gettext("Score"), gettext("95 of 100: between"), gettext("Ranks not excluded"),
        gettext("Group"), gettext("Since last time"), "",
    ]  # fmt: skip
    return format_html_join("", "{}", ((_row(row, labels),) for row in rows))


def _row(row: "Row", labels: Sequence[str]) -> SafeString:
    it = row.it
    cells = (
        (labels[0], "num", it.rank or NONE), (labels[1], "num", number(it.total)), (labels[2], "", interval(row)),
        (labels[3], "", row.ranks), (labels[4], "num", it.grouping or ""), (labels[5], "num", row.moved),
        (labels[6], "", format_html('<span class="badge">{}</span>', it.status) if it.status else ""),
    )  # fmt: skip
    return format_html(
        '<tr><td><a href="{}">{}</a></td>{}</tr>', page_at("assessment-score", it.pk), it.label,
        format_html_join("", '<td data-label="{}" class="{}">{}</td>', cells),
    )  # fmt: skip
