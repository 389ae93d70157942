"""Periods: the weeks, months, quarters and years figures are counted over, and how a person names one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.worktime import DAY
from zijing.records.filters import parse_range

RUNNING: dict[str, Promise] = {
    "week": _("this week"), "month": _("this month"), "quarter": _("this quarter"), "year": _("this year"),
}  # fmt: skip
STEPS: dict[str, Promise] = {
    "day": _("by day"), "week": _("by week"), "month": _("by month"), "quarter": _("by quarter"), "year": _("by year"),
}  # fmt: skip
MOST_STEPS = 400
MONTHS = {"month": 1, "quarter": 3, "year": 12}
NAMED = re.compile(r"^(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>0[1-9]|1[0-2])))?$")


@dataclass(frozen=True)
class Period:
    """Days since..until, both included, and how the period was named."""

    name: str
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def year_earlier(day: date) -> date:
    """The same day of last year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def first_of(day: date, step: str) -> date:
    """The first day of the week, month, quarter or year of ``day``."""
    if step == "day":
        return day
    if step == "week":
        return day - DAY * (day.isoweekday() - 1)
    months = MONTHS[step]
    return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def last_of(day: date, step: str) -> date:
    """The last day of the week, month, quarter or year of ``day``."""
    first = first_of(day, step)
    if step == "day":
        return day
    if step == "week":
        return first + DAY * 6
    beyond = first
    for _month in range(MONTHS[step]):
        beyond = (beyond + timedelta(days=32)).replace(day=1)
    return beyond - DAY


def step_between(since: date, until: date) -> str:
    """The step that two days are the first and the last of: week, month, quarter or year; "" for any other days."""
    whole = (s for s in ("week", *MONTHS) if first_of(since, s) == since and last_of(since, s) == until)
    return next(whole, "")


def periods(since: date, until: date, step: str) -> Iterator[tuple[date, date]]:
    """The days, weeks (Monday to Sunday), months, quarters or years that cover since..until, cut at both ends."""
    first = since
    while first <= until:
        last = min(last_of(first, step), until)
        yield first, last
        first = last + DAY


def step_of(name: str, period: Period) -> str:
    """A step a series of the period can have; ``Invalid`` for an unknown one or far too many."""
    if name not in STEPS:
        raise Invalid(_("A series goes by day, week, month, quarter or year."), field="step")
    length = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}[name]
    if period.days / length > MOST_STEPS:
        raise Invalid(_("That would be more than %(max)d steps. Choose longer steps."), field="step", max=MOST_STEPS)
    return name


def parse_period(text: str, today: date) -> Period:
    """A period as a person names it: week, month, quarter or year (the running one, until today), 2020, 2020-Q3,
    2020-09, 2020-W37, 2020-09-07, or 2020-09-01..2020-09-30.
    """
    name = text.strip()
    if name in RUNNING:
        return Period(name, first_of(today, name), today)
    if found := NAMED.match(name):
        return _named(name, found)
    since, until = parse_range(name)
    if since is None or until is None:
        raise Invalid(_("Name both ends of the period, for example 2020-09-01..2020-09-30."), field="period")
    return Period(name, since, until)


def named_before(today: date, step: str) -> Period:
    """The week, month, quarter or year before the one of a day, by its own name."""
    last = first_of(today, step) - DAY
    year, week, _day = last.isocalendar()
    return parse_period(f"{year}-W{week:02}" if step == "week" else bucket_of(last, step), today)


def _named(name: str, found: re.Match[str]) -> Period:
    year = int(found["year"])
    try:
        if found["week"]:
            first = date.fromisocalendar(year, int(found["week"]), 1)
            return Period(name, first, first + DAY * 6)
    except ValueError as error:
        raise Invalid(_("%(year)d has no week %(week)s."), field="period", year=year, week=found["week"]) from error
    if found["month"]:
        first, step = date(year, int(found["month"]), 1), "month"
    elif found["quarter"]:
        first, step = date(year, int(found["quarter"]) * 3 - 2, 1), "quarter"
    else:
        first, step = date(year, 1, 1), "year"
    return Period(name, first, last_of(first, step))


def bucket_of(day: date, step: str) -> str:
    """The name under which the database groups the day's step: 2020-09-07 by day and week (its Monday), 2020-09,
    2020-Q3, 2020.
    """
    if step in {"day", "week"}:
        return first_of(day, step).isoformat()
    if step == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()[:7] if step == "month" else str(day.year)
