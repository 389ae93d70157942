"""How fast the sites of the demo move: a pure model of plan, tendency, standstill, blockers and chance.

A project has a *reach*: the day of its own plan that the site has got to. Keeping to the plan, the reach is today.
A tendency says how many points of percent the project tends to lie behind (or ahead of) its plan; each day the reach
moves on by about a day, a little more when the project lags more than its tendency, less when it is blocked, not at
all during the standstill. Every stage's share follows from the reach, so shares never fall.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from zijing.core.worktime import DAY
from zijing.demo.chance import draw
from zijing.demo.days import stands_still

FIRST_DAY = date(2020, 1, 1)
QUICKEST, STRONGEST_PULL, PULL = 2.2, 0.5, 0.03
BLOCKED = 0.3
GUSTS = (0.5, 1.0)
LONGEST_LAG, FARTHEST_AHEAD = 150.0, -12.0
# A site that does not lag far makes sure of its promised date in the last weeks.
HOPELESS, SPURT, SPURT_POINTS = 2.5, timedelta(days=45), -3.0
SILENT_AT_MOST = 3


@dataclass(frozen=True)
class PlannedStage:
    """A stage as planned: weight in percent of the project, first and last planned day."""

    code: str
    weight: float
    start: date
    end: date


@dataclass(frozen=True)
class Site:
    """What the pace of a project follows from. ``lag`` is the tendency in points of percent behind plan at a day:
    (day, points) in order, straight lines in between; negative is ahead. ``blocked`` are stretches of days.
    """

    code: str
    stages: tuple[PlannedStage, ...]
    lag: tuple[tuple[date, float], ...] = ((FIRST_DAY, 0.0),)
    blocked: tuple[tuple[date, date], ...] = field(default=())

    @property
    def begins(self) -> date:
        return min(s.start for s in self.stages)

    @property
    def ends(self) -> date:
        return max(s.end for s in self.stages)


def share_at(stage: PlannedStage, reach: float) -> float:
    """The percent of a stage done when the site has reached day number ``reach`` of the plan."""
    first, last = stage.start.toordinal(), stage.end.toordinal() + 1
    return 100 * min(1.0, max(0.0, (reach + 1 - first) / (last - first)))


def percent_at(site: Site, reach: float) -> float:
    """The percent of the whole project at a reach."""
    return sum(s.weight * share_at(s, reach) / 100 for s in site.stages)


def tendency(site: Site, day: date) -> float:
    """The points of percent the project tends to lie behind its plan on ``day``."""
    before = [x for x in site.lag if x[0] <= day] or [site.lag[0]]
    after = [x for x in site.lag if x[0] > day]
    (since, low), (until, high) = before[-1], after[0] if after else before[-1]
    points = low if since >= until else low + (high - low) * ((day - since).days / (until - since).days)
    if points >= HOPELESS or day + SPURT < site.ends:
        return points
    return min(points, SPURT_POINTS)


def wanted_lag(site: Site, day: date) -> float:
    """The days behind plan that the tendency comes to: points divided by the plan's slope around ``day``."""
    number = float(day.toordinal())
    slope = (percent_at(site, number + 15) - percent_at(site, number - 45)) / 60
    wave = 4 * (draw("wave", site.code, day.year, day.month) - 0.5)
    return max(FARTHEST_AHEAD, min(LONGEST_LAG, tendency(site, day) / max(slope, 0.08))) + wave


def step(site: Site, day: date, reach: float) -> float:
    """How many days of the plan the site moves on during ``day``."""
    if stands_still(day):
        return 0.0
    lag = day.toordinal() - reach
    pull = max(-0.9, min(STRONGEST_PULL, PULL * (lag - wanted_lag(site, day))))
    gust = GUSTS[0] + GUSTS[1] * draw("gust", site.code, day)
    slowed = BLOCKED if any(a <= day <= b for a, b in site.blocked) else 1.0
    return min(QUICKEST, (1 + pull) * gust) * slowed


def reaches(site: Site, until: date) -> dict[date, float]:
    """The reach at the end of every day from the first of January, or from the plan's beginning, until ``until``."""
    day = max(FIRST_DAY, site.begins)
    reach = min(site.ends.toordinal(), day.toordinal() - 1 - wanted_lag(site, day))
    reach = max(reach, site.begins.toordinal() - 1.0) if day > FIRST_DAY else reach
    result = {}
    while day <= until:
        reach += step(site, day, reach)
        result[day] = reach
        day += DAY
    return result


def shares_at(site: Site, reach: float) -> dict[str, Decimal]:
    """The percent of every stage at a reach, to a tenth, by stage code."""
    tenth = Decimal("0.1")
    return {s.code: Decimal(str(share_at(s, reach))).quantize(tenth, ROUND_DOWN) for s in site.stages}


def to_report(site: Site, model: Mapping[str, Decimal], told: Mapping[str, Decimal]) -> str | None:
    """The stage a day's report speaks of: where most has been done since it was last told, else the one at work.

    None when everything has been told to be done.
    """
    zero = Decimal(0)
    gained = {s.code: s.weight * float(model[s.code] - told.get(s.code, zero)) for s in site.stages}
    best = max(gained, key=lambda code: gained[code])
    if gained[best] > 0:
        return best
    open_ = [s.code for s in site.stages if told.get(s.code, zero) < 100]
    begun = [code for code in open_ if model[code] > 0]
    return next(iter(begun or open_), None)


def silent(week: date, projects: Sequence[str]) -> dict[str, tuple[date, date]]:
    """Which teams fail to report in the week that begins on ``week``, from when until when: one to three, from
    Wednesday on, for one to three days.
    """
    chosen = sorted(projects, key=lambda code: draw("silent", week, code))
    number = 1 + int(draw("how many are silent", week) * SILENT_AT_MOST)
    return {
        code: (week + 2 * DAY, week + timedelta(days=2 + int(draw("how long", week, code) * 3)))
        for code in chosen[:number]
    }


def reports_on(day: date, project: str, silences: Mapping[str, tuple[date, date]]) -> bool:
    """Whether the team of ``project`` sends its report on a working day: not while silent, rarely not on a Monday or
    Tuesday.
    """
    if project in silences and silences[project][0] <= day <= silences[project][1]:
        return False
    return day.isoweekday() > 2 or draw("forgot", project, day) >= 0.015
