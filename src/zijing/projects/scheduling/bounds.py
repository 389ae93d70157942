"""How good a schedule can be at best: a lower bound on its cost, so that what a search leaves open is a number.

Each crew is relaxed to one machine as fast as all its crews together, which may interrupt its work. On it the mean
busy time is least when the groups with the greatest weight for their work go first (Goemans 1997), and a group ends no
sooner than its mean busy time plus half its work plus what must follow. How much each crew weighs in the end of each
group are Lagrange multipliers, raised by a projected supergradient with Polyak's step.
"""

from dataclasses import dataclass
from itertools import pairwise

from zijing.projects.scheduling.axis import Axis, Calendar
from zijing.projects.scheduling.greedy import LATE

STEPS, STEEPEST = 400, 1.0 + LATE
# What lies beyond these days from today repeats the seasons before.
HORIZON, STRIDE = 2000, 4
# Steps without a better bound before they become half as long.
PATIENCE = 12


@dataclass(frozen=True)
class Job:
    """What a group asks of a machine: when it can begin, its days there, and the least days that follow.

    ``own`` is the length when only as many of its works run at once as do not wait for each other.
    """

    group: int
    head: int
    length: float
    own: float
    tail: int


class Machine:
    """One relaxed crew with the groups' jobs on it, on the days on which any of its works goes on."""

    def __init__(self, jobs: list[Job], calendar: Calendar) -> None:
        self.jobs, self.calendar = jobs, calendar
        total = 0.0
        self.areas = [0.0]
        for day in calendar.open:
            total += day + 0.5
            self.areas.append(total)

    def _area(self, x: float) -> float:
        """The integral of the day over the first ``x`` open days."""
        whole = int(x)
        part = x - whole
        return self.areas[whole] + (part * (self.calendar.open[whole] + part / 2) if part else 0.0)

    def ends(self, weights: list[float]) -> list[float]:
        """The least day on which each group can end, in the order that is best for ``weights`` by job."""
        heads = [self.calendar.before[job.head] for job in self.jobs]
        left = [job.length for job in self.jobs]
        order = sorted(range(len(left)), key=lambda j: -weights[j] / left[j])
        moments = sorted(set(heads))
        area, now = [0.0] * len(left), 0.0
        for since, until in pairwise([*moments, float("inf")]):
            now = max(now, float(since))
            for j in order:
                if heads[j] > since or left[j] <= 0 or now >= until:
                    continue
                took = min(left[j], until - now)
                area[j] += self._area(now + took) - self._area(now)
                left[j] -= took
                now += took
        return [a / job.length + job.own / 2 + job.tail for a, job in zip(area, self.jobs, strict=True)]


