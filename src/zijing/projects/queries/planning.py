"""What the schedules of an office follow from: works with what is done of them, crews and stops of the ledgers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import ceil

from zijing.cases.models import Case
from zijing.core.worktime import DAY, day_of
from zijing.places.models import Place
from zijing.projects.models import Dependency, GreenChannel, Work
from zijing.projects.queries.standing import shares_at
from zijing.projects.scheduling import problem as pure
from zijing.registers.models import Entry

CREWS, STOPS = "crew", "stop"
# A stop of this type halts every work.
EVERYTHING = "all"
# A day of a project in the green channel counts as this many.
FIRST = 4


@dataclass(frozen=True)
class Halt:
    """A stop of work as the ledger has it."""

    type: str
    title: str
    first: date
    last: date


@dataclass(frozen=True)
class Situation:
    """The works of an office's schedules with what is known of them today; ``done`` is percent, by work."""

    today: date
    works: Mapping[int, Work]
    links: Mapping[int, list[pure.Link]]
    done: Mapping[int, int]
    halts: list[Halt]
    crews: Mapping[str, int]
    promised: Mapping[int, date]
    holds: Mapping[int, tuple[pure.Hold, ...]] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)

    def problem(self, *, left_only: bool = True, as_laid: bool = False) -> pure.Problem:
        """What is left to be done as a problem to schedule, or all of it; ``as_laid``: as it was laid out once."""
        chosen = {pk: w for pk, w in self.works.items() if not (left_only and self.done[pk] >= 100)}
        works = [self._work(w, chosen, left_only=left_only, as_laid=as_laid) for w in chosen.values()]
        stops = [pure.Stop(h.type, h.first.toordinal(), h.last.toordinal(), h.title) for h in self.halts]
        promised = {str(pk): day.toordinal() for pk, day in self.promised.items()}
        return pure.Problem(works, self.today.toordinal(), tuple(stops), self.crews, promised, self.weights)

    def _work(self, work: Work, chosen: Mapping[int, Work], *, left_only: bool, as_laid: bool) -> pure.Work:
        days = work.laid if as_laid and work.laid is not None else work.days
        left = ceil(days * (100 - self.done[work.pk]) / 100) if left_only else days
        begun = left_only and self.done[work.pk] > 0
        made = pure.Work(
            key=str(work.pk), days=left, group=str(work.project_id), crew=work.crew,
            size=min(work.size, self.crews.get(work.crew, work.size)),
            after=tuple(x for x in self.links.get(work.pk, ()) if int(x.after) in chosen),
            halted_by=frozenset([*work.halted_by, EVERYTHING]),
            release=work.not_before.toordinal() if work.not_before and left_only else 0, title=name_of(work),
            holds=self.holds.get(work.pk, ()) if left_only else (),
        )  # fmt: skip
        # What has begun needs no predecessor any more.
        return replace(made, after=()) if begun else made


def name_of(work: Work) -> str:
    """A work with its building, in the reader's language."""
    return f"{work.building.entry.title}{work}" if work.building else str(work)


def situation(office: Place, today: date, projects: Iterable[int] | None = None) -> Situation:
    """The schedules of an office at the end of ``today``, or those of some projects; a constant number of queries."""
    rows = Work.objects.filter(project__entry__office=office).exclude(project__entry__stage="retired")
    if projects is not None:
        rows = rows.filter(project__in=list(projects))
    works = {w.pk: w for w in rows.select_related("building__entry", "project").order_by("project", "order", "pk")}
    links: dict[int, list[pure.Link]] = {}
    found = Dependency.objects.filter(work__in=rows.values("pk")).values_list("work", "after", "lag")
    for work, after, lag in found:
        links.setdefault(work, []).append(pure.Link(str(after), lag))
    groups = {w.project_id for w in works.values()}
    promised = {w.project_id: w.project.promised_on for w in works.values()}
    shares = shares_at(groups, [today])[today] if groups else {}
    done = progress(works.values(), shares)
    held = blockers(groups) if groups else []
    first = GreenChannel.objects.in_force(today).filter(project__in=groups) if groups else GreenChannel.objects.none()
    return Situation(
        today, works, links, done, halts(office), crews(office), promised, _holds(works.values(), done, held, today),
        {str(pk): FIRST for pk in first.values_list("project", flat=True)},
    )  # fmt: skip


