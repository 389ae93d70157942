"""A project's schedule as a page shows it: lines of works by building and stage, why it is late, what blocks it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from zijing.cases.models import Case, Supervision
from zijing.cases.supervision import own_level
from zijing.core.worktime import day_of
from zijing.people.access import Actor
from zijing.projects.models import Project, Schedule, Work
from zijing.projects.queries.chances import Odds
from zijing.projects.queries.planning import Halt, halts
from zijing.projects.scheduling.causes import BLOCKER, Cause
from zijing.records.kinds import find_kind

# What the page and the API say of a work.
SAID = (
    "title_zh", "title_en", "project", "order", "days", "done", "critical", "baseline_start", "baseline_end", "start",
    "end", "slack", "version", "building__entry__title", "stage__milestone__title",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """The works of a stage at a building: first and last days planned and foreseen, the percent done, whether late."""

    building: str
    stage: str
    works: list[Work]

    @property
    def planned(self) -> tuple[date, date] | None:
        return _span([(w.baseline_start, w.baseline_end) for w in self.works])

    @property
    def foreseen(self) -> tuple[date, date] | None:
        return _span([(w.start, w.end) for w in self.works])

    @property
    def done(self) -> int:
        days = sum(w.days for w in self.works)
        return round(sum(w.days * w.done for w in self.works) / days) if days else 0

    @property
    def critical(self) -> bool:
        return any(w.critical for w in self.works)

    @property
    def late_days(self) -> int:
        """How many days later it is foreseen to end than planned; negative: earlier."""
        planned, foreseen = self.planned, self.foreseen
        return (foreseen[1] - planned[1]).days if planned and foreseen else 0


def _span(days: list[tuple[date | None, date | None]]) -> tuple[date, date] | None:
    whole = [(a, b) for a, b in days if a and b]
    return (min(a for a, _b in whole), max(b for _a, b in whole)) if whole else None


@dataclass(frozen=True)
class Blocked:
    """An open blocker: since when, the works it stands on, the days open so far, those by which it moves the end."""

    case: Case
    since: date
    stage: str
    lost: int
    moves: int


@dataclass(frozen=True)
class SchedulePage:
    """What a schedule's page shows; ``schedule`` is None while nothing is laid out.

    ``to_supervise``: a blocker makes it late, and the reader may put it on a list on which it does not stand yet.
    """

    project: Project
    schedule: Schedule | None
    rows: list[Row] = field(default_factory=list)
    halts: list[Halt] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    odds: Odds | None = None
    to_supervise: bool = False


def schedule_page(actor: Actor, pk: int, at: datetime) -> SchedulePage | None:
    """A project's schedule; None when there is no such project within sight. A constant number of queries."""
    today = day_of(at)
    project = Project.objects.visible_to(actor).select_related("entry__office").filter(pk=pk).first()
    if project is None:
        return None
    works = list(
        Work.objects.visible_to(actor).filter(project=pk)
        .select_related("building__entry", "stage__milestone").only(*SAID)
        .order_by("building__entry__business_key", "order", "pk")
    )  # fmt: skip
    schedule = Schedule.objects.filter(pk=pk).first() if works else None
    if schedule is None:
        return SchedulePage(project, None)
    odds = Odds(schedule.chance, schedule.reason) if schedule.chance is not None else None
    blocked = _blocked(actor, schedule, works, today)
    return SchedulePage(
        project, schedule, _rows(works), halts(project.entry.office), blocked, why(schedule), odds,
        _to_supervise(actor, project, schedule, blocked),
    )  # fmt: skip


def _to_supervise(actor: Actor, project: Project, schedule: Schedule, blocked: list[Blocked]) -> bool:
    """Whether to propose the list of the reader's own level: a query only where a blocker moves a late end."""
    late = schedule.late_days > 0 and any(b.moves > 0 for b in blocked)
    if not late or project.entry.closed_at or not actor.may("cases.supervise"):
        return False
    return not Supervision.objects.of(project.entry).standing().filter(level=own_level(actor)).exists()


def _rows(works: list[Work]) -> list[Row]:
    """Works by building and stage, in order; what is done once for the project stands last."""
    groups: dict[tuple[str, str], list[Work]] = {}
    for work in sorted(works, key=lambda w: (w.building is None, w.pk and 0)):
        building = work.building.entry.title if work.building else ""
        stage = work.stage.milestone.title if work.stage else str(work)
        groups.setdefault((building, stage), []).append(work)
    return [Row(building, stage, mine) for (building, stage), mine in groups.items()]


def why(schedule: Schedule) -> list[str]:
    """Why the promised date is not kept, the costliest first, in the reader's language; blockers stand apart."""
    kind = find_kind("crew")
    trades = kind.by_key["trade"].titles if kind and "trade" in kind.by_key else {}
    found = [Cause(c["kind"], c["key"], c["days"], tuple(c["names"])) for c in schedule.causes]
    return [cause.sentence(trades) for cause in found if cause.kind != BLOCKER]


def _blocked(actor: Actor, schedule: Schedule, works: list[Work], today: date) -> list[Blocked]:
    """The project's open blockers with the days by which they move its end, as it was planned last."""
    cases = Case.objects.visible_to(actor).open().filter(subject=schedule.pk, kind__key="blocker")
    moves = {c["key"]: c["days"] for c in schedule.causes if c["kind"] == BLOCKER}
    left = [w for w in works if w.done < 100]
    first = min(left, key=lambda w: (w.baseline_start or date.max, w.order, w.pk), default=None)
    stage = first.stage.milestone.title if first and first.stage else str(first or "")
    return [
        Blocked(case, since, stage, max(0, (today - since).days), moves.get(str(case.pk), 0))
        for case, since in ((c, day_of(c.recorded_at)) for c in cases.order_by("recorded_at"))
    ]
