"""The days of the demo: where the replay begins and stops, and when in a day things happen."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from zijing.core.worktime import DAY, ZONE, is_working
from zijing.demo.chance import between

BEGINS = datetime(2020, 1, 2, 8, 30, tzinfo=ZONE)
STOPS = datetime(2020, 10, 15, 9, 30, tzinfo=ZONE)
YEAR_ENDS = date(2020, 12, 31)
FARTHEST = timedelta(days=120)

# Sites stood still for the Spring Festival and then for the epidemic; work resumed from about 20 February.
STANDSTILL = (date(2020, 1, 21), date(2020, 2, 19))


def moment(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of day in China Standard Time."""
    return datetime.combine(day, time(hour, minute, second), ZONE)


def around(day: date, first: tuple[int, int], last: tuple[int, int], *key: object) -> datetime:
    """A minute of ``day`` between two times of day that belongs to ``key``."""
    low, high = (h * 60 + m for h, m in (first, last))
    minute = between(low, high, day, *key)
    return moment(day, minute // 60, minute % 60, between(0, 59, day, "second", *key))


def report_time(day: date, project: str) -> datetime:
    """When a team sends its daily report: between 16:30 and 17:50."""
    return around(day, (16, 30), (17, 49), "report", project)


def stands_still(day: date) -> bool:
    """Whether all sites rest."""
    return STANDSTILL[0] <= day <= STANDSTILL[1]


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - DAY * (day.isoweekday() - 1)


def workday(day: date) -> date:
    """``day``, or the first working day after it."""
    while not is_working(day):
        day += DAY
    return day


def workdays_after(day: date, n: int) -> date:
    """The ``n``-th working day after ``day``."""
    for _n in range(n):
        day = workday(day + DAY)
    return day


def last_workday(year: int, month: int) -> date:
    """The last working day of a month."""
    day = (date(year, month, 28) + 4 * DAY).replace(day=1) - DAY
    while not is_working(day):
        day -= DAY
    return day


def days(since: datetime, until: datetime) -> Iterator[date]:
    """Every day that has moments after ``since`` and up to ``until``."""
    day, last = since.astimezone(ZONE).date(), until.astimezone(ZONE).date()
    while day <= last:
        yield day
        day += DAY
