"""The stages of a case, which moves lead between them, and who may make them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case, Stage, Supervision
from zijing.people.access import Actor
from zijing.places.models import Level, Place


@dataclass(frozen=True)
class Move:
    """A move of the loop (GB/T 30428: filing, dispatch, handling, feedback, check, closing)."""

    verb: str
    label: Promise
    sources: tuple[Stage, ...]
    target: Stage
    right: str
    own_turn: bool = False
    needs_reason: bool = False
    needs_unit: bool = False


MOVES = {
    m.verb: m
    for m in (
        Move(
            "dispatch", _("Dispatch"), (Stage.FILED, Stage.REOPENED), Stage.DISPATCHED, "cases.dispatch",
            needs_unit=True,
        ),
        Move("accept", _("Accept"), (Stage.DISPATCHED,), Stage.HANDLING, "cases.handle", own_turn=True),
        Move(
            "object", _("Object to the dispatch"), (Stage.DISPATCHED,), Stage.FILED, "cases.handle",
            own_turn=True, needs_reason=True,
        ),
        Move(
            "submit", _("Report as done"), (Stage.HANDLING,), Stage.CHECKING, "cases.handle",
            own_turn=True, needs_reason=True,
        ),
        Move("close", _("Check passed: close"), (Stage.CHECKING,), Stage.CLOSED, "cases.check"),
        Move("rework", _("Back for rework"), (Stage.CHECKING,), Stage.HANDLING, "cases.check", needs_reason=True),
        Move("reopen", _("Reopen"), (Stage.CLOSED,), Stage.REOPENED, "cases.reopen", needs_reason=True),
        Move(
            "void", _("Void"),
            (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.REOPENED), Stage.VOIDED,
            "cases.void", needs_reason=True,
        ),
    )
}  # fmt: skip

# The strip a reader sees; reopening and voiding leave it.
STRIP = (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.CLOSED)


def has_turn(case: Case, actor: Actor) -> bool:
    """Whether it is the actor's unit's turn. The system, replaying or ticking, has every turn."""
    return case.unit_id == actor.unit_id or actor.role == "system"


def next_steps(case: Case, actor: Actor) -> list[Move]:
    """The moves this actor may make now, the most likely first."""
    return [
        m
        for m in MOVES.values()
        if case.stage in m.sources
        and actor.may(m.right)
        and (not m.own_turn or has_turn(case, actor))
        and not (m.verb in {"close", "rework"} and case.handler_id and case.handler_id == actor.post_id)
    ]


def own_level(actor: Actor) -> Supervision.Level:
    """The supervision list of the actor's own level: county posts list for the county, office posts for the office."""
    at_county = Place.objects.get(pk=actor.office_id).level == Level.COUNTY
    return Supervision.Level.COUNTY if at_county else Supervision.Level.OFFICE


def may_strike_off(actor: Actor, supervision: Supervision) -> bool:
    """Whether the actor's level listed the case, and so may strike it off."""
    listed_by = supervision.listed_by
    return actor.is_system or listed_by is None or listed_by.office_id == actor.office_id
