"""What exists: one row per enterprise, project, building or yard; its identity, whatever else is known of it."""

from django.db import models

from zijing.records.models import Record


class Entry(Record):
    """A ledger entry. ``subject`` is the entry it is part of (a building's project)."""

    seen_through = (("registers.entry", "subject_id"),)

    subject = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")

    class Meta(Record.Meta):
        pass
