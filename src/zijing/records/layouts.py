"""How the sheets of a ledger are laid out by whoever sends them."""

from django.db import models

from zijing.places.models import Place


class Layout(models.Model):
    """The columns of the sheet last imported into a ledger, in its order: each heading, and the field's key or ""."""

    office = models.ForeignKey(Place, models.CASCADE, related_name="+")
    ledger = models.CharField(max_length=40)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "ledger"], name="one_layout_of_a_ledger")]

    def __str__(self) -> str:
        return self.ledger
