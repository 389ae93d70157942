"""What documents wait for a person: a step of their life, a receipt or a reply of the person's unit."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from zijing.documents.access import MOVES, WAITED_FOR, steps_for
from zijing.documents.models import Document, Recipient, Stage
from zijing.people.access import Actor

RECEIVE, REPLY = "receive", "reply"


@dataclass(frozen=True)
class Waiting:
    """A document and what it waits for: a verb of its life, ``receive`` or ``reply``; replies have a day."""

    document: Document
    verb: str
    by: date | None = None


def waiting(actor: Actor, most: int) -> tuple[int, list[Waiting]]:
    """How many documents wait for the actor, and the first of them: what is to be replied to soonest first."""
    rows = Document.objects.visible_to(actor).filter(awaiting(actor)).defer("text", "content")
    first = list(rows.order_by(F("reply_by").asc(nulls_last=True), "pk")[:most])
    owed = _owed(actor, [d.pk for d in first if d.stage == Stage.ISSUED])
    found = [_waiting(actor, document, owed.get(document.pk)) for document in first]
    return len(first) if len(first) < most else rows.count(), found


def awaiting(actor: Actor) -> Q:
    """Documents that wait for the actor: a step it may take, a receipt or a reply of its unit."""
    wanted = Q(pk__in=[])
    for verb in WAITED_FOR:
        move = MOVES[verb]
        stages = [stage for stage, right in move.rights.items() if actor.may(right)]
        own = Q(drafted_by=actor.post_id)
        mine = own if verb == "submit" else ~own if move.others else Q()
        wanted |= Q(stage__in=stages, office=actor.office_id) & mine
    if actor.unit_id:
        open_ = Recipient.objects.filter(unit=actor.unit_id, replied_at=None)
        owed = open_.filter(Q(received_at=None) | Q(part=Recipient.Part.MAIN, document__reply_by__isnull=False))
        wanted |= Q(stage=Stage.ISSUED, pk__in=owed.values("document"))
    return wanted


def _owed(actor: Actor, documents: list[int]) -> dict[int, Recipient]:
    rows = Recipient.objects.filter(document__in=documents, unit=actor.unit_id) if documents else ()
    return {r.document_id: r for r in rows}


def _waiting(actor: Actor, document: Document, mine: Recipient | None) -> Waiting:
    if document.stage != Stage.ISSUED or mine is None:
        verb = next(verb for verb in steps_for(actor, document) if verb in WAITED_FOR)
        return Waiting(document, verb)
    owes = mine.part == Recipient.Part.MAIN and document.reply_by is not None
    return Waiting(document, REPLY if owes else RECEIVE, document.reply_by if owes else None)
