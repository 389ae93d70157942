"""What exists: one row per enterprise, project, building or yard; its identity, whatever else is known of it."""

from django.db import models

from zijing.records.models import Record, ledger_indexes


class Entry(Record):
    """A ledger entry. ``subject`` is the entry it is part of (a building's project); ``merged_into`` the entry that
    turned out to be the same thing and is kept; ``ended_because`` why it is out of use or was merged.
    """

    seen_through = (("registers.entry", "subject_id"),)

    subject = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="doubles")
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        indexes = [*Record.Meta.indexes, *ledger_indexes("entry")]
