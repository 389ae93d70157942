"""All that a post answers for: its projects, commitments, cases and what of it stands on lists, worst first.

What slipped is counted from reports: a project's points today against those a week ago. Why is said by its records: the
stage that costs most points, the open blockers, the working days without a report.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from zijing.cases.models import Case, Supervision
from zijing.cases.supervision import ANSWERING, supervised
from zijing.commitments.models import Commitment
from zijing.commitments.progress import SLIPPED, UNSTATED, Progress, rounded, state_of
from zijing.commitments.queries import nodes_of
from zijing.core.worktime import DAY, day_of
from zijing.people.access import Actor, assigned_to
from zijing.people.models import Assignment
from zijing.projects.models import Stage
from zijing.projects.queries.board import Line, board
from zijing.projects.queries.dates import Dated, ledgers_due
from zijing.projects.queries.listing import ORDER
from zijing.projects.queries.standing import WEEK, shares_at
from zijing.projects.ranking import WHOLE, StageFacts, planned_percent, planned_share
from zijing.records.models import Record
from zijing.registers.models import Entry

MOST = 50
AHEAD = DAY * 7


class Lagging(NamedTuple):
    """A stage that is behind: what it costs its project in points, and its shares in percent."""

    pk: int
    name: str
    points: Decimal
    planned: Decimal
    actual: Decimal


@dataclass(frozen=True)
class OwnProject:
    """A project somebody answers for. ``slip``: points won or lost in a week, None where nothing is reported anew."""

    line: Line
    slip: Decimal
    worst: Lagging | None = None
    blockers: list[Case] = field(default_factory=list)

    @property
    def slipped(self) -> bool:
        """Whether it lost points in the week, or says nothing."""
        return self.line.apart == "missing" or (not self.line.apart and self.slip < 0)


@dataclass(frozen=True)
class Promise:
    """A commitment somebody answers for: how far it is against what is due, as its plan or its project's reports say.

    ``source``: where the progress comes from (statement, figure, records, reports, or the rule by which it follows
    from below).
    """

    commitment: Commitment
    progress: Progress
    state: str
    source: str


@dataclass(frozen=True)
class AllMine:
    """All that a post answers for at a moment, each list worst first."""

    on: date
    projects: list[OwnProject]
    cases: list[Case]
    commitments: list[Promise]
    listed: list[Supervision]
    ahead: list[Dated]

    @property
    def slipped(self) -> list[OwnProject]:
        """The projects that slipped this week, the largest slip first."""
        return sorted((p for p in self.projects if p.slipped), key=lambda p: (p.slip, p.line.points))

    @property
    def empty(self) -> bool:
        return not (self.projects or self.cases or self.commitments or self.listed)


def all_mine(actor: Actor, at: datetime) -> AllMine:
    """All that is given to the actor's post or unit to lead or share, and what blocks it; a fixed number of reads."""
    on = day_of(at)
    own = {label: _given(actor, label) for label in (x._meta.label_lower for x in (Entry, Case, Commitment))}
    entries, cases, commitments = own.values()
    lines = [x for x in board(actor, on).everywhere if x.project.pk in entries]
    projects = {line.project.pk for line in lines}
    open_cases = _open_cases(actor, cases, projects)
    promises = _commitments(actor, commitments, projects)
    listed = [s for s in supervised(actor) if s.subject_id in _ids(s, projects, open_cases, promises)]
    stages = _stages(projects, {c.pk for c in promises})
    shares = shares_at(stages, [on])[on]
    mine = _projects(lines, stages, shares, open_cases, on)
    unfinished = [s for pk in projects for s in stages.get(pk, ()) if shares.get(s.pk, 0) < WHOLE]
    ahead = _ahead(unfinished, open_cases, promises, listed, on)
    ahead += [Dated(day, e.kind.key, e) for day, e in ledgers_due(actor, on, on + AHEAD, on, projects)]
    ahead.sort(key=lambda a: (a.day, a.what, a.record.pk))
    return AllMine(on, mine, open_cases, _standing(actor, promises, stages, shares, at), listed, ahead)


def _standing(
    actor: Actor, promises: list[Commitment], stages: dict[int, list[Stage]], shares: dict[int, Decimal], at: datetime
) -> list[Promise]:
    """Where the commitments stand, worst first: those past their date, those that slip by how far, then the others."""
    on, by_pk = day_of(at), {s.pk: s for some in stages.values() for s in some}
    nodes = nodes_of(actor, [c for c in promises if c.pk not in by_pk], at)
    found = []
    for c in promises:
        if stage := by_pk.get(c.pk):
            due = planned_share(StageFacts(c.pk, stage.weight, stage.planned_start, stage.planned_end), on)
            progress = Progress(shares.get(c.pk, Decimal(0)), rounded(due))
            found.append(Promise(c, progress, state_of(progress, c.deadline, on), "reports"))
        elif node := nodes.get(c.pk):
            found.append(Promise(c, node.progress, node.state, node.source))
    return sorted(found, key=_worst_first)


