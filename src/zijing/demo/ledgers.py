"""The ledgers of the replay: money spent, buildings topped out, permits, flats, inspections."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial

from django.db.models import Sum

from zijing.activities.models import Activity
from zijing.core.worktime import DAY, day_of, previous_working_day
from zijing.demo.chance import some
from zijing.demo.days import YEAR_ENDS, around, last_workday, moment
from zijing.demo.pace import percent_at
from zijing.demo.sources import allocations, grantings, toppings
from zijing.demo.words import MARK
from zijing.demo.world import Happening, World
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.projects.actions.ledger import correct_ledger
from zijing.projects.models import Building
from zijing.registers.actions import correct_entry
from zijing.registers.models import Entry

INSPECTED, INSPECTION_DAY = 4, 25
APPLIED = DAY * 35


def on(world: World, day: date) -> Iterator[Happening]:
    """What is entered on ``day``."""
    if not world.sites:
        return
    yield from _toppings(world, day)
    yield from _allocations(world, day)
    yield from _grantings(world, day)
    if day == last_workday(day.year, day.month):
        yield from _investments(world, day)
    yield from _inspections(world, day)


def section(world: World, unit: str) -> Actor:
    """Who enters for a section."""
    return world.cast.in_unit(world.units[unit].pk, "activities.write") or world.cast.system


def _toppings(world: World, day: date) -> Iterator[Happening]:
    for row in toppings():
        for n in range(row.count if row.day == day and row.subject in world.by_code else 0):
            at = moment(day, 15, 5 + n * 6)
            yield Happening(at, f"topping {row.subject} {n}", partial(_top_out, world, row.subject, at))


def _top_out(world: World, code: str, at: datetime) -> int:
    rows = Building.objects.filter(project=world.by_code[code], topped_on=None)
    building = rows.select_related("entry__kind").order_by("entry__business_key").first()
    if building is None:
        return 0
    values = {"topped_on": day_of(at)}
    correct_ledger(actor=section(world, "CJB"), at=at, entry=building.entry, values=values)
    return 1


def _allocations(world: World, day: date) -> Iterator[Happening]:
    for row in allocations():
        if row.day == day and row.subject in world.by_code:
            at = moment(day, 17, 0)
            values = {"flats": row.count, "note": f"{row.text}（{MARK}）"}
            yield Happening(
                at, f"allocation {row.subject}", partial(_enter, world, "allocation", row.subject, at, values, "CJB")
            )


def _grantings(world: World, day: date) -> Iterator[Happening]:
    for n, (granted, code) in enumerate(grantings()):
        if granted == day and code.partition("-")[0] in world.by_code:
            at = moment(day, 16, n % 60)
            yield Happening(at, f"permit {code}", partial(_grant, world, code, at))


def _grant(world: World, code: str, at: datetime) -> int:
    """A permit is granted, by the ledger of the section that assists the project."""
    rows = Entry.objects.filter(office=world.office, kind=world.kinds["permit"], business_key=code)
    entry = rows.select_related("kind").first()
    if entry is None or entry.fields.get("granted_on"):
        return 0
    values = {"applied_on": entry.fields.get("applied_on") or str(day_of(at) - APPLIED), "granted_on": str(day_of(at))}
    correct_entry(actor=section(world, "CJB"), at=at, entry=entry, values=values)
    return 1


def _enter(world: World, kind: str, code: str, at: datetime, values: Mapping[str, object], unit: str) -> int:
    """Record an activity about a project by a section ("" for the project's own team)."""
    project, day = world.by_code[code], day_of(at)
    actor = section(world, unit) if unit else world.cast.team(project.pk)
    raw = {"project": f"#{project.pk}", "date": day, **values}
    record(actor=actor, at=at, kind=world.kinds[kind], values=raw)
    return 1


def _investments(world: World, day: date) -> Iterator[Happening]:
    for code in world.sites:
        at = around(day, (14, 0), (16, 20), "investment", code)
        yield Happening(at, f"investment {code}", partial(_invest, world, code, at))


def _invest(world: World, code: str, at: datetime) -> int:
    """What has been spent since the last record: the year's plan by the share of the year's work that is done."""
    project, day = world.by_code[code], day_of(at)
    mine = Activity.objects.filter(subject=project.pk, kind=world.kinds["investment"], happened_on__year=day.year)
    before = mine.exclude(stage="withdrawn").aggregate(s=Sum("amount_fen"))["s"] or 0
    wan = round((project.year_plan_fen * share_of_year(world, code, day) - before) / 1_000_000)
    if wan <= 0 or mine.filter(happened_on=day).exists():
        return 0
    return _enter(world, "investment", code, at, {"amount": f"{wan}万元", "note": MARK}, "")


def share_of_year(world: World, code: str, day: date) -> float:
    """How much of what the plan wants done this year is done at the end of ``day``, at most all of it."""
    site = world.sites[code]
    start, end = (
        percent_at(site, d.toordinal()) for d in (date(day.year - 1, 12, 31), YEAR_ENDS.replace(year=day.year))
    )
    done = world.percent(code, day) - start
    return max(0.0, min(1.0, done / (end - start))) if end > start else 0.0


def _inspections(world: World, day: date) -> Iterator[Happening]:
    found = {t.project: t for t in world.tales if t.kind == "finding" and t.filed == day}
    clean = (
        some([c for c in world.at_work(day) if c not in found], INSPECTED, "inspected", day)
        if _is_inspected(day)
        else []
    )
    for code in [*found, *clean]:
        at = around(day, (8, 30), (8, 59), "inspection", code)
        text = f"发现：{found[code].what}" if code in found else "现场安全、进度、扬尘管控正常"
        values = {"summary": f"{text}（{MARK}）"}
        yield Happening(at, f"inspection {code}", partial(_enter, world, "inspection", code, at, values, "DCB"))


def _is_inspected(day: date) -> bool:
    """The last working day up to the 25th of the month; none during the standstill of February."""
    return day == previous_working_day(day.replace(day=INSPECTION_DAY) + DAY)
