"""What is wrong: a case from filing to closing, its timer, its steps, and supervision lists."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.worktime import Clock, Due, Limit, Span, due, last_part
from zijing.people.models import Post, Unit
from zijing.places.models import Place
from zijing.records.models import Record, RecordQuerySet, day_indexes, has_its_day
from zijing.registers.models import Entry


class Stage(models.TextChoices):
    """Where a case is in its loop; whose turn it is follows from it."""

    REPORTED = "reported", _("reported")
    FILED = "filed", _("filed")
    DISPATCHED = "dispatched", _("dispatched")
    HANDLING = "handling", _("handling")
    PARKED = "parked", _("parked")
    CHECKING = "checking", _("checking")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")
    VOIDED = "voided", _("voided")


ENDED = (Stage.CLOSED, Stage.VOIDED)


class CaseQuerySet(RecordQuerySet):
    """Reads of cases."""

    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at=None)

    def overdue(self, at: datetime) -> "CaseQuerySet":
        """Open cases whose deadline has passed."""
        return self.open().filter(due_at__lt=at)

    def near(self, at: datetime) -> "CaseQuerySet":
        """Open cases in the last quarter of their limit, as the clock has noted."""
        return self.open().filter(timer__warned_at__isnull=False, timer__alarm_at__gt=at, due_at__gt=at)


class Case(Record):
    """A case. ``unit`` is the unit whose turn it is; ``handler`` the post that took it.

    ``exempt`` names what an accepted plea keeps out of the statistics; the facts it is about stay as they are.
    """

    class Exempt(models.TextChoices):
        """Which plea was accepted."""

        APPEAL = "appeal", _("appeal accepted")
        EXCLUSION = "exclusion", _("unreasonable demand")

    seen_through = (("registers.entry", "subject_id"),)
    given_with_unit = True

    subject = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="cases")
    source = models.CharField(max_length=20, default="internal")
    outer_number = models.CharField(max_length=60, blank=True)
    handler = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(null=True)
    closed_on_time = models.BooleanField(null=True)
    exempt = models.CharField(max_length=12, blank=True, choices=Exempt.choices, default="", db_default="")

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [*Record.Meta.constraints, has_its_day("case")]
        indexes = [
            *Record.Meta.indexes,
            *day_indexes("case"),
            models.Index(fields=["kind", "due_at"], condition=Q(closed_at=None), name="case_open"),
            models.Index(fields=["kind", "due_at"], name="case_due"),
            models.Index(
                fields=["kind", "-closed_at", "-id", "path", "stage"],
                condition=Q(closed_at__isnull=False),
                name="case_closed",
            ),
        ]

    def is_near(self, at: datetime) -> bool:
        """Whether it is open and in the last quarter of its limit, as the clock has noted."""
        alarm, ends = self.timer.alarm_at, self.due_at
        waits = alarm is not None and alarm > at and ends is not None and ends > at
        return self.closed_at is None and self.timer.warned_at is not None and waits


class Timer(models.Model):
    """A case's clock: a limit and the spans it has lived; ``Case.due_at`` is the pure function of both.

    A span is kept as JSON: ``kind`` (running, paused, extended), ``since``, ``until`` (None: still), ``amount``.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="timer")
    office = models.ForeignKey(Place, models.CASCADE, related_name="+", db_index=False)
    clock = models.CharField(max_length=20)
    amount = models.PositiveSmallIntegerField()
    spans = models.JSONField(default=list)
    # The next moment at which something is to be noted, if any; and when it was noted that the limit's last part began.
    alarm_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    # How much was noted since it ran out: 1 that it has, and one more for each step up the kind's ladder.
    rung = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        # Literal conditions: a bound value would hide these indexes from SQLite.
        indexes = [
            models.Index(fields=["office", "alarm_at"], condition=Q(alarm_at__isnull=False), name="timer_alarm"),
            models.Index(
                fields=["alarm_at"], condition=Q(alarm_at__isnull=False, warned_at__isnull=False), name="timer_near"
            ),
        ]

    def __str__(self) -> str:
        return str(self.limit)

    @property
    def limit(self) -> Limit:
        return Limit(self.amount, Clock(self.clock))

    @property
    def _life(self) -> list[Span]:
        """The spans since the last start: a reopened case has its limit anew."""
        spans = sorted(map(_span, self.spans), key=lambda s: s.since)
        start = max(s.since for s in spans if s.kind == "running")
        return [s for s in spans if s.since >= start]

    def due(self) -> Due:
        """When it runs out and why."""
        return due(self._life, self.limit)

    def start(self, at: datetime) -> Due:
        """Let it run from a moment on; unsaved. When it runs out now."""
        self.spans = [*self.spans, {"kind": "running", "since": at.isoformat(), "until": None, "amount": 0}]
        self.warned_at, self.rung = None, 0
        return self.set_alarm(at)

    def stop(self, at: datetime) -> None:
        """End the span that runs; unsaved."""
        self.spans = [
            s | {"until": at.isoformat()} if s["kind"] == "running" and s["until"] is None else s for s in self.spans
        ]
        self.alarm_at = None

    def extend(self, at: datetime, amount: int) -> Due:
        """Give it more of the limit's unit; unsaved. When it runs out now."""
        extended = {"kind": "extended", "since": at.isoformat(), "until": at.isoformat(), "amount": amount}
        self.spans = [*self.spans, extended]
        return self.set_alarm(at)

    def pause(self, at: datetime, until: datetime) -> Due:
        """Let it rest until a moment, which is its next alarm; unsaved. When it runs out, the rest left out."""
        paused = {"kind": "paused", "since": at.isoformat(), "until": until.isoformat(), "amount": 0}
        self.spans = [*self.spans, paused]
        ends = self.set_alarm(at)
        self.alarm_at = until
        return ends

    def resume(self, at: datetime) -> Due:
        """End the rest that lasts, early or when it was to end; unsaved. When it runs out now."""
        *earlier, rest = self.spans
        self.spans = [*earlier, rest | {"until": at.isoformat()}]
        return self.set_alarm(at)

    def set_alarm(self, at: datetime) -> Due:
        """Set what is to be noted next after its spans have changed at ``at``; unsaved. When it runs out now.

        What was noted stays so, unless the moment it was noted for is still to come by the new spans.
        """
        life = self._life
        ends, announced = due(life, self.limit), last_part(life, self.limit)
        if self.warned_at and announced and announced > at:
            self.warned_at = None
        if ends.at and ends.at > at:
            self.rung = 0
        self.alarm_at = self.next_rung(ends.at) if self.rung else ends.at if self.warned_at else announced
        return ends

    def next_rung(self, ended: datetime | None) -> datetime | None:
        """When the next step up the ladder is due for what ran out at ``ended``; None on top of it."""
        ladder = self.case.kind.ladder
        if ended is None or not 1 <= self.rung <= len(ladder):
            return None
        rests = [s for s in self._life if s.kind == "paused"]
        return due([Span("running", ended), *rests], ladder[self.rung - 1].after).at


