"""The register of figures: what each number counts, its value, its course, its places, and the way to its evidence."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from zijing.figures.classes import by_class
from zijing.figures.counting import Scope
from zijing.figures.courses import Step, has_course, rollup, series, whole_of
from zijing.figures.known import every, find
from zijing.figures.models import Figure
from zijing.figures.queries import Value, is_money, values, with_hidden
from zijing.packs.titles import title_of
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.figures.asking import Asked, asked, period_switch, places_to_choose, step_switch
from zijing.web.templatetags.zijing import day as short_day

READ = "figures.read"
PUBLISH = "figures.publish"

# What is ranked over more records takes its time on its own page: half a second for each hundred thousand.
MOST_RANKED = 20_000


@dataclass(frozen=True)
class Row:
    """A step of a course as a table shows it."""

    label: str
    step: Step


@acting
def index(request: ActingRequest) -> HttpResponseBase:
    """Every figure with its sentence and its value within the reader's sight; ``q`` searches."""
    require(request.actor, READ)
    this = asked(request)
    found = [f for f in every() if _meant(f, this.word.lower())]
    s = this.scope(request)
    counted = values(
        found, s.actor, at=s.at, place=s.place, since=s.since, until=s.until, most_ranked=MOST_RANKED
    )  # fmt: skip
    context = {
        "values": counted,
        "groups": grouped(counted),
        "switch": period_switch(this, request.today),
        "places": places_to_choose(request),
        "this": this,
        "may_publish": request.actor.may(PUBLISH),
    }
    return render(request, "figures/index.html", context)


def _meant(figure: Figure, word: str) -> bool:
    texts = (figure.key, figure.title_zh, figure.title_en, figure.sentence_zh, figure.sentence_en, figure.owner)
    return not word or any(word in text.lower() for text in texts)


def grouped(found: list[Value]) -> list[tuple[str, list[Value]]]:
    """Figures under the title of their pack."""
    groups: dict[str, list[Value]] = {}
    for each in found:
        groups.setdefault(title_of(each.figure.pack), []).append(each)
    return list(groups.items())


@acting
def detail(request: ActingRequest, key: str) -> HttpResponseBase:
    """One figure: its sentence, its value over a period and place, its course, its places, and what it said before."""
    require(request.actor, READ)
    figure, this = find(key), asked(request)
    scope = this.scope(request)
    limits: dict[str, Any] = {"at": scope.at, "place": scope.place, "since": scope.since, "until": scope.until}
    course = _course(figure, this, scope)
    now = with_hidden(whole_of(figure, scope, course), scope)
    below = rollup(figure, scope.actor, **limits, whole=now)
    context = {
        "figure": figure,
        "value": now,
        "inputs": now.inputs,
        "rollup": below,
        "below": [(line, this.at(line.place)) for line in below.lines] if below else [],
        "classes": by_class(figure, scope),
        "versions": list(figure.versions.order_by("-version")),
        "switch": period_switch(this, request.today),
        "places": places_to_choose(request),
        "this": this,
        "pack": title_of(figure.pack),
        "counted_live": not request.actor.path,
        "may_publish": request.actor.may(PUBLISH),
        **_drawn(figure, this, course),
    }
    return render(request, "figures/detail.html", context)


def _course(figure: Figure, this: Asked, scope: Scope) -> list[Step]:
    if not has_course(figure) or scope.since is None or scope.until is None:
        return []
    return series(
        figure, scope.actor, at=scope.at, since=scope.since, until=scope.until, place=scope.place, step=this.step,
        compare=bool(scope.actor.path),
    )  # fmt: skip


def _drawn(figure: Figure, this: Asked, course: list[Step]) -> dict[str, Any]:
    rows = [Row(label(s, this.step), s) for s in course]
    return {
        "steps": rows,
        "chart": chart(figure, rows) if rows else None,
        "steps_switch": step_switch(this) if rows else [],
    }


def label(one: Step, step: str) -> str:
    """How a step is called on the axis and in the table."""
    first = one.since
    match step:
        case "day":
            return short_day(first)
        case "week":
            return gettext("from %(day)s") % {"day": short_day(first)}
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case "year":
            return str(first.year)
    return first.strftime("%Y-%m")


def chart(figure: Figure, rows: list[Row]) -> dict[str, Any]:
    """The course as the chart script reads it; money in units of 10,000 yuan, so that an axis stays readable."""
    money = is_money(figure)
    unit = gettext("×10,000 yuan") if money else ("%" if figure.measure == Figure.Measure.SHARE else figure.unit)
    now = [_plotted(r.step.value, money=money) for r in rows]
    then = [_plotted(r.step.before, money=money) for r in rows]
    drawn = [{"name": str(figure), "values": now, "tone": "accent"}]
    if any(then):
        drawn.append({"name": gettext("A year before"), "values": then, "tone": "quiet"})
    return {"x": [r.label for r in rows], "series": drawn, "unit": unit}


def _plotted(found: Value | None, *, money: bool) -> float | None:
    if found is None or found.amount is None:
        return None
    return round(float(found.amount) / (1_000_000 if money else 1), 2)
