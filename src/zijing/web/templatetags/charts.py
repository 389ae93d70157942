"""Charts of indicators as inline SVG: no script, printed as they are, the numbers in the table beside them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zijing.commitments.queries import Course
from zijing.web.templatetags.plans import plain

register = template.Library()

WIDE, HIGH, LEFT, BOTTOM, TOP = 640, 240, 72, 28, 12
APART = 20  # how far apart two texts of the axis stand at least: on a phone they are drawn that large
Pair = tuple[int, Decimal]


@register.simple_tag
def target_curve(course: Course, small: bool = False) -> SafeString:
    """The year of an indicator: planned dashed, actual solid with its points, expected dotted, the target a line."""
    c = course.commitment
    actual = [(p.period.month, p.actual.value) for p in course.points if p.actual]
    expected = [(p.period.month, p.expected.value) for p in course.points if p.expected]
    planned = [(period.month, value) for period, value in sorted(course.curve.items())] or _straight(course)
    values = [v for _n, v in (*actual, *expected, *planned)] + ([c.quantity] if c.quantity is not None else [])
    if not values:
        return mark_safe("")
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    high = high if high > low else low + 1
    wide, tall = (280, 110) if small else (WIDE, HIGH)
    left, bottom = (8, 8) if small else (LEFT, BOTTOM)
    scale = _Scale(wide, tall, left, bottom, low, high)
    said = gettext("%(title)s: planned and actual by month") % {"title": c.title}
    parts = [f'<svg class="curve-svg" viewBox="0 0 {wide} {tall}" role="img" aria-label="{escape(said)}">']
    parts.append(f'<path class="curve-axis" d="M{left} {scale.y(Decimal(0))}H{wide - 8}"/>')
    if not small:
        parts += _labels(scale, low, high, c.measure)
    parts += [
        scale.line(planned, "curve-plan"),
        scale.line(expected, "curve-expected"),
        scale.line(actual, "curve-real"),
    ]
    parts += [
        f'<circle class="curve-dot" cx="{scale.x(n)}" cy="{scale.y(v)}" r="{2 if small else 3.5}"/>' for n, v in actual
    ]
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 - every text is escaped


def _straight(course: Course) -> list[Pair]:
    """Without a curve: the target, in full all year for rates and upper bounds, else growing evenly."""
    c = course.commitment
    if c.quantity is None:
        return []
    if c.bound == "le" or c.measure in {"%", "％"}:
        return [(1, c.quantity), (12, c.quantity)]
    last = c.deadline.month if c.deadline else 12
    return [(1, (c.baseline or Decimal(0)) + (c.quantity - (c.baseline or Decimal(0))) / last), (last, c.quantity)]


class _Scale:
    """From months and values to the picture's coordinates."""

    def __init__(self, wide: int, tall: int, left: int, bottom: int, low: Decimal, high: Decimal) -> None:
        self.wide, self.tall, self.left, self.bottom, self.low, self.high = wide, tall, left, bottom, low, high

    def x(self, month: int) -> float:
        return round(self.left + (self.wide - self.left - 16) * (month - 1) / 11 + 4, 1)

    def y(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return round(self.tall - self.bottom - (self.tall - self.bottom - TOP) * share, 1)

    def line(self, pairs: Sequence[Pair], style: str) -> str:
        if len(pairs) < 2:
            return ""
        way = "L".join(f"{self.x(n)} {self.y(v)}" for n, v in pairs)
        return f'<path class="{style}" d="M{way}"/>'


def _labels(scale: _Scale, low: Decimal, high: Decimal, unit: str) -> Iterable[str]:
    for value in {high, Decimal(0)} | ({low} if scale.y(low) - scale.y(Decimal(0)) >= APART else set()):
        shown = plain(value.quantize(Decimal("0.01")))
        yield f'<text class="curve-text" x="4" y="{scale.y(value) + 4}">{shown}{escape(unit)}</text>'
    for month in (1, 3, 6, 9, 12):
        where = f'x="{scale.x(month)}" y="{scale.tall - 8}" text-anchor="middle"'
        yield f'<text class="curve-text" {where}>{month}</text>'


@register.simple_tag
def peer_bars(course: Course) -> SafeString:
    """The office beside the county's average and other offices: a bar each, by size."""
    own = course.latest.actual.value if course.latest and course.latest.actual else None
    rows = [(p.whose, p.value, False) for p in course.peers] + (
        [(gettext("this office"), own, True)] if own is not None else []
    )
    if not course.peers:
        return mark_safe("")
    rows.sort(key=lambda row: -row[1])
    low, high = min(Decimal(0), *(v for _w, v, _o in rows)), max(Decimal(0), *(v for _w, v, _o in rows))
    span = (high - low) or Decimal(1)
    tall = 46 * len(rows)
    said = gettext("%(title)s: this office and others") % {"title": course.commitment.title}
    parts = [f'<svg class="curve-svg" viewBox="0 0 640 {tall}" role="img" aria-label="{escape(said)}">']
    for n, (whose, value, mine) in enumerate(rows):
        zero = 4 + float(-low / span) * 540
        length = float(abs(value) / span) * 540
        start = zero if value >= 0 else zero - length
        parts.append(f'<text class="curve-text" x="4" y="{46 * n + 17}">{escape(whose[:24])}</text>')
        box = f'x="{start:.1f}" y="{46 * n + 23}" width="{max(length, 1):.1f}" height="16"'
        parts.append(f'<rect class="{"curve-own" if mine else "curve-peer"}" {box}/>')
        parts.append(f'<text class="curve-text" x="560" y="{46 * n + 37}">{plain(value)}</text>')
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 - every text is escaped
