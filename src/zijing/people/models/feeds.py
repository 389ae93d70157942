"""The private address of a calendar: who reads by it reads what a post sees now, and nothing else."""

from typing import Any

from django.db import models
from django.db.models import Q

from zijing.people.models.duties import Holding
from zijing.places.models import Sighted, under


class FeedQuerySet(models.QuerySet[Any]):
    """Reads of calendar addresses."""

    def visible_to(self, actor: Sighted) -> "FeedQuerySet":
        return self.filter(under(actor.office_path, "holding__post__place__path"))


class Feed(models.Model):
    """A calendar address of a holding; only a digest of its key is kept, so that it is shown once.

    ``asked`` requests came by it in the hour that began at ``hour`` (real time).
    """

    digest = models.CharField(max_length=64, unique=True)
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="feeds")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    hour = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holding"], condition=Q(revoked_at=None), name="one_feed_of_a_holding"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id}"
