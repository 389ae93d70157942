"""How fast the demo's year is replayed: ``python tools/bench/replay.py [DAYS]``, in a folder of its own.

Every action of the replay goes through the same verbs as a person's; printed: actions, seconds, CPU and both a second.
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import timedelta

import measuring

FOLDER = tempfile.mkdtemp(prefix="zijing-bench-replay-")
os.environ.update(ZIJING_DATA=FOLDER, ZIJING_DEMO="1", ZIJING_DATABASE_URL="")
measuring.set_up()

from django.core.management import call_command
from django.utils import translation

from zijing.demo.days import BEGINS
from zijing.demo.founding import found
from zijing.demo.replay import live


def main() -> None:
    """Replay and print a line."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    call_command("migrate", interactive=False, verbosity=0)
    measuring.say("machine", **measuring.machine())
    with translation.override("zh-hans"):
        office = found(lambda _name: None)
        began, cpu = time.perf_counter(), time.process_time()
        done = live(office, BEGINS, BEGINS + timedelta(days=days))
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    measuring.say(
        "replay", days=days, actions=done, seconds=round(wall, 1), cpu_seconds=round(spent, 1),
        actions_per_second=round(done / wall, 1), actions_per_cpu_second=round(done / spent, 1),
        load=round(os.getloadavg()[0], 1),
    )  # fmt: skip


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
