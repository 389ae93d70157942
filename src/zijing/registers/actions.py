"""Verbs on ledger entries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.putting import Plan, Put, Ready, plan
from zijing.records.tables import STANDING
from zijing.records.writing import revise
from zijing.registers.landing import when_ready
from zijing.registers.models import Entry
from zijing.registers.queries import where_their_subject_lies

RETIRED = "retired"
LONGEST_REASON = 200


def put_entries(*, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]], place: Place) -> list[Put]:
    """Create or change entries of a ledger by business key; repeating changes nothing. ``rows`` hold cleaned values."""
    with act(actor, at):
        return ready_entries(actor=actor, at=at, kind=kind, rows=rows, place=place).land()


def ready_entries(*, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]], place: Place) -> Ready:
    """``put_entries`` with all that takes its time done already, so that landing many rows keeps nobody waiting."""
    require(actor, "registers.write")

    def planned() -> Plan[Entry]:
        return plan(
            Entry, kind=kind, actor=actor, at=at, rows=rows, place=place,
            verbs=("registers.entry.put", "registers.entry.change"), more=lambda: where_their_subject_lies(kind, rows),
        )  # fmt: skip

    return when_ready(actor=actor, at=at, planned=planned)


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
    """Take an entry out of use; it stays, with its history. ``Invalid`` without a reason."""
    require(actor, "registers.write")
    told = because(reason)
    with act(actor, at) as a:
        standing = Entry.objects.filter(pk=entry.pk, stage=STANDING)
        if not standing.update(stage=RETIRED, closed_at=at, ended_because=told, revision=F("revision") + 1):
            raise Conflict(_("This entry is already out of use."))
        touch(a, entry)
        a.record("registers.entry.retire", entry, {"stage": [STANDING, RETIRED], "reason_given": [None, True]})
        entry.stage = RETIRED


def restore_entry(*, actor: Actor, at: datetime, entry: Entry) -> None:
    """Take an entry that was retired back into use. One that was merged stays merged."""
    require(actor, "registers.write")
    with act(actor, at) as a:
        retired = Entry.objects.filter(pk=entry.pk, stage=RETIRED)
        if not retired.update(stage=STANDING, closed_at=None, ended_because="", revision=F("revision") + 1):
            raise Conflict(_("This entry is not out of use."))
        touch(a, entry)
        a.record("registers.entry.restore", entry, {"stage": [RETIRED, STANDING]})
        entry.stage = STANDING


def because(reason: str) -> str:
    """A reason as it is kept; ``Invalid`` when there is none or it is too long."""
    told = reason.strip()
    if not 1 <= len(told) <= LONGEST_REASON:
        raise Invalid(_("Say why, in at most 200 characters."), field="reason")
    return told
