"""Values over time: what was stated, what was planned for each period, how others stood."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.commitments.models.commitments import Commitment
from zijing.people.access import Actor
from zijing.people.models import Post


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements."""

    def visible_to(self, actor: Actor) -> "StatementQuerySet":
        """Those of the commitments within sight."""
        return self.filter(commitment__in=Commitment.objects.visible_to(actor))


class Statement(models.Model):
    """A dated value stated for a commitment where no figure counts it.

    Expected (before the books are closed) or actual, never both in one; ``note`` says why it stands there. Evidence is
    attached to it; what it said before it was corrected is kept in ``corrections``.
    """

    class Status(models.TextChoices):
        EXPECTED = "expected", _("expected")
        ACTUAL = "actual", _("actual")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="statements")
    period = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    status = models.CharField(max_length=8, choices=Status.choices)
    stated_at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "period", "status"], name="one_statement_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.period}: {self.value}"

    @property
    def path(self) -> str:
        """Where its commitment lies: the journal keeps it there."""
        return self.commitment.path


class Correction(models.Model):
    """What a statement said until ``at``, and why it was stated anew. Only ever added to."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="corrections")
    old_value = models.DecimalField(max_digits=18, decimal_places=4)
    new_value = models.DecimalField(max_digits=18, decimal_places=4)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.old_value} → {self.new_value}"


class Waypoint(models.Model):
    """What is planned to have been reached at the end of a period: one point of a commitment's curve."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="waypoints")
    period = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "period"], name="one_waypoint_per_period")]

    def __str__(self) -> str:
        return f"{self.period}: {self.value}"


class Benchmark(models.Model):
    """How others stood with the same indicator: the county's average, another office; stated by hand, with a source."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="benchmarks")
    period = models.DateField()
    whose = models.CharField(max_length=60)
    average = models.BooleanField(default=False)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=120, blank=True)
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "period", "whose"], name="one_benchmark_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.whose} {self.period}: {self.value}"
