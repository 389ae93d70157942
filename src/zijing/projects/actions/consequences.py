"""Verbs on consequences: a person confirms, drops or lifts what the ranking proposed."""

from datetime import datetime

from zijing.people.access import Actor
from zijing.people.deciding import settle
from zijing.projects.models import Consequence


def decide(*, actor: Actor, at: datetime, consequence: Consequence, confirm: bool, reason: str) -> None:
    """Confirm or drop a proposal, with a reason."""
    status = Consequence.Status.CONFIRMED if confirm else Consequence.Status.DROPPED
    _settle(actor, at, consequence, Consequence.Status.PROPOSED, status, reason)


def lift(*, actor: Actor, at: datetime, consequence: Consequence, reason: str) -> None:
    """End a confirmed consequence, with a reason."""
    _settle(actor, at, consequence, Consequence.Status.CONFIRMED, Consequence.Status.LIFTED, reason)


def _settle(actor: Actor, at: datetime, consequence: Consequence, source: str, target: str, reason: str) -> None:
    settle(
        actor=actor, at=at, proposal=consequence, right="projects.consequence", verb="projects.decide", source=source,
        target=target, reason=reason,
    )  # fmt: skip
