"""The verb that plans an office's schedules anew, and the background job that searches for a better plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import inf
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _, gettext_lazy

from zijing.core.errors import Conflict
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import act
from zijing.outbox.jobs import Cancelled, Made, Progress, enqueue, refuse_second, register_job
from zijing.outbox.models import Job
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.projects.models import Schedule, Work
from zijing.projects.queries.chances import Forecast, chances_of, forecast
from zijing.projects.queries.planning import Situation, day, last_day, situation
from zijing.projects.scheduling.causes import BLOCKER, causes
from zijing.projects.scheduling.passes import passes
from zijing.projects.scheduling.problem import Plan, Problem
from zijing.projects.scheduling.solving import GoingOn, Solved, at_once, costs, solve

JOB, LONGEST_SEARCH = "projects.plan", 120
FORESEEN = ("start", "end", "slack", "critical", "done")
SHOWN_CAUSES = 5


@dataclass(frozen=True)
class Searched:
    """A plan that a search has found, what it was searched for, and the days that stood when the search began."""

    problem: Problem
    solved: Solved
    stood: Mapping[int, tuple[date | None, date | None]]


def plan(
    *, actor: Actor, at: datetime, office: Place, right: str = "projects.schedule", kept: Searched | None = None
) -> int:
    """Foresee the days of all works of an office from what is reported; how many works moved.

    Priority rules by themselves, in tenths of a second; ``kept`` is a better plan that a search has found; it is
    refused (``Conflict``) when it was searched for what is not so any more, and when somebody's newer plan is no worse.
    Planning the same again changes nothing and leaves no line in the journal.
    """
    require(actor, right)
    today = day_of(at)
    with act(actor, at) as a:
        # Who plans at the same time waits, and then sees what was planned.
        Place.objects.select_for_update(no_key=True).filter(pk=office.pk).values_list("pk").first()
        now = situation(office, today)
        if not now.works:
            return 0
        asked = forecast(now)
        if kept:
            _refuse_older(kept, now, asked.problem)
        solved = kept.solved if kept else None
        found = solved or at_once(asked.problem)
        moved = _foresee(now, asked.problem, found.plan)
        changed = _conclude(now, asked, found.plan, solved, moved=bool(moved))
        if moved or changed:
            a.record("projects.plan", office, {"moved": [None, len(moved)]})
        return len(moved)


def _refuse_older(kept: Searched, now: Situation, problem: Problem) -> None:
    if kept.problem != problem:
        raise Conflict(_("What is to be planned has changed meanwhile; the plan found was not kept. Search again."))
    if kept.stood != _days(now) and _cost(now, problem) <= kept.solved.cost:
        raise Conflict(_("Somebody has planned meanwhile, and no worse; that plan stays."))


def _days(now: Situation) -> dict[int, tuple[date | None, date | None]]:
    """The foreseen days that stand."""
    return {pk: (work.start, work.end) for pk, work in now.works.items()}


def _cost(now: Situation, problem: Problem) -> float:
    """What the plan that stands costs; without end while a work has no days."""
    ends = {}
    for left in problem.works:
        work = now.works[int(left.key)]
        if work.start is None or work.end is None:
            return inf
        ends[left.key] = (work.end + DAY if left.days else work.start).toordinal()
    return costs(problem, ends)


def _foresee(now: Situation, problem: Problem, found: Plan) -> list[Work]:
    """Set the foreseen days of every work; those that differ are written."""
    slack = passes(problem)
    moved = []
    for pk, work in now.works.items():
        before = [getattr(work, name) for name in FORESEEN]
        work.done = now.done[pk]
        if work.done >= 100:
            _behind(work, now.today)
        else:
            key = str(pk)
            work.start = _begun(work, now.today) if work.done else day(found.starts[key])
            work.end = max(work.start, last_day(found.ends[key]))
            work.slack, work.critical = max(-9999, min(9999, slack.slack[key])), key in slack.critical
        if before != [getattr(work, name) for name in FORESEEN]:
            moved.append(work)
    Work.objects.bulk_update(moved, list(FORESEEN), batch_size=500)
    return moved


def _begun(work: Work, today: date) -> date:
    """The first day of what has begun: as foreseen before, as planned, else today."""
    return min(d for d in (work.start, work.baseline_start, today) if d)


def _behind(work: Work, today: date) -> None:
    """What is done ends no later than today; it has no slack."""
    start, end = work.start or work.baseline_start or today, work.end or work.baseline_end or today
    work.end = min(end, today)
    work.start = min(start, work.end)
    work.slack, work.critical = None, False


def _conclude(now: Situation, asked: Forecast, found: Plan, solved: Solved | None, *, moved: bool) -> bool:
    """Set what is foreseen of every project: its last day, why it is late, its chance; whether any of it differs."""
    ends: dict[int, date] = {}
    for work in now.works.values():
        if work.end:
            ends[work.project_id] = max(ends.get(work.project_id, work.end), work.end)
    said = chances_of(now, asked, found)
    rows = {s.pk: s for s in Schedule.objects.filter(project__in=ends)}
    changed = False
    for pk, last in ends.items():
        bound = causes(asked.problem, found, str(pk), asked.laid)
        shown = [c for n, c in enumerate(bound) if n < SHOWN_CAUSES or c.kind == BLOCKER]
        why = [{"kind": c.kind, "key": c.key, "days": c.days, "names": list(c.names)} for c in shown]
        columns: dict[str, Any] = {"ends_on": last, "late_days": (last - now.promised[pk]).days, "causes": why}
        columns |= {"chance": said[pk].percent, "reason": said[pk].facts} if pk in said else {}
        columns["gap"] = Decimal(str(round(solved.gap, 2))) if solved else None if moved else rows[pk].gap
        differs = {k: v for k, v in columns.items() if getattr(rows[pk], k) != v}
        if differs or rows[pk].planned_on != now.today:
            Schedule.objects.filter(pk=pk).update(**differs, planned_on=now.today)
        changed |= bool(differs)
    return changed


def ask_plan(*, actor: Actor, at: datetime, office: Place, client_id: UUID, seconds: int = 60) -> Job:
    """Plan at once by priority rules, and ask for a search of some seconds in the background.

    ``Conflict``, and nothing planned, while another search of the office waits or runs.
    """
    require(actor, "projects.schedule")
    params = {"office": office.pk, "seconds": max(2, min(seconds, LONGEST_SEARCH))}
    with act(actor, at):
        job = enqueue(actor=actor, at=at, task=JOB, params=params, client_id=client_id, about=office.name)
        plan(actor=actor, at=at, office=office)
    return job


def search_plan(
    *, actor: Actor, at: datetime, office: Place, seconds: int, going_on: GoingOn, job: Job | None = None
) -> tuple[int, Solved]:
    """Search for a better plan and keep the best found, however the search ended: how many works moved, and the plan.

    ``job`` is the work as which it was asked for, none from the terminal. ``Conflict`` while another one searches, and
    when what is to be planned changed meanwhile, for the plan found would be one for what there was before, or when
    somebody else's newer plan is no worse.
    """
    require(actor, "projects.schedule")
    refuse_second(JOB, {"office": office.pk}, job)
    now = situation(office, day_of(at))
    asked, stood = forecast(now).problem, _days(now)
    best = solve(asked, seconds=seconds, going_on=going_on)
    return plan(actor=actor, at=at, office=office, kept=Searched(asked, best, stood)), best


def search(progress: Progress) -> Made:
    """The background job: search, tell how far it is, and keep the best, also of a search that was ended early."""
    office = Place.objects.get(pk=progress.params["office"])
    seconds = int(progress.params["seconds"])
    moved, best = search_plan(
        actor=progress.actor, at=progress.at, office=office, seconds=seconds, job=progress.job,
        going_on=_telling(progress, seconds),
    )  # fmt: skip
    return Made(
        note=_("%(n)d works moved; at most %(gap)s%% better is possible.") % {"n": moved, "gap": f"{best.gap:.1f}"}
    )


def _telling(progress: Progress, seconds: int) -> Callable[[Solved], bool]:
    """Tell each better plan; a wish to end keeps the best instead of throwing it away."""
    import time  # noqa: PLC0415

    began = time.monotonic()

    def going_on(solved: Solved) -> bool:
        done = min(seconds, round(time.monotonic() - began))
        note = _("cost %(cost)d, gap %(gap)s%%") % {"cost": solved.cost, "gap": f"{solved.gap:.1f}"}
        try:
            progress.say(done, seconds + 1, note)
        except Cancelled:
            return False
        return True

    return going_on


def declare() -> None:
    """Make the search known to the work process."""
    alone = gettext_lazy("A better plan is being searched for already. Wait for it, or end it and ask again.")
    register_job(JOB, search, title=gettext_lazy("Search for a better schedule"), alone=alone)
