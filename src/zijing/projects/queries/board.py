"""The board: every project's standing in a week, in a fixed number of queries; and what follows from it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Func, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case
from zijing.core.errors import Invalid
from zijing.core.plans import Passing
from zijing.core.worktime import DAY
from zijing.figures.models import Publication
from zijing.people.access import Actor, assigned_to
from zijing.people.models import Assignment, Role
from zijing.places.models import Place
from zijing.projects.models import Consequence, Project, RankingRule, Report, Stage
from zijing.projects.ranking import Facts, Rule, StageFacts, Standing, rank
from zijing.registers.models import Entry

WEEK = timedelta(days=7)
RANKING = "projects.ranking"
FACTS = ("pk", "weight", "planned_start", "planned_end")
# What a line of the board says of its project.
SAID = (
    "type", "started_on", "promised_on", "year_plan_fen", "leader__title", "entry__title", "entry__business_key",
    "entry__path", "entry__office", "entry__place", "entry__unit",
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
    open_blockers: int
    last_report: date | None
    days_missing: int
    days_since_report: int | None

    @property
    def movement(self) -> int | None:
        """Ranks won (positive) or lost since last week; None without a rank in both."""
        return None if self.rank is None or self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True)
class Board:
    """The ranking of a week: the ranked lines, and apart those without reports, done, or not yet begun."""

    week_start: date
    on: date
    lines: list[Line]
    unranked: list[Line]
    done: list[Line]
    waiting: list[Line]
    rule: RankingRule | None
    published: Publication | None = None
    changed: list[Line] = field(default_factory=list)

    @property
    def changed_since(self) -> int:
        """How many lines differ from what was published."""
        return len(self.changed)

    @property
    def all_lines(self) -> list[Line]:
        return [*self.lines, *self.unranked, *self.waiting, *self.done]


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - DAY * (day.isoweekday() - 1)


def last_day(week: date, today: date) -> date:
    """The last day that counts on the board of the week that contains ``week``: its Sunday, or ``today`` while it runs.

    ``Invalid`` when that week has not begun.
    """
    start = monday(week)
    if start > today:
        raise Invalid(_("The week of %(day)s has not begun."), field="week", day=start)
    return min(start + DAY * 6, today)


def rule_in_force() -> tuple[RankingRule | None, Rule]:
    """The applied pack's limits, or the defaults of model.md."""
    row = RankingRule.objects.order_by("pk").last()
    return (row, Rule(row.green_points, row.yellow_points, row.report_limit_workdays)) if row else (None, Rule())


class LastShare(Func):
    """The last share reported of a stage until the end of a day; written out, for the board asks three times."""

    output_field = DecimalField()
    template = (
        "(SELECT r.share FROM projects_report r WHERE r.stage_id = %(expressions)s AND NOT r.void"
        " AND r.share IS NOT NULL AND r.day <= '%(day)s' ORDER BY r.day DESC, r.activity_id DESC LIMIT 1)"
    )

    def __init__(self, stage: Any, day: date) -> None:
        super().__init__(stage, day=day.isoformat())


def shares_at(projects: Iterable[int], days: Iterable[date]) -> dict[date, dict[int, Decimal]]:
    """The last reported share of every stage of these projects, at the end of each day; one query."""
    return _stages(projects, days)[1]


def stages_of(projects: Iterable[int]) -> dict[int, tuple[StageFacts, ...]]:
    """The stages of projects in order, by project; one query."""
    return _stages(projects, ())[0]


def _stages(
    projects: Iterable[int], days: Iterable[date]
) -> tuple[dict[int, tuple[StageFacts, ...]], dict[date, dict[int, Decimal]]]:
    """The stages of projects in order, by project, and their last reported shares at the end of each day."""
    marks = {f"at_{n}": day for n, day in enumerate(dict.fromkeys(days))}
    stages = Stage.objects.filter(project__in=list(projects)).order_by("order")
    rows = stages.annotate(**{name: LastShare(F("pk"), day) for name, day in marks.items()})
    found = defaultdict[int, list[StageFacts]](list)
    shares: dict[date, dict[int, Decimal]] = {day: {} for day in marks.values()}
    for project, pk, weight, start, end, *reported in rows.values_list("project", *FACTS, *marks):
        found[project].append(StageFacts(pk, weight, start, end))
        for day, share in zip(marks.values(), reported, strict=True):
            if share is not None:
                shares[day][pk] = share
    return {k: tuple(v) for k, v in found.items()}, shares


def _last_reports(projects: Iterable[int], days: Sequence[date]) -> list[dict[int, date]]:
    """The day of each project's last report at the end of each of ``days``; one query."""
    reports = Report.objects.filter(project__in=list(projects), void=False, day__lte=max(days))
    marks = {f"at_{n}": Max("day", filter=Q(day__lte=day)) for n, day in enumerate(days)}
    rows = list(reports.values_list("project").annotate(**marks))
    return [{row[0]: row[n] for row in rows if row[n]} for n in range(1, len(days) + 1)]


def standings(projects: list[Project], *, on: date, through: date, rule: Rule) -> dict[int, Standing]:
    """The standing of every project at ``on``, by id. A constant number of queries."""
    return _standings(projects, [(on, through)], rule)[0]


