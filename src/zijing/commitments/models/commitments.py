"""What was promised: goals, indicators, tasks, milestones, duties, and what has been stated about them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.records.models import Record, ledger_indexes
from zijing.registers.models import Entry


class Commitment(Record):
    """A promise: how much, until when. ``quantity`` is the target; ``deadline`` the last day."""

    class Bound(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")
        MORE = "gt", _("more than")
        EXACTLY = "eq", _("exactly")

    seen_through = (("registers.entry", "subject_id"),)

    subject = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="commitments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    deadline = models.DateField(null=True)
    figure = models.CharField(max_length=60, blank=True)

    class Meta(Record.Meta):
        indexes = [
            *Record.Meta.indexes,
            *ledger_indexes("commitment"),
            models.Index(fields=["deadline"], name="commitment_deadline"),
        ]


class Statement(models.Model):
    """A dated value stated for a commitment where no figure counts it: expected or actual, never both in one."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("expected")
        ACTUAL = "actual", _("actual")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="statements")
    period = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    status = models.CharField(max_length=8, choices=Status.choices)
    stated_at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "period", "status"], name="one_statement_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.period}: {self.value}"
