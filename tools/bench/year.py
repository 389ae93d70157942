"""A year of cases replayed through the verbs, in a folder of its own: ``python tools/bench/year.py [CASES]``.

Filing, dispatch, handling, pleas, checks, reopening, and a tick each hour of the office's clock; 100,000 cases if no
number is given. Printed: actions a second, what a tick costs; then every figure of every month is held against a naive
recount of the journal. SIGINT and SIGTERM end it at the next midnight of the office, with all that was until then.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from datetime import date, datetime

FOLDER = tempfile.mkdtemp(prefix="zijing-bench-year-")
os.environ["ZIJING_DATA"] = FOLDER

import measuring

measuring.set_up()

import founding
import lives
from django.conf import settings
from django.core.management import call_command

from zijing.core.worktime import ZONE
from zijing.journal.chain import verify
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.people.access import Actor, actor_of, system_actor
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Holding, Unit
from zijing.places.actions import found_office
from zijing.places.models import Place

SINCE, UNTIL = date(2020, 1, 1), date(2020, 12, 31)
FOUNDED = datetime(2019, 12, 30, 9, tzinfo=ZONE)
STAFF = {"files": "grid", "sends": "director", "checks": "section", "decides": "secretary"}
HANDLERS = 12


def cast() -> lives.Cast:
    """Found an office with a hundred grids, and everybody who plays."""
    call_command("migrate", interactive=False, verbosity=0)
    office = found_office(code=founding.CODE, name="紫荆路街道", at=FOUNDED)
    for pack in ("base", "project-drive"):
        apply(at=FOUNDED, pack=loader.load(loader.find(settings.PACKS, pack)), offices=[office])
    founding.places(office, FOUNDED)
    roles = STAFF | {f"handles{n:02}": "section" for n in range(HANDLERS)}
    units = [{"code": code, "name": code, "kind": "section", "place": office} for code in roles]
    put_units(actor=system_actor(office, "bench"), at=FOUNDED, rows=units)
    known = {unit.code: unit for unit in Unit.objects.filter(office=office)}
    posts = [
        {"code": code, "title": code, "unit": known[code], "role": role, "place": office, "since": FOUNDED.date(),
         "account": code}
        for code, role in roles.items()
    ]  # fmt: skip
    put_posts(actor=system_actor(office, "bench"), at=FOUNDED, rows=posts)
    grids = list(Place.objects.filter(level="grid").order_by("pk").values_list("name", flat=True))
    handlers = [_actor(code) for code in roles if code.startswith("handles")]
    lives.vary_limits()
    return lives.Cast(office, grids, _actor("files"), _actor("sends"), handlers, _actor("checks"), _actor("decides"))


def _actor(code: str) -> Actor:
    holding = Holding.objects.select_related("post__role", "post__office", "post__place").get(post__code=code)
    return actor_of(holding, channel="bench", on=SINCE)


def main() -> None:
    """Replay, then recount."""
    measuring.say("machine", **measuring.machine())
    year = lives.Year(cast(), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, SINCE, UNTIL)
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_args: setattr(year, "enough", True))
    began, cpu = time.perf_counter(), time.process_time()
    year.live(lambda day: print(f"{day}: {sum(year.did.values())} actions", file=sys.stderr, flush=True))
    wall, spent, done = time.perf_counter() - began, time.process_time() - cpu, sum(year.did.values())
    measuring.say(
        "year", cases=year.did["file"], until=f"{year.until}", actions=done, refused=year.refused,
        seconds=round(wall, 1), cpu_seconds=round(spent, 1), actions_per_second=round(done / wall, 1),
        actions_per_cpu_second=round(done / spent, 1), did=dict(year.did),
        load=round(os.getloadavg()[0], 1),
    )  # fmt: skip
    measuring.say(
        "ticks", ticks=len(year.ticks), noted=year.noted, p50_ms=round(measuring.percentile(year.ticks, 0.5), 2),
        p99_ms=round(measuring.percentile(year.ticks, 0.99), 2), most_ms=round(max(year.ticks), 2),
    )  # fmt: skip
    began = time.perf_counter()
    first = Place.objects.filter(parent=year.cast.office).order_by("pk")[0]
    held = lives.compare(year, year.cast.decides, [year.cast.office, first])
    measuring.say("recount", figures=held, seconds=round(time.perf_counter() - began, 1))
    verdict = verify(year.cast.office.pk)
    assert verdict.sound, verdict.broken
    measuring.say("journal", entries=verdict.checked, head=verdict.head)


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