def _standings(projects: list[Project], moments: list[tuple[date, date]], rule: Rule) -> list[dict[int, Standing]]:
    pks = [p.pk for p in projects]
    stages, shares = _stages(pks, [d for on, _t in moments for d in (on, on - WEEK)])
    results = []
    reported = _last_reports(pks, [on for on, _t in moments])
    for (on, through), last in zip(moments, reported, strict=True):
        facts = [
            Facts(p.pk, p.promised_on, stages.get(p.pk, ()), shares[on], shares[on - WEEK], last.get(p.pk))
            for p in projects
        ]
        results.append({s.pk: s for s in rank(facts, on=on, through=through, rule=rule)})
    return results


def reports_due_through(on: date, week_start: date) -> date:
    """The last day whose report is due when looking at ``on``: a running day's report is due only at its end."""
    return on if on == week_start + DAY * 6 else on - DAY


def board(actor: Actor, on: date, type: str = "", *, through: date | None = None) -> Board:
    """The board of the week that contains ``on``, counted until ``on``: the lines within the actor's sight, with the
    ranks they have in the whole office.
    """
    start = monday(on)
    projects, seen = _ranked_together(actor)
    row, rule = rule_in_force()
    until, before = through or reports_due_through(on, start), start - DAY
    now, earlier = _standings(projects, [(on, until), (before, before)], rule)
    blockers = _open_blockers(projects)
    lines = [_line(p, now[p.pk], earlier.get(p.pk), blockers, on) for p in projects if p.pk in seen]
    order = {pk: n for n, pk in enumerate(now)}
    lines.sort(key=lambda line: order[line.project.pk])
    published = Publication.objects.filter(office=actor.office_id, key=RANKING, period=start).first()
    shown = [line for line in lines if not type or line.project.type == type]
    return Board(
        week_start=start, on=on, rule=row, published=published,
        lines=[x for x in shown if not x.apart],
        unranked=[x for x in shown if x.apart == "missing"],
        done=[x for x in shown if x.apart == "done"],
        waiting=[x for x in shown if x.apart == "waiting"],
        changed=_changed(published, lines, on),
    )  # fmt: skip


def _ranked_together(actor: Actor) -> tuple[list[Project], set[int]]:
    """The projects ranked against each other (the office's; a county's offices' together), and those the actor sees."""
    visible = Project.objects.visible_to(actor)
    together = Q(entry__office=actor.office_id) | Q(entry__office__parent=actor.office_id)
    if actor.foreign:
        together |= Q(pk__in=visible.values("pk"))
    rows = Project.objects.filter(together).exclude(entry__stage="retired").select_related("entry", "leader")
    projects = sorted(rows.only(*SAID), key=lambda p: p.entry.business_key)
    whole = actor.sight == Role.Sight.OFFICE
    return projects, {p.pk for p in projects} if whole else set(visible.values_list("pk", flat=True))


def _open_blockers(projects: list[Project]) -> Mapping[int, int]:
    """How many open blockers each project has: the open ones are few, those of a project in all its years are not."""
    pks = {p.pk for p in projects}
    blockers = Case.objects.open().filter(kind__key="blocker", kind__restricted=False)
    return Counter(pk for pk in blockers.values_list(Passing("subject"), flat=True) if pk in pks)


def _line(project: Project, now: Standing, before: Standing | None, blockers: Mapping[int, int], on: date) -> Line:
    last = now.last_report
    return Line(
        project=project, rank=now.rank, previous_rank=before.rank if before else None, planned=now.planned,
        actual=now.actual, points=now.points, gain=now.gain, light=now.light, late=now.late, apart=now.apart,
        open_blockers=blockers.get(project.pk, 0), last_report=last, days_missing=now.days_missing,
        days_since_report=(on - last).days if last else None,
    )  # fmt: skip


def frozen(line: Line) -> dict[str, object]:
    """What a publication keeps of a line."""
    return {
        "project": line.project.pk, "title": line.project.entry.title, "rank": line.rank, "planned": str(line.planned),
        "actual": str(line.actual), "points": str(line.points), "light": line.light, "apart": line.apart,
    }  # fmt: skip


def _changed(published: Publication | None, lines: list[Line], on: date) -> list[Line]:
    """The lines that differ from the published ones; a week still running is not compared."""
    if published is None or on < published.period + DAY * 6:
        return []
    then = {row["project"]: row for row in published.values["lines"]}
    return [line for line in lines if then.get(line.project.pk) != frozen(line)]


def my_projects(actor: Actor) -> QuerySet[Project]:
    """The projects given to the actor's post or unit."""
    ids = Assignment.objects.filter(assigned_to(actor, Entry._meta.label_lower)).values("subject_id")
    return Project.objects.filter(entry__in=ids).select_related("entry").order_by("entry__business_key")


def consequences_to_decide(actor: Actor) -> list[Consequence]:
    """What the ranking proposes and nobody has decided yet, newest first."""
    rows = Consequence.objects.visible_to(actor).filter(status=Consequence.Status.PROPOSED)
    found = rows.select_related("project__entry", "project__leader").defer("project__entry__fields")
    return sorted(found, key=lambda c: (-c.week.toordinal(), c.type))


def missing_reports(office: Place, day: date) -> list[Project]:
    """The office's projects in work whose report of ``day`` is missing."""
    reported = Report.objects.filter(day=day, void=False).values("project")
    running = Stage.objects.filter(planned_start__lte=day).values("project")
    rows = Project.objects.filter(entry__office=office, pk__in=running).exclude(pk__in=reported)
    projects = list(rows.exclude(entry__stage="retired").select_related("entry"))
    _row, rule = rule_in_force()
    now = standings(projects, on=day, through=day - DAY, rule=rule)
    return [p for p in projects if now[p.pk].apart != "done"]
