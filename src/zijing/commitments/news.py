"""Whom a reminder of a value concerns, so that they are told: posts and units, never persons."""

from collections.abc import Sequence

from zijing.commitments.models import Commitment
from zijing.commitments.queries.indicators import ANSWERING
from zijing.commitments.queries.trees import holders_of
from zijing.core.worktime import day_of
from zijing.journal.following import Entry
from zijing.outbox.messages import Concern, Concerned


def concerned(entries: Sequence[Entry]) -> Concerned:
    """Those who lead or share each commitment on the day; its unit where nobody does."""
    units = dict(Commitment.objects.filter(pk__in={e.subject_id for e in entries}).values_list("pk", "unit"))
    by_day = {day: holders_of(list(units), day) for day in {day_of(e.happened_at) for e in entries}}
    found: dict[int, Concern] = {}
    for entry in entries:
        held = by_day[day_of(entry.happened_at)].get(entry.subject_id, [])
        answering = [h for h in held if h.part in ANSWERING]
        unit = units.get(entry.subject_id)
        alone = [unit] if unit and not answering else []
        found[entry.seq] = Concern(
            [h.post for h in answering if h.post], [*(h.unit for h in answering if h.unit), *alone]
        )
    return found
