"""Daily reports of projects."""

from django.db import models
from django.db.models import Q

from zijing.activities.models import Activity
from zijing.people.access import Actor
from zijing.projects.models.projects import Project, Stage


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads of daily reports: seen by whoever sees the project."""

    def visible_to(self, actor: Actor) -> "ReportQuerySet":
        return self.filter(project__in=Project.objects.visible_to(actor))


class Report(models.Model):
    """What a daily report says of a stage: the share done until that day. A withdrawn report is ``void``."""

    activity = models.OneToOneField(Activity, models.PROTECT, primary_key=True, related_name="report")
    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="reports")
    day = models.DateField()
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    crew = models.PositiveIntegerField(null=True)
    void = models.BooleanField(default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-day"], condition=Q(void=False), name="report_latest_of_stage"),
            models.Index(fields=["project", "-day"], condition=Q(void=False), name="report_latest_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.day}"
