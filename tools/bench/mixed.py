"""Intake while the office works: ``python tools/bench/mixed.py [RATE] [SECONDS]``, on SQLite.

Cases arrive at a fixed rate (what waits behind a late answer counts) while another process lands 15,000 rows of 40
columns again and again, and a third counts figures of years. Printed: what filing took, beside the same without any
of it, how long each landing held the writer, and the load of the machine. The aim is a p99 under 500 ms.
"""

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

import measuring
from installation import HERE, Installation, installation, machine

ROWS, COLUMNS, CLIENTS = 15_000, 40, 8
IMPORT, REPORT = "import", "report"


def background(made: Installation, what: str) -> "subprocess.Popen[str]":
    """Start a process that does its work until it is stopped, a JSON line for each time."""
    command = [sys.executable, str(HERE / "mixed.py"), what]
    return subprocess.Popen(command, env=made.environ, stdout=subprocess.PIPE, text=True)


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
            for own in (rate, 0):
                measuring.say("intake beside import and report", **open_loop(made, own, seconds))
        finally:
            for other in others:
                other.terminate()
            said = [line for other in others for line in other.communicate()[0].splitlines()]
        for line in said:
            print(line, flush=True)


def land() -> None:
    """Land sheets of 15,000 rows until stopped, and say how long each held the writer."""
    measuring.set_up()
    import time

    from django.db import connection
    from django.utils import timezone

    from zijing.people.access import system_actor
    from zijing.places.models import Place
    from zijing.records.models import Kind
    from zijing.registers.actions import put_entries

    office = Place.objects.get(level="office")
    described = [_field("code", "business_key"), _field("name", "title")]
    described += [_field(f"f{n}") for n in range(COLUMNS - 2)]
    facts = {"noun": "register", "title_zh": "宽表", "title_en": "Wide", "pack": "bench", "edition": "1"}
    definition = {"fields": described, "business_key": "code"}
    Kind.objects.get_or_create(key="wide", defaults=facts | {"definition": definition})
    kind, begun = Kind.objects.get(key="wide"), [0.0]

    def note_beginning(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith("BEGIN"):
            begun[0] = time.monotonic()
        return done

    for sheet in range(1_000_000):
        rows = [
            {"code": f"{sheet}-{n}", "name": f"企业{n}", **{f"f{c}": f"值{n}-{c}" for c in range(COLUMNS - 2)}}
            for n in range(ROWS)
        ]
        cpu = time.process_time()
        with connection.execute_wrapper(note_beginning):
            put_entries(actor=system_actor(office, "bench"), at=timezone.now(), kind=kind, rows=rows, place=office)
        held, spent = time.monotonic() - begun[0], time.process_time() - cpu
        load = round(os.getloadavg()[0], 1)
        measuring.say(
            "landing", rows=ROWS, columns=COLUMNS, writer_held_s=round(held, 2), cpu_s=round(spent, 2), load=load
        )


def _field(key: str, column: str = "") -> dict[str, Any]:
    return {"key": key, "type": "text", "title": {"zh": key, "en": key}, "column": column}


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
    while True:
        values(list(Figure.objects.order_by("pk")), actor, at=timezone.now(), place=office, since=since, until=today)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["import"]:
            land()
        case ["report"]:
            report()
        case given:
            rate, seconds = [*map(float, given), 20.0, 15.0][:2] if len(given) != 1 else (float(given[0]), 15.0)
            measure(rate, seconds)
