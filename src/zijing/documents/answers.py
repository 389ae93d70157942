"""What is printed for a placeholder: from the office's figures, for the document's place and period.

A *form* says how a figure is printed: its value, its growth, the names of its records. Floors above add forms of their
own (``register_form``), such as the share of a target; they know what the figures do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext as _, gettext_lazy, pgettext

from zijing.core.quantity import show_number
from zijing.core.worktime import DAY
from zijing.documents.placeholders import Period, Wish, plain
from zijing.documents.source import Block
from zijing.figures.counting import Scope, restricted, seeing_all
from zijing.figures.models import Figure
from zijing.figures.periods import first_of, last_of, step_between, year_earlier
from zijing.figures.queries import Value, rows_of, show
from zijing.people.access import Actor
from zijing.places.models import Place

Span = tuple[date | None, date | None]
TENTH = Decimal("0.1")
NAMED = 10


@dataclass(frozen=True)
class Setting:
    """For which office, place and days a document speaks, and what it knows besides figures (``words``)."""

    actor: Actor
    at: datetime
    office: Place
    place: Place
    since: date | None = None
    until: date | None = None
    words: dict[str, str | None] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """The period a document's days are: a week, a month, a quarter or a year; "" for any other days."""
        return step_between(self.since, self.until) if self.since and self.until else ""

    def span(self, period: Period) -> Span:
        """The days that a placeholder's period means."""
        since, until = self.since, self.until
        if since is None or until is None or period == Period.EVER:
            return None, until
        match period:
            case Period.BEFORE:
                last = since - DAY
                return (first_of(last, self.step) if self.step else last - (until - since)), last
            case Period.YEAR_BEFORE:
                return _year_before(since, until)
            case Period.YEAR:
                return first_of(until, "year"), until
            case Period.LAST_YEAR:
                last = first_of(until, "year") - DAY
                return first_of(last, "year"), last
        return since, until

    def scope(self, place: Place, span: Span) -> Scope:
        """Everything below a place over some days: a document's numbers are the same for whoever reads it."""
        return Scope(seeing_all(self.actor, place.path), self.at, place, *span)


def _year_before(since: date, until: date) -> Span:
    """The same days a year earlier; a whole month stays a whole month."""
    ends = until == last_of(until, "month") and since == first_of(since, "month")
    return year_earlier(since), last_of(year_earlier(until), "month") if ends else year_earlier(until)


@dataclass(frozen=True)
class Asked:
    """What a placeholder asks for, understood: figures, form, place, and the days each of its counts covers."""

    wish: Wish
    figures: tuple[Figure, ...]
    form: "Form"
    place: Place
    spans: tuple[Span, ...]

    @property
    def figure(self) -> Figure:
        return self.figures[0]


CELL, REST, BAR = "cell", "rest", "bar"


@dataclass(frozen=True)
class Cell:
    """One number that a table or chart prints, as ``shown``; ``key`` is what its run or bar is ``written`` by.

    It counts a place over some days (``CELL``), what lies in none of the places right below it (``REST``), or a step
    of a course (``BAR``). ``part`` names its records among those of all cells: the path of a place right below, the
    name of a step, "" for all of them.
    """

    key: str
    value: Value
    shown: str
    place: Place
    span: Span
    part: str = ""
    form: str = CELL


@dataclass(frozen=True)
class Answer:
    """What is printed: ``text`` (None: there is no data) or blocks of their own; ``value`` is the number behind it.

    ``cells`` are the numbers of the blocks, ``step`` the steps of a chart's course.
    """

    text: str | None = None
    value: Value | None = None
    amount: Decimal | None = None
    unit: str = ""
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()
    step: str = ""


NOTHING = Answer()
Say = Callable[[Asked, Setting, Sequence[Value]], Answer]
Spans = Callable[[Setting, Period], tuple[Span, ...]]


def _one(setting: Setting, period: Period) -> tuple[Span, ...]:
    return (setting.span(period),)


def _and_a_year_before(setting: Setting, period: Period) -> tuple[Span, ...]:
    since, until = setting.span(period)
    return (since, until), _year_before(since, until) if since and until else (None, None)


def _and_before(setting: Setting, period: Period) -> tuple[Span, ...]:
    return setting.span(period), setting.span(Period.BEFORE)


@dataclass(frozen=True)
class Form:
    """How a figure is printed. ``names`` are what a clerk writes; ``block`` forms stand alone on their line."""

    key: str
    names: tuple[str, ...]
    say: Say
    spans: Spans = _one
    block: bool = False
    title: str | Promise = ""


FORMS: dict[str, Form] = {}
_by_name: dict[str, Form] = {}


def register_form(form: Form) -> None:
    """Make a form known under its key and names; a name taken twice is a mistake of the programmer."""
    for name in (form.key, *form.names):
        if name in _by_name:
            raise ValueError(f"form named twice: {name}")
        _by_name[name] = form
    FORMS[form.key] = form


