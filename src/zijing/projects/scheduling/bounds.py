"""How good a schedule can be at best: a lower bound on its cost, so that what a search leaves open is a number.

Lagrangian relaxation (Christofides, Alvarez-Valdés and Tamarit 1987): instead of being limited, a day of a crew has a
price. Works then meet only through their predecessors. Of the works that wait for one within a project, the one with
the longest way to go is kept, so that what is left are trees, and the days on which a tree's works cost least are found
by going through the days once, for every day by which it may have to end. A project ends on the day that is best for
its trees together. What that costs less the price of all crews there are is a bound, whatever the prices; they are
raised where more crews are asked for than there are (subgradient, Polyak's step). The days that the relaxation chose on
the way are an order in which to take the works.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.greedy import LATE, Found

# Days that share a price; the steps without a better bound before they become shorter, and by how much; the part of the
# last direction, and of the days chosen before, that is carried on.
WEEK, PATIENCE, SHORTER, CARRIED, KEPT = 7, 4, 0.7, 0.9, 0.9
# Steps shorter than this part of the first change nothing any more.
SHORTEST = 1e-3
# Places are within their tables: numpy need not look.
CLIP: Any = "clip"

# A calendar and days, by which starts and ends are known, a crew and how many of it.
Kind = tuple[int, int, int, int]


@dataclass
class Node:
    """A work in a tree: the days from today on which it can begin, the first days after it, what a crew's prices make
    of it. ``before`` are the predecessors kept, by their place in the tree, with the latest start of theirs by its own.
    """

    work: int
    kind: Kind
    since: int
    starts: Any
    ends: Any
    before: list[tuple[int, Any]]


@dataclass
class Tree:
    """Works of a group that all lead to the last of them, each after its predecessors, and others just like them.

    ``alike`` has the works of every such tree in the same order. ``by`` is the last start by the day of the end.
    """

    group: int
    alike: list[list[int]]
    nodes: list[Node]
    by: Any


class Prices:
    """A problem with prices instead of limits, and the best bound that its prices have given so far."""

    def __init__(self, axis: Axis, found: Found) -> None:
        """``found`` is a schedule at hand. After its last day crews cost nothing."""
        import numpy as np  # noqa: PLC0415  # a tenth of a second to import, for planning only

        self.np, self.axis = np, axis
        kept, alike = _trees(axis)
        last = max(c.end(s, d) for c, s, d in zip(axis.calendars, found.starts, axis.days, strict=True))
        self.weeks = max(1, ceil((last - axis.today) / WEEK))
        self.priced = self.weeks * WEEK
        self.until = max(axis.today + self.priced, _until(axis, kept, axis.today + self.priced))
        self.days = self.until - axis.today + 1
        self.capacity = np.asarray(axis.capacity, dtype=float)[:, None]
        self.tables: dict[tuple[int, int], tuple[Any, Any]] = {}
        self.trees = [self._tree(group, works, kept) for group, works in alike]
        self.ends = [self._costs(group) for group in range(len(axis.groups))]
        self.prices = self.best_prices = np.zeros((len(axis.capacity), self.priced))
        self.direction: Any = 0.0
        self.best, self.factor, self.since = 0.0, 1.0, 0
        self.chosen: Any = None

    def _tree(self, group: int, alike: list[list[int]], kept: list[list[tuple[int, int]]]) -> Tree:
        np = self.np
        nodes: list[Node] = []
        place = {n: k for k, n in enumerate(alike[0])}
        for n in alike[0]:
            starts, ends, kind = self._table(n)
            since = int(np.searchsorted(starts, self.axis.earliest[n] - self.axis.today))
            starts, ends = starts[since:], ends[since:]
            before = [
                (place[m], np.searchsorted(nodes[place[m]].ends, starts - lag, side="right") - 1) for m, lag in kept[n]
            ]
            nodes.append(Node(n, kind, since, starts, ends, before))
        by = np.searchsorted(nodes[-1].ends, np.arange(self.days), side="right") - 1
        return Tree(group, alike, nodes, np.maximum(by, 0))

    def _table(self, n: int) -> tuple[Any, Any, Kind]:
        """The days from today on which a work can begin, the first days after it, and what its price depends on."""
        axis, np = self.axis, self.np
        days, calendar = axis.days[n], axis.calendars[n]
        key = (id(calendar) if days else 0, days)
        if key not in self.tables:
            every = np.asarray(calendar.open) if days else np.arange(axis.reach)
            ends = every[days - 1 :] + 1 if days else every
            starts = every[: len(ends)]
            within = (starts >= axis.today) & (ends <= self.until)
            self.tables[key] = starts[within] - axis.today, ends[within] - axis.today
        return *self.tables[key], (*key, axis.crew[n] if days else -1, axis.size[n])

    def _costs(self, group: int) -> Any:
        """What a group costs by the day of its end, which is not before its works could have ended with any crews."""
        axis, np = self.axis, self.np
        mine = [n for n in range(len(axis.works)) if axis.group[n] == group]
        alone = max(axis.calendars[n].end(axis.earliest[n], axis.days[n]) for n in mine)
        day = np.arange(self.days)
        costs = axis.weight[group] * (day + float(LATE) * np.maximum(0, day - (axis.due[group] - axis.today)))
        costs[: alone - axis.today] = np.inf
        return costs

    def value(self) -> tuple[float, Any, dict[int, int]]:
        """The bound of the present prices, the crews asked for beyond those there are by the day, the starts chosen."""
        paying = self._paying()
        asked = self.np.zeros((len(self.prices), self.days + 1))
        total = -float((self.prices * self.capacity).sum())
        starts: dict[int, int] = {}
        least = [self._least(tree, paying) for tree in self.trees]
        for group, own in enumerate(self.ends):
            mine = [(tree, least[k]) for k, tree in enumerate(self.trees) if tree.group == group]
            costs = own + sum(len(tree.alike) * found[-1][1].take(tree.by, mode=CLIP) for tree, found in mine)
            day = int(costs.argmin())
            total += float(costs[day])
            for tree, found in mine:
                self._choose(tree, found, day, asked, starts)
        return total, asked.cumsum(axis=1)[:, : self.priced] - self.capacity, starts

    def _paying(self) -> dict[Kind, Any]:
        """What works cost by their start: the prices of their crews, in pauses too."""
        np, found = self.np, {}
        paid = np.zeros((len(self.prices), self.days))
        paid[:, 1 : self.priced + 1] = self.prices.cumsum(axis=1)
        paid[:, self.priced + 1 :] = paid[:, self.priced : self.priced + 1]
        for kind in {node.kind for tree in self.trees for node in tree.nodes}:
            starts, ends = self.tables[kind[:2]]
            row = paid[kind[2]] * kind[3] if kind[2] >= 0 else np.zeros(self.days)
            found[kind] = row.take(ends, mode=CLIP) - row.take(starts, mode=CLIP)
        return found

    def _least(self, tree: Tree, paying: dict[Kind, Any]) -> list[tuple[Any, Any]]:
        """For every work the price of it and all before it, by its start, and the least by any start until then."""
        found: list[tuple[Any, Any]] = []
        for node in tree.nodes:
            price = paying[node.kind][node.since :]
            for m, latest in node.before:
                price = price + found[m][1].take(latest, mode=CLIP)
            found.append((price, self.np.minimum.accumulate(price)))
        return found

    def _choose(self, tree: Tree, least: list[tuple[Any, Any]], day: int, asked: Any, starts: dict[int, int]) -> None:
        """The cheapest starts of a tree that ends by a day, and the crews they ask for."""
        latest = [0] * len(least)
        latest[-1] = tree.by[day]
        for k in range(len(least) - 1, -1, -1):
            node = tree.nodes[k]
            place = int(least[k][0][: latest[k] + 1].argmin())
            for m, until in node.before:
                latest[m] = until[place]
            start, crew = int(node.starts[place]), node.kind[2]
            starts[node.work] = start
            if crew >= 0:
                asked[crew, start] += len(tree.alike) * node.kind[3]
                asked[crew, node.ends[place]] -= len(tree.alike) * node.kind[3]

    def step(self, cost: int) -> None:
        """Move the prices towards a better bound; ``cost`` is that of a schedule at hand and only guides the step."""
        value, slope, starts = self.value()
        self._remember(starts)
        self.since += 1
        if value > self.best:
            self.best, self.best_prices, self.since = value, self.prices, 0
        elif self.since >= PATIENCE:
            self.prices, self.factor, self.since = self.best_prices, self.factor * SHORTER, 0
            return
        slope = slope.reshape(len(slope), self.weeks, WEEK).mean(axis=2).repeat(WEEK, axis=1)
        slope[(self.prices <= 0) & (slope < 0)] = 0
        self.direction = CARRIED * self.direction + slope
        norm = float((self.direction**2).sum())
        if norm < 1e-9 or value >= cost:
            self.factor = 0.0
            return
        self.prices = self.np.maximum(0, self.prices + self.factor * (cost - value) / norm * self.direction)

    def _remember(self, starts: dict[int, int]) -> None:
        days = self.np.asarray([float(starts[node.work]) for tree in self.trees for node in tree.nodes])
        self.chosen = days if self.chosen is None else KEPT * self.chosen + (1 - KEPT) * days

    def rank(self) -> list[float]:
        """The day on which each work was chosen to begin of late: an order in which to take them."""
        rank, days = [0.0] * len(self.axis.works), iter(self.chosen.tolist())
        for tree in self.trees:
            for same in zip(*tree.alike, strict=True):
                day = next(days)
                for n in same:
                    rank[n] = day
        return rank

    @property
    def ended(self) -> bool:
        """Whether further steps are too short to matter."""
        return self.factor < SHORTEST

    def bound(self, cost: int) -> float:
        """No schedule costs less; ``cost`` is that of one at hand. Costs are whole days."""
        return float(min(cost, ceil(self.best - 1e-6)))


def _trees(axis: Axis) -> tuple[list[list[tuple[int, int]]], list[tuple[int, list[list[int]]]]]:
    """The predecessors that every work keeps, and the trees that they make: group and works, those alike together."""
    kept: list[list[tuple[int, int]]] = [[] for _w in axis.works]
    last = []
    for n in range(len(kept)):
        own = [(axis.tails[m] + lag, m, lag) for m, lag in axis.before[n] if axis.group[m] == axis.group[n]]
        if own:
            _days, m, lag = max(own)
            kept[m].append((n, lag))
        else:
            last.append(n)
    shapes: dict[Any, int] = {}
    shape: list[int] = []
    below: list[list[int]] = []
    for n, before in enumerate(kept):
        before.sort(key=lambda link: (shape[link[0]], link[1]))
        like = tuple((shape[m], lag) for m, lag in before)
        key = (id(axis.calendars[n]), axis.days[n], axis.crew[n], axis.size[n], axis.earliest[n], like)
        shape.append(shapes.setdefault(key, len(shapes)))
        below.append([k for m, _lag in before for k in below[m]] + [n])
    found: dict[tuple[int, int], list[list[int]]] = {}
    for n in last:
        found.setdefault((axis.group[n], shape[n]), []).append(below[n])
    return kept, [(group, alike) for (group, _shape), alike in found.items()]


def _until(axis: Axis, kept: list[list[tuple[int, int]]], free: int) -> int:
    """A day by which every tree can end without any price, from the day ``free`` on: no later end is worth a look."""
    ends: list[int] = []
    for n, calendar in enumerate(axis.calendars):
        ready = max([free, axis.earliest[n], *(ends[m] + lag for m, lag in kept[n])])
        place = calendar.before[min(ready, axis.reach)] + axis.days[n] - 1
        end = calendar.open[place] + 1 if place < len(calendar.open) else axis.reach
        ends.append(end if axis.days[n] else ready)
    return min(axis.reach, max(ends))
