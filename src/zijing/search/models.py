"""What can be found by its words: an index beside the records, following the journal. It can be thrown away."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField


class Group(models.TextChoices):
    """What kind of thing is found; the order is that of the results."""

    PLACE = "p", _("places")
    PEOPLE = "u", _("units and posts")
    REGISTER = "r", _("ledgers")
    CASE = "c", _("cases")
    COMMITMENT = "m", _("commitments")
    ACTIVITY = "a", _("work records")


class Document(models.Model):
    """A thing and its words. Never personal data, never anything of a restricted kind."""

    label = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    group = models.CharField(max_length=1, choices=Group.choices)
    kind = models.CharField(max_length=40)
    path = PathField(max_length=200)
    title = models.CharField(max_length=120)
    code = models.CharField(max_length=130, blank=True)
    words = models.TextField()

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "subject"], name="one_document_per_subject")]

    def __str__(self) -> str:
        return self.title
