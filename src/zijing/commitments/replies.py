"""A reply that a document asks for is a commitment of the unit it was sent to, with the document's deadline."""

from datetime import datetime

from zijing.commitments.actions import fulfil, promise
from zijing.commitments.actions.promising import Source
from zijing.commitments.models import Commitment
from zijing.documents.models import Recipient
from zijing.documents.naming import number_of
from zijing.documents.owing import Keeper, register_keeper
from zijing.people.access import Actor, system_actor
from zijing.records.models import Kind

REPLY = "reply"
"""The kind that a pack describes; without it a reply is followed on the document only."""


def make(actor: Actor, at: datetime, recipient: Recipient) -> Commitment | None:
    """Inside the act that issues a document: what one of its recipients owes until its day of reply."""
    kind = Kind.objects.filter(key=REPLY).first()
    document = recipient.document
    if kind is None or document.reply_by is None:
        return None
    values = {
        "name": document.title[:120], "document": number_of(document)[:60], "unit": recipient.unit_id,
        "deadline": document.reply_by,
    }  # fmt: skip
    return promise(
        actor=system_actor(document.office, actor.channel), at=at, kind=kind, values=values, place=document.office,
        source=Source(number_of(document) or document.title[:120], digest=document.digest),
    )  # fmt: skip


def settle(actor: Actor, at: datetime, recipient: Recipient) -> None:
    """Inside the act that replies: the commitment is kept, unless somebody has ended it meanwhile."""
    if recipient.owed_id is None or recipient.owed_type != Commitment._meta.label_lower:
        return
    owed = Commitment.objects.filter(pk=recipient.owed_id, closed_at=None).first()
    if owed is not None:
        fulfil(actor=system_actor(recipient.document.office, actor.channel), at=at, commitment=owed)


def declare() -> None:
    """Keep what recipients of documents owe."""
    register_keeper(Keeper(make, settle))
