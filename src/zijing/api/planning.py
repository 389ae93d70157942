"""Whole plans: next year's from this year's, two side by side, a place in the tree, who answers for how much."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.commitments import PromisedOut, PromiseInShortOut, done, in_short, one_seen, told
from zijing.api.common import Body, Id, written
from zijing.commitments import actions
from zijing.commitments.models import Commitment
from zijing.commitments.queries.comparing import Pair, compare
from zijing.commitments.queries.trees import shares_of
from zijing.core.worktime import day_of
from zijing.people.access import require
from zijing.people.models import Assignment

router = Router(tags=["commitments"])
RIGHT = "figures.read"
Revision = Annotated[int, Field(ge=0, lt=2**31)]


class CopyIn(Body):
    """``prefix`` stands in front of every number; empty: the new year. All dates move on by ``years``."""

    client_id: UUID
    prefix: Annotated[str, Field(max_length=20)] = ""
    years: Annotated[int, Field(ge=1, le=10)] = 1


class PairOut(Schema):
    """What stands for the same thing in the older and the newer plan."""

    old: PromiseInShortOut
    new: PromiseInShortOut


class ComparisonOut(Schema):
    """What came, what went, what was given another target, unit, bound or deadline; ``same``: how many stayed."""

    old: PromiseInShortOut
    new: PromiseInShortOut
    added: list[PromiseInShortOut]
    dropped: list[PromiseInShortOut]
    retargeted: list[PairOut]
    same: int


class MoveIn(Body):
    """The commitment to hang it under (null: on top of a plan of its own); ``revision``: the one that was seen."""

    parent: Id | None
    revision: Revision | None = None
    client_id: UUID | None = None


class OrderIn(Body):
    """The ids of what hangs there, in the order it is to have; what is not named follows."""

    order: Annotated[list[Id], Field(max_length=1000)]
    client_id: UUID | None = None


class AnswerableOut(Schema):
    """Who leads or shares it, with how many percent; ``id``: what to name when the shares are changed."""

    id: int
    part: str
    name: str
    share: int


class SharesOut(Schema):
    """The shares of a commitment; they make 100."""

    shares: list[AnswerableOut]


class AnswerableIn(Body):
    """One who leads or shares it, by the id it was told with, and the percent it answers for."""

    id: Id
    share: Annotated[int, Field(ge=0, le=100)]


class SharesIn(Body):
    """The share of everyone who leads or shares it: all of them, a hundred percent together."""

    shares: Annotated[list[AnswerableIn], Field(max_length=200)]
    client_id: UUID | None = None


@router.post("/plans/{id}/copy", response={201: PromisedOut}, summary="Begin next year's plan from this one")
def copy(request: ApiRequest, id: Id, body: CopyIn) -> Any:
    """Exactly once for each ``client_id``. Targets, owners and shares come along; values and endings do not."""
    caller, plan = request.auth, one_seen(request, id)

    def do() -> dict[str, Any]:
        return told(
            actions.copy_plan(actor=caller.actor, at=caller.at, plan=plan, prefix=body.prefix.strip(), years=body.years)
        )

    return written(request, caller, body.client_id, do, status=201)


@router.get("/plans/{id}/against/{older}", response=ComparisonOut, summary="A plan beside an older one")
def against(request: ApiRequest, id: Id, older: Id) -> Any:
    """Matched by number without the year in front, else by title."""
    require(request.auth.actor, RIGHT)
    found = compare(request.auth.actor, older, id)
    return {
        "old": _side(found.old), "new": _side(found.new),
        "added": [_side(p.new) for p in found.added], "dropped": [_side(p.old) for p in found.dropped],
        "retargeted": [_pair(p) for p in found.retargeted], "same": found.same,
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    return {"old": _side(pair.old), "new": _side(pair.new)}


def _side(c: Commitment | None) -> dict[str, Any] | None:
    return None if c is None else in_short(c)


@router.post("/commitments/{id}/move", response=PromisedOut, summary="Hang it under another one")
def move(request: ApiRequest, id: Id, body: MoveIn) -> Any:
    """With everything below it. Refused (422) below itself, (409) when it changed since ``revision``."""
    parent = one_seen(request, body.parent) if body.parent is not None else None
    return done(request, id, body.client_id, actions.move, parent=parent, seen=body.revision)


@router.post("/commitments/{id}/order", response=PromisedOut, summary="Put what hangs under it in order")
def reorder(request: ApiRequest, id: Id, body: OrderIn) -> Any:
    def verb(*, commitment: Commitment, **acting: Any) -> None:
        actions.reorder(**acting, parent=commitment, order=body.order)

    return done(request, id, body.client_id, verb)


@router.get("/commitments/{id}/shares", response=SharesOut, summary="Who answers for how much of it")
def shares(request: ApiRequest, id: Id) -> Any:
    return _shares(shares_of(one_seen(request, id), day_of(request.auth.at)))


def _shares(held: list[Assignment]) -> dict[str, Any]:
    return {
        "shares": [{"id": h.pk, "part": h.part, "name": str(h.post or h.unit), "share": h.weight} for h in held]
    }  # fmt: skip


@router.post("/commitments/{id}/shares", response=SharesOut, summary="State who answers for how much of it")
def share(request: ApiRequest, id: Id, body: SharesIn) -> Any:
    caller, found = request.auth, one_seen(request, id)

    def do() -> dict[str, Any]:
        percent = {one.id: one.share for one in body.shares}
        actions.set_shares(actor=caller.actor, at=caller.at, commitment=found, percent=percent)
        return _shares(shares_of(found, day_of(caller.at)))

    return written(request, caller, body.client_id, do)
