"""What filing a case by the API takes: ``python tools/bench/intake.py [SECONDS]``, on SQLite and on PostgreSQL.

For 1 and 8 clients on kept-alive connections: requests a second, milliseconds, and CPU milliseconds of all the
server's processes; beside it the same of a plain Django view with one durable insert, on the same server in the same
run, and the share one is of the other. Both databases wait for the disk (synchronous FULL, synchronous_commit on).
"""

import json
import sys
import time
from statistics import median
from typing import Any

import measuring
from installation import Installation, databases, installation, machine

WARM_UP = 2.0


def measure(made: Installation, path: str, clients: int, seconds: float) -> dict[str, Any]:
    """Let clients call an address without a pause."""
    before, began = made.cpu_seconds(), time.monotonic()
    calling = made.clients(path=path, clients=clients, seconds=seconds)
    said = json.loads(calling.communicate()[0])
    spent, took = made.cpu_seconds() - before, said["took"]
    done = said["statuses"].get("201", 0)
    return {
        "requests": done, "per_second": round(done / (time.monotonic() - began), 1),
        "p50_ms": round(median(took), 1), "p99_ms": round(measuring.percentile(took, 0.99), 1),
        "server_cpu_ms": round(spent * 1000 / max(1, done), 2), "statuses": said["statuses"],
        "load": round(measuring.os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Print a line for each database, number of clients and view."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
    for database in databases():
        with installation(database) as made:
            measuring.say("machine", **machine(made))
            measure(made, "/api/v1/cases", 2, WARM_UP)
            measure(made, "/plain/", 2, WARM_UP)
            for clients in (1, 8):
                plain = measure(made, "/plain/", clients, seconds)
                intake = measure(made, "/api/v1/cases", clients, seconds)
                facts = {"database": database, "clients": clients}
                measuring.say("plain view, one durable insert", **facts, **plain)
                share = round(intake["per_second"] / plain["per_second"], 2)
                cpu = round(intake["server_cpu_ms"] / plain["server_cpu_ms"], 2)
                measuring.say("intake", **facts, **intake, share_of_plain=share, cpu_times_plain=cpu)


if __name__ == "__main__":
    main()
