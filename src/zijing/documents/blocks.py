"""Forms that are more than a number in a sentence: the place with most, tables by place, charts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _, gettext_lazy

from zijing.documents.answers import NOTHING, Answer, Asked, Form, Setting, has_data, joined, register_form, written
from zijing.documents.source import Chart, Line, Run, Table
from zijing.figures.courses import Rollup, Step, has_course, rollup, series
from zijing.figures.models import Figure
from zijing.figures.queries import Value, is_money

FEN = Decimal(1_000_000)
STEPS = ((15, "day"), (100, "week"), (1100, "month"))


def _below(asked: Asked, setting: Setting, figure: Figure) -> Rollup | None:
    s = setting.scope(asked.place, asked.spans[0])
    return rollup(figure, s.actor, at=s.at, place=s.place, since=s.since, until=s.until)


def _most(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The place right below with the highest value; several when they are equal."""
    below = _below(asked, setting, asked.figure)
    known = [line for line in below.lines if has_data(line.value)] if below else []
    if not known:
        return Answer(value=found[0])
    top = max(line.value.amount or Decimal(0) for line in known)
    names = [str(line.place) for line in known if line.value.amount == top]
    text = _("%(place)s (%(value)s)") % {
        "place": joined(names),
        "value": written(asked.figure, top),
    }
    return Answer(text, found[0], top)


def _cell(value: Value) -> Line:
    if not has_data(value):
        return (Run("—"),)
    return (Run(written(value.figure, value.amount), url=value.evidence),)


def _table(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The figures by the places right below, and together."""
    below = [_below(asked, setting, f) for f in asked.figures]
    if not has_any(found) or None in below:
        return NOTHING
    rolled = [b for b in below if b is not None]
    places = [line.place for line in rolled[0].lines]
    rows = [(str(p), [b.lines[i].value for b in rolled]) for i, p in enumerate(places)]
    rest = [b.outside for b in rolled]
    if has_any(rest):
        rows.append((_("elsewhere"), rest))
    rows.append((_("Together"), [b.whole for b in rolled]))
    head = (_("Place"), *(str(f) for f in asked.figures))
    cells = tuple((((Run(name),)), *(_cell(v) for v in values)) for name, values in rows)
    title = joined([str(f) for f in asked.figures])
    return Answer(value=found[0], blocks=(Table(title, head, cells),))


def has_any(values: Sequence[Value]) -> bool:
    """Whether there is anything to show of several numbers."""
    return any(has_data(v) for v in values)


def _chart(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The figure's course over the days; by place where it has none."""
    if not has_data(found[0]):
        return NOTHING
    figure, since, until = asked.figure, *asked.spans[0]
    if has_course(figure) and since and until:
        s = setting.scope(asked.place, asked.spans[0])
        step = _step(since, until)
        course = series(figure, s.actor, at=s.at, since=since, until=until, place=s.place, step=step)
        bars = [(_label(one, step), one.value) for one in course]
    else:
        below = _below(asked, setting, figure)
        bars = [(str(line.place), line.value) for line in below.lines] if below else []
    if not bars:
        return NOTHING
    unit = _("×10,000 yuan") if is_money(figure) else figure.unit or ("%" if figure.measure == "share" else "")
    values = tuple(_drawn(v) for _label_, v in bars)
    drawn = Chart(str(figure), tuple(label for label, _v in bars), values, unit, found[0].evidence)
    return Answer(value=found[0], blocks=(drawn,))


def _step(since: date, until: date) -> str:
    """Steps so long that a chart has some twenty bars at most, forty where there is no better."""
    days = (until - since).days + 1
    return next((step for most, step in STEPS if days <= most), "year")


def _label(one: Step, step: str) -> str:
    return one.since.strftime("%Y-%m") if step == "month" else one.since.strftime("%m-%d")


def _drawn(value: Value) -> Decimal | None:
    if value.amount is None:
        return None
    return value.amount / FEN if is_money(value.figure) else value.amount


for each in (
    Form("most", ("最多",), _most, title=gettext_lazy("the place with most")),
    Form("table", ("表",), _table, block=True, title=gettext_lazy("a table by place")),
    Form("chart", ("图",), _chart, block=True, title=gettext_lazy("a chart")),
):
    register_form(each)
