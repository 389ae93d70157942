"""A year of cases driven through the verbs hour by hour, and what a naive reader of the journal makes of it.

Whoever reports, dispatches, handles, checks and decides does so at random times from one seed; every hour ends with a
tick.
"""

import heapq
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median

from zijing.cases import actions, pleas
from zijing.cases.models import Case, Stage
from zijing.core.errors import DomainError
from zijing.core.worktime import DAY, OPENING, ZONE, Limit, Span, day_of, due
from zijing.figures.queries import find, value
from zijing.journal.models import JournalEntry
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.records.kinds import find_kind
from zijing.records.models import Kind

HOUR = timedelta(hours=1)
# Limits on all four clocks, so that the year's holidays and make-up days count.
LIMITS = {
    "dust": (8, "office_hours"), "safety": (24, "continuous_hours"), "property": (7, "calendar_days"),
    "appearance": (3, "working_days"),
}  # fmt: skip
CLASSES = (*LIMITS, "enterprise", "other")


@dataclass(frozen=True)
class Cast:
    """Who plays: an office, the names of its grids, and an actor or more for each part."""

    office: Place
    grids: list[str]
    reports: Actor
    dispatches: Actor
    handles: list[Actor]
    checks: Actor
    decides: Actor


def vary_limits() -> None:
    """Give the classes of the kind ``issue`` limits on all four clocks."""
    kind = Kind.objects.get(key="issue")
    fields = [f | {"choices": [_limited(c) for c in f["choices"]]} if f["key"] == "class" else f
              for f in kind.definition["fields"]]  # fmt: skip
    Kind.objects.filter(pk=kind.pk).update(definition=kind.definition | {"fields": fields})


def _limited(choice: dict[str, object]) -> dict[str, object]:
    amount, clock = LIMITS.get(str(choice["key"]), (0, ""))
    return choice | ({"limit": {"amount": amount, "clock": clock}} if amount else {})


