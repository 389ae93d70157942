"""``kill -9`` in the middle of intake: ``python tools/bench/kill.py [TIMES] [DATABASE]``.

Eight clients file without a pause and send again what was not acknowledged. In turn the web server, its worker, the
work process, everything at once and (PostgreSQL) a backend and the postmaster are killed; what a service manager would
start again is started again. After each: the server answers by itself, every acknowledged write is there exactly once,
and the journal verifies. Exit code 1 when anything is amiss.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import measuring
from installation import HERE, Installation, databases, installation, machine

CLIENTS, BETWEEN, ENOUGH, PATIENCE = 8, (0.5, 2.5), 8, 90.0
VICTIMS = {
    "sqlite": ("worker", "web", "work", "everything"),
    "postgresql": ("worker", "backend", "web", "postmaster", "work", "everything"),
}


def victims(made: Installation, name: str) -> list[int]:
    """The processes to kill."""
    every = made.processes()
    web = sorted(p for p, args in every.items() if "granian" in args and "zijing.cli.worker" in args)
    match name:
        case "web":
            return web[:1]
        case "worker":
            return random.sample(web[1:], 1) if web[1:] else []
        case "work":
            return [p for p, args in every.items() if args.endswith("zijing work")]
        case "backend":
            backends = [p for p, args in every.items() if args.startswith("postgres: zijing")]
            return random.sample(backends, 1) if backends else []
        case "postmaster":
            return [p for p in [made.postmaster()] if p]
    return list(every)


def kill(made: Installation, name: str) -> list[int]:
    """Kill, and start again what a service manager would; who was killed."""
    chosen = victims(made, name)
    for pid in chosen:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if made.server and made.server.pid in chosen:
        made.server.wait()
    if made.url and (made.postmaster() or 0) in chosen:
        time.sleep(1.0)  # its children notice
        made.restart_database()
    if made.server and made.server.poll() is not None:
        made.serve()
    return chosen


CHECK = """
import json, sys, measuring
measuring.set_up()
from collections import Counter
from zijing.cases.models import Case
from zijing.journal.chain import verify
from zijing.journal.models import Receipt
acknowledged = [l.strip() for l in open(sys.argv[1]) if l.endswith("\\n")]
receipts = Counter(str(c) for c in Receipt.objects.values_list("client_id", flat=True))
there = Counter(str(c) for c in Case.objects.values_list("client_id", flat=True))  # later: the office is at work
half = Case.objects.filter(timer=None).count() + sum(c not in there for c in receipts)
verdict = verify(int(sys.argv[2]))
print(json.dumps({
    "acknowledged": len(acknowledged), "lost": sum(there[c] == 0 for c in acknowledged),
    "twice": sum(n > 1 for n in there.values()) + sum(n > 1 for n in receipts.values()),
    "half_done": half, "journal": verdict.checked, "sound": verdict.sound,
}))
"""


def acknowledged(path: Path) -> int:
    return path.read_text().count("\n") if path.exists() else 0


def check(made: Installation, path: Path) -> dict[str, Any]:
    """Compare what was acknowledged with what is there."""
    return dict(json.loads(made.python("-c", CHECK, str(path), str(made.office)).splitlines()[-1]))


def one(made: Installation, path: Path, name: str) -> dict[str, Any]:
    """Kill once, wait until writes are acknowledged again, and check."""
    time.sleep(random.uniform(*BETWEEN))
    killed, began = kill(made, name), time.monotonic()
    while not replaced(made, name, killed) and time.monotonic() - began < PATIENCE:
        time.sleep(0.1)
    before = acknowledged(path)
    while acknowledged(path) < before + ENOUGH and time.monotonic() - began < PATIENCE:
        time.sleep(0.05)
    back = time.monotonic() - began
    return {"killed": name, "processes": len(killed), "back_after_s": round(back, 1), **check(made, path)}


def replaced(made: Installation, name: str, killed: list[int]) -> bool:
    """Whether others have taken the place of those killed."""
    standing = victims(made, name)
    return bool(standing) and not set(standing) & set(killed)


def wrong(facts: dict[str, Any]) -> bool:
    amiss = facts["lost"] or facts["twice"] or facts["half_done"] or not facts["sound"]
    return bool(amiss or facts["back_after_s"] >= PATIENCE or not facts["processes"])


def run(made: Installation, times: int) -> bool:
    """Kill so many times; whether all went well."""
    path = made.folder / "acknowledged"
    task = {
        "port": made.port, "key": made.key, "grids": made.grids, "path": "/api/v1/cases", "clients": CLIENTS,
        "seconds": 3600, "rate": 0, "acknowledged": str(path),
    }  # fmt: skip
    calling = subprocess.Popen([sys.executable, str(HERE / "clients.py"), json.dumps(task)])
    kinds, results = VICTIMS[made.database], list[dict[str, Any]]()
    try:
        for n in range(times):
            results.append(one(made, path, kinds[n % len(kinds)]))
            measuring.say("kill", database=made.database, n=n + 1, **results[-1], load=round(os.getloadavg()[0], 1))
    finally:
        calling.kill()
        calling.wait()
    last, killed = results[-1], Counter(r["killed"] for r in results)
    measuring.say(
        "kills", database=made.database, times=times, killed=killed, acknowledged=last["acknowledged"],
        lost=max(r["lost"] for r in results), twice=max(r["twice"] for r in results),
        sound=all(r["sound"] for r in results),
        slowest_back_s=max(r["back_after_s"] for r in results), wrong=sum(map(wrong, results)),
    )  # fmt: skip
    return not any(map(wrong, results))


def main() -> None:
    """Kill on each database."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    well = True
    for database in sys.argv[2:] or databases():
        with installation(database) as made:
            measuring.say("machine", **machine(made))
            well = run(made, times) and well
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
