"""The board: a week's ranking beside the week before, as it was published, and what follows from it."""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case
from zijing.core.errors import Invalid
from zijing.core.plans import Passing
from zijing.core.worktime import DAY
from zijing.figures.models import Publication
from zijing.people.access import Actor, assigned_to
from zijing.people.models import Assignment
from zijing.projects.models import Consequence, Project, RankingRule, in_green_channel, titles_of
from zijing.projects.queries.standing import (
    monday,
    reports_due_through,
    rule_in_force,
    standings,
    together,
    within_sight,
)
from zijing.projects.ranking import Rule, Standing
from zijing.registers.models import Entry

RANKING = "projects.ranking"
# What a line of the board says of its project.
SAID = (
    "type", "level", "started_on", "promised_on", "year_plan_fen", "leader__title", "entry__title",
    "entry__business_key", "entry__path", "entry__office", "entry__place", "entry__unit",
)  # fmt: skip
PROPOSED = (
    "type", "week", "status", "grounds", "reason", "project__leader__title", "project__entry__title",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A project on the board."""

    project: Project
    rank: int | None
    previous_rank: int | None
    planned: Decimal
    actual: Decimal
    points: Decimal
    gain: Decimal
    light: str
    late: bool
    apart: str
    open_blockers: int | None
    last_report: date | None
    days_missing: int
    days_since_report: int | None
    green_channel: bool = False

    @property
    def movement(self) -> int | None:
        """Ranks won (positive) or lost since last week; None without a rank in both."""
        return None if self.rank is None or self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True)
class Board:
    """The ranking of a week: the ranked lines, and apart those without reports, done, or not yet begun.

    ``everywhere`` holds the lines of every type, whichever is shown.
    """

    week_start: date
    on: date
    lines: list[Line]
    unranked: list[Line]
    done: list[Line]
    waiting: list[Line]
    rule: RankingRule | None
    published: Publication | None = None
    everywhere: list[Line] = field(default_factory=list)

    @property
    def changed(self) -> list[Line]:
        """The lines that differ from the published ones; a week still running is not compared."""
        if self.published is None or self.on < self.published.period + DAY * 6:
            return []
        then = {row["project"]: row for row in self.published.values["lines"]}
        return [line for line in self.everywhere if differs(then.get(line.project.pk), line)]

    @property
    def changed_since(self) -> int:
        """How many lines differ from what was published."""
        return len(self.changed)

    @property
    def all_lines(self) -> list[Line]:
        return [*self.lines, *self.unranked, *self.waiting, *self.done]


def last_day(week: date, today: date) -> date:
    """The last day that counts on the board of the week that contains ``week``: its Sunday, or ``today`` while it runs.

    ``Invalid`` when that week has not begun.
    """
    start = monday(week)
    if start > today:
        raise Invalid(_("The week of %(day)s has not begun."), field="week", day=start)
    return min(start + DAY * 6, today)


def known_type(wanted: str) -> str:
    """A type of project as asked for, "" for all; ``Invalid`` when no pack names it."""
    if wanted and wanted not in titles_of("type"):
        raise Invalid(_("There is no type of project “%(type)s”."), field="type", type=wanted[:20])
    return wanted


def board(actor: Actor, on: date, type: str = "", *, through: date | None = None) -> Board:
    """The board of the week that contains ``on``, counted until ``on``: the lines within the actor's sight, with the
    ranks they have in the whole office.
    """
    start = monday(on)
    row, rule = rule_in_force()
    before = start - DAY
    lines = _lines(actor, [(on, through or reports_due_through(on, start)), (before, before)], rule)
    published = Publication.objects.filter(office=actor.office_id, key=RANKING, period=start).first()
    shown = [line for line in lines if not type or line.project.type == type]
    return Board(
        week_start=start, on=on, rule=row, published=published,
        lines=[x for x in shown if not x.apart],
        unranked=[x for x in shown if x.apart == "missing"],
        done=[x for x in shown if x.apart == "done"],
        waiting=[x for x in shown if x.apart == "waiting"],
        everywhere=lines,
    )  # fmt: skip


def _lines(actor: Actor, moments: list[tuple[date, date]], rule: Rule) -> list[Line]:
    """The lines within sight at the first of two moments, best to last, with their ranks at the second."""
    on, _through = moments[0]
    rows = together(actor).select_related("entry", "leader").only(*SAID)
    projects = {p.pk: p for p in rows.annotate(green_channel=in_green_channel(on))}
    now, earlier = standings({pk: p.promised_on for pk, p in projects.items()}, moments, rule)
    seen, blockers = within_sight(actor, projects), _open_blockers(projects)
    return [_line(projects[pk], now[pk], earlier.get(pk), blockers, on) for pk in now if pk in seen]


def line_of(actor: Actor, project: Project, on: date) -> Line | None:
    """The line of one project that the actor sees, as the board has it; None for one that is not ranked with others."""
    start = monday(on)
    before = start - DAY
    promised = dict(together(actor).values_list("pk", "promised_on"))
    if project.pk not in promised:
        return None
    moments = [(on, reports_due_through(on, start)), (before, before)]
    now, earlier = standings(promised, moments, rule_in_force()[1])
    return _line(project, now[project.pk], earlier.get(project.pk), _open_blockers({project.pk}), on)


def _open_blockers(projects: Container[int]) -> Mapping[int, int]:
    """How many open blockers each project has: the open ones are few, those of a project in all its years are not."""
    blockers = Case.objects.open().filter(kind__key="blocker", kind__restricted=False)
    return Counter(pk for pk in blockers.values_list(Passing("subject"), flat=True) if pk in projects)


def _line(project: Project, now: Standing, before: Standing | None, blockers: Mapping[int, int], on: date) -> Line:
    last = now.last_report
    return Line(
        project=project, rank=now.rank, previous_rank=before.rank if before else None, planned=now.planned,
        actual=now.actual, points=now.points, gain=now.gain, light=now.light, late=now.late, apart=now.apart,
        open_blockers=blockers.get(project.pk, 0), last_report=last, days_missing=now.days_missing,
        days_since_report=(on - last).days if last else None, green_channel=getattr(project, "green_channel", False),
    )  # fmt: skip


def frozen(line: Line) -> dict[str, object]:
    """What a publication keeps of a line."""
    leader, last = line.project.leader, line.last_report
    return _standing(line) | {
        "type": line.project.type, "leader": leader.title if leader else "", "previous_rank": line.previous_rank,
        "gain": str(line.gain), "late": line.late, "open_blockers": line.open_blockers,
        "last_report": last.isoformat() if last else None, "days_missing": line.days_missing,
        "green_channel": line.green_channel,
    }  # fmt: skip


def _standing(line: Line) -> dict[str, object]:
    """What of a line is compared with its publication: what follows from the reports, not what happened besides."""
    return {
        "project": line.project.pk, "title": line.project.entry.title, "rank": line.rank, "planned": str(line.planned),
        "actual": str(line.actual), "points": str(line.points), "light": line.light, "apart": line.apart,
    }  # fmt: skip


def differs(then: Mapping[str, object] | None, now: Line | None) -> bool:
    """Whether a published line and a recount say different things of a project."""
    if then is None or now is None:
        return then is not None or now is not None
    return any(then.get(key) != value for key, value in _standing(now).items())


def my_projects(actor: Actor) -> QuerySet[Project]:
    """The projects given to the actor's post or unit."""
    ids = Assignment.objects.filter(assigned_to(actor, Entry._meta.label_lower)).values("subject_id")
    return Project.objects.filter(entry__in=ids).select_related("entry").order_by("entry__business_key")


def consequences_to_decide(actor: Actor) -> list[Consequence]:
    """What the ranking proposes and nobody has decided yet, newest first."""
    rows = Consequence.objects.visible_to(actor).filter(status=Consequence.Status.PROPOSED)
    found = rows.select_related("project__entry", "project__leader").only(*PROPOSED)
    return sorted(found, key=lambda c: (-c.week.toordinal(), c.type))
