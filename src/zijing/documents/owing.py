"""What a recipient owes: a floor above keeps it as a promise of its own, with the document's deadline.

Documents stand below commitments; whoever keeps what is owed says so here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from zijing.documents.models import Recipient
from zijing.people.access import Actor

Make = Callable[[Actor, datetime, Recipient], models.Model | None]
Settle = Callable[[Actor, datetime, Recipient], None]


@dataclass(frozen=True)
class Keeper:
    """Who keeps what is owed: ``make`` when a document is issued, ``settle`` when it is replied to or void."""

    make: Make
    settle: Settle


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Let a floor above keep what recipients owe."""
    _keepers.append(keeper)


def owe(actor: Actor, at: datetime, recipient: Recipient) -> None:
    """Inside an act: let what a recipient owes be kept, and remember where."""
    for keeper in _keepers:
        kept = keeper.make(actor, at, recipient)
        if kept is not None:
            recipient.owed_type, recipient.owed_id = kept._meta.label_lower, kept.pk
            recipient.save(update_fields=["owed_type", "owed_id"])
            return


def settle(actor: Actor, at: datetime, recipient: Recipient) -> None:
    """Inside an act: what the recipient owed is settled."""
    for keeper in _keepers:
        keeper.settle(actor, at, recipient)
