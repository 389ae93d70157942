"""What recipients do: confirm that a document has come, and reply to it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Refused
from zijing.documents import owing
from zijing.documents.models import Document, Recipient, Stage
from zijing.journal.acting import act
from zijing.people.access import Actor

LONGEST_REPLY = 5000


def confirm_receipt(*, actor: Actor, at: datetime, recipient: Recipient) -> None:
    """The unit has the document (签收); confirming again changes nothing."""
    _own(actor, recipient)
    with act(actor, at) as a:
        if _confirm(actor, at, recipient):
            a.record("documents.receive", recipient.document, {"unit": [None, recipient.unit_id]})


def _confirm(actor: Actor, at: datetime, recipient: Recipient) -> bool:
    fresh = Recipient.objects.filter(pk=recipient.pk, received_at=None, document__stage__in=(Stage.ISSUED,))
    return bool(fresh.update(received_at=at, received_by_id=actor.post_id))


def reply(*, actor: Actor, at: datetime, recipient: Recipient, text: str) -> None:
    """Reply for the unit, once; what it owed is settled by it. ``Conflict`` when somebody of the unit has replied."""
    _own(actor, recipient)
    said = text.strip()
    if not 0 < len(said) <= LONGEST_REPLY:
        raise Invalid(_("Write a reply of at most %(max)d characters."), field="text", max=LONGEST_REPLY)
    with act(actor, at) as a:
        _confirm(actor, at, recipient)
        open_ = Recipient.objects.filter(pk=recipient.pk, replied_at=None, document__stage=Stage.ISSUED)
        if not open_.update(reply=said, replied_at=at, replied_by_id=actor.post_id):
            raise Conflict(_("This has been replied to already, or the document is no longer open."))
        a.record("documents.reply", recipient.document, {"unit": [None, recipient.unit_id]})
        owing.settle(actor, at, recipient)


def _own(actor: Actor, recipient: Recipient) -> None:
    if actor.unit_id is None or actor.unit_id != recipient.unit_id:
        raise Refused(_("Only the unit a document is for confirms it and replies."))
    if not Document.objects.visible_to(actor).filter(pk=recipient.document_id).exists():
        raise Refused(_("Only the unit a document is for confirms it and replies."))
