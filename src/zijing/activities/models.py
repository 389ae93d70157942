"""What was done: reports, patrols, visits, inspections, meetings."""

from django.db import models

from zijing.records.models import Record, day_indexes, has_its_day
from zijing.registers.models import Entry


class Activity(Record):
    """A work record about a ledger entry. Withdrawn ones stay, with stage ``withdrawn``, and count nowhere.

    What was done was done where it was: it stays there when the place moves.
    """

    follows_its_place = False

    seen_through = (("registers.entry", "subject_id"),)

    subject = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="activities", db_index=False)

    class Meta(Record.Meta):
        constraints = [*Record.Meta.constraints, has_its_day("activity")]
        indexes = [
            *Record.Meta.indexes,
            *day_indexes("activity"),
            models.Index(fields=["subject", "kind", "happened_on"], name="activity_of_subject"),
        ]
