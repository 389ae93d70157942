"""What figures count of promises: a promise that names a figure is counted from its first day on, and never typed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from zijing.core.worktime import day_of
from zijing.figures.known import known
from zijing.figures.queries import Value, is_money, values
from zijing.people.access import Actor

# How many fen are one of these.
MONEY = {"元": 100, "万元": 10**6, "亿元": 10**10}
Counted = dict[tuple[str, date], Value]


def counted_from(begins: date | None, day: date) -> date:
    """The first day that counts: the promise's own, else 1 January of the year of ``day``; never after ``day``."""
    return min(begins or date(day.year, 1, 1), day)


def counted(actor: Actor, wanted: Iterable[tuple[str, date]], at: datetime) -> Counted:
    """The values of figures by key and first day, up to today; what no figure is called is left out."""
    keys: dict[date, set[str]] = defaultdict(set)
    for key, since in wanted:
        keys[since].add(key)
    found: Counted = {}
    for since in sorted(keys):
        figures = [figure for key in sorted(keys[since]) if (figure := known(key))]
        for figure, value in zip(figures, values(figures, actor, at=at, since=since, until=day_of(at)), strict=True):
            found[figure.key, since] = value
    return found


def in_measure(value: Value, measure: str) -> Decimal | None:
    """What a figure comes to in the unit of a promise: money in 元, 万元 or 亿元 where the promise says so."""
    if value.amount is None or not is_money(value.figure):
        return value.amount
    return value.amount / MONEY.get(measure, 1)
