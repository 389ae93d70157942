"""A plan as a tree: every commitment within sight below its root, how far each is, who answers; few queries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from zijing.activities.models import Activity
from zijing.commitments.models import Commitment, Statement, Waypoint
from zijing.commitments.progress import (
    DONE,
    LATE,
    SLIPPED,
    UNSTATED,
    Aim,
    Progress,
    cascade,
    of_a_duty,
    of_itself,
    periods,
    rule_of,
    state_of,
)
from zijing.commitments.queries.counting import counted, counted_from, in_measure
from zijing.core.errors import Missing
from zijing.core.worktime import day_of
from zijing.people.access import Actor
from zijing.people.models import Assignment, in_force
from zijing.places.models import under
from zijing.records.kinds import every_kind
from zijing.records.models import ENDED, NOWHERE

LABEL = Commitment._meta.label_lower
COLUMNS = (
    "pk", "parent_id", "kind_id", "business_key", "title", "stage", "closed_at", "quantity", "measure", "bound",
    "baseline", "happened_on", "deadline", "rule", "weight", "figure", "recurrence", "counts", "unit_id", "unit__name",
    "position", "office_id", "subject_id", "lineage",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """The columns of a commitment that a plan shows."""

    pk: int
    parent_id: int | None
    kind_id: int
    code: str
    title: str
    stage: str
    closed_at: datetime | None
    quantity: Decimal | None
    measure: str
    bound: str
    baseline: Decimal | None
    begins: date | None
    deadline: date | None
    rule: str
    weight: Decimal
    figure: str
    recurrence: str
    counts: str
    unit_id: int | None
    unit: str | None
    position: int
    office_id: int
    subject_id: int | None
    lineage: str
    value: Decimal | None = None
    stated_for: date | None = None


@dataclass(slots=True)
class Held:
    """Who answers for a commitment, in which part, with which share (percent)."""

    part: str
    name: str
    share: int
    post: int | None
    unit: int | None


@dataclass(slots=True)
class Node:
    """A commitment in its plan. ``source``: where its progress comes from; ``slips`` counts slipped leaves below."""

    row: Row
    depth: int
    progress: Progress
    state: str
    source: str
    holders: list[Held]
    children: list["Node"] = field(default_factory=list)
    leaves: int = 1
    slips: int = 0

    @property
    def pk(self) -> int:
        return self.row.pk


@dataclass(frozen=True)
class Plan:
    """A plan: its root with everything below, and how many leaves stand in which state."""

    root: Node
    day: date
    states: dict[str, int]


@dataclass(frozen=True)
class Listed:
    """A plan in the list of plans."""

    pk: int
    code: str
    title: str
    deadline: date | None
    count: int
    open: int


def plans(actor: Actor) -> list[Listed]:
    """The plans within sight: goals on top of a tree, the newest deadline first; how many stand in each."""
    tops = Commitment.objects.visible_to(actor).filter(parent=None, kind__in=_goals()).exclude(stage__in=NOWHERE)
    below = Commitment.objects.visible_to(actor).exclude(stage__in=NOWHERE)
    below = below.filter(lineage__gt=OuterRef("lineage"), lineage__lt=Concat(OuterRef("lineage"), Value("~")))
    counted = tops.annotate(all=_count(below), open=_count(below.filter(closed_at=None)))
    columns = ("pk", "business_key", "title", "deadline", "all", "open")
    return [Listed(*row) for row in counted.order_by("-deadline", "business_key", "pk").values_list(*columns)[:200]]


def _count(rows: models.QuerySet[Commitment]) -> Subquery:
    return Subquery(rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n"))


def _goals() -> list[int]:
    return [k.pk for k in every_kind().values() if k.definition.get("promise") == "goal"]


def plan_of(actor: Actor, pk: int, at: datetime, *, withdrawn: bool = False) -> Plan:
    """The tree below a commitment, as it stands at the end of today. ``Missing`` when it is out of sight."""
    top = Commitment.objects.visible_to(actor).filter(pk=pk).values_list("lineage", flat=True).first()
    if top is None:
        raise Missing(_("There is no such record within your sight."))
    rows = _rows(actor, under(top, "lineage"), day_of(at), withdrawn)
    root = forest(actor, rows, [pk], at)[pk]
    leaves = [n for n in walk(root) if not n.children and n is not root]
    states: dict[str, int] = defaultdict(int)
    for leaf in leaves:
        states[leaf.state] += 1
    return Plan(root, day_of(at), dict(states))


def nodes_of(actor: Actor, commitments: Sequence[Commitment], at: datetime) -> dict[int, Node]:
    """Each of these commitments within sight, by id, as its plan shows it; as many reads as for one plan."""
    if not commitments:
        return {}
    tops: list[str] = []
    for lineage in sorted(c.lineage for c in commitments if c.lineage):
        if not tops or not lineage.startswith(tops[-1]):
            tops.append(lineage)
    alone = models.Q(pk__in=[c.pk for c in commitments if not c.lineage])
    within = reduce(or_, (under(lineage, "lineage") for lineage in tops), alone)
    return forest(actor, _rows(actor, within, day_of(at), withdrawn=False), [c.pk for c in commitments], at)


def _rows(actor: Actor, within: models.Q, day: date, withdrawn: bool) -> list[Row]:
    last = Statement.objects.filter(commitment=OuterRef("pk"), status=Statement.Status.ACTUAL, period__lte=day)
    last = last.order_by("-period")
    rows = Commitment.objects.visible_to(actor).filter(within)
    if not withdrawn:
        rows = rows.exclude(stage__in=NOWHERE)
    rows = rows.annotate(stated=Subquery(last.values("value")[:1]), stated_for=Subquery(last.values("period")[:1]))
    return [Row(*values) for values in rows.order_by("position", "pk").values_list(*COLUMNS, "stated", "stated_for")]


def forest(actor: Actor, rows: Sequence[Row], tops: Sequence[int], at: datetime) -> dict[int, Node]:
    """The rows as trees under ``tops``; what hangs under one out of sight hangs under the nearest top above it."""
    by_pk = {r.pk: r for r in rows}
    roots = [by_pk[pk] for pk in tops if pk in by_pk]
    below: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        above = row.parent_id if row.parent_id in by_pk else _nearest(row, roots)
        if above is not None:
            below[above].append(row)
    reading = _Reading(actor, rows, day_of(at), at)
    return {root.pk: _node(root, below, reading, 0) for root in roots}


def _nearest(row: Row, roots: Sequence[Row]) -> int | None:
    """The root that a row whose parent is out of sight lies below; None for a root above all others."""
    found = [r for r in roots if r.lineage and r.pk != row.pk and row.lineage.startswith(r.lineage)]
    return max(found, key=lambda r: len(r.lineage)).pk if found else None


def _node(row: Row, below: dict[int, list[Row]], reading: "_Reading", depth: int) -> Node:
    children = [_node(child, below, reading, depth + 1) for child in below.get(row.pk, ())]
    own, source, aim = reading.own(row)
    counted = [c.progress for c in children if c.row.stage not in NOWHERE]
    rule = rule_of(row.rule, aim, bool(row.figure))
    progress = cascade(rule, aim, own, counted)
    state = row.stage if row.stage in NOWHERE else state_of(progress, row.deadline, reading.day)
    node = Node(
        row, depth, progress, state, source if progress is own else rule, reading.holders.get(row.pk, []), children
    )
    if children:
        node.leaves = sum(c.leaves for c in children)
        node.slips = sum(c.slips for c in children)
    else:
        node.slips = int(state in SLIPPED)
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the plan."""
    yield node
    for child in node.children:
        yield from walk(child)


