"""How long a form takes: noted by its page in seconds, kept as counts, read as a median."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.records.models import Filling, Kind

# Upper ends of the buckets in seconds. What takes longer than an hour was not filled in, but left open.
BUCKETS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600)
MOST_FIELDS = 200


def note_filling(
    *, actor: Actor, at: datetime, kind: Kind | None, seconds: int, fields: int, paper: str = ""
) -> None:  # fmt: skip
    """Count a form that was filled in, of a kind or of documents (the key of the ``paper``).

    No journal entry: it is no fact of the office, and names nobody.
    """
    if not 0 < seconds <= BUCKETS[-1] or not 0 <= fields <= MOST_FIELDS:
        raise Invalid(_("A form takes between a second and an hour."))
    bucket = next(end for end in BUCKETS if seconds <= end)
    with act(actor, at):
        counted, _new = Filling.objects.get_or_create(
            office_id=actor.office_id, kind=kind, paper=paper, day=day_of(at), seconds=bucket
        )  # fmt: skip
        Filling.objects.filter(pk=counted.pk).update(n=F("n") + 1, fields=F("fields") + fields)


def times_of_kinds(actor: Actor, since: date) -> defaultdict[int, dict[int, int]]:
    """How often the form of each kind took so many seconds, after a day, within sight."""
    return _times(actor, since, "kind")


def times_of_papers(actor: Actor, since: date) -> defaultdict[str, dict[int, int]]:
    """The same of each form of documents, by its key."""
    return _times(actor, since, "paper")


def _times(actor: Actor, since: date, by: str) -> Any:
    found = defaultdict[Any, dict[int, int]](dict)
    rows = Filling.objects.visible_to(actor).filter(day__gt=since, kind__isnull=by == "paper")
    for key, seconds, n in rows.values_list(by, "seconds").annotate(total=Sum("n")):
        found[key][seconds] = n
    return found


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
