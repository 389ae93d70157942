"""How good the chance of keeping a date is: Brier scores on replayed histories, beside two rules of thumb.

``python tools/bench/chance.py [SITES]`` makes histories of sites (default 300) by two models that the simulation does
not know: the demo's (tendency, pull, gusts, standstill, blockers, a spurt at the end), and a walk whose pace drifts
and breaks. Each is looked at three to four times on its way, laid out twice: as its stages, and as the works of four
buildings whose laid out days differ from the stages'. The chance is the product's own: tempo, stretched works, runs
through works and crews. *last pace*: the mean of the last four weeks carried on, yes or no. *time gone*: yes while no
less is done than time has gone. Prints a JSON line for each model and for both; ``agree_percent`` is how often forecast
and chance say the same (a date foreseen to be kept has a chance of half or more).
"""

import json
import math
import os
import platform
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from zijing.demo.pace import PlannedStage, Site, percent_at, reaches
from zijing.projects.scheduling.outlook import Chance, chances, stretched, stretches
from zijing.projects.scheduling.pace import Curve, Pace, Span, brier, tempo
from zijing.projects.scheduling.problem import Link, Problem, Work
from zijing.projects.scheduling.solving import at_once

WEIGHTS = (15, 35, 15, 15, 12, 8)
WEEK = timedelta(days=7)
# A work of a building with its days, crew and predecessors, and the stage whose share tells of it.
WORKS = (
    ("earth", 0, 15, "", ""), ("foundation", 0, 30, "structure", "earth"),
    ("structure", 1, 70, "structure", "foundation"), ("masonry", 2, 30, "masonry", "structure"),
    ("fittings", 2, 20, "", "masonry"), ("facade", 3, 30, "", "masonry"), ("interior", 3, 20, "", "fittings"),
    ("networks", 4, 25, "", "structure"), ("checking", 5, 15, "", "interior facade"),
)  # fmt: skip
GROUP, BUILDINGS = "site", 4


@dataclass(frozen=True)
class Look:
    """A site as it was known on a day: its reports, the promised day, and the part of each stage that is done."""

    pace: Pace
    promised: int
    shares: tuple[float, ...]
    kept: bool


def demo_site(n: int, draw: random.Random) -> tuple[tuple[PlannedStage, ...], dict[date, float]]:
    """A site by the demo's model: the percent at the end of every day until long after its plan."""
    stages = plan(date(2020, 1, 1) + timedelta(days=draw.randrange(0, 60)), draw.randrange(150, 300))
    middle = stages[0].start + (stages[-1].end - stages[0].start) / 2
    tendency = draw.choice((-1.0, 0.0, 1.0, 2.0, 4.0, 6.0, 9.0, 13.0))
    lag = (
        (stages[0].start, tendency),
        (middle, tendency + draw.gauss(0, 3)),
        (stages[-1].end, tendency + draw.gauss(0, 5)),
    )
    blocked = []
    for _b in range(draw.randrange(0, 4)):
        since = stages[0].start + timedelta(days=draw.randrange(0, 280))
        blocked.append((since, since + timedelta(days=draw.randrange(4, 25))))
    site = Site(f"S{n:03}", stages, lag, tuple(blocked))
    until = stages[-1].end + timedelta(days=1)
    return stages, {day: percent_at(site, reach) for day, reach in reaches(site, until).items()}


def drifting_site(n: int, draw: random.Random) -> tuple[tuple[PlannedStage, ...], dict[date, float]]:
    """A site whose pace drifts from week to week and sometimes breaks off."""
    stages = plan(date(2020, 3, 1) + timedelta(days=draw.randrange(0, 60)), draw.randrange(150, 400))
    site, pace = Site(f"D{n:03}", stages), draw.gauss(1.0, 0.25)
    reach, day, found, broken = stages[0].start.toordinal() - 1.0, stages[0].start, {}, 0
    while day <= stages[-1].end:
        if day.weekday() == 0:
            pace = max(0.2, pace + draw.gauss(0, 0.08) + 0.03 * (1.05 - pace))
            broken = draw.randrange(7, 28) if draw.random() < 0.03 else broken
        broken -= 1
        reach += (0.15 if broken > 0 else pace) * draw.uniform(0.4, 1.6)
        found[day] = percent_at(site, reach)
        day += timedelta(days=1)
    return stages, found


def plan(first: date, days: int) -> tuple[PlannedStage, ...]:
    """Six stages one after the other with the weights of resettlement housing."""
    stages, since = [], first
    for n, weight in enumerate(WEIGHTS):
        last = first + timedelta(days=round(days * sum(WEIGHTS[: n + 1]) / 100) - 1)
        stages.append(PlannedStage(str(n), weight, since, last))
        since = last + timedelta(days=1)
    return tuple(stages)


