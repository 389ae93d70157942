"""Plans in prose that were read: the paper, and the drafts a person accepts, changes, merges or drops."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.commitments.models.commitments import Commitment, Sort
from zijing.commitments.reading.families import FAMILIES
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.places.models import Place

MAY_READ = "commitments.write"
"""Whoever may keep commitments may have a plan read: what comes of it are commitments."""


class PaperQuerySet(models.QuerySet["Paper"]):
    """Reads of papers."""

    def visible_to(self, actor: Actor) -> "PaperQuerySet":
        """Those of the actor's own office, for whoever may keep commitments there."""
        return self.filter(office=actor.office_id) if actor.may(MAY_READ) else self.none()


class Paper(models.Model):
    """A plan, speech or notice as text. ``year`` is that of days without one; ``root`` what its drafts hang under."""

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    kept_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    root = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField(unique=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "-id"], name="paper_of_office")]

    def __str__(self) -> str:
        return self.title


class DraftQuerySet(models.QuerySet["Draft"]):
    """Reads of drafts."""

    def visible_to(self, actor: Actor) -> "DraftQuerySet":
        """Those of the papers the actor may read."""
        return self.filter(paper__office=actor.office_id) if actor.may(MAY_READ) else self.none()


class Draft(models.Model):
    """What the reader found at ``start:end`` of its paper, as people left it; ``found`` is what the reader said first.

    ``bound`` and ``recurrence`` are those of ``reading.Candidate``. ``revision`` counts the changes.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to decide")
        ACCEPTED = "accepted", _("accepted")
        DROPPED = "dropped", _("dropped")
        MERGED = "merged", _("merged")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="drafts")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    object = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=12, blank=True)
    bound = models.CharField(max_length=5, blank=True)
    deadline = models.DateField(null=True)
    recurrence = models.CharField(max_length=10, blank=True)
    owner = models.CharField(max_length=60, blank=True)
    sort = models.CharField(max_length=9, choices=Sort.choices)
    family = models.CharField(max_length=20)
    strength = models.CharField(max_length=4)
    reasons = models.CharField(max_length=120, blank=True)
    found = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)
    into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    commitment = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["paper", "state", "id"], name="draft_to_decide")]

    def __str__(self) -> str:
        return self.title

    @property
    def family_title(self) -> str:
        """The family in words; one of another version stands as it was kept."""
        return str(FAMILIES.get(self.family, self.family))
