"""What belongs to a project besides its stages: money by month, land clearance, permits, parcels, the days ahead."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from zijing.activities.actions import WITHDRAWN
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.core.worktime import DAY, day_of
from zijing.projects.models import Project
from zijing.projects.queries.stages import StageLine
from zijing.records.kinds import find_kind
from zijing.registers.models import Entry

SOON = DAY * 14
AHEAD = DAY * 7
YEAR = 12
LEDGERS = ("permit", "clearance", "parcel")


@dataclass(frozen=True)
class Month:
    """Money of a month of the running year, in fen: done in it, done since January, and the even share of the plan."""

    first: date
    done: int
    so_far: int
    planned: int


@dataclass(frozen=True)
class Money:
    """Amounts in fen: the whole investment, this year's plan, done this year, done since the first record; by month."""

    total: int | None
    plan: int
    done: int
    ever: int
    months: list[Month] = field(default_factory=list)


@dataclass(frozen=True)
class ClearanceDay:
    """A day on which something was cleared: how much, and what was left at its end."""

    day: date
    done: Decimal
    left: Decimal


@dataclass(frozen=True)
class Clearance:
    """What is to be cleared for a project, of one unit: in all, cleared, left, and the last day for it."""

    what: str
    label: str
    total: Decimal
    done: Decimal
    due_on: date | None
    late: bool
    days: list[ClearanceDay]

    @property
    def left(self) -> Decimal:
        """What is left; never below nothing, even where more was recorded than there was."""
        return max(self.total - self.done, Decimal(0))

    @property
    def over(self) -> Decimal:
        """How much more was recorded as cleared than there was: one of the two is wrong."""
        return max(self.done - self.total, Decimal(0))


@dataclass(frozen=True)
class Permit:
    """A permit and where it stands. ``light``: green granted, red overdue, yellow due within two weeks, else none."""

    entry: Entry
    applied_on: date | None
    due_on: date | None
    granted_on: date | None
    light: str


@dataclass(frozen=True)
class Affairs:
    """What the ledgers know of a project besides its stages."""

    permits: list[Permit]
    clearances: list[Clearance]
    parcels: list[Entry]

    @property
    def area(self) -> Decimal:
        """The area of the parcels, in mu."""
        return sum([p.quantity or Decimal(0) for p in self.parcels], Decimal(0))


@dataclass(frozen=True)
class Coming:
    """Something of the days ahead: on which day, what it is, and the record it belongs to (noun and id)."""

    day: date
    what: str
    title: str
    noun: str
    pk: int
    late: bool = False


def money_of(project: Project, on: date) -> Money:
    """The project's money until ``on``, the done parts summed from its investment records."""
    rows = Activity.objects.filter(subject=project.pk, kind__key="investment", happened_on__lte=on)
    per_day = rows.exclude(stage=WITHDRAWN).values_list("happened_on").annotate(Sum("amount_fen"))
    by_month, ever = defaultdict[int, int](int), 0
    for day, amount in per_day:
        ever += amount or 0
        if day and day.year == on.year:
            by_month[day.month] += amount or 0
    plan, so_far, months = project.year_plan_fen, 0, []
    for n in range(1, on.month + 1):
        so_far += by_month[n]
        months.append(Month(date(on.year, n, 1), by_month[n], so_far, plan * n // YEAR))
    return Money(project.entry.amount_fen, plan, so_far, ever, months)


def affairs_of(project: Project, on: date) -> Affairs:
    """The project's permits, clearances and parcels at ``on``; two queries."""
    rows = Entry.objects.filter(subject=project.pk, kind__key__in=LEDGERS).exclude(stage__in=("retired", "merged"))
    found = defaultdict[str, list[Entry]](list)
    for entry in rows.select_related("kind").order_by("business_key", "pk"):
        found[entry.kind.key].append(entry)
    clearances = clearances_of(project, found["clearance"], on) if found["clearance"] else []
    return Affairs([permit_of(e, on) for e in found["permit"]], clearances, found["parcel"])


def permit_of(entry: Entry, on: date) -> Permit:
    """Where a permit stands at ``on``."""
    applied, due, granted = (_day(entry, key) for key in ("applied_on", "due_on", "granted_on"))
    light = ""
    if granted and granted <= on:
        light = "green"
    elif due and due < on:
        light = "red"
    elif due and due <= on + SOON:
        light = "yellow"
    return Permit(entry, applied, due, granted, light)


def _day(entry: Entry, key: str) -> date | None:
    text = entry.fields.get(key)
    return date.fromisoformat(text) if text else None


def clearances_of(project: Project, entries: Iterable[Entry], on: date) -> list[Clearance]:
    """What is to be cleared, by unit, with the days on which some of it was; units are never added together."""
    totals, dues = defaultdict[str, Decimal](Decimal), defaultdict[str, list[date]](list)
    for entry in entries:
        what = entry.fields["what"]
        totals[what] += entry.quantity or Decimal(0)
        dues[what] += [due for due in [_day(entry, "due_on")] if due]
    done = _cleared(project, on)
    kind = find_kind("clearance")
    labels = kind.by_key["what"].titles if kind else {}
    return [
        _clearance(what, labels.get(what, what), total, max(dues[what], default=None), done[what], on)
        for what, total in totals.items()
    ]


def _clearance(
    what: str, label: str, total: Decimal, due: date | None, done: dict[date, Decimal], on: date
) -> Clearance:
    days, so_far = [], Decimal(0)
    for day in sorted(done):
        so_far += done[day]
        days.append(ClearanceDay(day, done[day], max(total - so_far, Decimal(0))))
    late = due is not None and due < on and so_far < total
    return Clearance(what, label, total, so_far, due, late, days)


def _cleared(project: Project, on: date) -> dict[str, dict[date, Decimal]]:
    rows = Activity.objects.filter(subject=project.pk, kind__key="cleared", happened_on__lte=on)
    found = defaultdict[str, dict[date, Decimal]](lambda: defaultdict(Decimal))
    for day, quantity, fields in rows.exclude(stage=WITHDRAWN).values_list("happened_on", "quantity", "fields"):
        if day:
            found[fields["what"]][day] += quantity or Decimal(0)
    return found


def coming(stages: Iterable[StageLine], cases: Iterable[Case], affairs: Affairs, on: date) -> list[Coming]:
    """What the next seven days bring a project, what is overdue first."""
    until, found = on + AHEAD, list[Coming]()
    for s in stages:
        if s.actual_share < 100 and s.planned_end <= until:
            found.append(Coming(s.planned_end, "stage", s.name, "commitment", s.stage.pk, s.late))
        elif on < s.planned_start <= until:
            found.append(Coming(s.planned_start, "start", s.name, "commitment", s.stage.pk))
    for case in cases:
        if case.due_at and case.closed_at is None and day_of(case.due_at) <= until:
            due = day_of(case.due_at)
            found.append(Coming(due, "case", case.title, "case", case.pk, due < on))
    for p in affairs.permits:
        if p.light in {"red", "yellow"} and p.due_on and p.due_on <= until:
            found.append(Coming(p.due_on, "permit", p.entry.title, "register", p.entry.pk, p.light == "red"))
    return sorted(found, key=lambda c: (c.day, c.what, c.pk))
