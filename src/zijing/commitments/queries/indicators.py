"""The course of indicators: month by month, against the plan, the same month of last year, and others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q

from zijing.commitments.models import Benchmark, Commitment, Correction, Statement
from zijing.commitments.progress import (
    Aim,
    Progress,
    month_end,
    month_wanted,
    of_itself,
    planned_value,
    rounded,
    state_of,
)
from zijing.commitments.queries.counting import counted, counted_from, in_measure
from zijing.commitments.queries.trees import LABEL, Held, curves_of, holders_of
from zijing.core.worktime import DAY, day_of
from zijing.figures.queries import Value
from zijing.people.access import Actor, assigned_to
from zijing.people.models import Assignment, in_force
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE

EVERY = Q()
ANSWERING = (Assignment.Part.LEAD, Assignment.Part.JOINT)


class Said(NamedTuple):
    """What was stated for a month: the statement's id, its value, and why it stands there."""

    pk: int
    value: Decimal
    note: str


@dataclass(frozen=True)
class Point:
    """A month of an indicator: stated, expected and planned values; growth in percent against the month a year before.

    ``missing``: the month is over and nothing actual has been stated.
    """

    period: date
    actual: Said | None
    expected: Said | None
    planned: Decimal | None
    growth: Decimal | None
    missing: bool


@dataclass(frozen=True)
class Peer:
    """How another office, or the county on average, stood in a month."""

    whose: str
    average: bool
    value: Decimal
    period: date
    source: str


@dataclass(frozen=True)
class Course:
    """An indicator through a year. ``counted``: what the figure it names comes to; then no month is stated."""

    commitment: Commitment
    points: list[Point]
    progress: Progress
    state: str
    latest: Point | None
    holders: list[Held]
    peers: list[Peer]
    curve: Mapping[date, Decimal]
    gap: Decimal | None = None
    corrections: int = 0
    missing: list[date] = field(default_factory=list)
    counted: Value | None = None


