"""How sure assessments are, and how fast: ``python tools/bench/assessment.py [ROUNDS]``.

*false last*: populations of equals by their numbers of members and cases, ``ROUNDS`` (default 400; 0: none) of each; in
how many somebody is called last, beside two rules of thumb: naming whoever is lowest, and naming who is 1.645 standard
errors below the common rate. *one good*: one member far above, the others equal. *found*: one member truly worse (55 %
instead of 85 % on time); how often it is called last. *false first*, *first found*: somebody stands above the rest
among equals, and the one member far above does. *speed*: a month of 500 posts over a year of 1,000,000 cases, computed
through figures, in a database of its own. Prints a JSON line each.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import measuring
import numpy as np

from zijing.assessment.scoring import RATE, Care, Column, Item, assess

MEMBERS, CASES = (6, 12, 40), (12, 40, 150)
ON_TIME, WORSE, BETTER, BACK = 0.85, 0.55, 1.0, 0.1
ITEMS = (
    Item("on_time", Decimal(60), "linear", target=Decimal(95), floor=Decimal(50)),
    Item("back", Decimal(40), "linear", direction="lower", target=Decimal(0), floor=Decimal(40)),
)
POSTS, YEAR, EACH, CHUNK = 500, 1_000_000, 20, 20_000


def population(chance: np.random.Generator, members: int, cases: int, rate: np.ndarray[Any, Any]) -> list[Column]:
    """The cases of a population: how many were on time, and how many came back."""
    of = chance.poisson(cases, members)
    met, back = chance.binomial(of, rate), chance.binomial(of, BACK)
    return [Column(RATE, k.astype(float), of.astype(float)) for k in (met, back)]


def naive(columns: list[Column]) -> bool:
    """Whether a rule of thumb names somebody: 1.645 standard errors below the common rate, looked at one by one."""
    met, of = columns[0].k, np.maximum(columns[0].n, 1)
    common = met.sum() / of.sum()
    return bool((met / of < common - 1.645 * np.sqrt(common * (1 - common) / of)).any())


def simulate(rounds: int) -> None:
    """How often somebody is called last who is not, and who is."""
    chance = np.random.default_rng(2020)
    worst = dict.fromkeys(("false_last", "false_first"), 0.0)
    for members in MEMBERS:
        for cases in CASES:
            equal = np.full(members, ON_TIME)
            good, bad = equal.copy(), equal.copy()
            good[0], bad[0] = BETTER, WORSE
            said = dict.fromkeys(("false_last", "naive", "one_good", "found", "false_first", "first_found"), 0)
            for _round in range(rounds):
                columns = population(chance, members, cases, equal)
                equals = assess(ITEMS, columns, Care())
                said["false_last"] += any(s.last for s in equals)
                said["naive"] += naive(columns)
                one_good = assess(ITEMS, population(chance, members, cases, good), Care())
                said["one_good"] += any(s.last for s in one_good)
                said["found"] += assess(ITEMS, population(chance, members, cases, bad), Care())[0].last
                said["false_first"] += any(s.above for s in equals)
                said["first_found"] += one_good[0].above
            shares = {name: round(100 * n / rounds, 1) for name, n in said.items()}
            worst = {name: max(most, shares[name]) for name, most in worst.items()}
            measuring.say("assessment.last", members=members, cases=cases, lowest_named=100.0, percent=shares)
    measuring.say("assessment.last.worst", percent=worst, promised_below=5.0)


def speed() -> None:
    """A month of 500 posts over a million cases."""
    from django.core.management import call_command

    from zijing.assessment.actions import run
    from zijing.assessment.models import Scheme
    from zijing.cases.models import Case
    from zijing.core.worktime import ZONE

    call_command("migrate", interactive=False, verbosity=0)
    founded = datetime(2019, 12, 2, 9, tzinfo=ZONE)
    office, system, places = _office(founded)
    if not Case.objects.exists():
        with measuring.progress(f"{YEAR} cases"):
            _fill(office, places)
    at = datetime(2020, 9, 3, 9, tzinfo=ZONE)
    took = []
    for _round in range(3):
        began = time.perf_counter()
        made = run(
            actor=system, at=at, office=office, scheme=Scheme.objects.get(key="grid-monthly"), day=date(2020, 8, 1),
            again=True,
        )  # fmt: skip
        took.append(round(time.perf_counter() - began, 2))
    measuring.say(
        "assessment.speed", posts=made.members, cases=Case.objects.count(), seconds=took, promised_below=5.0,
        **measuring.machine(),
    )  # fmt: skip


def _office(founded: datetime) -> tuple[Any, Any, list[Any]]:
    """An office of 25 communities with 20 grids each, and a grid worker in every grid."""
    from django.conf import settings

    from zijing.packs import loader
    from zijing.packs.actions import apply
    from zijing.people.access import system_actor
    from zijing.people.actions import put_posts, put_units
    from zijing.people.models import Unit
    from zijing.places.actions import found_office, put_places
    from zijing.places.models import Place

    code, stem = "410181005000", "410181005"
    if office := Place.objects.with_code(code).first():
        grids = list(Place.objects.filter(office=office, level="grid").order_by("pk"))
        return office, system_actor(office, "bench"), grids
    county = found_office(code="410181000000", name="巩义市", at=founded)
    office = found_office(code=code, name="紫荆路街道", at=founded, county=county)
    for key in ("base", "assessment"):
        apply(at=founded, pack=loader.load(loader.find(Path(settings.PACKS), key)), offices=[county, office])
    system = system_actor(office, "bench")
    rows = []
    for c in range(1, POSTS // EACH + 1):
        rows.append({"name": f"社区{c:02}", "code": f"{stem}{c:03}", "level": "community", "parent": code})
        rows += [
            {"name": f"社区{c:02}网格{g:02}", "code": f"{stem}{c:03}{g:03}", "level": "grid", "parent": f"{stem}{c:03}"}
            for g in range(1, EACH + 1)
        ]
    put_places(actor=system, at=founded, rows=rows)
    put_units(actor=system, at=founded, rows=[{"code": "G", "name": "网格办", "kind": "section", "place": office}])
    unit, grids = (
        Unit.objects.get(office=office),
        list(Place.objects.filter(office=office, level="grid").order_by("pk")),
    )
    posts = [
        {
            "code": f"g{p.pk}",
            "title": f"{p.name}网格员",
            "unit": unit,
            "role": "grid",
            "place": p,
            "since": founded.date(),
        }
        for p in grids
    ]
    put_posts(actor=system, at=founded, rows=posts)
    return office, system, grids


def _fill(office: Any, places: list[Any]) -> None:
    """A year's cases, spread over the grids; rows past the verbs, without journal, one statement for many."""
    from django.db import connection, transaction
    from seed import write

    from zijing.cases.models import Case
    from zijing.core.plans import take_samples
    from zijing.records.models import Kind

    kind, chance = Kind.objects.get(key="issue").pk, np.random.default_rng(1)
    with transaction.atomic():
        for begun in range(0, YEAR, CHUNK):
            write(Case, _cases(office.pk, places, kind, chance, begun))
    take_samples()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), max(id)) FROM cases_case")
            cursor.execute("ANALYZE")