class _Reading:
    """What the rows of a plan need beside their columns, each read once for all of them."""

    def __init__(self, actor: Actor, rows: Sequence[Row], day: date, at: datetime) -> None:
        self.day = day
        ids = [r.pk for r in rows]
        self.holders = holders_of(ids, day)
        self.curves = curves_of(ids)
        self.counted = counted(actor, {(r.figure, counted_from(r.begins, day)) for r in rows if r.figure}, at)
        self.times = _times(rows, self.holders, day)

    def own(self, row: Row) -> tuple[Progress, str, Aim]:
        """The progress of a commitment by itself, where it comes from, and what it aims at."""
        curve = self.curves.get(row.pk, {})
        aim = Aim(row.quantity, row.bound, row.measure, row.baseline, row.begins, row.deadline, curve)
        ended = row.stage not in NOWHERE and row.closed_at is not None
        if row.counts and row.recurrence:
            elapsed = periods(row.recurrence, _begin(row, self.day), self.day)
            kept = sum(1 for first, last in elapsed if self._count(row, first, last) >= (row.quantity or 1))
            return of_a_duty(kept, len(elapsed), weight=row.weight), "records", aim
        if row.figure and (found := self.counted.get((row.figure, counted_from(row.begins, self.day)))):
            value = in_measure(found, row.measure)
            return of_itself(aim, value, self.day, ended=ended, weight=row.weight), "figure", aim
        return of_itself(aim, row.value, self.day, ended=ended, weight=row.weight), "statement", aim

    def _count(self, row: Row, first: date, last: date) -> int:
        return sum(1 for on in self.times.get(row.pk, ()) if first <= on <= last)


