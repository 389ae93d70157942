"""The one table."""

from django.db import models


class Note(models.Model):
    """A row as plain as a row can be."""

    text = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text
