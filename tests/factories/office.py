"""An office to test in, made by the same verbs a real one is made by."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from tests.factories.again import again
from zijing.core.worktime import ZONE
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.people.access import Actor, actor_of, system_actor
from zijing.people.actions import hold, put_posts, put_units
from zijing.people.models import Account, Holding, Post, Unit
from zijing.places.actions import found_office, put_places
from zijing.places.models import Place
from zijing.projects.actions import put_projects, put_stages, report
from zijing.projects.models import Project, Report
from zijing.records.models import Kind
from zijing.registers.models import Entry

FOUNDED = datetime(2020, 1, 2, 9, tzinfo=ZONE)
MONDAY = date(2020, 9, 7)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of day in China Standard Time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@dataclass
class Office:
    """A founded office with packs, two communities, three grids, a unit and a post for every role."""

    place: Place
    county: Place
    places: dict[str, Place]
    system: Actor
    posts: dict[str, Post] = field(default_factory=dict)

    def actor(self, role: str, on: date = MONDAY) -> Actor:
        """The actor of the office's post with this role (``team2`` and the like: the second one)."""
        return actor_of(self.holding(role), channel="test", on=on)

    def holding(self, role: str) -> Holding:
        return Holding.objects.select_related("post__role", "post__office", "post__place", "account").get(
            post=self.posts[role]
        )

    def account(self, role: str) -> Account:
        return self.holding(role).account


ROLES = (
    "secretary", "director", "leader", "leader2", "project_office", "section", "team", "team2", "community",
    "community2", "grid", "system_admin", "security_admin", "audit_admin",
)  # fmt: skip


@cache
def pack(key: str) -> loader.Pack:
    """A pack of the repository, read once."""
    return loader.load(loader.find(Path(settings.PACKS), key))


def office(code: str = "410181005000", name: str = "紫荆路街道", *, packs: tuple[str, ...] = ()) -> Office:
    """Found an office in a county, apply the repository's packs, staff it, and apply further packs to it."""
    given = (settings.PACKS, settings.JOURNAL_DIGEST, settings.CIPHER, get_language())
    return again(("office", code, name, packs, *given), lambda: _found(code, name, packs))


def _found(code: str, name: str, packs: tuple[str, ...]) -> Office:
    county = Place.objects.with_code("410181000000").first() or found_office(
        code="410181000000", name="巩义市", at=FOUNDED
    )
    place = found_office(code=code, name=name, at=FOUNDED, county=county, demo=True)
    for key in ("base", "project-drive"):
        apply(at=FOUNDED, pack=pack(key), offices=[county, place])
    system = system_actor(place, "test")
    stem = code[:9]
    rows = [
        _place("示例社区01", f"{stem}001", "community", code, 0),
        _place("示例村02", f"{stem}201", "village", code, 1),
        _place("第一网格", f"{stem}001001", "grid", f"{stem}001", 0),
        _place("第二网格", f"{stem}001002", "grid", f"{stem}001", 0),
        _place("村一网格", f"{stem}201001", "grid", f"{stem}201", 1),
    ]
    put_places(actor=system, at=FOUNDED, rows=rows)
    places = {p.name: p for p in Place.objects.filter(office=place)}
    made = Office(place, county, places, system)
    _staff(made)
    for key in packs:
        apply(at=FOUNDED, pack=pack(key), offices=[place])
    return made


