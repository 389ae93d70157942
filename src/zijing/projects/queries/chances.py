"""The chance of each promised date, simulated when schedules are planned and read by every page in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext, pgettext

from zijing.projects.models import Report, Schedule
from zijing.projects.queries.planning import EVERYTHING, Halt, Situation
from zijing.projects.queries.standing import stages_of
from zijing.projects.scheduling import problem as pure
from zijing.projects.scheduling.outlook import chances as simulated, stretched, stretches
from zijing.projects.scheduling.pace import Pace, Span, Tempo, tempo
from zijing.projects.scheduling.problem import Plan, Problem

WEEKS, WEEK = 16, timedelta(days=7)
# Stops that come every year: a plan that spans them has counted with them.
EVERY_YEAR = frozenset({"winter", "festival"})
# A work that was laid out with fewer days for a storey does not go by storeys.
BY_STOREYS = 1.2


@dataclass(frozen=True)
class Odds:
    """The chance of keeping a promised date in percent, and the facts that become its reason."""

    percent: int
    facts: Mapping[str, Any]

    @property
    def tone(self) -> str:
        """green, yellow or red."""
        return "green" if self.percent >= 70 else "yellow" if self.percent >= 30 else "red"

    @property
    def word(self) -> str:
        """How sure it is, in a word."""
        words = {"green": pgettext("chance", "likely"), "yellow": pgettext("chance", "open")}
        return words.get(self.tone, pgettext("chance", "unlikely"))

    @property
    def reason(self) -> str:
        """Why, in one sentence of the reader's language."""
        return said(self.facts)


def chances(projects: Iterable[int], on: date) -> dict[int, Odds]:
    """The chances of those of the projects that are laid out, as planned last, by the end of ``on``; one query.

    A promised date that has passed unfinished, or work that ended meanwhile, shows with the next planning.
    """
    rows = Schedule.objects.filter(project__in=list(projects), chance__isnull=False, planned_on__lte=on)
    return {pk: Odds(percent or 0, facts) for pk, percent, facts in rows.values_list("project", "chance", "reason")}


@dataclass(frozen=True)
class Forecast:
    """What is left of an office's works at the pace reported: the problem with works as long as their sites take for
    them, and the tempo of each project.
    """

    problem: Problem
    laid: Mapping[str, int]
    tempi: Mapping[str, Tempo]


def forecast(now: Situation) -> Forecast:
    """The problem to schedule at the pace reported; two queries."""
    left = now.problem()
    tempi = _tempi(now)
    measured = frozenset(str(pk) for pk, work in now.works.items() if work.stage_id)
    by = stretches(now.problem(as_laid=True), tempi, measured, EVERY_YEAR)
    return Forecast(stretched(left, by), {w.key: w.days for w in left.works}, {g: tempi[g] for g in by})


def _tempi(now: Situation) -> dict[str, Tempo]:
    """What the reports of every project say of its pace."""
    stages = stages_of(now.promised)
    done = _history(now.promised, stages, now.today)
    found = {}
    for pk in now.promised:
        spans = tuple(
            Span(float(s.weight), s.planned_start.toordinal(), s.planned_end.toordinal()) for s in stages.get(pk, ())
        )
        still = tuple((h.first.toordinal(), h.last.toordinal()) for h in _halts(now, pk))
        one = tempo(Pace(spans, done.get(pk, ()), now.today.toordinal(), still, pk))
        if one:
            found[str(pk)] = one
    return found


def _halts(now: Situation, project: int) -> list[Halt]:
    """The stops that halt most of the days of work that are left of a project."""
    left = [w for pk, w in now.works.items() if w.project_id == project and now.done[pk] < 100]
    days = sum(w.days for w in left)
    halted = {kind: sum(w.days for w in left if kind in w.halted_by) for kind in {h.type for h in now.halts}}
    return [h for h in now.halts if h.type == EVERYTHING or 2 * halted[h.type] > days]


