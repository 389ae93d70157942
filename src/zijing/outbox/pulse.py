"""The pulse of the machinery: each part says when it did its work, so that a part gone silent is noticed."""

from datetime import datetime, timedelta

from django.db import IntegrityError

from zijing.journal.acting import in_turn
from zijing.outbox.models import Pulse
from zijing.places.models import Place

# How many expected beats may be missed before a part counts as silent, and the least time that takes.
MISSED = 3
GRACE = timedelta(minutes=2)


def beat(
    name: str, at: datetime, *, every: timedelta | None = None, office: Place | int | None = None, note: str = ""
) -> None:
    """The part ``name`` did its work at ``at`` (real time), and is expected to do it again within ``every``.

    One statement in a transaction of its own, not journalled: a pulse is no state of the office.
    """
    _write(name, office, succeeded_at=at, every=every, note=note[:200])


def fail(
    name: str, at: datetime, *, note: str, every: timedelta | None = None, office: Place | int | None = None
) -> None:
    """The part ``name`` failed at ``at``; ``note`` says why, without personal data. The last success stays noted."""
    _write(name, office, failed_at=at, every=every, note=note[:200])


def state_of(pulse: Pulse, at: datetime) -> Pulse.State:
    """How a part is at ``at``: failing when it failed after its last success, silent when it has missed its beats."""
    last = pulse.succeeded_at
    if pulse.failed_at is not None and (last is None or pulse.failed_at >= last):
        return Pulse.State.FAILING
    if pulse.every is not None and last is not None and at - last > max(pulse.every * MISSED, pulse.every + GRACE):
        return Pulse.State.SILENT
    return Pulse.State.WELL


def next_due(pulse: Pulse) -> datetime | None:
    """When the next success is expected; none for what only happens on request."""
    if pulse.every is None or pulse.succeeded_at is None:
        return None
    return pulse.succeeded_at + pulse.every


def _write(name: str, office: Place | int | None, **facts: object) -> None:
    office_id = office.pk if isinstance(office, Place) else office
    mine = Pulse.objects.filter(name=name, office=office_id)
    with in_turn():
        if mine.update(**facts):
            return
    try:
        with in_turn():
            Pulse.objects.create(name=name, office_id=office_id, **facts)
    except IntegrityError:  # another process made the first beat in this moment
        with in_turn():
            mine.update(**facts)
