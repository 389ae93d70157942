"""A case's clock: a limit, the spans it has lived, and what is to be noted next."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from zijing.cases.models.case import Case
from zijing.core.worktime import Clock, Due, Limit, Span, due, last_part
from zijing.places.models import Place


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

    def go_on(self, at: datetime, *, rests: bool) -> None:
        """Take back that it was stopped, as if it had run, or rested, all the time; unsaved."""
        last = max(n for n, s in enumerate(self.spans) if s["kind"] == "running")
        self.spans = [s | {"until": None} if n == last else s for n, s in enumerate(self.spans)]
        self.set_alarm(at)
        if rests:
            self.alarm_at = max(s.until for s in self._life if s.kind == "paused" and s.until)

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
