"""List scheduling with priority rules, and improvement by moving projects and buildings forward and back in the queue.

Parallel schedule generation (Kelley 1963): going through the days, whatever is ready begins when its crew is free, the
more urgent first. A whole evaluation of 1,500 works takes some milliseconds, so that thousands can be tried.
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from zijing.projects.scheduling.axis import Axis

# A day after the promised date counts as this many more days.
LATE = 3


@dataclass
class Found:
    """Starts on an axis with their cost: the days until each group is finished, late ones counted more."""

    starts: list[int]
    cost: int


def cost_of(axis: Axis, starts: list[int]) -> int:
    """The days from today until each group is finished, summed by weight, every day past its promised date as four."""
    return cost_at(axis, [c.end(s, d) for c, s, d in zip(axis.calendars, starts, axis.days, strict=True)])


def cost_at(axis: Axis, ends: list[int]) -> int:
    """The same from the first day after each work."""
    lasts = [axis.today] * len(axis.groups)
    for group, end in zip(axis.group, ends, strict=True):
        lasts[group] = max(lasts[group], end)
    weighed = zip(lasts, axis.due, axis.weight, strict=True)
    return sum(by * (e - axis.today + LATE * max(0, e - due)) for e, due, by in weighed)


def list_schedule(axis: Axis, rank: list[float]) -> list[int]:
    """The starts when works are taken in the order of ``rank``, least first, as soon as crews are free."""
    missing = [len(links) for links in axis.after]
    ready = list(axis.release)
    free = list(axis.capacity)
    starts = [0] * len(missing)
    queues: list[list[tuple[float, int]]] = [[] for _c in free]
    events: list[tuple[int, int, int]] = []  # day, 0 for an end before 1 for being ready, work
    for n, left in enumerate(missing):
        if not left:
            heappush(events, (_opens(axis, n, ready[n]), 1, n))
    while events:
        day = events[0][0]
        touched: set[int] = set()
        while events and events[0][0] == day:
            _day, ready_now, n = heappop(events)
            crew = axis.crew[n]
            if not ready_now:
                if crew >= 0:
                    free[crew] += axis.size[n]
                    touched.add(crew)
                _let_follow(axis, n, day, missing, ready, events)
            elif crew < 0:
                starts[n] = day
                heappush(events, (axis.calendars[n].end(day, axis.days[n]), 0, n))
            else:
                heappush(queues[crew], (rank[n], n))
                touched.add(crew)
        for crew in touched:
            _serve(axis, crew, day, queues, free, starts, events)
    return starts


def _let_follow(
    axis: Axis, n: int, day: int, missing: list[int], ready: list[int], events: list[tuple[int, int, int]]
) -> None:
    """A work has ended: what waited for it alone becomes ready."""
    for m, lag in axis.before[n]:
        ready[m] = max(ready[m], day + lag)
        missing[m] -= 1
        if not missing[m]:
            heappush(events, (_opens(axis, m, max(day, ready[m])), 1, m))


def _opens(axis: Axis, n: int, day: int) -> int:
    return axis.calendars[n].start(day) if axis.days[n] else day


def _serve(
    axis: Axis, crew: int, day: int, queues: list[list[tuple[float, int]]], free: list[int], starts: list[int],
    events: list[tuple[int, int, int]],
) -> None:  # fmt: skip
    """Let the crew's free units begin what is most urgent; what a stop halts today asks again when it ends."""
    waiting, kept = queues[crew], []
    while waiting and free[crew]:
        item = heappop(waiting)
        n = item[1]
        opens = _opens(axis, n, day)
        if opens > day:
            heappush(events, (opens, 1, n))
        elif axis.size[n] > free[crew]:
            kept.append(item)
        else:
            starts[n] = day
            free[crew] -= axis.size[n]
            heappush(events, (axis.calendars[n].end(day, axis.days[n]), 0, n))
    for item in kept:
        heappush(waiting, item)


def rules(axis: Axis) -> Iterable[list[float]]:
    """Priority rules: least latest start; projects by promised date; short projects first; longest tail first."""
    latest = axis.latest([min(d, axis.reach - 1) for d in axis.due])
    yield [float(x) for x in latest]
    load = [0.0] * len(axis.groups)
    for n, days in enumerate(axis.days):
        if axis.crew[n] >= 0:
            load[axis.group[n]] += days * axis.size[n] / axis.capacity[axis.crew[n]]
    tails = axis.tails
    for key in (axis.due, load):
        places = {g: p for p, g in enumerate(sorted(range(len(load)), key=lambda g: key[g]))}
        yield [places[axis.group[n]] * 1e4 - tails[n] for n in range(len(tails))]
    yield [-float(x) for x in tails]


