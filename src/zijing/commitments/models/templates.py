"""What is promised again and again: an order for every entry of a register that a filter finds."""

from django.db import models

from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models import Kind


class TemplateQuerySet(models.QuerySet["OrderTemplate"]):
    """Reads of templates."""

    def visible_to(self, actor: Actor) -> "TemplateQuerySet":
        """Those of the actor's office, and of the offices below a county."""
        return self.filter(under(actor.office_path, "office__path"))


class OrderTemplate(models.Model):
    """An order to be given at once to many: of every entry of ``register`` that ``query`` finds, one ``kind`` record.

    ``title`` may hold "{}" for the entry's name; ``days`` is the time from the day it is given; ``query`` has the
    grammar of lists (``records.filters``).
    """

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+")
    register = models.ForeignKey(Kind, models.PROTECT, related_name="+")
    query = models.CharField(max_length=500, blank=True)
    days = models.PositiveSmallIntegerField()
    standard = models.CharField(max_length=300, blank=True)
    deliverable = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=120, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "title"], name="one_template_of_a_title")]

    def __str__(self) -> str:
        return self.title
