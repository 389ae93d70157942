"""Working time: the four clocks a deadline may run on, and why it falls when it does.

Day clocks follow the Civil Code of the PRC, arts. 201 and 203: the day of the start is not counted, a last day
on a statutory day off moves to the next working day, and where there are business hours the last day ends with them.
Hour clocks are those of urban-management case limits (GB/T 30428 practice): emergency hours run day and night,
office hours run 08:00-12:00 and 14:00-18:00 on working days.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar
from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = ((time(8), time(12)), (time(14), time(18)))
OPENING, CLOSING = OFFICE_HOURS[0][0], OFFICE_HOURS[-1][1]
# How much of a limit is left when its end is announced.
LAST_PART = 4
DAY = timedelta(days=1)


class Clock(StrEnum):
    """What a limit is counted in."""

    CONTINUOUS_HOURS = "continuous_hours"
    OFFICE_HOURS = "office_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


DAY_CLOCKS = frozenset({Clock.WORKING_DAYS, Clock.CALENDAR_DAYS})


@dataclass(frozen=True)
class Limit:
    """An amount on a clock, e.g. three working days."""

    amount: int
    clock: Clock

    def __str__(self) -> str:
        match self.clock:
            case Clock.CONTINUOUS_HOURS:
                text = ngettext(
                    "%(n)d hour, nights and holidays included", "%(n)d hours, nights and holidays included", self.amount
                )
            case Clock.OFFICE_HOURS:
                text = ngettext("%(n)d office hour", "%(n)d office hours", self.amount)
            case Clock.WORKING_DAYS:
                text = ngettext("%(n)d working day", "%(n)d working days", self.amount)
            case Clock.CALENDAR_DAYS:
                text = ngettext("%(n)d calendar day", "%(n)d calendar days", self.amount)
        return text % {"n": self.amount}


@dataclass(frozen=True)
class Span:
    """A stretch of a timer's life: ``running`` or ``paused`` from ``since`` to ``until`` (None: still), or
    ``extended`` by ``amount`` more of the limit's unit.
    """

    kind: str
    since: datetime
    until: datetime | None = None
    amount: int = 0


@dataclass(frozen=True)
class Due:
    """When a timer runs out, and the days that were passed over on the way. ``at`` is None while it is paused."""

    at: datetime | None
    started: datetime
    limit: Limit
    skipped: tuple[tuple[date, str], ...] = field(default=())
    extended: int = 0
    more: Limit | None = None

    def and_more(self, more: Limit, pauses: "Sequence[Span]") -> "Due":
        """The same with more time that runs from this end on, perhaps on another clock."""
        if self.at is None:
            return self
        later = due([Span("running", self.at), *pauses], more)
        return replace(self, at=later.at, skipped=(*self.skipped, *later.skipped), more=more)

    def sentence(self) -> str:
        """The deadline and its reason in one sentence, in the active language."""
        if self.at is None:
            return gettext("Paused: the clock does not run.")
        parts = [
            gettext("Due %(at)s: %(limit)s from %(start)s")
            % {"at": moment(self.at), "limit": self.limit, "start": moment(self.started)}
        ]
        if self.more:
            parts.append(gettext("then %(limit)s more") % {"limit": self.more})
        if self.extended:
            parts.append(gettext("extended by %(n)d") % {"n": self.extended})
        if self.skipped:
            parts.append(gettext("not counted: %(days)s") % {"days": describe_days(self.skipped)})
        return gettext(", ").join(parts) + gettext(".")


def day_of(at: datetime) -> date:
    """The day of a moment in China Standard Time."""
    return at.astimezone(ZONE).date()


def moment(at: datetime) -> str:
    """A date with weekday and time as a reader says it, in China Standard Time."""
    return _moment(at.astimezone(ZONE).replace(second=0, microsecond=0), get_language())


@lru_cache(1000)
def _moment(minute: datetime, _language: str | None) -> str:
    return formats.date_format(minute, gettext("D j M Y H:i"))


def describe_days(days: Sequence[tuple[date, str]]) -> str:
    """Days off grouped by their reason: "1 Oct-8 Oct (National Day)"."""
    return _days(tuple(days), get_language())


@lru_cache(1000)
def _days(days: tuple[tuple[date, str], ...], _language: str | None) -> str:
    groups: list[tuple[date, date, str]] = []
    for day, why in days:
        if groups and groups[-1][2] == why and groups[-1][1] + DAY == day:
            groups[-1] = (groups[-1][0], day, why)
        else:
            groups.append((day, day, why))
    shown = []
    for first, last, why in groups:
        ends = [formats.date_format(d, gettext("j M")) for d in dict.fromkeys((first, last))]
        shown.append(gettext("%(days)s (%(why)s)") % {"days": "–".join(ends), "why": reason(why)})
    return gettext("; ").join(shown)


@cache
def day_off(day: date) -> str:
    """Why ``day`` is not a working day in China ("" if it is one), by the State Council's yearly holiday notice.

    Make-up working days at weekends (调休) count as working days. For years whose notice the calendar does not
    know yet only weekends are off.
    """
    try:
        off, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        off, holiday = day.isoweekday() > 5, None
    if not off:
        return ""
    return holiday or "weekend"


def is_working(day: date) -> bool:
    """Whether offices work on ``day``."""
    return not day_off(day)


def previous_working_day(day: date) -> date:
    """The last working day before ``day``."""
    day -= DAY
    while not is_working(day):
        day -= DAY
    return day


def working_days_between(after: date, until: date) -> int:
    """How many working days lie after ``after``, up to and including ``until``; none when that is no later."""
    if until <= after:
        return 0
    whole = sum(_working_days(year)[-1] for year in range(after.year, until.year))
    return whole + _working_days(until.year)[_day_of_year(until)] - _working_days(after.year)[_day_of_year(after)]


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


@cache
def _working_days(year: int) -> tuple[int, ...]:
    """How many working days of a year lie up to and including its n-th day, for each n from 0."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = range(_day_of_year(last))
    return tuple(accumulate((is_working(first + DAY * n) for n in days), initial=0))