def _place(name: str, code: str, level: str, parent: str, column: int) -> dict[str, Any]:
    x, y = 113.0 + column * 0.01, 34.75
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    return {
        "name": name, "code": code, "level": level, "parent": parent,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def _staff(made: Office) -> None:
    first, second = made.places["示例社区01"], made.places["示例村02"]
    where = {"community": first, "grid": made.places["第一网格"], "community2": second}
    units = [
        {"code": f"U-{role}", "name": f"{role}单位", "kind": "section", "place": where.get(role, made.place)}
        for role in ROLES
    ]
    units.append({"code": "U-county", "name": "市督查室", "kind": "county_bureau", "place": made.county})
    put_units(actor=made.system, at=FOUNDED, rows=units)
    homes = dict.fromkeys(ROLES, made.place) | {"county": made.county}
    units_by_code = {(u.office_id, u.code): u for u in Unit.objects.select_related("place")}
    rows = [
        {
            "code": f"P-{role}", "title": f"{role}岗", "unit": units_by_code[home.pk, f"U-{role}"],
            "role": role.rstrip("2"), "place": where.get(role, home), "since": FOUNDED.date(),
            "account": f"{home.pk}-{role}",
        }
        for role, home in homes.items()
    ]  # fmt: skip
    put_posts(actor=made.system, at=FOUNDED, rows=rows)
    posts = Post.objects.select_related("unit").filter(office__in=homes.values())
    made.posts = {p.code.removeprefix("P-"): p for p in posts}


def expire(made: Office, role: str, last_day: date) -> None:
    """Let the post of this role end."""
    Post.objects.filter(pk=made.posts[role].pk).update(until=last_day)


def second_post(made: Office, role: str, also: str) -> Holding:
    """Let the holder of one role hold another role's post too."""
    return hold(actor=made.system, at=FOUNDED, post=made.posts[also], username=made.account(role).username)


@dataclass(frozen=True)
class Plan:
    """A stage to plan: name, weight, first and last planned day, quantity."""

    name: str
    weight: int
    start: date
    end: date
    quantity: int | None = None


def two_stages(start: date = date(2020, 3, 1)) -> list[Plan]:
    """Half foundation, half structure, a hundred days each."""
    return [
        Plan("基础", 50, start, start + timedelta(days=99)),
        Plan("主体", 50, start + timedelta(days=100), start + timedelta(days=199), 10),
    ]


def project(
    made: Office, code: str = "X01", *, plans: list[Plan] | None = None, promised: date = date(2020, 12, 31),
    type: str = "housing", team: str = "team", leader: str = "leader", place: str = "示例社区01", **fields: Any,
) -> Project:  # fmt: skip
    """A project of the ledger with its stages, leader and team."""
    row = {
        "code": code, "name": f"示例项目{code}", "type": type, "place": made.places[place].pk, "promised_on": promised,
        "investment": 10_000_000_00, "year_plan": 5_000_000_00, "leader": made.posts[leader].pk,
        "team": made.posts[team].unit_id, **fields,
    }  # fmt: skip
    put_projects(actor=made.system, at=FOUNDED, rows=[row], place=made.place)
    entry = Entry.objects.get(office=made.place, business_key=code)
    stages = [
        {
            "code": f"{code}-{n}", "project": entry.pk, "name": p.name, "weight": Decimal(p.weight),
            "planned_start": p.start, "planned_end": p.end,
            "quantity": None if p.quantity is None else Decimal(p.quantity), "unit": "栋" if p.quantity else None,
        }
        for n, p in enumerate(plans or two_stages(), 1)
    ]  # fmt: skip
    put_stages(actor=made.system, at=FOUNDED, rows=stages, place=made.place)
    return Project.objects.select_related("entry__place", "entry__kind").get(entry=entry)


def say(made: Office, target: Project, day: date, share: Any, *, stage: str = "基础", **values: Any) -> Report:
    """A daily report of a project by the system."""
    return report(
        actor=made.system,
        at=moment(day, 17),
        project=target,
        day=day,
        values={"stage": stage, "share": share, **values},
    )


def blocker(made: Office, target: Project, day: date = MONDAY, what: str = "停水", **more: Any) -> Any:
    """A blocker filed about a project; ``more`` are further values of it."""
    kind = Kind.objects.get(key="blocker")
    values = {"project": f"#{target.pk}", "class": "utilities", "what": what, **more}
    return record(actor=made.actor("team"), at=moment(day), kind=kind, values=values)


def demands(kind: str = "blocker") -> None:
    """Let the cases of a kind be what somebody outside demands."""
    described = Kind.objects.get(key=kind)
    Kind.objects.filter(pk=described.pk).update(definition=dict(described.definition) | {"demands": True})


def ladder(*rungs: dict[str, Any], kind: str = "blocker") -> None:
    """Give a kind of case this ladder instead of its own."""
    described = Kind.objects.get(key=kind)
    Kind.objects.filter(pk=described.pk).update(definition=dict(described.definition) | {"escalation": list(rungs)})
