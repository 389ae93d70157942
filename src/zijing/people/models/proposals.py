"""What a rule proposes for somebody and a person decides on, with a reason: the shape every such consequence has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.people.models.duties import Post


class Proposal(models.Model):
    """Proposed by the software; a person confirms or drops it, and may lift what was confirmed. Each with a reason."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")
        LIFTED = "lifted", _("lifted")

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
