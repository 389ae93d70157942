"""The same problem for CP-SAT (OR-Tools), which begins with the greedy schedule and says how far from the best it is.

One cumulative per kind of crew; which crew does what is handed out afterwards. A stop is crossed, or lies before or
behind a work: three literals, and only for the stops that a work can meet between its earliest and latest day.
OR-Tools is imported here and nowhere else: it takes a second and a hundred megabytes.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zijing.projects.scheduling.axis import Axis
from zijing.projects.scheduling.greedy import LATE, Found, cost_of

POLL = 0.25


@dataclass(frozen=True)
class Answer:
    """The best schedule found, and a cost below which there is none."""

    found: Found
    bound: float


def search(
    axis: Axis, hint: Found, *, seconds: float, workers: int = 2, going_on: Callable[[int, float], bool]
) -> Answer:  # fmt: skip
    """Search from ``hint``. ``going_on(cost, bound)`` is asked four times a second; when it says no, the search ends
    with the best so far.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415  # a second to import, for a job only

    model = cp_model.CpModel()
    starts, ends = _variables(axis, model, hint)
    _objective(axis, model, hint, ends)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    watcher = _watch(cp_model, hint.cost)
    status: list[Any] = []
    thread = threading.Thread(target=lambda: status.append(solver.solve(model, watcher)), daemon=True)
    thread.start()
    until = time.monotonic() + seconds + 5
    while thread.is_alive():
        thread.join(POLL)
        if not going_on(watcher.cost, watcher.bound) or time.monotonic() > until:
            solver.stop_search()
            thread.join()
    found, bound = hint, watcher.bound
    if status and status[0] in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        bound = max(bound, solver.best_objective_bound)
        values = [solver.value(s) for s in starts]
        cost = cost_of(axis, values)
        if cost < hint.cost:
            found = Found(values, cost)
    return Answer(found, min(bound, found.cost))


def _watch(cp_model: Any, cost: int) -> Any:
    class Watcher(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # ortools' classes are untyped
        def __init__(self) -> None:
            super().__init__()
            self.cost, self.bound = cost, 0.0

        def on_solution_callback(self) -> None:
            self.cost, self.bound = int(self.objective_value), self.best_objective_bound

    return Watcher()


def _variables(axis: Axis, model: Any, hint: Found) -> tuple[list[Any], list[Any]]:
    last = max(axis.calendars[n].end(s, axis.days[n]) for n, s in enumerate(hint.starts))
    starts: list[Any] = []
    ends: list[Any] = []
    used: dict[int, list[tuple[Any, int]]] = {}
    for n, days in enumerate(axis.days):
        early, late = axis.earliest[n], last - axis.tails[n]
        start = model.new_int_var(early, max(early, late), "")
        end = model.new_int_var(early + days, last, "")
        span = _stops(axis, model, n, start, end, late)
        size = model.new_int_var(days, last - early, "")
        model.add(size == days + span)
        interval = model.new_interval_var(start, size, end, "")
        model.add_hint(start, hint.starts[n])
        if axis.crew[n] >= 0 and days:
            used.setdefault(axis.crew[n], []).append((interval, axis.size[n]))
        for m, lag in axis.after[n]:
            model.add(start >= ends[m] + lag)
        starts.append(start)
        ends.append(end)
    for crew, mine in used.items():
        model.add_cumulative([i for i, _size in mine], [size for _i, size in mine], axis.capacity[crew])
    return starts, ends


def _stops(axis: Axis, model: Any, n: int, start: Any, end: Any, late: int) -> Any:
    """The days for which stops interrupt a work: an expression, with the literals that decide it."""
    pause: Any = 0
    for span in _merged([axis.span(s) for s in axis.stops_of(axis.works[n])]):
        if not axis.days[n] or span.stop <= axis.earliest[n] or span.start >= late + axis.days[n] + len(span):
            continue
        before, across, behind = (model.new_bool_var("") for _n in range(3))
        model.add_exactly_one(before, across, behind)
        model.add(end <= span.start).only_enforce_if(before)
        model.add(start >= span.stop).only_enforce_if(behind)
        model.add(start < span.start).only_enforce_if(across)
        model.add(end > span.stop).only_enforce_if(across)
        pause += len(span) * across
    return pause


def _merged(spans: list[range]) -> list[range]:
    """Stops that touch or overlap as one."""
    merged: list[range] = []
    for span in sorted(spans, key=lambda s: s.start):
        if merged and span.start <= merged[-1].stop:
            merged[-1] = range(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged


def _objective(axis: Axis, model: Any, hint: Found, ends: list[Any]) -> None:
    """The days until each group is finished, those after its promised date counted more: as ``greedy.cost_of``."""
    worst = axis.today + hint.cost
    terms = []
    for group, due in enumerate(axis.due):
        done = model.new_int_var(axis.today, max(worst, axis.today), "")
        for n, end in enumerate(ends):
            if axis.group[n] == group:
                model.add(done >= end)
        late = model.new_int_var(0, max(worst, axis.today), "")
        model.add(late >= done - due)
        terms.append(axis.weight[group] * (done - axis.today + LATE * late))
    model.minimize(sum(terms))
