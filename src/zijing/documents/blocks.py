"""Forms that are more than a number in a sentence: the place with most, tables by place, charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _, gettext_lazy

from zijing.documents.answers import (
    BAR,
    CELL,
    NOTHING,
    REST,
    Answer,
    Asked,
    Cell,
    Form,
    Setting,
    Span,
    has_data,
    joined,
    register_form,
    written,
)
from zijing.documents.source import Chart, Line, Run, Table
from zijing.figures.courses import Rollup, Step, has_course, rollup, series
from zijing.figures.models import Figure
from zijing.figures.periods import bucket_of
from zijing.figures.queries import Value, is_money
from zijing.places.models import Place

FEN = Decimal(1_000_000)
STEPS = ((15, "day"), (100, "week"), (1100, "month"))


def _below(asked: Asked, setting: Setting, figure: Figure) -> Rollup | None:
    s = setting.scope(asked.place, asked.spans[0])
    return rollup(figure, s.actor, at=s.at, place=s.place, since=s.since, until=s.until)


@dataclass(frozen=True)
class _Row:
    """A row of a table: its name, its values by figure, and what they count (see ``Cell``)."""

    name: str
    values: Sequence[Value | None]
    place: Place
    part: str = ""
    form: str = CELL


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


class _Cells:
    """The numbers of one table or chart as they are laid out, each with the key it is known by."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.all: list[Cell] = []

    def add(self, value: Value, place: Place, span: Span, part: str, form: str) -> Cell:
        """Keep one more number."""
        key = f"{self.asked.wish.written}#{len(self.all) + 1}"
        self.all.append(Cell(key, value, written(value.figure, value.amount), place, span, part, form))
        return self.all[-1]

    def line(self, row: _Row, value: Value | None) -> Line:
        """A cell of a table."""
        if value is None or not has_data(value):
            return (Run("—"),)
        cell = self.add(value, row.place, self.asked.spans[0], row.part, row.form)
        return (Run(cell.shown, url=value.evidence, written=cell.key),)


def _by_place(rolled: Sequence[Rollup]) -> list[_Row]:
    """A row for each place that any of the figures lists; one merged into another only some list."""
    places = {x.place.path: x.place for each in rolled for x in each.lines}
    known = [{x.place.path: x.value for x in each.lines} for each in rolled]
    order = sorted(places.values(), key=lambda p: (p.level, p.path))
    return [_Row(str(p), [values.get(p.path) for values in known], p, p.path) for p in order]


def _table(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The figures by the places right below, and together."""
    below = [_below(asked, setting, f) for f in asked.figures]
    if not has_any(found) or None in below:
        return NOTHING
    rolled = [b for b in below if b is not None]
    rows = _by_place(rolled)
    rest = [b.outside for b in rolled]
    if has_any(rest):
        rows.append(_Row(_("elsewhere"), rest, asked.place, asked.place.path, REST))
    rows.append(_Row(_("Together"), [b.whole for b in rolled], asked.place))
    head = (_("Place"), *(str(f) for f in asked.figures))
    cells = _Cells(asked)
    lines = tuple(((Run(row.name),), *(cells.line(row, v) for v in row.values)) for row in rows)
    title = joined([str(f) for f in asked.figures])
    return Answer(value=found[0], blocks=(Table(title, head, lines),), cells=tuple(cells.all))


def has_any(values: Sequence[Value]) -> bool:
    """Whether there is anything to show of several numbers."""
    return any(has_data(v) for v in values)


def _chart(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The figure's course over the days; by place where it has none."""
    if not has_data(found[0]):
        return NOTHING
    step, bars = _bars(asked, setting)
    if not bars:
        return NOTHING
    figure, cells = asked.figure, _Cells(asked)
    unit = _("×10,000 yuan") if is_money(figure) else figure.unit or ("%" if figure.measure == "share" else "")
    kept = [cells.add(b.value, b.place, b.span, b.part, BAR) if b.value.amount is not None else None for b in bars]
    drawn = Chart(
        str(figure), tuple(b.label for b in bars), tuple(_drawn(b.value) for b in bars), unit, found[0].evidence,
        tuple(c.value.evidence if c else "" for c in kept), tuple(c.key if c else "" for c in kept),
    )  # fmt: skip
    return Answer(value=found[0], blocks=(drawn,), cells=tuple(cells.all), step=step)


@dataclass(frozen=True)
class _Bar:
    """A bar of a chart, with what it counts (see ``Cell``)."""

    label: str
    value: Value
    place: Place
    span: Span
    part: str


def _bars(asked: Asked, setting: Setting) -> tuple[str, list[_Bar]]:
    """The steps of the figure's course, and how long they are; "" and the places right below where it has none."""
    figure, (since, until) = asked.figure, asked.spans[0]
    if has_course(figure) and since and until:
        s = setting.scope(asked.place, asked.spans[0])
        step = _step(since, until)
        course = series(figure, s.actor, at=s.at, since=since, until=until, place=s.place, step=step)
        return step, [
            _Bar(_label(one, step), one.value, asked.place, (one.since, one.until), bucket_of(one.since, step))
            for one in course
        ]
    below = _below(asked, setting, figure)
    lines = below.lines if below else []
    return "", [_Bar(str(x.place), x.value, x.place, asked.spans[0], x.place.path) for x in lines]


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
