"""A problem on an axis of days from 0: calendars as look-up tables, works as numbers, ready for many evaluations."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from zijing.projects.scheduling.problem import REACH, Plan, Problem, Stop, Work, order


class Calendar:
    """The days on which works go on, on an axis of ``reach`` days."""

    def __init__(self, reach: int, stopped: Iterable[range]) -> None:
        still = bytearray(reach)
        for span in stopped:
            for day in range(max(0, span.start), min(reach, span.stop)):
                still[day] = 1
        self.open = [day for day in range(reach) if not still[day]]
        self.before = [0] * (reach + 1)
        for day in range(reach):
            self.before[day + 1] = self.before[day] + (not still[day])

    def start(self, day: int) -> int:
        """The first open day from ``day`` on."""
        return self.open[self.before[day]]

    def end(self, start: int, days: int) -> int:
        """The first day after ``days`` open days from ``start`` on."""
        return self.open[self.before[start] + days - 1] + 1 if days else start

    def latest(self, end: int, days: int) -> int:
        """The latest start of ``days`` open days that ends by ``end``."""
        return self.open[self.before[end] - days] if days else end


@dataclass
class Axis:
    """The works of a problem by number, each after its predecessors; ``zero`` is the ordinal of day 0.

    Days before today are on the axis too, so that a backward pass can show how much too late it is.
    """

    problem: Problem
    past: int = REACH // 2

    def __post_init__(self) -> None:
        self.zero = self.problem.today - self.past
        self.today = self.past
        self.reach = self.past + REACH
        self.works: list[Work] = order(self.problem.works)
        numbers = {w.key: n for n, w in enumerate(self.works)}
        self.days = [w.days for w in self.works]
        self.after = [[(numbers[link.after], link.lag) for link in w.after] for w in self.works]
        self.before: list[list[tuple[int, int]]] = [[] for _w in self.works]
        for n, links in enumerate(self.after):
            for m, lag in links:
                self.before[m].append((n, lag))
        self.release = [max(self.today, w.from_day - self.zero) for w in self.works]
        self.groups = sorted({w.group for w in self.works})
        of_group = {g: n for n, g in enumerate(self.groups)}
        self.group = [of_group[w.group] for w in self.works]
        self.limited = sorted({w.crew for w in self.works} & set(self.problem.crews))
        of_crew = {c: n for n, c in enumerate(self.limited)}
        self.crew = [of_crew.get(w.crew, -1) for w in self.works]
        self.size = [w.size for w in self.works]
        self.capacity = [self.problem.crews[c] for c in self.limited]
        # Without a promised date lateness never counts.
        far = self.zero + self.reach - 1
        self.due = [self.problem.promised.get(g, far) + 1 - self.zero for g in self.groups]
        self.weight = [self.problem.weights.get(g, 1) for g in self.groups]
        self.calendars = self._calendars()

    def _calendars(self) -> list[Calendar]:
        known: dict[frozenset[str], Calendar] = {}
        for work in self.works:
            if work.halted_by not in known:
                known[work.halted_by] = Calendar(self.reach, (self.span(s) for s in self.stops_of(work)))
        return [known[w.halted_by] for w in self.works]

    def stops_of(self, work: Work) -> list[Stop]:
        """The stops that halt a work, in order."""
        return sorted((s for s in self.problem.stops if s.kind in work.halted_by), key=lambda s: s.first)

    def span(self, stop: Stop) -> range:
        """A stop's days on the axis."""
        return range(stop.first - self.zero, stop.last - self.zero + 1)

    def plan(self, starts: list[int]) -> Plan:
        """Starts on the axis as a plan in ordinals."""
        keys = [w.key for w in self.works]
        ends = [c.end(s, d) for c, s, d in zip(self.calendars, starts, self.days, strict=True)]
        return Plan(
            {k: s + self.zero for k, s in zip(keys, starts, strict=True)},
            {k: e + self.zero for k, e in zip(keys, ends, strict=True)},
        )

    @cached_property
    def earliest(self) -> list[int]:
        """The earliest start of every work when crews are no matter."""
        return self.forward(self.release)

    def forward(self, release: list[int]) -> list[int]:
        """The earliest starts with these first days, crews unlimited."""
        starts: list[int] = []
        ends: list[int] = []
        for n, links in enumerate(self.after):
            ready = max([release[n], *(ends[m] + lag for m, lag in links)])
            calendar = self.calendars[n]
            start = calendar.start(ready) if self.days[n] else ready
            starts.append(start)
            ends.append(calendar.end(start, self.days[n]))
        return starts

    def latest(self, due: list[int]) -> list[int]:
        """The latest starts that keep the groups' promised days (the first day after each), crews unlimited."""
        starts = [0] * len(self.works)
        for n in range(len(self.works) - 1, -1, -1):
            by = min([due[self.group[n]], *(starts[m] - lag for m, lag in self.before[n])])
            starts[n] = self.calendars[n].latest(max(0, by), self.days[n])
        return starts

    @cached_property
    def tails(self) -> list[int]:
        """The least number of days between the start of a work and the end of its group, stops left out."""
        tails = [0] * len(self.works)
        for n in range(len(self.works) - 1, -1, -1):
            own = [tails[m] + lag for m, lag in self.before[n] if self.group[m] == self.group[n]]
            tails[n] = self.days[n] + max(own, default=0)
        return tails

    @cached_property
    def ancestors(self) -> list[frozenset[int]]:
        """All that must have ended before each work."""
        found: list[frozenset[int]] = []
        for links in self.after:
            found.append(frozenset(m for m, _lag in links).union(*(found[m] for m, _lag in links)))
        return found

    def path(self, n: int) -> list[tuple[int, int]]:
        """The longest way from a work to the end of its group: works with the days before each."""
        way: list[tuple[int, int]] = []
        while True:
            own = [(self.tails[m] + lag, m, lag) for m, lag in self.before[n] if self.group[m] == self.group[n]]
            if not own:
                return way
            _tail, n, lag = max(own)
            way.append((n, lag))

    @cached_property
    def ways(self) -> dict[tuple[tuple[int, int], ...], int]:
        """What the least days along a way were found to be."""
        return {}
