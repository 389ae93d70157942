"""What is asked about a case: pleas that another post decides, and shares that other units answer for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.cases.models.case import Case
from zijing.people.models import Post, Unit


class Plea(models.Model):
    """What the unit that answers for a case asks for, and another post decides (延期, 挂账, 申诉, 不合理诉求)."""

    class Matter(models.TextChoices):
        EXTENSION = "extension", _("more time")
        PARKING = "parking", _("parking")
        APPEAL = "appeal", _("appeal")
        EXCLUSION = "exclusion", _("unreasonable demand")

    case = models.ForeignKey(Case, models.CASCADE, related_name="pleas")
    matter = models.CharField(max_length=12, choices=Matter.choices)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    # How much more time, in the limit's own unit; until which day it is to be parked.
    amount = models.PositiveSmallIntegerField(null=True)
    until = models.DateField(null=True)
    # The document that shows it, by its number, where none is added to the case.
    reference = models.CharField(max_length=120, blank=True, default="", db_default="")
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "matter"], condition=Q(granted=None), name="one_plea_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.matter}"


class Share(models.Model):
    """What an assisting unit answers for in a case handled jointly (联合执法)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    task = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "unit"], condition=Q(answered_at=None), name="one_share_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"