def months(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def indicators(actor: Actor, year: int) -> list[Commitment]:
    """The indicators within sight whose deadline falls in a year, by number; those taken back left out."""
    kinds = [k.pk for k in every_kind().values() if k.definition.get("promise") == "indicator"]
    rows = Commitment.objects.visible_to(actor).filter(kind__in=kinds, deadline__year=year)
    return list(rows.exclude(stage__in=NOWHERE).select_related("kind", "unit").order_by("business_key", "pk"))


def courses(actor: Actor, year: int, at: datetime, *, only: Sequence[int] | None = None) -> list[Course]:
    """Every indicator of a year within sight with its months up to today; five queries however many there are, and
    those of the figures they name.
    """
    today = day_of(at)
    rows = [c for c in indicators(actor, year) if only is None or c.pk in only]
    ids = [c.pk for c in rows]
    stated, corrected = _stated(ids, today), _corrected(ids, today)
    curves, holders, peers = curves_of(ids), holders_of(ids, today), _peers(ids, today)
    named = {c.pk: (c.figure, counted_from(c.happened_on, today)) for c in rows if c.figure}
    values = counted(actor, named.values(), at)
    return [
        _course(
            c, stated.get(c.pk, {}), curves.get(c.pk, {}), holders.get(c.pk, []), peers.get(c.pk, []),
            values.get(named[c.pk]) if c.pk in named else None, corrected.get(c.pk, 0), year, today,
        )
        for c in rows
    ]  # fmt: skip


Stated = dict[tuple[date, str], Said]


def _stated(ids: Sequence[int], today: date) -> dict[int, Stated]:
    found: dict[int, Stated] = defaultdict(dict)
    rows = Statement.objects.filter(commitment__in=ids, period__lte=today)
    for commitment, period, status, *said in rows.values_list("commitment", "period", "status", *Said._fields):
        found[commitment][period.replace(day=1), status] = Said(*said)
    return found


def _corrected(ids: Sequence[int], today: date) -> dict[int, int]:
    """How often values stated for these commitments were put right."""
    rows = Correction.objects.filter(statement__commitment__in=ids, statement__period__lte=today)
    return dict(rows.values_list("statement__commitment").annotate(n=Count("pk")).order_by())


def _peers(ids: Sequence[int], today: date) -> dict[int, list[Peer]]:
    found: dict[int, dict[str, Peer]] = defaultdict(dict)
    rows = Benchmark.objects.filter(commitment__in=ids, period__lte=today).order_by("period")
    for b in rows:
        found[b.commitment_id][b.whose] = Peer(b.whose, b.average, b.value, b.period, b.source)
    return {pk: sorted(by.values(), key=lambda p: (not p.average, -p.value)) for pk, by in found.items()}


def _course(
    c: Commitment, stated: Stated, curve: Mapping[date, Decimal], holders: list[Held], peers: list[Peer],
    value: Value | None, corrections: int, year: int, today: date,
) -> Course:  # fmt: skip
    aim = Aim(c.quantity, c.bound, c.measure, c.baseline, c.happened_on, c.deadline, curve)
    points = [_point(c, stated, aim, period, today) for period in months(year) if period <= today]
    latest = next((p for p in reversed(points) if p.actual), None)
    stands = in_measure(value, c.measure) if value else latest.actual.value if latest and latest.actual else None
    progress = of_itself(aim, stands, today, ended=not c.is_open)
    average = next((p for p in peers if p.average), None)
    gap = stands - average.value if stands is not None and average else None
    return Course(
        c, points, progress, state_of(progress, c.deadline, today), latest, holders, peers, curve, gap,
        corrections, [p.period for p in points if p.missing], value,
    )  # fmt: skip


def _point(c: Commitment, stated: Stated, aim: Aim, period: date, today: date) -> Point:
    actual, expected = (stated.get((period, status)) for status in ("actual", "expected"))
    before = stated.get((period.replace(year=period.year - 1), "actual"))
    growth = (
        rounded((actual.value - before.value) * 100 / abs(before.value)) if actual and before and before.value else None
    )
    over = month_end(period) < today.replace(day=1) and (c.happened_on is None or month_end(period) >= c.happened_on)
    due = c.is_open or (c.closed_at is not None and c.closed_at.date() > month_end(period))
    missing = actual is None and over and due and not c.figure and month_wanted(c.recurrence, period)
    planned = planned_value(aim, month_end(period)) if aim.curve else None
    return Point(period, actual, expected, planned, growth, missing)


def missing_in(actor: Actor, period: date, only: Q = EVERY) -> list[Commitment]:
    """The open commitments within sight that want a value for the month of ``period`` and have none; one query."""
    month = period.replace(day=1)
    rows = Commitment.objects.visible_to(actor).filter(only, closed_at=None, figure="", counts="")
    rows = rows.filter(recurrence__in=["month", "quarter"])
    rows = rows.filter(Q(happened_on=None) | Q(happened_on__lte=month_end(month)), deadline__gte=month)
    done = Statement.objects.filter(period__gte=month, period__lte=month_end(month), status=Statement.Status.ACTUAL)
    rows = rows.exclude(pk__in=done.values("commitment")).select_related("kind").order_by("business_key", "pk")
    return [c for c in rows if month_wanted(c.recurrence, month)]


def owed_by(actor: Actor, period: date, today: date) -> list[Commitment]:
    """Of those, what the actor's post or unit answers for: as lead or jointly, or as the unit where nobody does."""
    answering = Assignment.objects.filter(subject_type=LABEL, part__in=ANSWERING)
    mine = Q(pk__in=answering.filter(assigned_to(actor, LABEL)).values("subject_id"))
    if actor.unit_id is not None:
        mine |= Q(unit=actor.unit_id) & ~Q(pk__in=answering.filter(in_force(today)).values("subject_id"))
    return missing_in(actor, period, mine)


def last_month(today: date) -> date:
    """The first day of the month before."""
    return (today.replace(day=1) - DAY).replace(day=1)


def corrections_of(c: Commitment) -> list[Correction]:
    """What was put right in the statements of a commitment within sight, the newest first."""
    rows = Correction.objects.filter(statement__commitment=c).select_related("statement", "post")
    return list(rows.order_by("-at", "-pk")[:50])
