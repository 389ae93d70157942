"""An office of a given number of cases, the same every time: ``ZIJING_DATA=FOLDER python tools/bench/seed.py 1000000``.

Twenty communities, three hundred grids, fifty units, sixty projects; cases since 2019, about two thousand of them open
whatever the number, issues, blockers and findings as they occur. Every case has its timer and stands with its unit by
an assignment; one in twenty is given to a bureau that sees nothing else, thirty to a small one. A folder (or database)
that already holds the number is left as it is. Rows are written past the verbs, without journal: this measures reads.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import measuring

measuring.set_up()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction

from zijing.cases.models import Case, Timer
from zijing.core.plans import take_samples
from zijing.core.worktime import ZONE
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.people.access import system_actor
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Assignment, Post, Unit
from zijing.places.actions import found_office, put_places
from zijing.places.models import Place
from zijing.projects.actions import put_projects, put_stages
from zijing.records.models import Kind
from zijing.registers.models import Entry

CODE, FOUNDED = "410181005000", datetime(2018, 12, 3, 9, tzinfo=ZONE)
COMMUNITIES, GRIDS, SECTIONS, PROJECTS = 20, 15, 28, 60
OPEN, ONE_IN, FEW = 2000, 20, 30
FIRST_DAY = datetime(2019, 1, 2, tzinfo=UTC)
CHUNK = 20_000
CLASSES = ("dust", "safety", "appearance", "property", "enterprise", "other")
BLOCKS = ("land", "relocation", "funds", "materials", "utilities", "approval", "weather", "other")
WORDS = ("井盖缺失", "占道经营", "扬尘未覆盖", "楼道堆物", "路灯不亮", "污水外溢", "消防通道被占", "噪声扰民")
RUNNING = ("filed", "dispatched", "handling", "checking")
# Who reads the pages: user name, role, and what the post sees.
READERS = {"secretary": "secretary", "community": "community", "bureau": "team", "small": "team"}


def ready(n: int) -> None:
    """Found the office if there is none, and fill it up to ``n`` cases."""
    call_command("migrate", interactive=False, verbosity=0)
    standing = Case.objects.count()
    if standing == n:
        return
    if standing:
        sys.exit(f"This data holds {standing} cases. Choose another folder for {n}.")
    with measuring.progress("office"):
        office = found()
    with measuring.progress(f"{n} cases"), transaction.atomic():
        fill(office, n)
    take_samples()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def found() -> Place:
    """The office with its packs, places, units, posts and projects."""
    county = found_office(code="410181000000", name="巩义市", at=FOUNDED)
    office = found_office(code=CODE, name="紫荆路街道", at=FOUNDED, county=county)
    for key in ("base", "project-drive"):
        apply(at=FOUNDED, pack=loader.load(loader.find(settings.PACKS, key)), offices=[county, office])
    system, stem = system_actor(office, "bench"), CODE[:9]
    rows = []
    for c in range(1, COMMUNITIES + 1):
        own = f"{stem}{c:03}"
        rows.append(_place(f"社区{c:02}", own, "community", CODE, c, 0))
        rows += [_place(f"社区{c:02}第{g}网格", f"{own}{g:03}", "grid", own, c, g) for g in range(1, GRIDS + 1)]
    put_places(actor=system, at=FOUNDED, rows=rows)
    _staff(office, county)
    _projects(office)
    return office


def _place(name: str, code: str, level: str, parent: str, column: int, row: int) -> dict[str, Any]:
    x, y = 113.0 + column * 0.01, 34.7 + row * 0.01
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"name": name, "code": code, "level": level, "parent": parent, "geometry": shape}


def _staff(office: Place, county: Place) -> None:
    system = system_actor(office, "bench")
    communities = Place.objects.filter(parent=office).order_by("pk")
    units = [
        {"code": f"C{n:02}", "name": f"{p.name}居委会", "kind": "community_committee", "place": p}
        for n, p in enumerate(communities, 1)
    ]
    units += [{"code": f"S{n:02}", "name": f"科室{n:02}", "kind": "section", "place": office} for n in range(SECTIONS)]
    units += [{"code": k, "name": f"{k}局", "kind": "county_bureau", "place": office} for k in ("bureau", "small")]
    put_units(actor=system, at=FOUNDED, rows=units)
    homes = {"secretary": "S00", "community": "C01", "bureau": "bureau", "small": "small"}
    made = {u.code: u for u in Unit.objects.filter(office=office).select_related("place")}
    posts = [
        {
            "code": name, "title": f"{name}岗", "unit": made[homes[name]], "role": role,
            "place": made[homes[name]].place, "since": FOUNDED.date(), "account": name,
        }
        for name, role in READERS.items()
    ]  # fmt: skip
    posts += [
        {"code": f"leader{n}", "title": f"分包领导{n}", "unit": made["S01"], "role": "leader", "since": FOUNDED.date()}
        for n in range(8)
    ]
    put_posts(actor=system, at=FOUNDED, rows=posts)


def _projects(office: Place) -> None:
    system = system_actor(office, "bench")
    communities = list(Place.objects.filter(parent=office).order_by("pk"))
    leaders = list(Post.objects.filter(role__key="leader").order_by("pk"))
    sections = list(Unit.objects.filter(kind="section").order_by("pk"))
    rows = [
        {
            "code": f"X{n:02}", "name": f"重点项目{n:02}", "type": ("housing", "commercial", "municipal")[n % 3],
            "place": communities[n % COMMUNITIES].pk, "promised_on": date(2026, 12, 31), "investment": 10_000_000_00,
            "year_plan": 5_000_000_00, "leader": leaders[n % len(leaders)].pk, "team": sections[n % SECTIONS].pk,
        }
        for n in range(PROJECTS)
    ]  # fmt: skip
    put_projects(actor=system, at=FOUNDED, rows=rows, place=office)
    entries = list(Entry.objects.filter(office=office, kind__key="project").order_by("pk"))
    stages = [
        {
            "code": f"{e.business_key}-{n}", "project": e.pk, "name": name, "weight": Decimal(25),
            "planned_start": date(2026, 1 + 3 * n, 1), "planned_end": date(2026, 3 + 3 * n, 28),
            "quantity": None, "unit": None,
        }
        for e in entries
        for n, name in enumerate(("清表", "基础", "主体", "装修"))
    ]  # fmt: skip
    put_stages(actor=system, at=FOUNDED, rows=stages, place=office)


@dataclass
class World:
    """What cases are made of."""

    office: Place
    grids: list[Place]
    kinds: dict[str, int]
    sections: list[int]
    committees: dict[str, int]
    projects: list[int]
    bureau: int
    small: int
    reporters: dict[str, int]


def fill(office: Place, n: int) -> None:
    """Write the cases, their timers and assignments."""
    units = {u.code: u for u in Unit.objects.filter(office=office).select_related("place")}
    world = World(
        office=office,
        grids=list(Place.objects.filter(office=office, level="grid").order_by("pk").defer("geometry")),
        kinds=dict(Kind.objects.values_list("key", "pk")),
        sections=[u.pk for u in units.values() if u.kind == "section"],
        committees={u.place.path: u.pk for u in units.values() if u.kind == "community_committee"},
        projects=list(Entry.objects.filter(kind__key="project").order_by("pk").values_list("pk", flat=True)),
        bureau=Post.objects.get(code="bureau").pk,
        small=Post.objects.get(code="small").pk,
        reporters={p.place.path: p.pk for p in Post.objects.filter(code="community").select_related("place")},
    )
    facts = cases(world, n)
    while part := list(islice(facts, CHUNK)):
        write(Case, part)
        write(Timer, map(_timer, part))
        write(Assignment, (a for case in part for a in _assignments(world, case)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("cases_case", "cases_timer", "people_assignment"):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def cases(world: World, n: int) -> Iterator[dict[str, Any]]:
    """The columns of the cases in the order they were filed, evenly over the years."""
    chance = random.Random(20190102)
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    every, open_from = (last - FIRST_DAY) / n, n - min(OPEN, n // 2) * 10 // 9
    for pk in range(1, n + 1):
        filed = (FIRST_DAY + every * pk).replace(microsecond=0)
        runs = pk > open_from and chance.random() < 0.9
        yield {"id": pk, **_what(world, chance), **_course(chance, filed, last, runs=runs)}


def _what(world: World, chance: random.Random) -> dict[str, Any]:
    grid = world.grids[min(int(chance.expovariate(1) * 60), len(world.grids) - 1)]
    key = chance.choices(("issue", "blocker", "finding"), (90, 6, 4))[0]
    fields: dict[str, Any] = {"class": chance.choices(CLASSES, (30, 15, 30, 15, 9, 1))[0]}
    if key == "blocker":
        fields = {"class": chance.choice(BLOCKS)}
    if key == "finding":
        fields = {"severity": chance.choice(("minor", "serious"))}
    community = grid.path[: grid.path.rindex("/", 0, -1) + 1]
    committee, reporter = world.committees[community], world.reporters.get(community)
    return {
        "kind_id": world.kinds[key], "office_id": world.office.pk, "place_id": grid.pk, "path": grid.path,
        "unit_id": committee if chance.random() < 0.6 else chance.choice(world.sections),
        "recorded_by_id": reporter if chance.random() < 0.5 else None,
        "subject_id": None if key == "issue" else chance.choice(world.projects),
        "title": f"{grid.name}{chance.choice(WORDS)}", "fields": json.dumps(fields),
    }  # fmt: skip


def _course(chance: random.Random, filed: datetime, last: datetime, *, runs: bool) -> dict[str, Any]:
    due = filed + timedelta(days=chance.choice((5, 7, 9)))
    closed = min(filed + timedelta(hours=chance.expovariate(1 / 90)), last).replace(microsecond=0)
    stage = chance.choice(RUNNING) if runs else "voided" if chance.random() < 0.02 else "closed"
    return {
        "stage": stage, "happened_on": filed.astimezone(ZONE).date().isoformat(), "recorded_at": moment(filed),
        "due_at": moment(due), "closed_at": None if runs else moment(closed),
        "closed_on_time": closed <= due if stage == "closed" else None, "revision": 1 if runs else 5,
    }  # fmt: skip


def moment(at: datetime) -> str:
    """A time as each database takes it in bulk."""
    text = f"{at:%Y-%m-%d %H:%M:%S}"
    return f"{text}+00" if connection.vendor == "postgresql" else text


def _timer(case: dict[str, Any]) -> dict[str, Any]:
    span = {"kind": "running", "since": _iso(case["recorded_at"]), "until": _iso(case["closed_at"]), "amount": 0}
    return {
        "id": case["id"], "case_id": case["id"], "office_id": case["office_id"], "clock": "working_days", "amount": 5,
        "spans": json.dumps([span]), **({} if case["closed_at"] else _alarm(case["due_at"])),
    }  # fmt: skip


def _alarm(due_at: str) -> dict[str, str | None]:
    """What the clock has noted of an open case by now, and what it will note next."""
    due, now = datetime.fromisoformat(f"{due_at[:19]}+00:00"), datetime.now(UTC)
    announced = due - timedelta(days=1)
    if announced > now:
        return {"alarm_at": moment(announced), "warned_at": None}
    return {"alarm_at": moment(due) if due > now else None, "warned_at": moment(announced)}


def _iso(moment: str | None) -> str | None:
    return f"{moment[:10]}T{moment[11:19]}+00:00" if moment else None


def _assignments(world: World, case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = {
        "subject_type": "cases.case", "subject_id": case["id"], "path": case["path"], "weight": 100,
        "since": case["happened_on"], "until": None, "unit_id": None, "post_id": None, "part": "lead",
    }  # fmt: skip
    yield given | {"unit_id": case["unit_id"]}
    if case["id"] % ONE_IN == 0:
        yield given | {"post_id": world.bureau, "part": "assisting"}
    if case["id"] <= FEW:
        yield given | {"post_id": world.small, "part": "assisting"}


def write(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows of ready values; a column not given takes what an empty model says."""
    columns = {f.column: f for f in model._meta.concrete_fields if not f.primary_key}
    found = list(rows)
    if not found:
        return
    if "id" in found[0]:
        columns = {"id": model._meta.pk, **columns}
    empty = model()
    default = {c: f.get_db_prep_save(f.pre_save(empty, add=True), connection) for c, f in columns.items() if c != "id"}
    default = {c: (getattr(v, "dumps", None) and json.dumps(v.obj)) or v for c, v in default.items()}
    values = [[row.get(c, default.get(c)) for c in columns] for row in found]
    _insert(model._meta.db_table, list(columns), values)


def _insert(table: str, columns: Sequence[str], values: list[list[Any]]) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(columns))
            cursor.cursor.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)


if __name__ == "__main__":
    ready(int(sys.argv[1]))
