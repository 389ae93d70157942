"""What every part of the bench shares: Django set up, the machine in words, times as JSON lines."""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def set_up() -> None:
    """Make ``zijing`` importable and Django ready as in a web worker, with the data folder of the environment."""
    import django

    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    from zijing.core.loading import load_for_good

    load_for_good()


def say(what: str, **facts: Any) -> None:
    """Print one line."""
    print(json.dumps({"what": what, **facts}, ensure_ascii=False), flush=True)


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was."""
    import django
    from django.db import connection

    from zijing import __version__

    return {
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "zijing": __version__,
        "database": connection.vendor,
        "database_version": ".".join(map(str, connection.get_database_version())),
        "load": [round(n, 2) for n in os.getloadavg()],
    }


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(do: Callable[[], object], rounds: int) -> dict[str, float]:
    """CPU milliseconds of this process (median) and wall milliseconds (p50, p99) of ``do``, after one warm-up."""
    do()
    cpu, wall = [], []
    for _round in range(rounds):
        before, began = time.process_time(), time.perf_counter()
        do()
        cpu.append((time.process_time() - before) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return {
        "cpu_ms": round(median(cpu), 2),
        "p50_ms": round(percentile(wall, 0.5), 2),
        "p99_ms": round(percentile(wall, 0.99), 2),
    }


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Tell whoever waits what takes its time, on the error stream."""
    began = time.perf_counter()
    yield
    print(f"{text}: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
