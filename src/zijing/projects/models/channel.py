"""The green channel (绿色通道): projects that come first for a time, who put them there and why."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.projects.models.projects import Project


class GreenChannelQuerySet(models.QuerySet["GreenChannel"]):
    """Reads of the green channel: seen by whoever sees the project."""

    def visible_to(self, actor: Actor) -> "GreenChannelQuerySet":
        return self.filter(project__in=Project.objects.visible_to(actor))

    def standing(self) -> "GreenChannelQuerySet":
        """What nobody has ended, also what is to begin."""
        return self.filter(until=None)

    def in_force(self, on: date) -> "GreenChannelQuerySet":
        """What counts on a day."""
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class GreenChannel(models.Model):
    """A time for which a project comes first: from ``since`` on, and not any more from ``until`` on."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="channels")
    since = models.DateField()
    reason = models.CharField(max_length=500)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    objects = GreenChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(until=None), name="one_green_channel_at_a_time"),
            models.CheckConstraint(
                condition=Q(until=None, ended_at=None) | Q(until__isnull=False, ended_at__isnull=False),
                name="green_channel_ends_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.since}"


def in_green_channel(on: date) -> Exists:
    """Whether a project is in the green channel on a day, as a column of a query of projects."""
    return Exists(GreenChannel.objects.in_force(on).filter(project=OuterRef("pk")))
