"""The stamps of what changes seldom and is read with every request."""

from django.db import models


class Stamp(models.Model):
    """A number that changes whenever a row of its tables does: the database's own triggers see to it.

    What was read under a stamp is still true while the stamp is the same, in every process, whoever wrote.
    """

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
