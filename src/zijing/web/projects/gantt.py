"""A schedule drawn as numbers: where each bar, month, stop and blocker stands on a chart of fixed width."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from django.utils import formats
from django.utils.translation import gettext

from zijing.core.worktime import DAY
from zijing.projects.queries.schedules import Row, SchedulePage

WIDTH, LABELS, LINE, HEAD = 1200, 230, 24, 32
# The room that the name of a month takes, and with its year.
NAME, BOTH = 30, 62
LONGEST = timedelta(days=1500)


@dataclass(frozen=True)
class Box:
    """A rectangle, or a mark, with what it says."""

    x: float
    width: float
    title: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Bar:
    """A line of the chart: its names, where it stands, the thin bar as planned, the thick one as foreseen."""

    y: int
    building: str
    stage: str
    planned: Box | None
    foreseen: Box | None
    done: float
    row: Row

    @property
    def text_y(self) -> int:
        return self.y + 16

    @property
    def thin_y(self) -> int:
        return self.y + 18

    @property
    def thick_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Part:
    """The lines of a building: together on one sheet when printed, where the months stand above on every sheet."""

    bars: list[Bar] = field(default_factory=list)

    @property
    def height(self) -> int:
        return len(self.bars) * LINE


@dataclass(frozen=True)
class Gantt:
    """The whole chart: its head, and a part for each building; all have the same width and scale."""

    parts: list[Part]
    months: list[Box]
    stops: list[Box]
    blocked: list[Box]
    today: float | None
    promised: float | None
    width: int = WIDTH
    labels: int = LABELS
    head: int = HEAD


def draw(page: SchedulePage, today: date) -> Gantt | None:
    """The chart of a page; None when nothing has days."""
    spans = [s for row in page.rows for s in (row.planned, row.foreseen) if s]
    if not spans:
        return None
    last = max(page.project.promised_on, today, *(b for _a, b in spans))
    first = max(min(a for a, _b in spans), last - LONGEST).replace(day=1)
    scale = Scale(first, last + 10 * DAY)
    parts = [_part(list(rows), scale) for _building, rows in groupby(page.rows, key=lambda r: r.building)]
    stops = [scale.box(h.first, h.last, h.title) for h in page.halts if h.last >= first and h.first <= last]
    blocked = [scale.box(b.since, today, str(b.case)) for b in page.blocked]
    return Gantt(parts, list(_months(scale)), stops, blocked, scale.at(today), scale.at(page.project.promised_on))


@dataclass(frozen=True)
class Scale:
    """Days across the chart."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LABELS + min(1.0, max(0.0, share)) * (WIDTH - LABELS), 1)

    def box(self, first: date, last: date, title: str = "", tone: str = "") -> Box:
        """From the beginning of a day to the end of another."""
        x = self.at(first)
        return Box(x, max(2.0, round(self.at(last + DAY) - x, 1)), title, tone)


def _part(rows: list[Row], scale: Scale) -> Part:
    return Part([_bar(row, n * LINE, scale, shown=n == 0) for n, row in enumerate(rows)])


def _bar(row: Row, y: int, scale: Scale, *, shown: bool) -> Bar:
    planned, foreseen = row.planned, row.foreseen
    tone = "done" if row.done >= 100 else "late" if row.late_days > 0 else "ok"
    thick = scale.box(*foreseen, _days(*foreseen), tone + (" critical" if row.critical else "")) if foreseen else None
    return Bar(
        y, row.building if shown else "", row.stage, scale.box(*planned, _days(*planned)) if planned else None, thick,
        round(thick.width * row.done / 100, 1) if thick else 0, row,
    )  # fmt: skip


def _days(first: date, last: date) -> str:
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"


def _months(scale: Scale) -> Iterator[Box]:
    """Months across, or quarters where they would be too narrow; the first and a January say their year, alone where
    there is no room for both. A month that only begins on the chart has no room for its name.
    """
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month + 1
    step = 1 if months <= 18 else 3
    day = scale.first
    while day <= scale.last:
        after = (day + 32 * DAY).replace(day=1)
        if (day.month - 1) % step == 0:
            box = scale.box(day, after - DAY)
            room = min(box.width * step, WIDTH - box.x)
            written = gettext("M")
            if day.month == 1 or day == scale.first:
                written = gettext("M Y") if room >= BOTH else "Y"
            yield replace(box, title=formats.date_format(day, written) if room >= NAME else "")
        day = after
