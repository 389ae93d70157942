"""How projects are ranked, and what a ranking proposes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Proposal
from zijing.projects.models.projects import Project


class RankingRule(models.Model):
    """The rules of a drive, from a pack: lights, how long a project may go without a report, who leads which level.

    ``led_by`` names for a level of project the roles whose posts lead it; ``contests`` are those of the pack's schema.
    """

    pack = models.CharField(max_length=40, unique=True)
    edition = models.CharField(max_length=20)
    green_points = models.DecimalField(max_digits=5, decimal_places=2, default=-2)
    yellow_points = models.DecimalField(max_digits=5, decimal_places=2, default=-10)
    report_limit_workdays = models.PositiveSmallIntegerField(default=1)
    naming_last = models.PositiveSmallIntegerField(default=3)
    on_site_weeks = models.PositiveSmallIntegerField(default=2)
    least_ranked = models.PositiveSmallIntegerField(default=5)
    led_by = models.JSONField(default=dict)
    contests = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.pack} {self.edition}"


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    """Reads of consequences."""

    def visible_to(self, actor: Actor) -> "ConsequenceQuerySet":
        return self.filter(project__in=Project.objects.visible_to(actor))


class Consequence(Proposal):
    """What a ranking proposes for a laggard. The software proposes; a person confirms or drops, with a reason."""

    class Type(models.TextChoices):
        NAMING = "naming", _("naming at the leaders' meeting")
        ON_SITE = "on_site", _("on-site working order")

    project = models.ForeignKey(Project, models.PROTECT, related_name="consequences")
    path = PathField(max_length=200)
    type = models.CharField(max_length=8, choices=Type.choices)
    week = models.DateField()
    grounds = models.JSONField(default=dict)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "type", "week"], name="proposed_once_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.week}"