def machines(axis: Axis) -> list[Machine]:
    """Every limited crew as a machine, twice: with all its works, and with those that have the longer way to go."""
    made = []
    for crew, capacity in enumerate(axis.capacity):
        works = [n for n in range(len(axis.works)) if axis.crew[n] == crew and axis.days[n]]
        if not works:
            continue
        halted = frozenset.intersection(*(axis.works[n].halted_by for n in works))
        stops = [axis.span(s) for s in axis.problem.stops if s.kind in halted]
        calendar = Calendar(axis.reach, stops)
        follows = sorted({axis.tails[n] - axis.days[n] for n in works})
        for least in {follows[0], follows[len(follows) // 2]}:
            chosen = [n for n in works if axis.tails[n] - axis.days[n] >= least]
            made.append(Machine(_jobs(axis, chosen, capacity), calendar))
    return made


def _jobs(axis: Axis, works: list[int], capacity: int) -> list[Job]:
    jobs = []
    for group in sorted({axis.group[n] for n in works}):
        mine = [n for n in works if axis.group[n] == group]
        load = sum(axis.days[n] * axis.size[n] for n in mine)
        head = min(axis.earliest[n] for n in mine)
        at_once = min(capacity, _at_once(axis, mine))
        jobs.append(Job(group, head, load / capacity, load / at_once, min(_least_way(axis, n) for n in mine)))
    return jobs


def _at_once(axis: Axis, works: list[int]) -> int:
    """How many crews works can use at once at most: they are laid into chains of which each uses one work's crews."""
    lasts: dict[int, int] = {}
    for n in works:
        before = next((m for m in lasts if m in axis.ancestors[n]), None)
        lasts[n] = max(axis.size[n], lasts.pop(before, 0) if before is not None else 0)
    return sum(lasts.values())


def _least_way(axis: Axis, n: int) -> int:
    """The least days between the end of a work and that of its group, whenever it ends: with the stops on the way."""
    path, least = axis.path(n), axis.reach
    if not path:
        return 0
    if (known := axis.ways.get(tuple(path))) is not None:
        return known
    for day in range(axis.today, axis.today + HORIZON, STRIDE):
        at = day
        for m, lag in path:
            calendar = axis.calendars[m]
            at = calendar.end(calendar.start(at + lag), axis.days[m]) if axis.days[m] else at + lag
        least = min(least, at - day - STRIDE + 1)
    axis.ways[tuple(path)] = max(least, axis.tails[n] - axis.days[n])
    return axis.ways[tuple(path)]


def lower_bound(axis: Axis, cost: int, *, steps: int = STEPS) -> float:
    """No schedule costs less. ``cost`` is that of a schedule at hand; it only guides the steps."""
    alone = [axis.today] * len(axis.groups)
    for n, start in enumerate(axis.earliest):
        alone[axis.group[n]] = max(alone[axis.group[n]], axis.calendars[n].end(start, axis.days[n]))
    crews = machines(axis)
    weights = [[0.0] * len(m.jobs) for m in crews]
    best, kept, factor, since = 0.0, weights, 1.0, 0
    for _n in range(steps):
        value, slopes = _value(axis, crews, weights, alone)
        since += 1
        if value > best:
            best, kept, since = value, weights, 0
        elif since >= PATIENCE:
            weights, factor, since = kept, factor / 2, 0
            continue
        norm = sum(s * s for row in slopes for s in row)
        if norm < 1e-9 or best >= cost:
            break
        step = factor * (cost - value) / norm
        weights = [
            [max(0.0, w + step * s) for w, s in zip(*pair, strict=True)] for pair in zip(weights, slopes, strict=True)
        ]
        _project(crews, weights, [STEEPEST * by for by in axis.weight])
    return min(best, float(cost))


def _project(crews: list[Machine], weights: list[list[float]], steepest: list[float]) -> None:
    """Hold the weights of a group to what a day of its can cost at most."""
    sums = _sums(crews, weights, len(steepest))
    for machine, row in zip(crews, weights, strict=True):
        for j, job in enumerate(machine.jobs):
            if sums[job.group] > steepest[job.group]:
                row[j] *= steepest[job.group] / sums[job.group]


def _sums(crews: list[Machine], weights: list[list[float]], groups: int) -> list[float]:
    sums = [0.0] * groups
    for machine, row in zip(crews, weights, strict=True):
        for job, weight in zip(machine.jobs, row, strict=True):
            sums[job.group] += weight
    return sums


def _value(
    axis: Axis, crews: list[Machine], weights: list[list[float]], alone: list[int]
) -> tuple[float, list[list[float]]]:
    """The bound that these weights give, and how it grows with each."""
    value, at = 0.0, []
    for group, weight in enumerate(_sums(crews, weights, len(alone))):
        soonest, due = alone[group], axis.due[group]
        by = axis.weight[group]
        day = soonest if weight <= by else max(soonest, due)
        value += by * (day - axis.today + LATE * max(0, day - due)) - weight * day
        at.append(day)
    slopes = []
    for machine, row in zip(crews, weights, strict=True):
        ends = machine.ends(row)
        value += sum(w * e for w, e in zip(row, ends, strict=True))
        slopes.append([e - at[job.group] for e, job in zip(ends, machine.jobs, strict=True)])
    return value, slopes
