"""Backward scheduling at the size of a subdistrict's year: 14 projects, 125 buildings, 1,500 works, limited crews.

``python tools/bench/schedule.py [SECONDS …]`` (default 2 60) prints a JSON line for the first schedule and one for
each budget: cost, bound and gap in percent, with the machine and the versions it was measured on.
"""

import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version

from zijing.projects.scheduling.problem import Link, Problem, Stop, Work
from zijing.projects.scheduling.solving import Solved, at_once, solve

PROJECTS, BUILDINGS = 14, 125
# Work, crew, fixed days, days a storey, predecessors with days between, what halts it.
STAGES = (
    ("earth", "earth", 12, 0.0, {}, "pollution"),
    ("piles", "piling", 18, 0.0, {"earth": 0}, "pollution"),
    ("foundation", "structure", 25, 0.0, {"piles": 3}, "winter"),
    ("structure", "structure", 0, 6.0, {"foundation": 5}, "winter"),
    ("masonry", "masonry", 0, 2.0, {"structure": 10}, "winter"),
    ("roof", "masonry", 12, 0.0, {"structure": 7}, "winter"),
    ("fittings", "fitting", 0, 1.5, {"masonry": 0}, ""),
    ("facade", "facade", 0, 2.0, {"masonry": 5}, "winter pollution"),
    ("interior", "interior", 0, 2.0, {"fittings": 0, "roof": 0}, ""),
    ("lift", "lift", 20, 0.0, {"roof": 0}, ""),
    ("outside", "earth", 15, 0.0, {"facade": 0}, "winter pollution"),
    ("checking", "", 10, 0.0, {"interior": 0, "lift": 0, "outside": 0}, ""),
)  # fmt: skip
# About two crews for five buildings; ``short`` is what an office has that is short of them: a quarter fewer.
CREWS = {
    "earth": 9,
    "piling": 9,
    "structure": 52,
    "masonry": 18,
    "fitting": 16,
    "facade": 17,
    "interior": 19,
    "lift": 10,
}
SHORT = 0.75


def problem(seed: int = 1, share: float = 1.0) -> Problem:
    """A year of housing, made from a seed, with a share of the crews."""
    chance = random.Random(seed)
    today = date(2020, 3, 1).toordinal()
    per = [BUILDINGS // PROJECTS + (n < BUILDINGS % PROJECTS) for n in range(PROJECTS)]
    works, promised = [], {}
    for p, number in enumerate(per):
        group = f"P{p + 1:02}"
        release = today + chance.randrange(0, 240)
        storeys = chance.choice((11, 18, 26, 33))
        promised[group] = release + 420 + 9 * storeys + chance.randrange(0, 150)
        for b in range(number):
            floors = max(6, storeys + chance.choice((-2, 0, 0, 0)))
            works += [_work(group, b, floors, release, row) for row in STAGES]
    stops = []
    for year in range(2020, 2026):
        stops.append(Stop("winter", date(year, 12, 15).toordinal(), date(year + 1, 2, 15).toordinal()))
        days = [date(year, 11, 20), date(year + 1, 1, 5), date(year + 1, 3, 1)]
        stops += [Stop("pollution", d.toordinal(), d.toordinal() + chance.randrange(4, 10)) for d in days]
    crews = {crew: max(1, round(number * share)) for crew, number in CREWS.items()}
    return Problem(works, today, tuple(stops), crews, promised)


def _work(group: str, building: int, floors: int, release: int, row: tuple) -> Work:
    name, crew, fixed, per_floor, after, halted = row
    stem = f"{group}/B{building + 1:02}"
    links = tuple(Link(f"{stem}/{key}", lag) for key, lag in after.items())
    days = fixed + round(per_floor * floors)
    return Work(f"{stem}/{name}", days, group, crew, 1, links, frozenset(halted.split()), release)


def machine() -> dict[str, object]:
    """Where it was measured."""
    return {
        "python": platform.python_version(), "ortools": version("ortools"), "cores": os.cpu_count(),
        "machine": platform.machine(), "system": platform.system(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main(budgets: list[float]) -> None:
    """Measure."""
    for crews, share in (("usual", 1.0), ("short", SHORT)):
        asked = problem(share=share)
        measure("first", crews, asked, lambda asked=asked: at_once(asked))
        for seconds in budgets:
            measure(f"{seconds:g} s", crews, asked, lambda asked=asked, seconds=seconds: solve(asked, seconds=seconds))


def measure(what: str, crews: str, asked: Problem, search: Callable[[], Solved]) -> None:
    """Search and print a line; on a machine with other work processor seconds are less than those that passed."""
    began, worked = time.perf_counter(), time.process_time()
    found = search()
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    size = {"projects": len(asked.promised), "buildings": BUILDINGS, "works": len(asked.works), "crews": crews}
    row = {"bench": "schedule", "what": what, **size, "seconds": round(took, 3), "cpu_seconds": round(cpu, 2)}
    row |= {"cost": found.cost, "bound": round(found.bound, 1), "gap_percent": round(found.gap, 2)}
    print(json.dumps(row | machine()), flush=True)


if __name__ == "__main__":
    main([float(x) for x in sys.argv[1:]] or [2, 60])
