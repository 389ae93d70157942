"""The append-only journal: what happened, chained by digests, refused UPDATE and DELETE by the database itself."""

from typing import Any

from django.db import models


class PathField(models.CharField):
    """A place path ("/1/5/12/") compared byte by byte on every database, so that a prefix is an index range."""

    def db_type(self, connection: Any) -> str | None:
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


class JournalEntry(models.Model):
    """One change of state. Personal data and free text never enter, not even hashed."""

    office = models.BigIntegerField()
    seq = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    post = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    path = PathField(max_length=200)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    algorithm = models.CharField(max_length=10)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "seq"], name="one_entry_per_seq")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="journal_of_subject"),
            models.Index(fields=["office", "happened_at"], name="journal_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.office}/{self.seq} {self.verb}"


class ChainHead(models.Model):
    """The last entry of an office's chain; locked last of all in an act, so that acts queue only for the hashing."""

    office = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.office}@{self.seq}"


class Bookmark(models.Model):
    """The entry of an office's chain up to which a follower (the search index, the messages) has read."""

    reader = models.CharField(max_length=20)
    office = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "office"], name="one_bookmark_per_reader")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.office}@{self.seq}"


class Receipt(models.Model):
    """The answer given to a client-made id, so that repeating a request changes nothing and returns the same."""

    account = models.BigIntegerField()
    client_id = models.UUIDField()
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "client_id"], name="one_answer_per_client_id")]

    def __str__(self) -> str:
        return str(self.client_id)