def _begin(row: Row, day: date) -> date:
    return row.begins or date((row.deadline or day).year, 1, 1)


def holders_of(ids: Sequence[int], day: date) -> dict[int, list[Held]]:
    """Who answers for these commitments on a day, the lead first."""
    held = Assignment.objects.filter(in_force(day), subject_type=LABEL, subject_id__in=ids).order_by("pk")
    found: dict[int, list[Held]] = defaultdict(list)
    columns = ("subject_id", "part", "weight", "post_id", "unit_id", "post__title", "unit__name")
    for subject, part, share, post, unit, title, name in held.values_list(*columns):
        found[subject].append(Held(part, title or name or "", share, post, unit))
    order = {"lead": 0, "joint": 1, "assisting": 2}
    for holders in found.values():
        holders.sort(key=lambda h: order.get(h.part, 3))
    return dict(found)


def shares_of(c: Commitment, day: date) -> list[Assignment]:
    """The assignments of those who lead or share a commitment within sight, on a day."""
    held = Assignment.objects.filter(in_force(day), subject_type=LABEL, subject_id=c.pk, part__in=["lead", "joint"])
    return list(held.select_related("post", "unit").order_by("pk"))


def curves_of(ids: Sequence[int]) -> dict[int, dict[date, Decimal]]:
    """The planned curves of these commitments."""
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for pk, period, value in Waypoint.objects.filter(commitment__in=ids).values_list("commitment", "period", "value"):
        found[pk][period] = value
    return dict(found)


def _times(rows: Sequence[Row], holders: dict[int, list[Held]], day: date) -> dict[int, list[date]]:
    """On which days the holders of duties recorded what is counted."""
    duties = [r for r in rows if r.counts and r.recurrence]
    if not duties:
        return {}
    wanted = {r.counts for r in duties}
    done = Activity.objects.filter(kind__key__in=wanted, office__in={r.office_id for r in duties}).exclude(
        stage__in=ENDED
    )
    done = done.filter(happened_on__gte=min(_begin(r, day) for r in duties), happened_on__lte=day)
    columns = ("kind__key", "recorded_by_id", "unit_id", "pk", "subject_id", "happened_on")
    by_holder: dict[tuple[str, Any], set[tuple[int, int | None, date]]] = defaultdict(set)
    for key, post, unit, pk, subject, on in done.values_list(*columns):
        by_holder[key, ("post", post)].add((pk, subject, on))
        by_holder[key, ("unit", unit)].add((pk, subject, on))
    found: dict[int, list[date]] = {}
    for r in duties:
        mine = [
            ("post", h.post) if h.post else ("unit", h.unit) for h in holders.get(r.pk, []) if h.part != "assisting"
        ]
        mine = mine or [("unit", r.unit_id)]
        hits = {hit for who in mine for hit in by_holder.get((r.counts, who), ())}
        found[r.pk] = sorted(on for _pk, subject, on in hits if r.subject_id in (None, subject))
    return found


def only(plan: Plan, *, state: str = "", holder: str = "") -> Node:
    """The plan with what meets the filter and stands above it: by state ("slipped" for all that slip), by name."""

    def keep(node: Node) -> Node | None:
        children = [kept for c in node.children if (kept := keep(c))]
        if children or _meets(node, state, holder):
            return replace(node, children=children)
        return None

    return keep(plan.root) or replace(plan.root, children=[])


def _meets(node: Node, state: str, holder: str) -> bool:
    if node.children:
        return False
    if state and not (node.state == state or (state == "slipped" and node.state in SLIPPED)):
        return False
    return not holder or node.row.unit == holder or any(h.name == holder for h in node.holders)


STATES = (DONE, "ahead", "slow", "behind", LATE, UNSTATED)
