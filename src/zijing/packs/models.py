"""Which packs are applied, in which edition."""

from django.db import models


class Applied(models.Model):
    """A pack as it was last applied."""

    key = models.CharField(max_length=40, unique=True)
    edition = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.edition}"
