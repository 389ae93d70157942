"""Change a standing promise: its target, its place in the plan, how it ends. What was is kept, with the reason."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.hanging import field_above, hold_tree, rehang
from zijing.commitments.models import Commitment, Retarget
from zijing.core.errors import Conflict, Invalid
from zijing.figures.actions import touch
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.places.models import under
from zijing.records.writing import meanwhile

WITHDRAWN, CLOSED, OPEN = "withdrawn", "closed", "open"
LONGEST_REASON = 300


def because(reason: str, longest: int = LONGEST_REASON) -> str:
    """A stated reason; ``Invalid`` without one."""
    said = reason.strip()
    if not said:
        raise Invalid(_("Say why."), field="reason")
    return said[:longest]


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value.isoformat() if value else value


def retarget(
    *, actor: Actor, at: datetime, commitment: Commitment, reason: str, quantity: Decimal | None = None,
    deadline: date | None = None, seen: int | None = None,
) -> Retarget:  # fmt: skip
    """Give a standing promise another target or deadline (None: as it was); the old ones stay, with the reason.

    ``Conflict`` when it changed since revision ``seen`` or has ended; ``Invalid`` when nothing would change, a
    reason is missing, a quantity has no unit or is out of bounds, a deadline lies before the beginning.
    """
    require(actor, "commitments.write")
    said, c = because(reason), commitment
    with act(actor, at) as a:
        c = _locked(c, seen)
        told = Retarget(
            commitment=c, old_quantity=c.quantity, new_quantity=c.quantity if quantity is None else quantity,
            old_deadline=c.deadline, new_deadline=deadline or c.deadline, reason=said, at=at, post_id=actor.post_id,
        )  # fmt: skip
        if (told.new_quantity, told.new_deadline) == (c.quantity, c.deadline):
            raise Invalid(_("Give another target or another deadline."), field="quantity")
        if quantity is not None and "unit" in c.kind.by_key and not c.measure:
            raise Invalid(_("A target needs a unit: add it to the record first."), field="unit")
        _possible(c, quantity, deadline)
        touch(a, c)
        fields = c.fields | ({"deadline": deadline.isoformat()} if deadline and "deadline" in c.kind.by_key else {})
        _change(c, quantity=told.new_quantity, deadline=told.new_deadline, fields=fields)
        told.save()
        changes: dict[str, Any] = {}
        if told.old_quantity != told.new_quantity and not c.kind.restricted:
            changes["quantity"] = [_plain(told.old_quantity), _plain(told.new_quantity)]
        if told.old_deadline != told.new_deadline:
            changes["deadline"] = [_plain(told.old_deadline), _plain(told.new_deadline)]
        a.record("commitments.retarget", c, changes)
        touch(a, c)
    commitment.refresh_from_db()
    return told


def _possible(c: Commitment, quantity: Decimal | None, deadline: date | None) -> None:
    """Refuse a target outside the bounds of its field, and a deadline before the day the promise runs from."""
    described = next((f for f in c.kind.fields if f.column == "quantity"), None)
    if quantity is not None and described is not None:
        try:
            described.clean(quantity)
        except Invalid as error:
            error.field = "quantity"
            raise
    if deadline is not None and c.happened_on is not None and deadline < c.happened_on:
        raise Invalid(_("The deadline lies before the day it runs from."), field="deadline")


def _locked(c: Commitment, seen: int | None = None) -> Commitment:
    """The commitment as it is now, held until the act ends; ``Conflict`` when it is not what the person saw."""
    now = Commitment.objects.select_for_update(of=("self",)).select_related("kind").get(pk=c.pk)
    if seen is not None and now.revision != seen:
        raise meanwhile()
    if not now.is_open:
        raise Conflict(_("This commitment has ended. Reopen it first."))
    return now


def _change(c: Commitment, **columns: Any) -> None:
    """Write columns if nobody was faster."""
    standing = Commitment.objects.filter(pk=c.pk, revision=c.revision)
    if not standing.update(**columns, revision=F("revision") + 1):
        raise meanwhile()
    for name, value in {**columns, "revision": c.revision + 1}.items():
        setattr(c, name, value)


def move(
    *, actor: Actor, at: datetime, commitment: Commitment, parent: Commitment | None, seen: int | None = None
) -> None:
    """Hang a commitment, with all below it, under another (None: on top of a plan of its own).

    ``Invalid`` when it would come to stand below itself; ``Conflict`` when it changed since revision ``seen``.
    """
    require(actor, "commitments.write")
    with act(actor, at) as a:
        c = _locked(commitment, seen)
        if (parent.pk if parent else None) == c.parent_id:
            return
        before = c.parent_id
        rehang(c, parent)
        if above := field_above(c.kind):
            fields = {k: v for k, v in c.fields.items() if k != above}
            fields |= {above: parent.business_key} if parent and parent.business_key else {}
            Commitment.objects.filter(pk=c.pk).update(fields=fields)
        a.record("commitments.move", c, {"parent": [before, c.parent_id]})
    commitment.refresh_from_db()


def reorder(*, actor: Actor, at: datetime, parent: Commitment, order: Sequence[int]) -> None:
    """Put what hangs under ``parent`` into this order (ids); what is not named follows as it stood.

    ``Invalid`` when an id hangs elsewhere.
    """
    require(actor, "commitments.write")
    with act(actor, at) as a:
        hold_tree(parent.office_id)
        standing = list(
            Commitment.objects.filter(parent=parent).order_by("position", "pk").values_list("pk", flat=True)
        )
        if foreign := set(order) - set(standing):
            raise Invalid(_("%(n)s of these do not stand here any more. Reload."), field="order", n=len(foreign))
        wanted = [*dict.fromkeys(order), *(pk for pk in standing if pk not in set(order))]
        if wanted == standing:
            return
        for position, pk in enumerate(wanted, 1):
            Commitment.objects.filter(pk=pk).update(position=position)
        a.record("commitments.reorder", parent, {"order": [standing, wanted]})


def withdraw(*, actor: Actor, at: datetime, commitment: Commitment, reason: str) -> int:
    """Take a promise back, with everything still open below it: they stay readable and count nowhere. How many."""
    require(actor, "commitments.write")
    said = because(reason, 200)
    with act(actor, at) as a:
        c = _locked(commitment)
        hold_tree(c.office_id)
        open_ = Commitment.objects.filter(under(c.lineage, "lineage"), closed_at=None) if c.lineage else [c]
        rows = list(open_.select_related("kind")) if not isinstance(open_, list) else open_
        for one in rows:
            _end(a, one, WITHDRAWN, said, "commitments.withdraw")
    commitment.refresh_from_db()
    return len(rows)


def fulfil(*, actor: Actor, at: datetime, commitment: Commitment, note: str = "") -> None:
    """Say that a promise is kept. ``Conflict`` while something below it is open: that is kept or taken back first."""
    require(actor, "commitments.state")
    with act(actor, at) as a:
        c = _locked(commitment)
        left = Commitment.objects.filter(under(c.lineage, "lineage"), closed_at=None).exclude(pk=c.pk).count()
        if left:
            raise Conflict(_("%(n)s below it are still open. Close or withdraw them first."), n=left)
        _end(a, c, CLOSED, note.strip()[:200], "commitments.fulfil")
    commitment.refresh_from_db()


def reopen(*, actor: Actor, at: datetime, commitment: Commitment, reason: str) -> None:
    """Take up again a promise that was kept or taken back; with a reason."""
    require(actor, "commitments.write")
    said = because(reason, 200)
    with act(actor, at) as a:
        c = Commitment.objects.select_for_update(of=("self",)).select_related("kind").get(pk=commitment.pk)
        if c.is_open:
            raise Conflict(_("This commitment is open."))
        touch(a, c)
        was = c.stage
        _change(c, stage=OPEN, closed_at=None, ended_because="")
        a.record("commitments.reopen", c, {"stage": [was, OPEN], "reason_given": [None, bool(said)]})
        touch(a, c)
    commitment.refresh_from_db()


def _end(a: Act, c: Commitment, stage: str, why: str, verb: str) -> None:
    touch(a, c)
    was = c.stage
    _change(c, stage=stage, closed_at=a.at, ended_because=why)
    a.record(verb, c, {"stage": [was, stage], "reason_given": [None, bool(why)]})
    touch(a, c)
