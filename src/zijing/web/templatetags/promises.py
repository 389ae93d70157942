"""Rows of indicators and of what slipped, written without the template engine: their cells are most of the pages."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from zijing.commitments.queries import Course, Slip
from zijing.web.addresses import page_at
from zijing.web.plans.causes import Cause
from zijing.web.templatetags.plans import exact, state_tone, state_word
from zijing.web.templatetags.zijing import full_day

register = template.Library()
NONE = "—"
PROMISE = "of a promise"


@register.simple_tag
def indicator_rows(courses: Sequence[Course]) -> SafeString:
    """The table of indicators: target, latest value, last year, done against due, the county, the state."""
    named = {
        "target": gettext("Target"), "latest": gettext("Latest value"), "expected": gettext("Expected"),
        "before": gettext("Same month last year"), "done": gettext("Done"), "due": pgettext(PROMISE, "Due"),
        "gap": gettext("Against the county"), "state": pgettext(PROMISE, "State"),
    }  # fmt: skip
    labels = {name: escape(text) for name, text in named.items()}
    return mark_safe("".join(_indicator(c, labels) for c in courses))  # noqa: S308 - every value is escaped


def _cell(label: str, inner: str, style: str = "num") -> str:
    said = f' class="{style}"' if style else ""
    return f'<td{said} data-label="{label}">{inner}</td>'


def _indicator(c: Course, labels: dict[str, str]) -> str:
    one, latest = c.commitment, c.latest
    page = page_at("indicator", one.pk)
    name = f'<a href="{page}">{escape(f"{one.business_key} {one.title}")}</a>'
    if n := len(c.missing):
        missing = ngettext("%(n)s month missing", "%(n)s months missing", n) % {"n": n}
        name += f' <span class="badge badge-yellow">{escape(missing)}</span>'
    growth = None if latest is None else latest.growth
    done = NONE if c.progress.done is None else f'<a class="opens" href="{page}">{exact(c.progress.done)}%</a>'
    expected = exact(latest.expected.value) if latest and latest.expected else NONE
    cells = [
        f"<tr><td>{name}</td>",
        _cell(labels["target"], f"{exact(one.quantity)} {escape(one.measure)}"),
        _cell(labels["latest"], _latest(c, page)),
        _cell(labels["expected"], expected),
        _cell(labels["before"], NONE if growth is None else f"{exact(growth)}%"),
        _cell(labels["done"], done),
        _cell(labels["due"], f"{exact(c.progress.due)}%"),
        _cell(labels["gap"], exact(c.gap)),
        _cell(labels["state"], _badge(c.state), ""),
        "</tr>",
    ]
    return "".join(cells)


def _latest(c: Course, page: str) -> str:
    if c.counted:
        return f'<a class="opens" href="{escape(c.counted.evidence)}">{escape(c.counted.shown)}</a>'
    if c.latest is None or c.latest.actual is None:
        return NONE
    month, value = c.latest.period, exact(c.latest.actual.value)
    return f'<a class="opens" href="{page}#m{month.month}">{value}</a> <span class="quiet">{month:%Y-%m}</span>'


def _badge(state: str) -> str:
    return f'<span class="badge {state_tone(state)}">{escape(state_word(state))}</span>'


@register.simple_tag
def slip_rows(rows: Sequence[tuple[Slip, Sequence[Cause]]]) -> SafeString:
    """The table of what slipped: its state, done against due, why, who answers, until when."""
    named = {
        "state": pgettext(PROMISE, "State"), "done": gettext("Done"), "due": pgettext(PROMISE, "Due"),
        "why": pgettext("it slipped", "Why"), "who": pgettext(PROMISE, "Who answers"), "deadline": gettext("Deadline"),
    }  # fmt: skip
    labels = {name: escape(text) for name, text in named.items()}
    return mark_safe("".join(_slip(s, why, labels) for s, why in rows))  # noqa: S308 - every value is escaped


def _slip(s: Slip, causes: Sequence[Cause], labels: dict[str, str]) -> str:
    row, progress = s.node.row, s.node.progress
    page = page_at("record", s.pk, "commitment")
    who = "、".join(h.name for h in s.node.holders) or row.unit or NONE
    cells = [
        f'<tr><td><a href="{page}">{escape(f"{row.code} {row.title}")}</a></td>',
        _cell(labels["state"], _badge(s.node.state), ""),
        _cell(labels["done"], _done(progress.done, f"{page}#statements")),
        _cell(labels["due"], f"{exact(progress.due)}%"),
        _cell(labels["why"], f'<ul class="why">{"".join(map(_cause, causes))}</ul>', "wordy"),
        _cell(labels["who"], escape(who), ""),
        _cell(labels["deadline"], escape(full_day(row.deadline)), "is-date"),
        "</tr>",
    ]
    return "".join(cells)


def _done(done: Decimal | None, evidence: str) -> str:
    return NONE if done is None else f'<a class="opens" href="{evidence}">{exact(done)}%</a>'


def _cause(one: Cause) -> str:
    quiet = ' class="quiet"' if one.quiet else ""
    return f'<li><a{quiet} href="{escape(one.href)}">{escape(one.text)}</a></li>'