def form_named(name: str) -> Form | None:
    """The form of this key or name."""
    return _by_name.get(name)


Piece = Callable[[Setting, Sequence[str]], tuple[Block, ...]]
PIECES: dict[str, Piece] = {}


def register_piece(*names: str, piece: Piece) -> None:
    """Let a text have a whole piece of its own by name, such as a ranking, where it stands alone on its line.

    What it shows is no single figure; its cells open what is behind them. It is handed the options written after its
    name, such as a chapter of the plan.
    """
    for name in names:
        if plain(name) in PIECES:
            raise ValueError(f"piece named twice: {name}")
        PIECES[plain(name)] = piece


def written(figure: Figure, amount: Decimal | None) -> str:
    """An amount as a sentence prints it; in Chinese no blank stands between number and unit."""
    text = show(figure, amount)
    return text.replace(" ", "") if (get_language() or "zh").startswith("zh") else text


def has_data(value: Value) -> bool:
    """Whether there is anything to speak of: no amount, or none counted, is no data, never a zero."""
    return value.amount is not None and (value.n > 0 or bool(value.amount))


def _value(asked: Asked, _setting: Setting, found: Sequence[Value]) -> Answer:
    value = found[0]
    if not has_data(value):
        return Answer(value=value)
    return Answer(written(asked.figure, value.amount), value, value.amount, asked.figure.unit)


def _or_zero(asked: Asked, _setting: Setting, found: Sequence[Value]) -> Answer:
    value = found[0]
    if value.amount is None:
        return Answer(value=value)
    return Answer(written(asked.figure, value.amount), value, value.amount, asked.figure.unit)


def _bare(asked: Asked, _setting: Setting, found: Sequence[Value]) -> Answer:
    value = found[0]
    if not has_data(value) or value.amount is None:
        return Answer(value=value)
    return Answer(show_number(value.amount, asked.figure.decimals), value, value.amount)


def growth(now: Value, then: Value) -> Decimal | None:
    """By how many percent a value has grown; None where there was nothing, or nothing is known."""
    if now.amount is None or not then.amount:
        return None
    return ((now.amount - then.amount) * 100 / then.amount).quantize(TENTH)


def _grown(percent: Decimal) -> str:
    shown = f"{show_number(abs(percent), 1)}%"
    if not percent:
        return _("unchanged")
    return _("up %(percent)s") % {"percent": shown} if percent > 0 else _("down %(percent)s") % {"percent": shown}


def _growth(words: Promise) -> Say:
    def say(_asked: Asked, _setting: Setting, found: Sequence[Value]) -> Answer:
        now, then = found
        percent = growth(now, then)
        if percent is None:
            return Answer(value=now)
        return Answer(str(words) % {"change": _grown(percent)}, now, percent, "%")

    return say


def joined(titles: Sequence[str], *, more: bool = False) -> str:
    """Names in one line as the language writes them."""
    text = pgettext("between names", ", ").join(titles)
    return _("%(names)s and others") % {"names": text} if more else text


def _names(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    value = found[0]
    if restricted(asked.figure) or not value.n:
        return Answer(value=value)
    rows = rows_of(asked.figure, setting.scope(asked.place, asked.spans[0])).order_by("happened_on", "pk")
    titles = [str(t) for t in rows.exclude(title="").values_list("title", flat=True)[: NAMED + 1]]
    if not titles:
        return Answer(value=value)
    return Answer(joined(titles[:NAMED], more=len(titles) > NAMED), value, value.amount)


def _end(newest: bool) -> Say:
    def say(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
        value = found[0]
        if restricted(asked.figure) or not value.n:
            return Answer(value=value)
        order: Any = (
            (F("happened_on").desc(nulls_last=True), "-pk") if newest else (F("happened_on").asc(nulls_last=True), "pk")
        )
        rows = rows_of(asked.figure, setting.scope(asked.place, asked.spans[0])).exclude(title="").order_by(*order)
        title = rows.values_list("title", flat=True).first()
        return Answer(str(title) if title else None, value, value.amount)

    return say


for each in (
    Form("value", ("值",), _value, title=gettext_lazy("value with its unit")),
    Form("bare", ("数",), _bare, title=gettext_lazy("number without its unit")),
    Form("zero", ("可为零",), _or_zero, title=gettext_lazy("value with its unit; nothing counted is a zero")),
    Form("growth", ("同比",), _growth(gettext_lazy("%(change)s on the year before")), _and_a_year_before,
         title=gettext_lazy("change against the same days a year before")),
    Form("change", ("环比",), _growth(gettext_lazy("%(change)s on the period before")), _and_before,
         title=gettext_lazy("change against the period before")),
    Form("names", ("名单",), _names, title=gettext_lazy("names of the records counted")),
    Form("first", ("最早",), _end(newest=False), title=gettext_lazy("the earliest record")),
    Form("newest", ("最新",), _end(newest=True), title=gettext_lazy("the newest record")),
):  # fmt: skip
    register_form(each)