def heavy_first(axis: Axis, rank: list[float]) -> list[float]:
    """A rank in which groups that weigh more go before all that weigh less."""
    span = max(rank) - min(rank) + 1
    return [place - span * axis.weight[axis.group[n]] for n, place in enumerate(rank)]


def in_turn(axis: Axis, rank: list[float]) -> list[int]:
    """The starts when works are placed one after the other, least rank first, each as early as its crew allows.

    Serial schedule generation (Kelley 1963): unlike a list schedule it keeps a crew free for what is placed before.
    """
    used = [[0] * axis.reach for _c in axis.capacity]
    missing, ready, starts = [len(links) for links in axis.after], list(axis.release), [0] * len(rank)
    queue = [(rank[n], n) for n, left in enumerate(missing) if not left]
    while queue:
        n = min(queue)[1]
        queue.remove((rank[n], n))
        starts[n] = _soonest(axis, n, ready[n], used)
        end = axis.calendars[n].end(starts[n], axis.days[n])
        for m, lag in axis.before[n]:
            ready[m] = max(ready[m], end + lag)
            missing[m] -= 1
            if not missing[m]:
                queue.append((rank[m], m))
    return starts


def _soonest(axis: Axis, n: int, day: int, used: list[list[int]]) -> int:
    """The first day from which a work's crew is free for all of it; the crew is taken."""
    calendar, days, crew = axis.calendars[n], axis.days[n], axis.crew[n]
    start = _opens(axis, n, day)
    if crew < 0 or not days:
        return start
    taken, full = used[crew], axis.capacity[crew] - axis.size[n]
    while True:
        end = calendar.end(start, days)
        clash = next((d for d in range(end - 1, start - 1, -1) if taken[d] > full), None)
        if clash is None:
            break
        start = calendar.start(clash + 1)
    for busy in range(start, end):
        taken[busy] += axis.size[n]
    return start


def first(axis: Axis) -> tuple[Found, list[float]]:
    """The best of the priority rules, with the ranks that gave it.

    Where groups weigh more, also with those first, once among what waits and once with crews kept free for them.
    """
    best: tuple[Found, list[float]] | None = None
    plain = list(rules(axis))
    heavy = [heavy_first(axis, rank) for rank in plain] if len(set(axis.weight)) > 1 else []
    tried = [(rank, list_schedule(axis, rank)) for rank in [*plain, *heavy]]
    tried += [(rank, in_turn(axis, rank)) for rank in heavy]
    for rank, starts in tried:
        found = Found(starts, cost_of(axis, starts))
        if best is None or found.cost < best[0].cost:
            best = found, rank
    assert best is not None
    return best


def improve(
    axis: Axis, found: Found, rank: list[float], *, seed: int = 1, tries: int = 200, until: float = 0.0,
    going_on: Callable[[Found], bool] = lambda _found: True,
) -> Found:  # fmt: skip
    """Move one project, building or work at a time in the queue and keep what is no worse; the same seed does the same.

    Ends after ``tries``, at the moment ``until`` of the monotonic clock (0: never), or when ``going_on`` says no.
    """
    chance = random.Random(seed)  # noqa: S311  # a search, not a secret
    by_start = _as_ranks(found.starts)
    if cost_of(axis, list_schedule(axis, by_start)) <= found.cost:
        rank = by_start
    blocks = _blocks(axis)
    span = max(rank) - min(rank) or 1.0
    for _n in range(tries):
        if (until and time.monotonic() >= until) or not going_on(found):
            break
        moved = list(rank)
        if chance.random() < 0.15:
            a, b = chance.sample(range(len(blocks)), 2) if len(blocks) > 1 else (0, 0)
            low_a, low_b = min(rank[n] for n in blocks[a]), min(rank[n] for n in blocks[b])
            shifts = [(a, low_b - low_a), (b, low_a - low_b)]
        else:
            shifts = [(chance.randrange(len(blocks)), span * chance.gauss(0, 0.12))]
        for block, by in shifts:
            for n in blocks[block]:
                moved[n] += by
        starts = list_schedule(axis, moved)
        cost = cost_of(axis, starts)
        if cost <= found.cost:
            found, rank = Found(starts, cost), moved
    return found


def _as_ranks(starts: list[int]) -> list[float]:
    return [float(s) for s in starts]


def _blocks(axis: Axis) -> list[list[int]]:
    """What moves together: a whole project, or the works of one building (the part of a key before its last stroke)."""
    groups: dict[str, list[int]] = {}
    for n, work in enumerate(axis.works):
        groups.setdefault(f"group {work.group}", []).append(n)
        groups.setdefault(f"part {work.group} {work.key.rpartition('/')[0]}", []).append(n)
    return list(groups.values())
