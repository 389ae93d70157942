"""How good the chance of keeping a date is: Brier scores on replayed histories, beside two rules of thumb.

``python tools/bench/chance.py [SITES]`` makes histories of sites (default 300) by two models that the simulation does
not know: the demo's (tendency, pull, gusts, standstill, blockers, a spurt at the end), and a walk whose pace drifts
and breaks. Each is looked at three to four times on its way. *last pace*: the mean of the last four weeks carried on,
yes or no. *time gone*: yes while no less is done than time has gone. Prints a JSON line for each model and for both.
"""

import json
import os
import platform
import random
import sys
import time
from collections import defaultdict
from datetime import date, timedelta

from zijing.demo.pace import PlannedStage, Site, percent_at, reaches
from zijing.projects.scheduling.chance import Chance, Curve, Pace, Span, brier, chance

WEIGHTS = (15, 35, 15, 15, 12, 8)
WEEK = timedelta(days=7)


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


def looks(stages: tuple[PlannedStage, ...], found: dict[date, float]) -> list[tuple[Pace, bool]]:
    """The site as it was known at some days on its way, and whether it kept its date."""
    first, last = stages[0].start, stages[-1].end
    kept = found[last] >= 99.95
    spans = tuple(Span(s.weight, s.start.toordinal(), s.end.toordinal()) for s in stages)
    result = []
    for part in (0.35, 0.55, 0.75, 0.9):
        today = first + (last - first) * part
        days = [d for n in range(16, -1, -1) if (d := today - WEEK * n) in found]
        done = tuple((d.toordinal(), round(found[d], 1)) for d in days)
        if done and done[-1][1] < 100:
            result.append((Pace(spans, done, today.toordinal(), last.toordinal(), key=len(result)), kept))
    return result


def last_pace(pace: Pace) -> float:
    """Yes or no: the percent a day of the last four weeks, carried on."""
    (since, before), (until, after) = pace.done[max(0, len(pace.done) - 5)], pace.done[-1]
    rate = (after - before) / max(1, until - since)
    return float(after + rate * (pace.promised - pace.today) >= 100)


def time_gone(pace: Pace) -> float:
    """Yes or no: at least as much percent done as time has gone."""
    curve = Curve(pace.plan)
    gone = 100 * (pace.today - curve.first) / (pace.promised - curve.first)
    return float(pace.done[-1][1] >= gone)


def main(sites: int) -> None:
    """Measure."""
    both = []
    for name, make in (("demo", demo_site), ("drifting", drifting_site)):
        draw = random.Random(2020)
        seen = [look for n in range(sites // 2) for look in looks(*make(n, draw))]
        report(name, seen)
        both += seen
    report("both", both)


def report(name: str, seen: list[tuple[Pace, bool]]) -> None:
    """A line: the Brier scores, and what came of chances said to be so and so great."""
    kept = {n: came for n, (_pace, came) in enumerate(seen)}
    began = time.perf_counter()
    found: dict[int, Chance] = {n: c for n, (pace, _came) in enumerate(seen) if (c := chance(pace))}
    took = time.perf_counter() - began
    tenths = defaultdict(list)
    for n, said in found.items():
        tenths[min(4, said.percent // 20)].append(kept[n])
    row = {
        "bench": "chance", "model": name, "looks": len(seen),
        "kept_percent": round(100 * sum(kept.values()) / len(kept)),
        "brier": round(brier({n: c.percent / 100 for n, c in found.items()}, kept), 3),
        "brier_last_pace": round(brier({n: last_pace(p) for n, (p, _k) in enumerate(seen)}, kept), 3),
        "brier_time_gone": round(brier({n: time_gone(p) for n, (p, _k) in enumerate(seen)}, kept), 3),
        "calibration": {
            f"{20 * t}-{20 * t + 20} %": [len(v), round(100 * sum(v) / len(v))] for t, v in sorted(tenths.items())
        },
        "ms_each": round(1000 * took / len(found), 2), "python": platform.python_version(), "cores": os.cpu_count(),
        "machine": platform.machine(),
    }  # fmt: skip
    print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
