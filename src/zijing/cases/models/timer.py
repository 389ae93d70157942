"""A case's clocks: that of the whole and that of the stage it stands at, and what each is to note next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from zijing.cases.models.case import ENDED, Case, Stage
from zijing.core.worktime import Clock, Due, Limit, Span, due, last_part
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.rules import StageLimit

# What is to be done at each stage, as packs name it: whose limit runs while a case stands there.
STEPS = {
    Stage.REPORTED: "verify", Stage.FILED: "dispatch", Stage.REOPENED: "dispatch", Stage.DISPATCHED: "accept",
    Stage.HANDLING: "handle", Stage.CHECKING: "check",
}  # fmt: skip
# More time that is granted before a case is handled is kept for then.
BEFORE_THE_CHECK = (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING)
# How much was noted of a turn that has run out: that its end was near, and that it has.
ENDED_RUNG = 2
CLOCK = ("spans", "alarm_at", "warned_at", "rung")
TURN = ("turn", "turn_due_at", "turn_alarm_at", "turn_rung")


class Timer(models.Model):
    """A case's clock: a limit and the spans it has lived; ``Case.due_at`` is the pure function of both.

    A span is kept as JSON: ``kind`` (running, paused, extended), ``since``, ``until`` (None: still), ``amount``.

    ``turn`` is the stage a case stands at, as JSON: ``stage``, ``entered``, and where the stage has a limit ``since``
    when it runs, its ``amount`` and ``clock``, and how much ``more`` of the whole's unit was granted. Each time a case
    comes to a stage the limit runs anew; a rest (parking) interrupts it.
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
    turn = models.JSONField(null=True)
    turn_due_at = models.DateTimeField(null=True)
    turn_alarm_at = models.DateTimeField(null=True)
    # How much was noted of the turn: 1 that its last part began, 2 that it ran out, and one more for each step up.
    turn_rung = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        # Literal conditions: a bound value would hide these indexes from SQLite.
        indexes = [
            models.Index(fields=["office", "alarm_at"], condition=Q(alarm_at__isnull=False), name="timer_alarm"),
            models.Index(
                fields=["alarm_at"], condition=Q(alarm_at__isnull=False, warned_at__isnull=False), name="timer_near"
            ),
            models.Index(
                fields=["office", "turn_alarm_at"], condition=Q(turn_alarm_at__isnull=False), name="timer_turn_alarm"
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
        if self.turn:
            self.turn = self.turn | {"more": self.turn.get("more", 0) + amount}
            self.set_turn_alarm(at)
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

    def enter(self, stage: str, at: datetime, kind: Kind, values: Mapping[str, Any]) -> None:
        """Let a case come to a stage, whose limit runs from now; unsaved. What has ended stands at none."""
        was, arrived = self.turn or {}, {"stage": stage, "entered": at.isoformat()}
        if stage == Stage.PARKED or (was.get("stage") == Stage.PARKED and "since" in was and stage not in ENDED):
            self.turn = was | arrived
        else:
            rule = None if stage in ENDED else kind.within(values, STEPS[Stage(stage)])
            limited = {"since": at.isoformat(), "amount": rule.limit.amount, "clock": rule.limit.clock} if rule else {}
            kept = {"more": was["more"]} if was.get("more") and stage in BEFORE_THE_CHECK else {}
            self.turn = None if stage in ENDED else arrived | limited | kept
            self.turn_rung = 0
        self.set_turn_alarm(at)

    @property
    def entered(self) -> datetime | None:
        """Since when the case stands at its stage, where that was kept."""
        return datetime.fromisoformat(self.turn["entered"]) if self.turn else None

    def turn_limit(self) -> Limit | None:
        """The limit that the stage was given when the case came to it."""
        turn = self.turn or {}
        return Limit(turn["amount"], Clock(turn["clock"])) if "amount" in turn else None

    def turn_due(self) -> Due | None:
        """By when the case is to leave its stage and why; None where the stage has no limit or the case rests."""
        ends, _announced = self._turn_ends()
        return ends

    def _turn_ends(self) -> tuple[Due | None, datetime | None]:
        """When the stage's limit runs out, and when its last part begins."""
        turn, limit = self.turn or {}, self.turn_limit()
        if limit is None or turn["stage"] == Stage.PARKED:
            return None, None
        pauses = [s for s in self._life if s.kind == "paused"]
        life = [Span("running", datetime.fromisoformat(turn["since"])), *pauses]
        ends = due(life, limit)
        if not turn.get("more") or turn["stage"] != Stage.HANDLING or ends.at is None:
            return ends, last_part(life, limit)
        more = Limit(turn["more"], Clock(self.clock))
        return ends.and_more(more, pauses), last_part([Span("running", ends.at), *pauses], more)

    def set_turn_alarm(self, at: datetime) -> None:
        """Set what is to be noted next of the stage, as it stands at ``at``; unsaved."""
        ends, announced = self._turn_ends()
        self.turn_due_at = ends.at if ends else None
        if ends is None or ends.at is None or announced is None:
            self.turn_alarm_at = None
            return
        if ends.at > at:
            self.turn_rung = min(self.turn_rung, int(announced <= at))
        self.turn_alarm_at = self.next_turn_alarm(announced)

    def next_turn_alarm(self, announced: datetime | None = None) -> datetime | None:
        """When the next thing is to be noted of the stage: its last part, its end, then each step up its ladder."""
        if self.turn_rung < ENDED_RUNG:
            return self.turn_due_at if self.turn_rung else announced
        limit, rung = self.stage_limit(), self.turn_rung - ENDED_RUNG
        if limit is None or self.turn_due_at is None or rung >= len(limit.ladder):
            return None
        rests = [s for s in self._life if s.kind == "paused"]
        return due([Span("running", self.turn_due_at), *rests], limit.ladder[rung].after).at

    def stage_limit(self) -> StageLimit | None:
        """What the kind says today of the time within which the stage is to be done."""
        stage = (self.turn or {}).get("stage")
        return self.case.kind.within(self.case.fields, STEPS[Stage(stage)]) if stage in STEPS else None


def _span(kept: dict[str, Any]) -> Span:
    since, until = (kept[end] and datetime.fromisoformat(kept[end]) for end in ("since", "until"))
    return Span(kept["kind"], since, until, kept["amount"])
