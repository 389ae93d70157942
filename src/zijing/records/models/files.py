"""Files, what they belong to, and the log of looks at personal values."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Account, Post
from zijing.places.models import under


class File(models.Model):
    """A file, kept once under its digest."""

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Attachment(models.Model):
    """A file's part in a record."""

    class Part(models.TextChoices):
        NEAR = "near", _("near view")
        FAR = "far", _("far view")
        BEFORE = "before", _("before")
        AFTER = "after", _("after")
        DOCUMENT = "document", _("document")

    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=10, choices=Part.choices)
    name = models.CharField(max_length=120, blank=True)
    attached_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject")]

    def __str__(self) -> str:
        return f"{self.part} of {self.subject_type}:{self.subject_id}"


class LookQuerySet(models.QuerySet["Look"]):
    """Reads of the log of looks."""

    def visible_to(self, actor: Actor) -> "LookQuerySet":
        """Those at records of the actor's office; who may read the log at all is a right."""
        return self.filter(under(actor.office_path))


class Look(models.Model):
    """Somebody looked at personal values of a record, and why. Only ever added to: the database refuses changes."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    path = PathField(max_length=200)
    fields = models.JSONField(default=list)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="look_at_subject"),
            models.Index(fields=["path", "at"], name="look_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.at}"
