"""What is wrong: a case, the stages of its loop and each step it made."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.worktime import day_of
from zijing.people.models import Post, Unit
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
    handler = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(null=True)
    closed_on_time = models.BooleanField(null=True)
    # The closing of the same class and place that did not last: found by the clock after the filing.
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="comebacks", db_index=False, editable=False
    )
    exempt = models.CharField(max_length=12, blank=True, choices=Exempt.choices, default="", db_default="")
    # The case that stands for this one, which was voided as a double of it.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)

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
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged"),
            models.Index(
                fields=["place", "closed_at"], condition=Q(closed_at__isnull=False), name="case_closed_at_place"
            ),
            models.Index(
                fields=["follows", "kind", "happened_on"], condition=Q(follows__isnull=False), name="case_came_back"
            ),
        ]

    @property
    def due_day(self) -> date | None:
        return day_of(self.due_at) if self.due_at else None

    @property
    def standing(self) -> "Case":
        """The case that stands for this one: itself, or the one that it was merged into, however often."""
        case = self
        while case.merged_into is not None:
            case = case.merged_into
        return case

    def is_near(self, at: datetime) -> bool:
        """Whether it is open and in the last quarter of its limit, as the clock has noted."""
        alarm, ends = self.timer.alarm_at, self.due_at
        waits = alarm is not None and alarm > at and ends is not None and ends > at
        return self.closed_at is None and self.timer.warned_at is not None and waits


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
    # Of a move: since when the case stood at the stage it leaves, and by when it was to leave it.
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="step_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"