@dataclass
class Year:
    """Cases filed over days, and everything that follows from them until the last day ends."""

    cast: Cast
    cases: int
    since: date
    until: date
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    did: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    ticks: list[float] = field(default_factory=list)
    noted: int = 0
    enough: bool = False
    _agenda: list[tuple[datetime, int, str, int]] = field(default_factory=list)
    _n: int = 0

    @cached_property
    def units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.filter(pk__in=[a.unit_id for a in self.cast.handles])}

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, OPENING, ZONE)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.until + DAY, datetime.min.time(), ZONE)

    def live(self, say: Callable[[date], None] = lambda _day: None) -> None:
        """Hour after hour: what people do in it, then the tick at its end. Who has ``enough`` ends it at midnight."""
        seconds = (self.ends - self.begins).total_seconds()
        for _case in range(self.cases):
            self._later(self.begins + timedelta(seconds=int(self.rng.random() * seconds)), "file", 0)
        hour = self.begins
        while hour < self.ends:
            hour += HOUR
            while self._agenda and self._agenda[0][0] < min(hour, self.ends):
                at, _n, step, pk = heapq.heappop(self._agenda)
                self._do(at, step, pk)
            began = time.perf_counter()
            self.noted += tick(self.cast.office, min(hour, self.ends))
            self.ticks.append((time.perf_counter() - began) * 1000)
            if self.enough and hour.hour == 0:
                self.until = day_of(hour) - DAY
            if hour.hour == 0 and hour.day == 1:
                say(day_of(hour))

    def _later(self, at: datetime, step: str, pk: int) -> None:
        self._n += 1
        heapq.heappush(self._agenda, (at.replace(microsecond=0), self._n, step, pk))

    def _soon(self, at: datetime, hours: float, step: str, pk: int) -> None:
        self._later(at + timedelta(hours=self.rng.expovariate(1 / hours)), step, pk)

    def _do(self, at: datetime, step: str, pk: int) -> None:
        try:
            getattr(self, f"_{step}")(at, pk)
        except DomainError:
            self.refused += 1
            if step == "submit":  # it rests, or waits for an answer: tomorrow again
                self._later(at + DAY, step, pk)
        else:
            self.did[step] += 1

    def _case(self, pk: int) -> Case:
        found: Case = Case.objects.select_related("kind", "place", "unit", "timer").get(pk=pk)
        return found

    def _handler(self, case: Case) -> Actor:
        return next(actor for actor in self.cast.handles if actor.unit_id == case.unit_id)

    def _file(self, at: datetime, _pk: int) -> None:
        kind = find_kind("issue")
        values = {"what": "井盖破损", "class": self.rng.choice(CLASSES), "place": self.rng.choice(self.cast.grids)}
        filed = record(actor=self.cast.reports, at=at, kind=kind, values=values)
        self._soon(at, 3, "void" if self.rng.random() < 0.015 else "dispatch", filed.pk)

    def _void(self, at: datetime, pk: int) -> None:
        actions.void(actor=self.cast.decides, at=at, case=self._case(pk), reason="重复上报")

    def _dispatch(self, at: datetime, pk: int) -> None:
        case, to = self._case(pk), self.rng.choice(self.cast.handles)
        actions.dispatch(actor=self.cast.dispatches, at=at, case=case, unit=self.units[to.unit_id])
        self._soon(at, 8, "object" if self.rng.random() < 0.04 else "accept", pk)

    def _object(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        actions.object_(actor=self._handler(case), at=at, case=case, reason="不属本单位")
        self._soon(at, 3, "dispatch", pk)

    def _accept(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        actions.accept(actor=self._handler(case), at=at, case=case)
        chance = self.rng.random()
        if chance < 0.08:
            self._soon(at, 6, "extend" if chance < 0.06 else "park", pk)
        self._later(at + timedelta(hours=self.rng.lognormvariate(3.2, 1)), "submit", pk)

    def _extend(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        amount = self.rng.randint(1, case.timer.amount)
        pleas.ask(actor=self._handler(case), at=at, case=case, matter="extension", reason="备料", amount=amount)
        self._soon(at, 5, "decide", pk)

    def _park(self, at: datetime, pk: int) -> None:
        case, until = self._case(pk), day_of(at) + DAY * self.rng.randint(2, 40)
        pleas.ask(actor=self._handler(case), at=at, case=case, matter="parking", reason="待立项", until=until)
        self._soon(at, 5, "decide", pk)
        if self.rng.random() < 0.3:
            self._soon(at, 100, "resume", pk)

    def _resume(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        pleas.resume(actor=self._handler(case), at=at, case=case)

    def _decide(self, at: datetime, pk: int) -> None:
        plea = self._case(pk).pleas.filter(granted=None).select_related("case__timer", "case__kind").first()
        if plea is not None:
            granted = self.rng.random() < 0.7
            pleas.decide(actor=self.cast.decides, at=at, plea=plea, granted=granted, answer="" if granted else "不符")

    def _submit(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        actions.submit(actor=self._handler(case), at=at, case=case, reason="已更换")
        self._soon(at, 10, "rework" if self.rng.random() < 0.1 else "close", pk)

    def _rework(self, at: datetime, pk: int) -> None:
        actions.rework(actor=self.cast.checks, at=at, case=self._case(pk), reason="未到位")
        self._soon(at, 20, "submit", pk)

    def _close(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        actions.close(actor=self.cast.checks, at=at, case=case)
        if case.closed_on_time is False and self.rng.random() < 0.3:
            self._soon(at, 20, "appeal", pk)
        if self.rng.random() < 0.04:
            self._soon(at, 200, "reopen", pk)

    def _appeal(self, at: datetime, pk: int) -> None:
        case = self._case(pk)
        pleas.ask(actor=self._handler(case), at=at, case=case, matter="appeal", reason="停电")
        self._soon(at, 20, "decide", pk)

    def _reopen(self, at: datetime, pk: int) -> None:
        actions.reopen(actor=self.cast.decides, at=at, case=self._case(pk), reason="又坏了")
        self._soon(at, 3, "dispatch", pk)


@dataclass
class Life:
    """A case as its entries in the journal tell it."""

    path: str
    filed: datetime
    limit: Limit
    spans: list[Span]
    stage: str = Stage.FILED
    closed: datetime | None = None
    on_time: bool = False
    exempt: str = ""
    lived: set[str] = field(default_factory=set)

    @property
    def due(self) -> datetime | None:
        begun = max(s.since for s in self.spans if s.kind == "running")
        return due([s for s in self.spans if s.since >= begun], self.limit).at

    def read(self, verb: str, at: datetime, changes: dict[str, list[object]]) -> None:
        """What an entry says happened."""
        self.lived.add(verb)
        if "stage" in changes and verb != "file":
            self.stage = str(changes["stage"][1])
        match verb:
            case "extension_granted":
                self.spans.append(Span("extended", at, at, int(str(changes["amount"][1]))))
            case "parking_granted":
                until = datetime.combine(date.fromisoformat(str(changes["until"][1])), OPENING, ZONE)
                self.spans.append(Span("paused", at, until))
            case "resume":
                self.spans.append(Span("paused", self.spans.pop().since, at))
            case "appeal_granted":
                self.exempt = "appeal"
            case "close":
                self.closed, self.on_time = at, self.due is None or at <= self.due
            case "reopen":
                self.closed, self.exempt = None, ""
                self.spans.append(Span("running", at))
            case "overdue":
                assert at == self.due, "it was noted at the very moment"


def lives(office: Place) -> dict[int, Life]:
    """Every case of an office, from the journal; of the case itself only its limit is asked."""
    limits = {pk: timer.limit for pk, timer in _timers(office)}
    found: dict[int, Life] = {}
    rows = JournalEntry.objects.filter(office=office.pk, subject_type="cases.case").order_by("seq")
    columns = rows.values_list("subject_id", "verb", "happened_at", "path", "changes")
    for pk, verb, at, path, changes in columns.iterator(chunk_size=5000):
        step = verb.removeprefix("cases.")
        if step == "file":
            found[pk] = Life(path, at, limits[pk], [Span("running", at)])
        found[pk].read(step, at, changes)
    return found


def _timers(office: Place) -> Iterator[tuple[int, object]]:
    for case in Case.objects.filter(office=office).select_related("timer").iterator(chunk_size=5000):
        yield case.pk, case.timer


def recount(known: list[Life], since: date, until: date, at: datetime) -> dict[str, float | None]:
    """What the figures of some cases over some days come to, as a person with paper and pencil would count."""
    standing = [c for c in known if c.stage != Stage.VOIDED]
    closed = [c for c in standing if c.stage == Stage.CLOSED and c.closed and since <= day_of(c.closed) <= until]
    filed = [c for c in standing if since <= day_of(c.filed) <= until]
    ended = [c for c in standing if not c.exempt and c.due and c.due <= at and since <= day_of(c.due) <= until]
    open_ = [c for c in standing if c.stage != Stage.CLOSED]
    hours = sorted((c.closed - c.filed).total_seconds() / 3600 for c in closed if c.closed)
    return {
        "cases.open": len(open_), "cases.overdue": sum(c.due is not None and c.due < at for c in open_),
        "cases.filed": len(filed), "cases.closed": len(closed), "cases.due": len(ended),
        "cases.due_closed": sum(c.stage == Stage.CLOSED for c in ended),
        "cases.due_on_time": sum(c.stage == Stage.CLOSED and c.on_time for c in ended),
        "cases.reworked": sum("rework" in c.lived for c in closed),
        "cases.reopened": sum("reopen" in c.lived for c in filed),
        "cases.median_hours": median(hours) if hours else None,
        "cases.p90_hours": hours[(9 * len(hours) + 9) // 10 - 1] if hours else None,
    }  # fmt: skip


def compare(year: Year, reader: Actor, places: list[Place]) -> int:
    """Hold every figure of each month and of the whole year, in some places, against the recount; how many were held.

    ``AssertionError`` names the first that differs.
    """
    known, held = list(lives(year.cast.office).values()), 0
    for place in places:
        here = [life for life in known if life.path.startswith(place.path)]
        for since, until in (*_months(year.since, year.until), (year.since, year.until)):
            for key, amount in recount(here, since, until, year.ends).items():
                said = value(find(key), reader, at=year.ends, place=place, since=since, until=until).amount
                same = said is amount if None in (said, amount) else abs(float(said or 0) - (amount or 0)) < 0.01
                assert same, f"{key} in {place} {since}..{until}: the figure says {said}, the journal {amount}"
                held += 1
    return held


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    while since <= until:
        following = (since.replace(day=1) + 32 * DAY).replace(day=1)
        yield since, min(until, following - DAY)
        since = following
