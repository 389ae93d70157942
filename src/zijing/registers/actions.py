"""Verbs on ledger entries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.writing import Put, moved, put, revise
from zijing.registers.models import Entry
from zijing.registers.queries import where_their_subject_lies

RETIRED = "retired"


def put_entries(*, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]], place: Place) -> list[Put]:
    """Create or change entries of a ledger by business key; repeating changes nothing. ``rows`` hold cleaned values."""
    require(actor, "registers.write")
    with act(actor, at) as a:
        results = put(
            a, Entry, kind=kind, actor=actor, rows=rows, place=place, verb="registers.entry",
            make=where_their_subject_lies(kind, rows),
        )  # fmt: skip
        touch(a, *moved(results))
        return results


def correct_entry(
    *, actor: Actor, at: datetime, entry: Entry, values: Mapping[str, Any], seen: int | None = None
) -> bool:
    """Change an entry's values; False when nothing differs. ``Conflict`` when it changed since revision ``seen``."""
    require(actor, "registers.write")
    with act(actor, at) as a:
        touch(a, entry)
        changed = revise(a, entry, values, "registers.entry.change", seen=seen)
        touch(a, entry)
        return changed


def retire_entry(*, actor: Actor, at: datetime, entry: Entry, reason: str) -> None:
    """Take an entry out of use; it stays, with its history."""
    require(actor, "registers.write")
    with act(actor, at) as a:
        if not Entry.objects.filter(pk=entry.pk).exclude(stage=RETIRED).update(stage=RETIRED, closed_at=at):
            raise Conflict(_("This entry is already out of use."))
        touch(a, entry)
        a.record(
            "registers.entry.retire", entry, {"stage": [entry.stage, RETIRED], "reason_given": [None, bool(reason)]}
        )
        entry.stage = RETIRED
