"""What a tick costs over open timers of which few are due: CPU time and p50/p99, in an office of its own.

``python tools/bench/tick.py [TIMERS …]`` (default 100000): first with nothing due, then with a hundred and a thousand
alarms to note.
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="zijing-bench-tick-"))
os.environ["ZIJING_DATA"] = str(FOLDER)

import measuring

measuring.set_up()

import founding
from django.utils import timezone

from zijing.cases.models import Case, Timer
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick
from zijing.places.models import Place
from zijing.records.models import Kind

ROUNDS, FEW, MANY = 200, 100, 1000


def fill(office: Place, count: int) -> None:
    """Open cases and their timers, due evenly over the coming month."""
    now, kind = timezone.now(), Kind.objects.get(key="issue")
    place = Place.objects.filter(level="grid").order_by("pk")[0]
    columns = {
        "kind": kind, "office": office, "place": place, "path": place.path, "stage": "handling", "title": "井盖破损",
        "happened_on": timezone.localdate(now), "recorded_at": now,
    }  # fmt: skip
    due = [now + timedelta(days=2) + timedelta(days=28) * n / count for n in range(count)]
    cases = Case.objects.bulk_create((Case(due_at=at, **columns) for at in due), batch_size=2000)
    span = {"kind": "running", "since": now.isoformat(), "until": None, "amount": 0}
    timers = (
        Timer(case=case, office=office, clock="calendar_days", amount=7, spans=[span], alarm_at=case.due_at)
        for case in cases
    )
    Timer.objects.bulk_create(timers, batch_size=2000)


def make_due(count: int) -> None:
    """Let the nearest so many alarms be due."""
    nearest = list(
        Timer.objects.filter(alarm_at__isnull=False).order_by("alarm_at").values_list("pk", flat=True)[:count]
    )
    Timer.objects.filter(pk__in=nearest).update(alarm_at=timezone.now() - timedelta(days=1), warned_at=timezone.now())


def measure(office: Place, timers: int) -> None:
    """Print a line for each state of affairs."""
    idle = measuring.timed(lambda: tick(office, timezone.now()), ROUNDS)
    measuring.say("tick", timers=timers, due=0, **idle)
    for due in (FEW, MANY):
        make_due(due)
        cpu, began = time.process_time(), time.perf_counter()
        done = tick(office, timezone.now())
        wall = time.perf_counter() - began
        measuring.say(
            "tick", timers=timers, due=due, noted=done, cpu_ms=round((time.process_time() - cpu) * 1000, 1),
            wall_ms=round(wall * 1000, 1),
        )  # fmt: skip


def main() -> None:
    office = Place.objects.get(pk=founding.found()["office"])
    Rhythm.objects.all().delete()
    measuring.say("machine", **measuring.machine())
    for timers in map(int, sys.argv[1:] or ["100000"]):
        Timer.objects.all().delete()
        Case.objects.all().delete()
        with measuring.progress(f"{timers} timers"):
            fill(office, timers)
        measure(office, timers)


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