def looks(stages: tuple[PlannedStage, ...], found: dict[date, float]) -> list[Look]:
    """The site as it was known at some days on its way, and whether it kept its date."""
    first, last = stages[0].start, stages[-1].end
    kept = found[last] >= 99.95
    spans = tuple(Span(s.weight, s.start.toordinal(), s.end.toordinal()) for s in stages)
    result: list[Look] = []
    for part in (0.35, 0.55, 0.75, 0.9):
        today = first + (last - first) * part
        days = [d for n in range(16, -1, -1) if (d := today - WEEK * n) in found]
        done = tuple((d.toordinal(), round(found[d], 1)) for d in days)
        if done and done[-1][1] < 100:
            pace = Pace(spans, done, today.toordinal(), key=len(result))
            result.append(Look(pace, last.toordinal(), shares(stages, done[-1][1]), kept))
    return result


def shares(stages: tuple[PlannedStage, ...], percent: float) -> tuple[float, ...]:
    """The part of each stage that is done when they are done one after the other."""
    found = []
    for stage in stages:
        found.append(min(1.0, max(0.0, percent / float(stage.weight))))
        percent -= float(stage.weight)
    return tuple(found)


def by_stages(look: Look) -> Problem:
    """What is left, as one work for each stage."""
    works: list[Work] = []
    for n, (span, done) in enumerate(zip(look.pace.plan, look.shares, strict=True)):
        days = math.ceil((span.last + 1 - span.first) * (1 - done) - 1e-6)
        after = (Link(works[-1].key),) if works else ()
        works.append(Work(str(n), days, GROUP, after=after))
    return Problem(works, look.pace.today, promised={GROUP: look.promised})


def by_buildings(look: Look) -> Problem:
    """What is left, as the works of four buildings; a stage's share fills them one after the other."""
    works = []
    for stage, done in enumerate(look.shares):
        rows = [row for row in WORKS if row[1] == stage]
        left = sum(row[2] for row in rows) * BUILDINGS * done
        for building, (key, _stage, days, crew, after) in product(range(BUILDINGS), rows):
            part = min(float(days), left)
            left -= part
            links = () if part else tuple(Link(f"{building}/{x}") for x in after.split())
            works.append(Work(f"{building}/{key}", math.ceil(days - part), GROUP, crew, after=links))
    return Problem(works, look.pace.today, crews={"structure": 2, "masonry": 3}, promised={GROUP: look.promised})


def judge(look: Look, problem: Problem) -> tuple[Chance, bool]:
    """The chance, and whether it and the forecast say the same."""
    found = tempo(look.pace)
    assert found is not None
    by = stretches(problem, {GROUP: found}, frozenset(w.key for w in problem.works))
    longer = stretched(problem, by)
    plan = at_once(longer).plan
    one = chances(longer, plan, {GROUP: found})[GROUP]
    return one, (plan.finish(longer.works)[GROUP] <= look.promised) == (one.percent >= 50)


def last_pace(look: Look) -> float:
    """Yes or no: the percent a day of the last four weeks, carried on."""
    done = look.pace.done
    (since, before), (until, after) = done[max(0, len(done) - 5)], done[-1]
    rate = (after - before) / max(1, until - since)
    return float(after + rate * (look.promised - look.pace.today) >= 100)


def time_gone(look: Look) -> float:
    """Yes or no: at least as much percent done as time has gone."""
    first = Curve(look.pace.plan).first
    gone = 100 * (look.pace.today - first) / (look.promised - first)
    return float(look.pace.done[-1][1] >= gone)


def main(sites: int) -> None:
    """Measure."""
    models = {}
    for name, make in (("demo", demo_site), ("drifting", drifting_site)):
        draw = random.Random(2020)
        models[name] = [look for n in range(sites // 2) for look in looks(*make(n, draw))]
    models["both"] = models["demo"] + models["drifting"]
    for layout, lay in (("stages", by_stages), ("buildings", by_buildings)):
        for name, seen in models.items():
            report(name, layout, [(look, lay(look)) for look in seen])


def report(name: str, layout: str, seen: list[tuple[Look, Problem]]) -> None:
    """A line: the Brier scores, and what came of chances said to be so and so great."""
    kept = {n: look.kept for n, (look, _problem) in enumerate(seen)}
    began = time.process_time()
    found = {n: judge(look, problem) for n, (look, problem) in enumerate(seen)}
    took = time.process_time() - began
    tenths = defaultdict(list)
    for n, (said, _agree) in found.items():
        tenths[min(4, said.percent // 20)].append(kept[n])
    row = {
        "bench": "chance", "model": name, "layout": layout, "looks": len(seen),
        "kept_percent": round(100 * sum(kept.values()) / len(kept)),
        "brier": round(brier({n: c.percent / 100 for n, (c, _agree) in found.items()}, kept), 3),
        "brier_last_pace": round(brier({n: last_pace(look) for n, (look, _p) in enumerate(seen)}, kept), 3),
        "brier_time_gone": round(brier({n: time_gone(look) for n, (look, _p) in enumerate(seen)}, kept), 3),
        "calibration": {
            f"{20 * t}-{20 * t + 20} %": [len(v), round(100 * sum(v) / len(v))] for t, v in sorted(tenths.items())
        },
        "agree_percent": round(100 * sum(agree for _c, agree in found.values()) / len(found), 1),
        "cpu_ms_each": round(1000 * took / len(found), 2), "python": platform.python_version(), "cores": os.cpu_count(),
        "machine": platform.machine(),
    }  # fmt: skip
    print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
