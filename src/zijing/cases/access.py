"""The stages of a case, which moves lead between them, and who may make them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import ENDED, Case, Plea, Share, Stage
from zijing.people.access import Actor


@dataclass(frozen=True)
class Move:
    """A move of the loop (GB/T 30428: filing, dispatch, handling, feedback, check, closing)."""

    verb: str
    label: Promise
    sources: tuple[Stage, ...]
    target: Stage | None  # None: where it stood before the move that this one takes back
    right: str
    own_turn: bool = False
    needs_reason: bool = False
    needs_unit: bool = False
    # What follows from a decision or from time is offered to nobody.
    offered: bool = True


OPEN = tuple(stage for stage in Stage if stage not in ENDED)
MOVES = {
    m.verb: m
    for m in (
        Move("verify", _("Verified: file it"), (Stage.REPORTED,), Stage.FILED, "cases.dispatch"),
        Move("refuse", _("Do not file"), (Stage.REPORTED,), Stage.VOIDED, "cases.dispatch", needs_reason=True),
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
        Move("park", _("Park"), (Stage.HANDLING,), Stage.PARKED, "cases.grant", offered=False),
        Move("resume", _("Resume"), (Stage.PARKED,), Stage.HANDLING, "cases.handle", own_turn=True),
        Move("close", _("Check passed: close"), (Stage.CHECKING,), Stage.CLOSED, "cases.check"),
        Move("rework", _("Back for rework"), (Stage.CHECKING,), Stage.HANDLING, "cases.check", needs_reason=True),
        Move("reopen", _("Reopen"), (Stage.CLOSED,), Stage.REOPENED, "cases.reopen", needs_reason=True),
        Move(
            "void", _("Void"),
            (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.PARKED, Stage.CHECKING, Stage.REOPENED),
            Stage.VOIDED,
            "cases.void", needs_reason=True,
        ),
        Move("merge", _("Merge into another case"), OPEN, Stage.VOIDED, "cases.dispatch", offered=False),
        Move(
            "unmerge", _("Undo the merging"), (Stage.VOIDED,), None, "cases.dispatch", needs_reason=True, offered=False
        ),
    )
}  # fmt: skip

WORKED_ON = (Stage.DISPATCHED, Stage.HANDLING)
ASKED_AT: dict[str, tuple[Stage, ...]] = {
    Plea.Matter.EXTENSION: WORKED_ON,
    Plea.Matter.PARKING: (Stage.HANDLING,),
    Plea.Matter.APPEAL: (Stage.CLOSED,),
    Plea.Matter.EXCLUSION: (*WORKED_ON, Stage.PARKED, Stage.CHECKING, Stage.CLOSED),
}

# The strip a reader sees; being verified first, parking, reopening and voiding leave it.
STRIP = (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.CLOSED)


def has_turn(case: Case, actor: Actor) -> bool:
    """Whether it is the actor's unit's turn. The system, replaying or ticking, has every turn."""
    return case.unit_id == actor.unit_id or actor.role == "system"


def next_steps(case: Case, actor: Actor) -> list[Move]:
    """The moves this actor may make now, the most likely first."""
    return [
        m
        for m in MOVES.values()
        if m.offered
        and case.stage in m.sources
        and actor.may(m.right)
        and (not m.own_turn or has_turn(case, actor))
        and not (m.verb in {"close", "rework"} and case.handler_id and case.handler_id == actor.post_id)
    ]


def askable(case: Case, actor: Actor) -> list[Plea.Matter]:
    """What this actor's unit may ask for now; whether it is too late or too much is said when it asks."""
    if not actor.may("cases.handle") or not has_turn(case, actor):
        return []
    out = {Plea.Matter.APPEAL} if case.closed_on_time else set()
    out |= {Plea.Matter.APPEAL, Plea.Matter.EXCLUSION} if case.exempt else set()
    out |= set() if case.kind.demands else {Plea.Matter.EXCLUSION}
    return [m for m in Plea.Matter if case.stage in ASKED_AT[m] and m not in out]


def may_decide(plea: Plea, actor: Actor) -> bool:
    """Whether this actor may decide what was asked for: by right, and not its own plea."""
    return plea.granted is None and actor.may("cases.grant") and (plea.asked_by_id or 0) != actor.post_id


def may_involve(case: Case, actor: Actor) -> bool:
    """Whether this actor may ask other units for their part."""
    right = actor.may("cases.dispatch") or (actor.may("cases.handle") and has_turn(case, actor))
    return case.stage in WORKED_ON and right


def may_answer(share: Share, actor: Actor) -> bool:
    """Whether this actor's unit still has to answer for its part."""
    return share.answered_at is None and actor.may("cases.handle") and share.unit_id == actor.unit_id
