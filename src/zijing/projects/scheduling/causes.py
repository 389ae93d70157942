"""Why a date cannot be kept: the chain of works that ends last, and what each waited for, in words and days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.greedy import first
from zijing.projects.scheduling.passes import passes
from zijing.projects.scheduling.problem import Plan, Problem, Work

CHAIN, CREW, STOP, PACE, BLOCKER = "chain", "crew", "stop", "pace", "blocker"


@dataclass(frozen=True)
class Cause:
    """A binding constraint with the days it costs a group: the chain of works, a kind of crew, a kind of stop, the pace
    of the site, or a blocker.

    ``names`` are the works of the chain, the works waited for, the titles of the stops or of the blocker; ``key`` is
    the kind of crew, or what the blocker is known by.
    """

    kind: str
    key: str
    days: int
    names: tuple[str, ...] = ()

    def sentence(self, crews: Mapping[str, str]) -> str:
        """The cause in the reader's language; ``crews`` names kinds of crews."""
        names = gettext(", ").join(self.names)
        words = {"days": self.days, "names": names, "crew": crews.get(self.key, self.key)}
        if self.kind == CREW:
            text = ngettext(
                "%(days)d day waiting for a crew (%(crew)s) that is at %(names)s",
                "%(days)d days waiting for a crew (%(crew)s) that is at %(names)s", self.days,
            )  # fmt: skip
        elif self.kind == BLOCKER:
            text = ngettext(
                "%(days)d day of the blocker “%(names)s”", "%(days)d days of the blocker “%(names)s”", self.days
            )
        elif self.kind == PACE:
            text = ngettext(
                "%(days)d day that works go slower than laid out", "%(days)d days that works go slower than laid out",
                self.days,
            )  # fmt: skip
        elif self.kind == STOP:
            text = ngettext("%(days)d day of %(names)s", "%(days)d days of %(names)s", self.days)
        else:
            text = ngettext(
                "%(days)d day that the works themselves take too long: %(names)s",
                "%(days)d days that the works themselves take too long: %(names)s", self.days,
            )  # fmt: skip
        return text % words


@dataclass(frozen=True)
class Step:
    """A work of the chain that ends last, and the days it waited: for a crew held by ``behind``, and in stops."""

    work: Work
    waited: int
    behind: tuple[str, ...]
    stopped: tuple[tuple[str, int], ...]


def chain(problem: Problem, plan: Plan, group: str) -> list[Step]:
    """From the work of a group that ends last back to the first, each with what it waited for."""
    works = {w.key: w for w in problem.works}
    mine = [w for w in problem.works if w.group == group]
    if not mine:
        return []
    work: Work | None = max(mine, key=lambda w: (plan.ends[w.key], plan.starts[w.key]))
    steps: list[Step] = []
    while work is not None:
        before = max(work.after, key=lambda link: plan.ends[link.after] + link.lag, default=None)
        ready = max(problem.today, work.from_day, plan.ends[before.after] + before.lag if before else 0)
        stopped = _stopped(problem, work, ready, plan.ends[work.key])
        pause = sum(days for _title, days in _stopped(problem, work, ready, plan.starts[work.key]))
        waited = max(0, plan.starts[work.key] - ready - pause)
        behind = _holders(problem, plan, work) if waited and work.crew in problem.crews else ()
        steps.append(Step(work, waited if behind else 0, behind, stopped))
        work = works[before.after] if before else None
    return steps[::-1]


def _stopped(problem: Problem, work: Work, since: int, until: int) -> tuple[tuple[str, int], ...]:
    """The stops between two days, each with the days of it that no earlier one covers."""
    found, covered = [], since
    for stop in sorted((s for s in problem.stops if s.kind in work.halted_by), key=lambda s: s.first):
        days = min(until, stop.last + 1) - max(covered, stop.first)
        if days > 0:
            found.append((stop.title or stop.kind, days))
            covered = stop.last + 1
    return tuple(found)


def _holders(problem: Problem, plan: Plan, work: Work) -> tuple[str, ...]:
    """The works whose crew came free just when this one began."""
    start = plan.starts[work.key]
    rivals = [w for w in problem.works if w.crew == work.crew and plan.starts[w.key] < start <= plan.ends[w.key] + 1]
    rivals = [w for w in rivals if w.key != work.key]
    return tuple(w.name for w in sorted(rivals, key=lambda w: -plan.ends[w.key])[:2])


def causes(problem: Problem, plan: Plan, group: str, laid: Mapping[str, int] | None = None) -> list[Cause]:
    """What binds a group that ends after its promised date, the costliest first; of one that keeps it, the blockers.

    The days of crews and stops are those of the chain that ends last. What is late without them is the pace's, as far
    as works take longer than ``laid`` out (days by work), then the chain's own.
    """
    if group not in problem.promised:
        return []
    held = _blockers(problem, group)
    late = plan.finish(w for w in problem.works if w.group == group).get(group, 0) - problem.promised[group]
    if late <= 0:
        return held
    crews: dict[str, int] = {}
    behind: dict[str, list[str]] = {}
    stops: dict[str, int] = {}
    steps = chain(problem, plan, group)
    for step in steps:
        if step.waited:
            crews[step.work.crew] = crews.get(step.work.crew, 0) + step.waited
            behind.setdefault(step.work.crew, []).extend(step.behind)
        for title, days in step.stopped:
            stops[title] = stops.get(title, 0) + days
    found = [Cause(CREW, key, days, tuple(dict.fromkeys(behind[key]))[:2]) for key, days in crews.items()]
    found += [Cause(STOP, title, days, (title,)) for title, days in stops.items()]
    found += held
    rest = late - sum(c.days for c in found)
    slower = sum(max(0, s.work.days - (laid or {}).get(s.work.key, s.work.days)) for s in steps)
    if rest > 0 and slower:
        found.append(Cause(PACE, group, min(rest, slower)))
        rest -= min(rest, slower)
    longest = sorted(steps, key=lambda s: -s.work.days)[:3]
    if rest > 0:
        names = tuple(s.work.name for s in steps if s in longest and s.work.days)
        found.append(Cause(CHAIN, group, rest, names))
    return sorted(found, key=lambda c: (-c.days, c.kind, c.key))


def _blockers(problem: Problem, group: str) -> list[Cause]:
    """The blockers of a group, each with the days by which its end would be sooner without it, crews left out."""
    mine = [w for w in problem.works if w.group == group]
    known = {hold.key: hold for w in mine for hold in w.holds}
    if not known:
        return []
    keys = {w.key for w in mine}
    mine = [replace(w, after=tuple(x for x in w.after if x.after in keys)) for w in mine]
    ends = _alone(problem, mine)
    found = []
    for key, hold in known.items():
        without = [replace(w, holds=tuple(h for h in w.holds if h.key != key)) for w in mine]
        found.append(Cause(BLOCKER, key, ends - _alone(problem, without), (hold.title,)))
    return found


def _alone(problem: Problem, works: list[Work]) -> int:
    """The first day after works that have the crews to themselves."""
    axis = Axis(replace(problem, works=works))
    return max(c.end(s, d) for c, s, d in zip(axis.calendars, axis.earliest, axis.days, strict=True))


def explain(problem: Problem) -> dict[str, list[Cause]]:
    """The causes of every group that even a schedule by priority rules cannot keep, by group."""
    axis = Axis(problem)
    if not axis.works:
        return {}
    plan = axis.plan(first(axis)[0].starts)
    late = {g for g, days in passes(problem).slack.items() if days < 0} | set(problem.promised)
    return {g: found for g in sorted(late & set(problem.promised)) if (found := causes(problem, plan, g))}
