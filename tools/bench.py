"""What pages and acts cost: CPU milliseconds, measured in this process, as JSON lines with machine and versions.

Run on a copy of data of demo size: ``ZIJING_DATA=/tmp/bench zijing setup`` with ``ZIJING_DEMO=1``, then
``ZIJING_DATA=/tmp/bench ZIJING_DEMO=1 .venv/bin/python tools/bench.py``. It reads, and takes back what it writes.
CPU time, not wall time: the machine may be shared. Compare ratios, not figures of different machines.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zijing import __version__
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.journal.acting import act
from zijing.people.access import system_actor
from zijing.people.models import Holding
from zijing.places import clock
from zijing.projects.models import Project, Report
from zijing.registers.models import Entry

ROUNDS = 15


def cpu_ms(do: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median CPU time of ``do`` in milliseconds, after one warm-up."""
    do()
    times = []
    for _round in range(rounds):
        before = time.process_time()
        do()
        times.append(time.process_time() - before)
    return round(median(times) * 1000, 2)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "what": "machine",
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "zijing": __version__,
        "database": connection.vendor,
        "database_version": ".".join(map(str, connection.get_database_version())),
    }


def size() -> dict[str, Any]:
    """How much data there is."""
    models = (Project, Entry, Activity, Report, Case)
    return {"what": "size", **{model._meta.model_name or "": model._default_manager.count() for model in models}}


def pages() -> Iterator[tuple[str, str]]:
    """The pages measured, each with its address."""
    yield from (("today", "/today/"), ("board", "/board/"), ("wall", "/board/wall/"))
    if (project := Project.objects.order_by("pk").first()) is not None:
        yield "project", f"/projects/{project.pk}/"
    yield "list", "/list/daily-report/"
    if (case := Case.objects.order_by("-pk").first()) is not None:
        yield "case", f"/cases/{case.pk}/"


def reader() -> Client:
    """A browser signed in as a party secretary, who sees the whole office."""
    holding = Holding.objects.filter(post__role__key="secretary").select_related("account").order_by("pk").first()
    if holding is None:
        raise SystemExit("There is no secretary in this data. Build the demo first: ZIJING_DEMO=1 zijing setup")
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(holding.account)
    return client


def measure_page(client: Client, name: str, address: str) -> dict[str, Any]:
    """CPU time, queries and size of one page."""
    answer = client.get(address)
    if answer.status_code != 200:
        return {"what": "page", "name": name, "status": answer.status_code}
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
        queries = len(captured)
    kilobytes = round(len(answer.content) / 1024, 1)
    cost = cpu_ms(lambda: client.get(address))
    return {"what": "page", "name": name, "cpu_ms": cost, "queries": queries, "kilobytes": kilobytes}


def measure_act(entries: int) -> dict[str, Any]:
    """What an act of so many journal entries costs, its transaction's commit to the disk left out."""
    entry = Entry.objects.select_related("office").order_by("pk").first()
    if entry is None:
        return {"what": "act", "status": "no data"}
    actor, at = system_actor(entry.office, "bench"), clock.now(entry.office)

    def do() -> None:
        with act(actor, at) as a:
            for number in range(entries):
                a.record("bench.act", entry, {"number": [None, number]})

    return {"what": "act", "entries": entries, "cpu_ms": cpu_ms(do)}


def main() -> None:
    """Print what was measured, a JSON object a line."""
    settings.ALLOWED_HOSTS.append("testserver")
    with transaction.atomic():
        client = reader()
        for facts in (machine(), size()):
            print(json.dumps(facts))
        for name, address in pages():
            print(json.dumps(measure_page(client, name, address)))
        for entries in (1, 100):
            print(json.dumps(measure_act(entries)))
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
