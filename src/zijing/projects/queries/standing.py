"""Where projects stand at a day, ranked against each other, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateField, F, Func, Q

from zijing.core.worktime import DAY
from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.places.models import Place
from zijing.projects.models import Project, ProjectQuerySet, RankingRule, Report, Stage
from zijing.projects.ranking import WHOLE, Facts, Rule, StageFacts, Standing, rank

WEEK = timedelta(days=7)
FACTS = ("pk", "weight", "planned_start", "planned_end")


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - DAY * (day.isoweekday() - 1)


def reports_due_through(on: date, week_start: date) -> date:
    """The last day whose report is due when looking at ``on``: a running day's report is due only at its end."""
    return on if on == week_start + DAY * 6 else on - DAY


def rule_in_force() -> tuple[RankingRule | None, Rule]:
    """The applied pack's limits, or the defaults of model.md."""
    row = RankingRule.objects.order_by("pk").last()
    return row, limits_of(row)


def limits_of(row: RankingRule | None) -> Rule:
    """The limits of a pack's rule, or the defaults of model.md."""
    return Rule(row.green_points, row.yellow_points, row.report_limit_workdays) if row else Rule()


class LastShare(Func):
    """The last share reported of a stage until the end of a day; written out, for the board asks four times.

    It comes as the database has it: ``share_of`` makes a number of it, at a tenth of what a field's converter takes.
    """

    output_field = CharField()
    template = (
        "(SELECT r.share FROM projects_report r WHERE r.stage_id = %(expressions)s AND NOT r.void"
        " AND r.share IS NOT NULL AND r.day <= '%(day)s' ORDER BY r.day DESC, r.activity_id DESC LIMIT 1)"
    )

    def __init__(self, stage: Any, day: date) -> None:
        super().__init__(stage, day=day.isoformat())


def share_of(value: object) -> Decimal | None:
    """A ``LastShare`` as it came from the database."""
    return None if value is None else Decimal(str(value))


class LastDay(Func):
    """The day of the last report of a project until the end of a day; written out, for the board asks twice."""

    output_field = DateField()
    template = (
        "(SELECT MAX(r.day) FROM projects_report r WHERE r.project_id = %(expressions)s AND NOT r.void"
        " AND r.day <= '%(day)s')"
    )

    def __init__(self, project: Any, day: date) -> None:
        super().__init__(project, day=day.isoformat())


def shares_at(projects: Iterable[int], days: Iterable[date]) -> dict[date, dict[int, Decimal]]:
    """The last reported share of every stage of these projects, at the end of each day; one query."""
    return _stages(projects, days)[1]


def stages_of(projects: Iterable[int]) -> dict[int, tuple[StageFacts, ...]]:
    """The stages of projects in order, by project; one query."""
    return _stages(projects, ())[0]


def finished_stages(milestones: Iterable[int], on: date) -> set[int]:
    """Those of the milestones whose stage is reported as done at the end of ``on``; one query."""
    rows = Stage.objects.filter(pk__in=list(milestones)).annotate(share=LastShare(F("pk"), on))
    return {pk for pk, share in rows.values_list("pk", "share") if (share_of(share) or 0) >= WHOLE}


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
                shares[day][pk] = Decimal(str(share))
    return {k: tuple(v) for k, v in found.items()}, shares


def _last_reports(projects: Iterable[int], days: Sequence[date]) -> list[dict[int, date]]:
    """The day of each project's last report at the end of each of ``days``; one query."""
    marks = {f"at_{n}": LastDay(F("pk"), day) for n, day in enumerate(days)}
    rows = list(Project.objects.filter(pk__in=list(projects)).annotate(**marks).values_list("pk", *marks))
    return [{row[0]: row[n] for row in rows if row[n]} for n in range(1, len(days) + 1)]


def standings(
    promised: Mapping[int, date], moments: Sequence[tuple[date, date]], rule: Rule
) -> list[dict[int, Standing]]:
    """The standings of projects, whose promised dates are given, by id, best to last, at each of some moments: a day to
    look at, and the last day whose report is due. A constant number of queries.
    """
    stages, shares = _stages(promised, [d for on, _t in moments for d in (on, on - WEEK)])
    results = []
    reported = _last_reports(promised, [on for on, _t in moments])
    for (on, through), last in zip(moments, reported, strict=True):
        facts = [
            Facts(pk, day, stages.get(pk, ()), shares[on], shares[on - WEEK], last.get(pk))
            for pk, day in promised.items()
        ]
        results.append({s.pk: s for s in rank(facts, on=on, through=through, rule=rule)})
    return results


def together(actor: Actor) -> ProjectQuerySet:
    """The projects ranked against each other: the office's, a county's offices', and what was given besides."""
    ranked = Q(entry__office=actor.office_id) | Q(entry__office__parent=actor.office_id)
    if actor.foreign:
        ranked |= Q(pk__in=Project.objects.visible_to(actor).values("pk"))
    return Project.objects.filter(ranked).exclude(entry__stage="retired")


def within_sight(actor: Actor, projects: Iterable[int]) -> set[int]:
    """Those of the projects ranked together that the actor sees."""
    if actor.sight == Role.Sight.OFFICE:
        return set(projects)
    return set(Project.objects.visible_to(actor).values_list("pk", flat=True))


def ranking(actor: Actor, on: date) -> list[Standing]:
    """Where the projects within sight stand at ``on``: best to last as in the whole office, then those apart."""
    promised = dict(together(actor).values_list("pk", "promised_on"))
    _row, rule = rule_in_force()
    [now] = standings(promised, [(on, reports_due_through(on, monday(on)))], rule)
    seen = within_sight(actor, promised)
    return [standing for pk, standing in now.items() if pk in seen]


def named(standing: Sequence[Standing]) -> list[tuple[Project, Standing]]:
    """What stands there, each with its project and who leads it, in the same order."""
    rows = Project.objects.filter(pk__in=[s.pk for s in standing]).select_related("entry", "leader")
    found = {p.pk: p for p in rows.only("entry__title", "leader__title")}
    return [(found[s.pk], s) for s in standing]


def missing_reports(office: Place, day: date) -> list[Project]:
    """The office's projects in work whose report of ``day`` is missing."""
    reported = Report.objects.filter(day=day, void=False).values("project")
    running = Stage.objects.filter(planned_start__lte=day).values("project")
    rows = Project.objects.filter(entry__office=office, pk__in=running).exclude(pk__in=reported)
    projects = list(rows.exclude(entry__stage="retired").select_related("entry"))
    _row, rule = rule_in_force()
    [now] = standings({p.pk: p.promised_on for p in projects}, [(day, day - DAY)], rule)
    return [p for p in projects if now[p.pk].apart != "done"]
