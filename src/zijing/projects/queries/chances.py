"""The chance of each promised date, simulated when schedules are planned and read by every page in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext

from zijing.core.worktime import day_of
from zijing.places.models import Place
from zijing.projects.models import Report, Schedule, Work
from zijing.projects.queries.planning import EVERYTHING, Situation, name_of
from zijing.projects.queries.standing import stages_of
from zijing.projects.scheduling.chance import Pace, Span, chance

WEEKS, WEEK = 16, timedelta(days=7)


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
    def reason(self) -> str:
        """Why, in one sentence of the reader's language."""
        return said(self.facts)


def chances(projects: Iterable[int], at: datetime) -> dict[int, Odds]:
    """The chances of those of the projects that are laid out, as they were planned last; one query.

    A promised date that has passed unfinished, or work that ended meanwhile, shows with the next planning.
    """
    rows = Schedule.objects.filter(project__in=list(projects), chance__isnull=False, planned_on__lte=day_of(at))
    return {pk: Odds(percent or 0, facts) for pk, percent, facts in rows.values_list("project", "chance", "reason")}


def chances_of(office: Place, now: Situation) -> dict[int, Odds]:
    """The chances of all projects of a situation, simulated; two queries."""
    stages = stages_of(now.promised)
    done = _history(now.promised, stages, now.today)
    found = {}
    for pk, promised in now.promised.items():
        spans = tuple(
            Span(float(s.weight), s.planned_start.toordinal(), s.planned_end.toordinal()) for s in stages.get(pk, ())
        )
        mine = [w for w in now.works.values() if w.project_id == pk and w.done < 100]
        kinds = {EVERYTHING, *(k for w in mine if w.critical for k in w.halted_by)}
        halts = [h for h in now.halts if h.type in kinds]
        still = tuple((h.first.toordinal(), h.last.toordinal()) for h in halts)
        one = chance(Pace(spans, done.get(pk, ()), now.today.toordinal(), promised.toordinal(), still, pk))
        if one:
            facts: dict[str, Any] = {"behind": one.behind, "ahead": one.ahead, "left": one.left, "pace": one.pace}
            facts |= {"likely": str(date.fromordinal(one.likely)), **_storeys(mine, one.pace)}
            ahead = [[h.title, str(h.first)] for h in halts if now.today < h.last and h.first <= promised]
            found[pk] = Odds(one.percent, facts | ({"stop": ahead[0]} if ahead else {}))
    return found


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


def _storeys(works: list[Work], pace: float) -> dict[str, Any]:
    """The most pressing work that goes by storeys: how many are left, and the days each takes at the pace of late."""
    going = [w for w in works if w.building and w.building.floors and w.days >= w.building.floors]
    if not going:
        return {"work": name_of(min(works, key=lambda w: (not w.critical, w.start or date.max)))} if works else {}
    first = min(going, key=lambda w: (w.slack or 0, w.start or date.max, w.pk))
    floors = first.building.floors if first.building else None
    left = ceil((floors or 0) * (100 - first.done) / 100)
    each = round(first.days / (floors or 1) / max(0.2, pace), 1)
    return {"work": name_of(first), "storeys": left, "each": each}


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
