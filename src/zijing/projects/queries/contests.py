"""Contests: the ranking over a period of its own, among some projects, by an outcome; what the pack gives the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from zijing.activities.actions import WITHDRAWN
from zijing.activities.models import Activity
from zijing.core.errors import Missing
from zijing.core.worktime import DAY
from zijing.people.access import Actor
from zijing.projects.models import Project, RankingRule
from zijing.projects.queries.standing import (
    monday,
    reports_due_through,
    rule_in_force,
    standings,
    together,
    within_sight,
)
from zijing.projects.ranking import TENTH, WHOLE, Standing
from zijing.records.models import in_language


@dataclass(frozen=True)
class Contest:
    """A contest in the reader's language. ``prizes`` are (up to which place, what it is called), the highest first;
    ``said`` is the pack's own table, in both languages.
    """

    key: str
    title: str
    since: date
    until: date
    outcome: str
    types: Sequence[str]
    levels: Sequence[str]
    prizes: Sequence[tuple[int, str]]
    named_last: int
    naming: str
    source: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Entrant:
    """A project in a contest: its outcome, and what it follows from.

    ``was``, ``now``, ``planned_was`` and ``planned_now`` are percent of the project before the first and after the last
    day counted; ``invested`` (fen) and ``plan`` (fen of the year) are set where investment is compared. ``apart`` says
    why a project is not ranked: "done" before it began, "silent" (no report, or no plan to invest by).
    """

    project: Project
    outcome: Decimal
    was: Decimal
    now: Decimal
    planned_was: Decimal
    planned_now: Decimal
    invested: int = 0
    plan: int = 0
    apart: str = ""
    rank: int | None = None
    prize: str = ""


@dataclass(frozen=True)
class Standings:
    """A contest at the end of ``on``: who is ranked, best to last, and who is not; when it was published, if it was."""

    contest: Contest
    on: date
    over: bool
    ranked: list[Entrant]
    apart: list[Entrant]
    published_at: datetime | None = None


def contests() -> list[Contest]:
    """The contests of the rule in force, the newest first."""
    return contests_of(rule_in_force()[0])


def contest_of(key: str, known: Sequence[Contest] | None = None) -> Contest:
    """A contest of the rule in force, or of those ``known``, by its key; ``Missing`` when there is none."""
    found = next((c for c in (contests() if known is None else known) if c.key == key), None)
    if found is None:
        raise Missing(_("There is no such contest."))
    return found


def contests_of(row: RankingRule | None) -> list[Contest]:
    """The contests of a rule, the newest first."""
    found = [contest_said(one) for one in (row.contests if row else [])]
    return sorted(found, key=lambda c: (c.since, c.key), reverse=True)


def contest_said(row: Mapping[str, Any]) -> Contest:
    """A contest as a rule says it, in the reader's language."""
    return Contest(
        key=row["key"], title=words(row["title"]), since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]), outcome=row["outcome"], types=row["types"], levels=row["levels"],
        prizes=[(p["to"], words(p["title"])) for p in row["prizes"]], named_last=row["named_last"],
        naming=words(row["naming"]) if row["naming"] else "", source=row["source"], said=row,
    )  # fmt: skip


def words(title: Mapping[str, str]) -> str:
    """What is said in both languages, in the reader's."""
    return in_language(title["zh"], title["en"])


def contest_standing(actor: Actor, contest: Contest, today: date) -> Standings:
    """Where the projects within sight stand in a contest that has begun, with the ranks they have among all."""
    on = min(contest.until, today)
    rows = together(actor).select_related("entry", "leader")
    narrowed = {"type__in": contest.types, "level__in": contest.levels}
    projects = {p.pk: p for p in rows.filter(**{k: v for k, v in narrowed.items() if v})}
    promised = {pk: p.promised_on for pk, p in projects.items()}
    before = contest.since - DAY
    _row, rule = rule_in_force()
    [now, was] = standings(promised, [(on, reports_due_through(on, monday(on))), (before, before)], rule)
    invested = _invested(projects, contest.since, on) if contest.outcome == "investment" else {}
    found = [_entrant(contest, project, was[pk], now[pk], invested.get(pk, 0)) for pk, project in projects.items()]
    placed, seen = placed_by_outcome([e for e in found if not e.apart], contest), within_sight(actor, projects)
    return Standings(
        contest=contest, on=on, over=contest.until < today,
        ranked=[e for e in placed if e.project.pk in seen],
        apart=sorted((e for e in found if e.apart and e.project.pk in seen), key=lambda e: (e.apart, e.project.pk)),
    )  # fmt: skip


def _invested(projects: Mapping[int, Project], since: date, until: date) -> dict[int, int]:
    rows = Activity.objects.filter(subject__in=list(projects), kind__key="investment")
    rows = rows.filter(happened_on__range=(since, until)).exclude(stage=WITHDRAWN)
    return dict(rows.values_list("subject").annotate(Sum("amount_fen")))


def _entrant(contest: Contest, project: Project, was: Standing, now: Standing, invested: int) -> Entrant:
    plan = project.year_plan_fen if contest.outcome == "investment" else 0
    if contest.outcome == "points":
        outcome = now.points
    elif contest.outcome == "gain":
        outcome = now.actual - was.actual
    else:
        outcome = (WHOLE * invested / plan).quantize(TENTH, ROUND_HALF_UP) if plan else Decimal(0)
    silent = not plan if contest.outcome == "investment" else now.last_report is None or now.last_report < contest.since
    apart = "done" if was.actual >= WHOLE else "silent" if silent else ""
    return Entrant(project, outcome, was.actual, now.actual, was.planned, now.planned, invested, plan, apart)


def placed_by_outcome(entrants: Sequence[Entrant], contest: Contest) -> list[Entrant]:
    """The entrants best to last with rank and prize; equals share both. Whoever has a prize is not named."""
    ordered = sorted(entrants, key=lambda e: (-e.outcome, e.project.promised_on, e.project.pk))
    placed: list[Entrant] = []
    for place, one in enumerate(ordered, 1):
        rank = placed[-1].rank if placed and placed[-1].outcome == one.outcome else place
        prize = next((title for to, title in contest.prizes if rank is not None and rank <= to), "")
        named = not prize and place > len(ordered) - contest.named_last
        placed.append(replace(one, rank=rank, prize=prize or (contest.naming if named else "")))
    return placed
