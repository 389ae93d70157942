"""Verbs on consequences: a person confirms, drops or lifts what the ranking proposed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.projects.models import Consequence


def decide(*, actor: Actor, at: datetime, consequence: Consequence, confirm: bool, reason: str) -> None:
    """Confirm or drop a proposal, with a reason."""
    status = Consequence.Status.CONFIRMED if confirm else Consequence.Status.DROPPED
    _settle(actor, at, consequence, Consequence.Status.PROPOSED, status, reason)


def lift(*, actor: Actor, at: datetime, consequence: Consequence, reason: str) -> None:
    """End a confirmed consequence, with a reason."""
    _settle(actor, at, consequence, Consequence.Status.CONFIRMED, Consequence.Status.LIFTED, reason)


def _settle(actor: Actor, at: datetime, consequence: Consequence, source: str, target: str, reason: str) -> None:
    require(actor, "projects.consequence")
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with act(actor, at) as a:
        updated = Consequence.objects.filter(pk=consequence.pk, status=source).update(
            status=target, decided_at=at, decided_by=actor.post_id, reason=reason.strip()[:500]
        )
        if not updated:
            raise Conflict(_("Someone has decided this meanwhile."))
        a.record("projects.decide", consequence, {"status": [source, target]})
        consequence.status = target
