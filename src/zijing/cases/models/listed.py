"""Lists of leaders (挂牌督办): what stands on them, why, until when, and what is reported on it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zijing.core.worktime import DAY, OPENING, ZONE, day_of
from zijing.people.models import Post
from zijing.places.models import Place
from zijing.records.models import Record


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Reads of lists; who sees what stands on them is asked of the records themselves."""

    def of(self, record: Record) -> Self:
        """Those of one record, the earliest first."""
        return self.filter(subject_type=record._meta.label_lower, subject_id=record.pk).order_by("pk")

    def standing(self) -> Self:
        """Those not struck off."""
        return self.filter(struck_off_at=None)


class Supervision(models.Model):
    """A case, project or commitment on a leader's list: listed at a level with a limit, struck off by that level.

    ``every``: after so many days each whoever answers for it reports how it goes; None for no reports. ``alarm_at`` is
    when the clock next has something to say of it.
    """

    class Board(models.TextChoices):
        """Whose list it is."""

        OFFICE = "office", _("office list")
        COUNTY = "county", _("county list")

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=Board.choices)
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    until = models.DateField()
    every = models.PositiveSmallIntegerField(null=True)
    public = models.BooleanField(default=False, db_default=False)
    alarm_at = models.DateTimeField(null=True)
    strike_reason = models.CharField(max_length=500, blank=True)
    struck_off_at = models.DateTimeField(null=True)
    struck_off_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "level"],
                condition=Q(struck_off_at=None),
                name="listed_once_per_level",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "subject_type"], name="supervision_of_subject"),
            models.Index(fields=["office", "alarm_at"], condition=Q(alarm_at__isnull=False), name="supervision_alarms"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.level}"

    @cached_property
    def subject(self) -> Record:
        """What is listed; whether the reader may see it has been asked before."""
        return self.told_of(self.subject_type, [self.subject_id])[self.subject_id]

    @staticmethod
    def told_of(label: str, ids: Collection[int], rows: Any = None) -> dict[int, Record]:
        """Records of one type by their ids with what a line says of them, of ``rows`` if only those may be seen."""
        found = apps.get_model(label)._default_manager.all() if rows is None else rows
        told = found.filter(pk__in=ids).select_related("kind", "subject", "unit", "place")
        return {record.pk: record for record in told}

    def due_day(self, day: date) -> date:
        """The first day from ``day`` on by which a report is due; only where reports are asked for."""
        return self._begins + timedelta(days=self._turn(day) * (self.every or 1))

    def due_on(self, today: date) -> date | None:
        """By when the next report is due; None where none is asked for or what is listed has ended."""
        if not self.every or self.struck_off_at or self.subject.closed_at:
            return None
        due = self.due_day(today)
        return due + timedelta(days=self.every) if self.is_reported(due) else due

    def wanted_on(self, today: date, reported_at: datetime | None) -> date | None:
        """By which day, today or gone, a report is still waited for, after the last one that came; only where reports
        are asked for. What was missed is waited for until the next report comes.
        """
        due, said = self.due_day(today), reported_at and self.due_day(day_of(reported_at))
        before = due - timedelta(days=self.every or 1)
        if due == said or (due > today and before in {said, self._begins}):
            return None
        return due if due == today else before

    def missed(self, today: date) -> list[date]:
        """The days by which a report was due and none came, until it was struck off or what is listed ended."""
        ended = [day_of(at) for at in (self.struck_off_at, self.subject.closed_at) if at]
        until, due = min([today, *ended]), self.due_day(self._begins)
        found = []
        while self.every and due < until:
            found += [] if self.is_reported(due) else [due]
            due += timedelta(days=self.every)
        return found

    def is_reported(self, due: date) -> bool:
        """Whether a report came in the days before ``due`` that belong to it, or on that day."""
        return any(self.due_day(day_of(report.at)) == due for report in self.reports.all())

    def is_due(self, day: date) -> bool:
        """Whether a report is due by this very day."""
        return bool(self.every) and day > self._begins and self.due_day(day) == day

    def next_alarm(self, after: datetime) -> datetime | None:
        """When the clock next speaks of it: in the morning of a day by which a report is due, and of the day after it
        or after the last day of the limit.
        """
        day = day_of(after) if after < _morning(day_of(after)) else day_of(after) + DAY
        days = [self.until + DAY]
        if self.every:
            days += [self.due_day(day), self.due_day(day - DAY) + DAY]
        return min((_morning(d) for d in days if d >= day), default=None)

    @property
    def _begins(self) -> date:
        return day_of(self.listed_at)

    def _turn(self, day: date) -> int:
        """Which report, counted from one, a day belongs to."""
        return max(1, -(-(day - self._begins).days // (self.every or 1)))


def _morning(day: date) -> datetime:
    return datetime.combine(day, OPENING, ZONE)


class SupervisionReport(models.Model):
    """How it goes with what stands on a list, said by whoever answers for it."""

    supervision = models.ForeignKey(Supervision, models.CASCADE, related_name="reports")
    said = models.CharField(max_length=500)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["supervision", "at"], name="report_on_supervision")]

    def __str__(self) -> str:
        return f"{self.supervision_id} {self.at}"
