"""The register of figures: what each number counts, its value, its course, and the way to its evidence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.worktime import DAY
from zijing.figures.courses import Step, series
from zijing.figures.models import Figure
from zijing.figures.queries import Value, find, inputs_of, value
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.templatetags.zijing import day as short_day

READ = "figures.read"
WEEKS_SHOWN = 13
PERIODS: dict[str, Promise] = {"week": _("this week"), "month": _("this month"), "year": _("this year")}
STEPS: dict[str, Promise] = {"week": _("by week"), "month": _("by month")}


@dataclass(frozen=True)
class Choice:
    """A link of a switch."""

    href: str
    title: str
    chosen: bool


@acting
def index(request: ActingRequest) -> HttpResponseBase:
    """Every figure with its value within the reader's sight, for the week, the month or the year until today."""
    require(request.actor, READ)
    period = _one_of(request, "period", PERIODS, "year")
    since = beginning(request.today, period)
    figures = list(Figure.objects.select_related("kind").order_by("pack", "pk"))
    values = [_value(f, request, since) for f in figures]
    context = {
        "values": values,
        "groups": grouped(values),
        "switch": _switch(PERIODS, "period", period),
        "since": since,
        "until": request.today,
    }
    return render(request, "figures/index.html", context)


def grouped(values: list[Value]) -> list[tuple[str, list[Value]]]:
    """Figures under the kind of record they count; a share stands with its numerator."""
    kinds = {v.figure.key: str(v.figure.kind) for v in values if v.figure.kind}
    groups: dict[str, list[Value]] = {}
    for found in values:
        title = kinds.get(found.figure.key) or kinds.get(found.figure.inputs[0], "")
        groups.setdefault(title, []).append(found)
    return list(groups.items())


def beginning(today: date, period: str) -> date:
    """The first day of the running week, month or year."""
    if period == "week":
        return today - DAY * (today.isoweekday() - 1)
    return today.replace(day=1) if period == "month" else today.replace(month=1, day=1)


def _value(figure: Figure, request: ActingRequest, since: date) -> Value:
    return value(figure, request.actor, at=request.now, since=since, until=request.today)


@acting
def detail(request: ActingRequest, key: str) -> HttpResponseBase:
    """One figure: its sentence, its value this year, its course by month or week, and the rows behind each step."""
    require(request.actor, READ)
    figure = find(key)
    step = _one_of(request, "step", STEPS, "month")
    since = beginning(request.today, "year")
    steps = course(figure, request, step) if has_course(figure) else []
    context = {
        "figure": figure,
        "value": _value(figure, request, since),
        "inputs": inputs_of(figure, request.actor, at=request.now, since=since, until=request.today)
        if figure.measure == Figure.Measure.SHARE else [],
        "steps": [(_label(s, step), s.value) for s in steps],
        "chart": chart(figure, steps, step) if steps else None,
        "switch": _switch(STEPS, "step", step) if steps else [],
        "since": since,
        "until": request.today,
    }  # fmt: skip
    return _render(request, context)


def _render(request: ActingRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "figures/detail.html", context)


def has_course(figure: Figure) -> bool:
    """Whether a figure counts what falls on days; a stock ("open now") has no course of its own."""
    if figure.measure == Figure.Measure.SHARE:
        return all(find(key).time for key in figure.inputs)
    return bool(figure.time) and figure.measure != Figure.Measure.LATEST


def course(figure: Figure, request: ActingRequest, step: str) -> list[Step]:
    """The figure by month since January, or for the last thirteen weeks."""
    monday = beginning(request.today, "week")
    since = monday - DAY * 7 * (WEEKS_SHOWN - 1) if step == "week" else beginning(request.today, "year")
    return series(figure, request.actor, at=request.now, since=since, until=request.today, step=step)


def _label(one: Step, step: str) -> str:
    if step == "week":
        return gettext("from %(day)s") % {"day": short_day(one.since)}
    return one.since.strftime("%Y-%m")


def chart(figure: Figure, steps: list[Step], step: str) -> dict[str, Any]:
    """The course as the chart script reads it; money in units of 10,000 yuan, so that an axis stays readable."""
    money = figure.of == "amount_fen"
    values = [_plotted(s.value, money) for s in steps]
    unit = gettext("×10,000 yuan") if money else ("%" if figure.measure == Figure.Measure.SHARE else figure.unit)
    labels = [s.since.strftime("%m-%d" if step == "week" else "%Y-%m") for s in steps]
    return {"x": labels, "series": [{"name": str(figure), "values": values, "tone": "accent"}], "unit": unit}


def _plotted(found: Value, money: bool) -> float | None:
    if found.amount is None:
        return None
    return round(float(found.amount) / (1_000_000 if money else 1), 2)


def _one_of(request: ActingRequest, name: str, choices: dict[str, Promise], default: str) -> str:
    asked = request.GET.get(name, default)
    return asked if asked in choices else default


def _switch(choices: dict[str, Promise], name: str, chosen: str) -> list[Choice]:
    return [Choice(f"?{name}={key}", str(title), key == chosen) for key, title in choices.items()]