@dataclass(frozen=True)
class Blocker:
    """An open blocker of a project: since when, and the days it is thought to last, where somebody said so."""

    pk: int
    project: int
    title: str
    since: date
    days: int | None

    def until(self, today: date) -> date:
        """The first day free of it: as many days after it began as were said, else as long again as it has lasted."""
        lasts = self.days if self.days is not None else 2 * max(0, (today - self.since).days)
        return max(today, self.since + DAY * lasts)


def blockers(projects: Iterable[int]) -> list[Blocker]:
    """The open blockers of some projects, the oldest first; one query."""
    rows = Case.objects.open().filter(kind__key="blocker", kind__restricted=False, subject__in=list(projects))
    found = rows.order_by("recorded_at", "pk").values_list("pk", "subject", "title", "recorded_at", "fields")
    return [
        Blocker(pk, subject, title, day_of(at), int(fields["days"]) if fields.get("days") else None)
        for pk, subject, title, at, fields in found if subject is not None
    ]  # fmt: skip


def _holds(
    works: Iterable[Work], done: Mapping[int, int], found: Iterable[Blocker], today: date
) -> dict[int, tuple[pure.Hold, ...]]:
    """What each work is held by: a blocker stands on the works of its project's first unfinished stage."""
    left: dict[int, list[Work]] = {}
    for work in works:
        if done[work.pk] < 100:
            left.setdefault(work.project_id, []).append(work)
    holds: dict[int, list[pure.Hold]] = {}
    for one in found:
        mine = left.get(one.project, [])
        first = min(mine, key=lambda w: (w.baseline_start or date.max, w.order, w.pk), default=None)
        hold = pure.Hold(str(one.pk), one.until(today).toordinal(), one.title)
        for work in mine:
            if first and work.stage_id == first.stage_id and one.until(today) > today:
                holds.setdefault(work.pk, []).append(hold)
    return {pk: tuple(rows) for pk, rows in holds.items()}


def progress(works: Iterable[Work], shares: Mapping[int, Decimal]) -> dict[int, int]:
    """The percent done of every work: a stage's share fills its works in the order of their planned days."""
    by_stage: dict[int | None, list[Work]] = {}
    for work in works:
        by_stage.setdefault(work.stage_id, []).append(work)
    done: dict[int, int] = {}
    for stage, mine in by_stage.items():
        mine.sort(key=lambda w: (w.baseline_start or date.max, w.order, w.pk))
        left = sum(w.days for w in mine) * shares.get(stage or 0, Decimal(0)) / 100
        for work in mine:
            part = min(Decimal(work.days), left)
            left -= part
            done[work.pk] = int(100 * part / work.days) if work.days else 100 * (shares.get(stage or 0, 0) >= 100)
    return done


def halts(office: Place) -> list[Halt]:
    """The office's stops of work in use, in order; one whose days are the wrong way round counts as one day."""
    rows = Entry.objects.filter(office=office, kind__key=STOPS).exclude(stage="retired")
    found = []
    for title, fields in rows.values_list("title", "fields"):
        first = date.fromisoformat(fields["first"])
        found.append(Halt(fields["type"], title, first, max(first, date.fromisoformat(fields["last"]))))
    return sorted(found, key=lambda h: (h.first, h.title))


def crews(office: Place) -> dict[str, int]:
    """How many crews of each trade can work at once; a trade that no entry names is not limited."""
    found: dict[str, int] = {}
    rows = Entry.objects.filter(office=office, kind__key=CREWS).exclude(stage="retired")
    for fields, number in rows.values_list("fields", "quantity"):
        found[fields["trade"]] = found.get(fields["trade"], 0) + int(number or 0)
    return {trade: number for trade, number in found.items() if number}


def day(number: int) -> date:
    """A day of a plan as a date."""
    return date.fromordinal(number)


def last_day(number: int) -> date:
    """The last day of what ends before a day of a plan."""
    return date.fromordinal(number) - DAY
