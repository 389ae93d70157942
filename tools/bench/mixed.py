"""Intake while the office works: ``python tools/bench/mixed.py [RATE] [SECONDS]``, on SQLite.

Cases arrive at a fixed rate (what waits behind a late answer counts) while another process imports sheets of 15,000
rows and 40 columns one after the other, and a third counts figures of years. Printed: what filing took, beside the same
without any of it, what each import took and how long it held the writer, and the load of the machine. The aim is a p99
under 500 ms.
"""

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

import measuring
from installation import HERE, Installation, installation, machine

CLIENTS, SHEETS = 8, 6
IMPORT, REPORT = "import", "report"


def background(made: Installation, what: str) -> "subprocess.Popen[str]":
    """Start a process that does its work until it is stopped, a JSON line for each time."""
    command = [sys.executable, str(HERE / "mixed.py"), what]
    begun = subprocess.Popen(command, env=made.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert begun.stdout is not None
    begun.stdout.readline()
    return begun


def begin(other: "subprocess.Popen[str]") -> None:
    """Let a process begin that has said it is ready."""
    assert other.stdin is not None
    other.stdin.write("begin\n")
    other.stdin.flush()


def open_loop(made: Installation, rate: float, seconds: float) -> dict[str, Any]:
    """File at a fixed rate, or without a pause when it is 0."""
    calling = made.clients(path="/api/v1/cases", clients=CLIENTS, seconds=seconds, rate=rate)
    said = json.loads(calling.communicate()[0])
    took = said["took"]
    return {
        "rate": rate or "as fast as answered", "requests": len(took), "statuses": said["statuses"],
        "p50_ms": round(median(took), 1), "p99_ms": round(measuring.percentile(took, 0.99), 1),
        "worst_ms": round(max(took), 1), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def measure(rate: float, seconds: float) -> None:
    """Alone, then beside an import and a report."""
    with installation("sqlite") as made:
        measuring.say("machine", **machine(made))
        measuring.say("intake alone", **open_loop(made, rate, seconds))
        others = [background(made, IMPORT), background(made, REPORT)]
        try:
            for other in others:
                begin(other)
            for own in (rate, 0):
                measuring.say("intake beside import and report", **open_loop(made, own, seconds))
        finally:
            for other in others:
                other.terminate()
            said = [line for other in others for line in other.communicate()[0].splitlines()]
        for line in said:
            print(line, flush=True)
        if not said:
            sys.exit("No import came to its end meanwhile: measure for longer.")


def land() -> None:
    """Import new sheets of 15,000 rows until stopped, and say what each took and how long it held the writer."""
    measuring.set_up()
    from io import BytesIO

    import imports
    from django.utils import timezone

    from zijing.journal.acting import WRITER
    from zijing.packs import intake
    from zijing.people.access import system_actor
    from zijing.places.models import Place
    from zijing.records.sheets import Options, bring_in

    imports.put_kind()
    grids, actor = imports.names_of_grids(), system_actor(Place.objects.get(level="office"), "bench")
    sheets = [imports.sheet(imports.ROWS, grids, _numbered(n)) for n in range(SHEETS)]
    turns, target = imports.Turns(), intake.target(imports.KIND, actor)
    turns.watch(WRITER)
    _wait_for_start()
    for content in sheets:
        with imports.measured(turns, "import", rows=imports.ROWS, columns=imports.COLUMNS):
            bring_in(
                target=target, actor=actor, at=timezone.now(), source=BytesIO(content), options=Options(confirmed=True)
            )


def _numbered(sheet: int) -> Any:
    def number(n: int, line: list[Any]) -> None:
        line[0] = f"{sheet}-{n}"

    return number


def _wait_for_start() -> None:
    """Say that all is ready, and wait to be told to begin."""
    print("ready", flush=True)
    sys.stdin.readline()


def report() -> None:
    """Count figures of six years until stopped."""
    measuring.set_up()
    from datetime import timedelta

    from django.utils import timezone

    from zijing.figures.models import Figure
    from zijing.figures.queries import values
    from zijing.people.access import system_actor
    from zijing.places.models import Place

    office, today = Place.objects.get(level="office"), timezone.localdate()
    actor, since = system_actor(office, "bench"), today - timedelta(days=6 * 365)
    _wait_for_start()
    while True:
        values(list(Figure.objects.order_by("pk")), actor, at=timezone.now(), place=office, since=since, until=today)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["import"]:
            land()
        case ["report"]:
            report()
        case given:
            rate, seconds = [*map(float, given), 20.0, 30.0][:2] if len(given) != 1 else (float(given[0]), 30.0)
            measure(rate, seconds)
