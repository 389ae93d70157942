"""Key projects: type and dates, dated stages with weights, buildings."""

from django.db import models
from django.db.models import Q

from zijing.commitments.models import Commitment
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.records.kinds import find_kind
from zijing.records.models import in_language
from zijing.registers.models import Entry


def titles_of(field: str) -> dict[str, str]:
    """The choices of a field of the pack's kind of project, with what each is called; none where no pack has it."""
    kind = find_kind("project")
    found = kind.by_key.get(field) if kind else None
    return found.titles if found else {}


class ProjectQuerySet(models.QuerySet["Project"]):
    """Reads of projects: a project is seen by whoever sees its ledger entry."""

    def visible_to(self, actor: Actor) -> "ProjectQuerySet":
        return self.filter(entry__in=Entry.objects.visible_to(actor))


class Project(models.Model):
    """What the ledger entry of a project needs columns for: type, level, dates, who leads.

    Types and levels are the choices that the pack's kind of project names.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="project")
    type = models.CharField(max_length=40)
    level = models.CharField(max_length=40, default="", db_default="")
    started_on = models.DateField(null=True)
    promised_on = models.DateField()
    year_plan_fen = models.BigIntegerField(default=0)
    leader = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["type"], name="project_type")]

    def __str__(self) -> str:
        return self.entry.title

    @property
    def type_title(self) -> str:
        """What the pack calls the type."""
        return titles_of("type").get(self.type, self.type)

    @property
    def level_title(self) -> str:
        """What the pack calls the level, "" for none."""
        return titles_of("level").get(self.level, self.level)


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