def _worst_first(p: Promise) -> tuple[int, Decimal, date, int]:
    c, points = p.commitment, p.progress.points
    rank = -SLIPPED.index(p.state) if p.state in SLIPPED else 1 if p.state == UNSTATED else 2
    return rank, points if points is not None else Decimal(0), c.deadline or date.max, c.pk


def _given(actor: Actor, label: str) -> set[int]:
    rows = Assignment.objects.filter(assigned_to(actor, label), part__in=ANSWERING)
    return set(rows.values_list("subject_id", flat=True))


def _open_cases(actor: Actor, given: Collection[int], projects: Collection[int]) -> list[Case]:
    """The open cases given, and those about the own projects; those past their deadline first."""
    rows = Case.objects.visible_to(actor).open().filter(Q(pk__in=given) | Q(subject__in=projects))
    found = rows.select_related("kind", "unit", "subject", "timer").order_by("due_at", "pk")[:MOST]
    return [c for c in found if c.due_at] + [c for c in found if not c.due_at]


def _commitments(actor: Actor, given: Collection[int], projects: Collection[int]) -> list[Commitment]:
    """The open commitments given that are no stage of an own project, the earliest deadline first."""
    rows = Commitment.objects.visible_to(actor).filter(pk__in=given, closed_at=None)
    rows = rows.exclude(stage_of__project__in=projects).select_related("kind", "subject")
    return list(rows.order_by("deadline", "pk")[:MOST])


def _ids(s: Supervision, projects: Collection[int], cases: Iterable[Case], promises: Iterable[Commitment]) -> set[int]:
    if s.subject_type == Entry._meta.label_lower:
        return set(projects)
    rows: Iterable[Record] = cases if s.subject_type == Case._meta.label_lower else promises
    return {r.pk for r in rows}


def _stages(projects: Collection[int], milestones: Collection[int]) -> dict[int, list[Stage]]:
    """The stages of these projects, and those given by themselves, by project."""
    found = defaultdict[int, list[Stage]](list)
    for stage in (
        Stage.objects.filter(Q(project__in=projects) | Q(pk__in=milestones))
        .select_related("milestone__kind", "milestone__subject")
        .order_by("order")
    ):
        found[stage.project_id].append(stage)
    return found


def _projects(
    lines: list[Line], stages: dict[int, list[Stage]], shares: dict[int, Decimal], cases: list[Case], on: date
) -> list[OwnProject]:
    blockers = defaultdict[int | None, list[Case]](list)
    for case in cases:
        blockers[case.subject_id].append(case)
    found = []
    for line in sorted(lines, key=ORDER["worst"]):
        facts = [StageFacts(s.pk, s.weight, s.planned_start, s.planned_end) for s in stages[line.project.pk]]
        due = line.planned - planned_percent(facts, on - WEEK)
        found.append(
            OwnProject(line, line.gain - due, _worst(stages[line.project.pk], shares, on), blockers[line.project.pk])
        )
    return found


def _worst(stages: list[Stage], shares: dict[int, Decimal], on: date) -> Lagging | None:
    """The stage that costs most points, if any costs some."""
    found = []
    for s in stages:
        planned = planned_share(StageFacts(s.pk, s.weight, s.planned_start, s.planned_end), on)
        actual = shares.get(s.pk, Decimal(0))
        found.append(Lagging(s.pk, s.milestone.title, s.weight * (actual - planned) / 100, planned, actual))
    worst = min(found, key=lambda x: x.points, default=None)
    return worst if worst and worst.points < 0 else None


def _ahead(
    stages: list[Stage], cases: list[Case], promises: list[Commitment], listed: list[Supervision], on: date
) -> list[Dated]:
    """What falls due in the next seven days; a stage that is done by its reports does not."""
    until = on + AHEAD
    found = [Dated(s.planned_end, "stage", s.milestone) for s in stages if on <= s.planned_end <= until]
    found += [Dated(day_of(c.due_at), "case", c) for c in cases if c.due_at and on <= day_of(c.due_at) <= until]
    found += [Dated(c.deadline, "commitment", c) for c in promises if c.deadline and on <= c.deadline <= until]
    found += [Dated(s.until, "supervision", s.subject) for s in listed if on <= s.until <= until]
    due = [(day, s.subject) for s in listed if (day := s.due_on(on)) and day <= until]
    return found + [Dated(day, "supervision-report", record) for day, record in due]