def _span(kept: dict[str, Any]) -> Span:
    since, until = (kept[end] and datetime.fromisoformat(kept[end]) for end in ("since", "until"))
    return Span(kept["kind"], since, until, kept["amount"])


class Step(models.Model):
    """One move of a case: rework, objection and reopening are steps; nothing is overwritten."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=16, blank=True)
    to_stage = models.CharField(max_length=16)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="step_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class Plea(models.Model):
    """What the unit that answers for a case asks for, and another post decides (延期, 挂账, 申诉, 不合理诉求)."""

    class Matter(models.TextChoices):
        EXTENSION = "extension", _("more time")
        PARKING = "parking", _("parking")
        APPEAL = "appeal", _("appeal")
        EXCLUSION = "exclusion", _("unreasonable demand")

    case = models.ForeignKey(Case, models.CASCADE, related_name="pleas")
    matter = models.CharField(max_length=12, choices=Matter.choices)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    # How much more time, in the limit's own unit; until which day it is to be parked.
    amount = models.PositiveSmallIntegerField(null=True)
    until = models.DateField(null=True)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "matter"], condition=Q(granted=None), name="one_plea_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.matter}"


class Share(models.Model):
    """What an assisting unit answers for in a case handled jointly (联合执法)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    task = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "unit"], condition=Q(answered_at=None), name="one_share_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class Reporter(models.Model):
    """Somebody outside the office who reported a case: known by a code only, by which it is followed and rated.

    ``address`` is a keyed digest of where the report came from: enough to count a flood by, and nothing else.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="reporters")
    code = models.CharField(max_length=12, unique=True)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()
    # Was anyone in touch, is it resolved, is the reporter satisfied (响应、解决、满意); and in their words.
    responded = models.BooleanField(null=True)
    resolved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    said = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="reporter_by_address")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class Supervision(models.Model):
    """A case on a leader's list (挂牌督办): listed at a level with a limit, struck off by that level."""

    class Board(models.TextChoices):
        """Whose list it is."""

        OFFICE = "office", _("office list")
        COUNTY = "county", _("county list")

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    level = models.CharField(max_length=8, choices=Board.choices)
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    until = models.DateField()
    strike_reason = models.CharField(max_length=500, blank=True)
    struck_off_at = models.DateTimeField(null=True)
    struck_off_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level"], condition=Q(struck_off_at=None), name="listed_once_per_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"
