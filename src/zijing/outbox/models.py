"""Work that falls due by the clock: an office's rhythms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.places.models import Place


class Rhythm(models.Model):
    """A task an office repeats every working day, week or month at a time of day; data of a pack."""

    class Every(models.TextChoices):
        WORKDAY = "workday", _("working day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    office = models.ForeignKey(Place, models.CASCADE, related_name="rhythms")
    key = models.CharField(max_length=40)
    task = models.CharField(max_length=60)
    every = models.CharField(max_length=8, choices=Every.choices)
    on = models.CharField(max_length=12, blank=True)
    at = models.TimeField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=40)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="one_rhythm_per_key")]
        indexes = [models.Index(fields=["office", "next_at"], name="rhythm_due")]

    def __str__(self) -> str:
        return self.title_zh


class Pulse(models.Model):
    """When a part of the machinery last did its work, and last failed at it; in real time, never an office's clock.

    ``every`` is how often it is expected to succeed; without one it only happens when somebody asks for it. ``office``
    is empty for what serves the whole installation.
    """

    class State(models.TextChoices):
        WELL = "well", _("working")
        FAILING = "failing", _("failing")
        SILENT = "silent", _("silent")

    name = models.CharField(max_length=40)
    office = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    every = models.DurationField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "office"], name="one_pulse_per_office"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(office=None), name="one_pulse_of_the_installation"
            ),
        ]

    def __str__(self) -> str:
        return self.name
