"""The one way in which a person decides on what a rule proposed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.models import Proposal


def settle(
    *, actor: Actor, at: datetime, proposal: Proposal, right: str, verb: str, source: str, target: str, reason: str,
    path: str = "",
) -> None:  # fmt: skip
    """Bring a proposal from one status to another, with a reason, as ``verb`` of the journal.

    ``path``: where it is written down, if the proposal itself has none. ``Refused`` without the ``right``, ``Invalid``
    without a reason, ``Conflict`` when it does not stand at ``source`` any more.
    """
    require(actor, right)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with act(actor, at) as a:
        standing = type(proposal)._default_manager.filter(pk=proposal.pk, status=source)
        if not standing.update(
            status=target, decided_at=at, decided_by=actor.post_id, reason=reason.strip()[:500]
        ):  # fmt: skip
            raise Conflict(_("Someone has decided this meanwhile."))
        a.record(verb, proposal, {"status": [source, target]}, path=path)
        proposal.status = target