def chances_of(now: Situation, found: Forecast, plan: Plan) -> dict[int, Odds]:
    """The chances of all projects by the forecast's own works, and the facts they come from."""
    odds = {}
    for group, one in simulated(found.problem, plan, found.tempi).items():
        pk, pace = int(group), found.tempi[group]
        mine = [w for w in found.problem.works if w.group == group]
        left = (now.promised[pk] - now.today).days
        facts: dict[str, Any] = {"behind": pace.behind, "ahead": pace.ahead, "left": left, "pace": pace.pace}
        facts |= {"likely": str(date.fromordinal(one.likely)), **_storeys(now, mine, plan)}
        ahead = [h for h in now.halts if now.today < h.last and h.first <= now.promised[pk]]
        stop = next((h for h in ahead if any(h.type in w.halted_by for w in mine)), None)
        odds[pk] = Odds(one.percent, facts | ({"stop": [stop.title, str(stop.first)]} if stop else {}))
    return odds


def _history(
    projects: Mapping[int, date], stages: Mapping[int, Any], today: date
) -> dict[int, tuple[tuple[int, float], ...]]:
    """The percent done at the end of each of the last weeks, by project."""
    weights = {s.pk: float(s.weight) for rows in stages.values() for s in rows}
    reports = Report.objects.filter(
        project__in=list(projects), void=False, stage__isnull=False, share__isnull=False, day__lte=today
    )
    moments = [today - WEEK * n for n in range(WEEKS, -1, -1)]
    shares: dict[int, dict[int, float]] = {}
    first: dict[int, date] = {}
    found: dict[int, list[tuple[int, float]]] = {}
    rows = iter(reports.order_by("day", "pk").values_list("project", "stage", "share", "day"))
    row = next(rows, None)
    for moment in moments:
        while row and row[3] <= moment:
            shares.setdefault(row[0], {})[row[1] or 0] = float(row[2] or 0)
            first.setdefault(row[0], row[3])
            row = next(rows, None)
        for pk, mine in shares.items():
            percent = sum(weights.get(stage, 0) * share / 100 for stage, share in mine.items())
            found.setdefault(pk, []).append((moment.toordinal(), min(100.0, percent)))
    return {pk: tuple(values) for pk, values in found.items()}


def _storeys(now: Situation, left: Sequence[pure.Work], plan: Plan) -> dict[str, Any]:
    """The work in hand that goes by storeys and ends last: how many are left, and the days each takes at this pace."""
    if not left:
        return {}
    going = []
    for one in left:
        work = now.works[int(one.key)]
        floors = work.building.floors if work.building else None
        if floors and work.days >= BY_STOREYS * floors:
            storeys = ceil(floors * (100 - now.done[work.pk]) / 100)
            going.append((plan.starts[one.key], -plan.ends[one.key], one, storeys))
    if not going:
        return {"work": min(left, key=lambda w: (plan.starts[w.key], w.key)).name}
    _start, _end, one, storeys = min(going, key=lambda row: (*row[:2], row[2].key))
    return {"work": one.name, "storeys": storeys, "each": round(one.days / storeys, 1)}


def said(facts: Mapping[str, Any]) -> str:
    """The facts behind a chance as one sentence."""
    parts = []
    if "storeys" in facts:
        text = ngettext(
            "%(work)s: %(n)d storey left, %(each)s days each", "%(work)s: %(n)d storeys left, %(each)s days each",
            facts["storeys"],
        )  # fmt: skip
        parts.append(text % {"work": facts["work"], "n": facts["storeys"], "each": facts["each"]})
    if facts.get("behind", 0) > 0:
        text = ngettext("%(n)d day of the plan behind", "%(n)d days of the plan behind", facts["behind"])
        parts.append(text % {"n": facts["behind"]})
    if facts.get("ahead", 0) > 0:
        words = {"ahead": facts["ahead"], "left": max(0, facts["left"]), "pace": facts["pace"]}
        parts.append(gettext("%(ahead)d days of the plan to do in %(left)d, of late %(pace)s a day") % words)
    else:
        parts.append(gettext("all that was planned is done"))
    if "stop" in facts:
        title, first = facts["stop"]
        month = formats.date_format(date.fromisoformat(first), gettext("j M"))
        parts.append(gettext("%(stop)s expected from %(day)s") % {"stop": title, "day": month})
    return gettext("; ").join(parts) + gettext(".")