REASONS = {
    "weekend": lambda: gettext("weekend"),
    "New Year's Day": lambda: gettext("New Year's Day"),
    "Spring Festival": lambda: gettext("Spring Festival"),
    "Tomb-sweeping Day": lambda: gettext("Tomb-sweeping Day"),
    "Labour Day": lambda: gettext("Labour Day"),
    "Dragon Boat Festival": lambda: gettext("Dragon Boat Festival"),
    "Mid-autumn Festival": lambda: gettext("Mid-autumn Festival"),
    "National Day": lambda: gettext("National Day"),
    "paused": lambda: gettext("paused"),
}


def reason(key: str) -> str:
    """A reason of ``day_off`` in the active language."""
    return REASONS[key]() if key in REASONS else key


def due(spans: Sequence[Span], limit: Limit) -> Due:
    """When ``limit`` runs out over the timer's ``spans``; a pure function of its arguments and the holiday calendar.

    Raises ValueError when there is no span: a timer without a start has no deadline.
    """
    if not spans:
        raise ValueError("a timer needs at least one span")
    started, extended = spans[0].since, _extended(spans)
    pauses = _pauses(spans)
    if pauses is None:
        return Due(None, started, limit, (), extended)
    total = limit.amount + extended
    if limit.clock in DAY_CLOCKS:
        at, skipped = _by_days(started, total, limit.clock, pauses)
    else:
        at, skipped = _by_hours(started, timedelta(hours=total), limit.clock, pauses)
    return Due(at, started, limit, tuple(skipped), extended)


def last_part(spans: Sequence[Span], limit: Limit) -> datetime | None:
    """When the last quarter of the limit begins, which is when its end is announced; None while it is paused.

    On a day clock a quarter is rounded up to whole days and begins when offices open. Pure, as ``due``, and never
    after it.
    """
    pauses = _pauses(spans)
    if pauses is None:
        return None
    started, total = spans[0].since, limit.amount + _extended(spans)
    if limit.clock in DAY_CLOCKS:
        first = total - math.ceil(total / LAST_PART) + 1
        return datetime.combine(day_of(_by_days(started, first, limit.clock, pauses)[0]), OPENING, ZONE)
    before = timedelta(hours=total) * (LAST_PART - 1) / LAST_PART
    return _by_hours(started, before, limit.clock, pauses)[0]


def _extended(spans: Sequence[Span]) -> int:
    return sum(s.amount for s in spans if s.kind == "extended")


def _pauses(spans: Sequence[Span]) -> list[tuple[datetime, datetime]] | None:
    """The pauses that have ended; None when one still lasts."""
    pauses = [(s.since, s.until) for s in spans if s.kind == "paused"]
    ended = [(since, until) for since, until in pauses if until is not None]
    return ended if len(ended) == len(pauses) else None


def _by_days(
    started: datetime, amount: int, clock: Clock, pauses: list[tuple[datetime, datetime]]
) -> tuple[datetime, list[tuple[date, str]]]:
    day, left, skipped = started.astimezone(ZONE).date(), amount, []
    while left > 0:
        day += DAY
        close = datetime.combine(day, CLOSING, ZONE)
        off = day_off(day)
        if any(since <= close < until for since, until in pauses):
            skipped.append((day, "paused"))
        elif off and (clock is Clock.WORKING_DAYS or left == 1):
            skipped.append((day, off))
        else:
            left -= 1
    return datetime.combine(day, CLOSING, ZONE), skipped


def _by_hours(
    started: datetime, amount: timedelta, clock: Clock, pauses: list[tuple[datetime, datetime]]
) -> tuple[datetime, list[tuple[date, str]]]:
    left, skipped, day = amount, [], started.astimezone(ZONE).date()
    while True:
        if clock is Clock.OFFICE_HOURS and (off := day_off(day)):
            skipped.append((day, off))
        for since, until in _counted(day, clock, started, pauses):
            if until - since >= left:
                return since + left, skipped
            left -= until - since
        day += DAY


def _counted(
    day: date, clock: Clock, started: datetime, pauses: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of ``day`` that count, in order: after the start, inside the clock's hours, outside every pause."""
    midnight = datetime.combine(day, time(0), ZONE)
    if clock is Clock.CONTINUOUS_HOURS:
        hours = [(midnight, midnight + DAY)]
    elif is_working(day):
        hours = [(datetime.combine(day, a, ZONE), datetime.combine(day, b, ZONE)) for a, b in OFFICE_HOURS]
    else:
        hours = []
    for opened, closed in hours:
        edge = max(opened, started)
        for since, until in sorted(pauses):
            if until <= edge or since >= closed:
                continue
            if since > edge:
                yield edge, since
            edge = max(edge, until)
        if edge < closed:
            yield edge, closed
