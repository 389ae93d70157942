"""How long forms take to be filled: counts in buckets, by office, kind and day; nobody is named."""

from typing import Self

from django.db import models

from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models.record import Kind


class FillingQuerySet(models.QuerySet["Filling"]):
    """Reads of how long forms take."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's office, and of the offices a county sees: no row tells of a person."""
        return self.filter(under(actor.office_path, "office__path"))


class Filling(models.Model):
    """How many forms of a kind were filled in on a day within ``seconds`` (the upper end of a bucket).

    Of a form of documents its key is the ``paper`` and there is no kind. With how many ``fields`` altogether. What was
    written, by whom and at what hour is not kept.
    """

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    kind = models.ForeignKey(Kind, models.CASCADE, null=True, related_name="+")
    paper = models.CharField(max_length=40, blank=True, default="", db_default="")
    day = models.DateField()
    seconds = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField(default=0)
    fields = models.PositiveIntegerField(default=0)

    objects = FillingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "day", "seconds"], name="one_count_of_fillings"),
            models.UniqueConstraint(
                fields=["office", "paper", "day", "seconds"], condition=models.Q(kind=None), name="one_count_of_papers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id or self.paper} {self.day} {self.seconds}"
