"""Schedules: the works of a project and what each waits for, the days frozen and the days foreseen."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from zijing.people.access import Actor
from zijing.projects.models.projects import Building, Project, Stage
from zijing.records.models import in_language


class WorkTemplate(models.Model):
    """A row of works.csv of a pack: a work that every building, or the project as a whole, goes through."""

    template = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    work = models.CharField(max_length=40)
    work_zh = models.CharField(max_length=60)
    work_en = models.CharField(max_length=60)
    stage = models.CharField(max_length=40)
    part = models.CharField(max_length=10)
    days = models.PositiveSmallIntegerField(default=0)
    days_per_floor = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    days_per_flat = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    crew = models.CharField(max_length=40, blank=True)
    after = models.JSONField(default=list)
    halted_by = models.JSONField(default=list)
    pack = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "order"], name="one_work_row_per_order")]

    def __str__(self) -> str:
        return in_language(self.work_zh, self.work_en)


class WorkQuerySet(models.QuerySet["Work"]):
    """Reads of works: seen by whoever sees the project."""

    def visible_to(self, actor: Actor) -> "WorkQuerySet":
        return self.filter(project__in=Project.objects.visible_to(actor))


class Work(models.Model):
    """A work of a project's schedule. Days are calendar days without the stops that halt it; dates are first and last
    days. ``laid`` are the days it was laid out with, against which the reported pace is measured; ``slack`` the days it
    may slip before the promised date does, ``done`` the percent done of it.

    ``version`` grows with every change by a person, so that two at once are told.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="works")
    building = models.ForeignKey(Building, models.PROTECT, null=True, related_name="works")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="works")
    key = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField()
    laid = models.PositiveSmallIntegerField(null=True)
    crew = models.CharField(max_length=40, blank=True)
    size = models.PositiveSmallIntegerField(default=1)
    halted_by = models.JSONField(default=list)
    not_before = models.DateField(null=True)
    baseline_start = models.DateField(null=True)
    baseline_end = models.DateField(null=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    slack = models.SmallIntegerField(null=True)
    critical = models.BooleanField(default=False)
    done = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    objects = WorkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="one_work_per_key"),
            models.CheckConstraint(condition=Q(end__gte=F("start")) | Q(end=None), name="work_ends_after_start"),
            models.CheckConstraint(condition=Q(done__lte=100), name="work_done_is_percent"),
        ]

    def __str__(self) -> str:
        return in_language(self.title_zh, self.title_en)


class Dependency(models.Model):
    """What a work waits for, with the days between."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="waits_for")
    after = models.ForeignKey(Work, models.CASCADE, related_name="lets_begin")
    lag = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "after"], name="one_dependency_each"),
            models.CheckConstraint(condition=~Q(work=F("after")), name="work_waits_for_another"),
        ]

    def __str__(self) -> str:
        return f"{self.after_id} → {self.work_id}"


class Schedule(models.Model):
    """What is foreseen of a project: its last day, by how much that is late and why, the chance of its promised date.

    ``causes`` and ``reason`` hold facts that become words in the reader's language. ``gap`` is the percent by which the
    office's plan may at most be beaten; None when it was not searched for.
    """

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="schedule")
    planned_on = models.DateField(null=True)
    frozen_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    late_days = models.SmallIntegerField(default=0)
    causes = models.JSONField(default=list)
    chance = models.PositiveSmallIntegerField(null=True)
    reason = models.JSONField(default=dict)
    gap = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(chance__lte=100) | Q(chance=None), name="chance_is_percent")]

    def __str__(self) -> str:
        return str(self.project_id)

    def ends_after(self, day: date) -> bool:
        """Whether it is foreseen to end after a day."""
        return self.ends_on is not None and self.ends_on > day
