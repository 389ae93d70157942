"""Key projects: type and dates, dated stages with weights, buildings, daily reports, consequences of rankings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.activities.models import Activity
from zijing.commitments.models import Commitment
from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.records.models import in_language
from zijing.registers.models import Entry


class ProjectQuerySet(models.QuerySet["Project"]):
    """Reads of projects: a project is seen by whoever sees its ledger entry."""

    def visible_to(self, actor: Actor) -> "ProjectQuerySet":
        return self.filter(entry__in=Entry.objects.visible_to(actor))


class Project(models.Model):
    """What the ledger entry of a project needs columns for: type, our part in it, dates, who leads."""

    class Type(models.TextChoices):
        HOUSING = "housing", _("resettlement housing")
        COMMERCIAL = "commercial", _("commercial and property")
        MUNICIPAL = "municipal", _("municipal key project")

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="project")
    type = models.CharField(max_length=12, choices=Type.choices)
    started_on = models.DateField(null=True)
    promised_on = models.DateField()
    year_plan_fen = models.BigIntegerField(default=0)
    leader = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["type"], name="project_type")]

    def __str__(self) -> str:
        return self.entry.title


class Stage(models.Model):
    """A stage of a project with its weight and planned days; the promise itself is the milestone."""

    milestone = models.OneToOneField(Commitment, models.PROTECT, primary_key=True, related_name="stage_of")
    project = models.ForeignKey(Project, models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    planned_start = models.DateField()
    planned_end = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "order"], name="one_stage_per_order"),
            models.CheckConstraint(
                condition=Q(planned_end__gte=models.F("planned_start")), name="stage_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="weight_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.order}"


class Building(models.Model):
    """A building of a project."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="building")
    project = models.ForeignKey(Project, models.PROTECT, related_name="buildings")
    floors = models.PositiveSmallIntegerField(null=True)
    flats = models.PositiveIntegerField(default=0)
    topped_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.entry_id)


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


class StageTemplate(models.Model):
    """A row of a stage template of a pack: what a type of project goes through, and with which weight."""

    template = models.CharField(max_length=40)
    template_zh = models.CharField(max_length=60)
    template_en = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=40)
    stage_zh = models.CharField(max_length=60)
    stage_en = models.CharField(max_length=60)
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    unit = models.CharField(max_length=12, blank=True)
    pack = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "order"], name="one_template_row_per_order")]

    def __str__(self) -> str:
        return in_language(self.stage_zh, self.stage_en)


class RankingRule(models.Model):
    """The limits of a weekly ranking, from a pack: lights, and how long a project may go without a report."""

    pack = models.CharField(max_length=40, unique=True)
    edition = models.CharField(max_length=20)
    green_points = models.DecimalField(max_digits=5, decimal_places=2, default=-2)
    yellow_points = models.DecimalField(max_digits=5, decimal_places=2, default=-10)
    report_limit_workdays = models.PositiveSmallIntegerField(default=1)
    naming_last = models.PositiveSmallIntegerField(default=3)
    on_site_weeks = models.PositiveSmallIntegerField(default=2)
    least_ranked = models.PositiveSmallIntegerField(default=5)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.pack} {self.edition}"


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    """Reads of consequences."""

    def visible_to(self, actor: Actor) -> "ConsequenceQuerySet":
        return self.filter(project__in=Project.objects.visible_to(actor))


class Consequence(models.Model):
    """What a ranking proposes for a laggard. The software proposes; a person confirms or drops, with a reason."""

    class Type(models.TextChoices):
        NAMING = "naming", _("naming at the leaders' meeting")
        ON_SITE = "on_site", _("on-site working order")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")
        LIFTED = "lifted", _("lifted")

    project = models.ForeignKey(Project, models.PROTECT, related_name="consequences")
    path = PathField(max_length=200)
    type = models.CharField(max_length=8, choices=Type.choices)
    week = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    grounds = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "type", "week"], name="proposed_once_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.week}"