def _cases(
    office: int, places: list[Any], kind: int, chance: np.random.Generator, begun: int
) -> Iterator[dict[str, Any]]:
    from seed import moment

    from zijing.core.worktime import ZONE

    first = datetime(2020, 1, 1, 10, tzinfo=ZONE).astimezone(UTC)
    on_time = (chance.random(CHUNK) < ON_TIME).tolist()
    days, where = chance.integers(0, 366, CHUNK).tolist(), chance.integers(0, len(places), CHUNK).tolist()
    for n in range(CHUNK):
        due, place = first + timedelta(days=days[n]), places[where[n]]
        yield {
            "id": begun + n + 1, "kind_id": kind, "office_id": office, "place_id": place.pk, "path": place.path,
            "stage": "closed", "title": f"问题{begun + n}", "happened_on": f"{due:%Y-%m-%d}", "fields": "{}",
            "recorded_at": moment(due - timedelta(hours=8)), "due_at": moment(due),
            "closed_at": moment(due + timedelta(hours=-2 if on_time[n] else 6)), "closed_on_time": on_time[n],
        }  # fmt: skip


def main() -> None:
    """Simulate, then measure in a folder that is kept for the next time."""
    import os
    import tempfile

    root = Path(os.environ.get("ZIJING_BENCH") or Path(tempfile.gettempdir()) / "zijing-bench") / "assessment"
    root.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("ZIJING_DATA", str(root))
    measuring.set_up()
    if rounds := int(sys.argv[1]) if len(sys.argv) > 1 else 400:
        simulate(rounds)
    speed()


if __name__ == "__main__":
    main()
