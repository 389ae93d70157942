"""Which packs are applied, in which edition, and which offices have taken them over."""

from django.db import models

from zijing.people.access import Actor
from zijing.places.models import Place, under


class Applied(models.Model):
    """A pack as it was last applied to the installation: the kinds, roles and figures all its offices share."""

    key = models.CharField(max_length=40, unique=True)
    edition = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.edition}"


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Reads of adoptions: an office's are seen inside it, and by its county."""

    def visible_to(self, actor: Actor) -> "AdoptionQuerySet":
        return self.filter(under(actor.office_path, "office__path"))


class Adoption(models.Model):
    """An office has a pack: its rhythms run there, and its journal says since when and in which edition."""

    pack = models.ForeignKey(Applied, models.PROTECT, related_name="adoptions")
    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "office"], name="one_adoption_per_office")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.edition} @ {self.office_id}"
