"""How long a form takes: noted by its page in seconds, kept as counts, read as a median."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.records.models import Filling, Kind

# Upper ends of the buckets in seconds. What takes longer than an hour was not filled in, but left open.
BUCKETS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600)
MOST_FIELDS = 200


def note_filling(*, actor: Actor, at: datetime, kind: Kind, seconds: int, fields: int) -> None:
    """Count a form that was filled in. No journal entry: it is no fact of the office, and names nobody."""
    if not 0 < seconds <= BUCKETS[-1] or not 0 <= fields <= MOST_FIELDS:
        raise Invalid(_("A form takes between a second and an hour."))
    bucket = next(end for end in BUCKETS if seconds <= end)
    with act(actor, at):
        counted, _new = Filling.objects.get_or_create(
            office_id=actor.office_id, kind=kind, day=day_of(at), seconds=bucket
        )  # fmt: skip
        Filling.objects.filter(pk=counted.pk).update(n=F("n") + 1, fields=F("fields") + fields)


def median_of(counts: Mapping[int, int]) -> Decimal | None:
    """The median seconds of counts by bucket, taken evenly within its bucket; None without any."""
    total = sum(counts.values())
    if not total:
        return None
    half, before, low = Decimal(total) / 2, 0, 0
    for end in BUCKETS:
        n = counts.get(end, 0)
        if n and before + n >= half:
            return low + (half - before) / n * (end - low)
        before, low = before + n, end
    raise ValueError("counts of buckets that do not exist")
