"""Plans as trees: read one, promise, retarget, state, fulfil, withdraw, give orders from a template."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Exact, Id, plain, seen, written
from zijing.commitments import actions
from zijing.commitments.models import Commitment, OrderTemplate, Statement
from zijing.commitments.queries import plan_of, plans as every_plan
from zijing.commitments.queries.trees import Node
from zijing.core.errors import Missing
from zijing.records.kinds import kind_of
from zijing.records.writing import clean_values

router = Router(tags=["commitments"])
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class PlanOut(Schema):
    """A plan of the list: a goal on top of a tree, and how many stand below it."""

    id: int
    number: str
    title: str
    deadline: date | None
    count: int
    open: int


class HolderOut(Schema):
    """Who answers, in which part, with which share (percent)."""

    part: str
    name: str
    share: int


class PromiseInShortOut(Schema):
    """What a commitment promises."""

    id: int
    number: str
    title: str
    target: Exact | None
    unit: str
    deadline: date | None


class PromiseStandsOut(PromiseInShortOut):
    """Where a commitment stands. Shares done and due are percent; ``done`` null: nothing said."""

    value: Exact | None
    done: Exact | None
    due: Exact
    state: str
    holders: list[HolderOut]


class NodeOut(PromiseStandsOut):
    """A commitment in its tree, in the order of the plan.

    ``source``: where the progress comes from (statement, figure, records, or the rule by which it follows from below).
    """

    parent: int | None
    depth: int
    source: str


class TreeOut(Schema):
    """A commitment with everything below it, at most 5,000 lines; ``more``: there are others."""

    on: date
    lines: list[NodeOut]
    more: bool


class PromisedOut(Schema):
    """A commitment in short."""

    id: int
    number: str
    title: str
    stage: str
    target: Exact | None
    deadline: date | None
    revision: int


class PromiseIn(Body):
    """A commitment of a kind: its fields as the kind names them; ``parent`` is the id of the one above."""

    client_id: UUID
    kind: str
    values: dict[str, Any]
    parent: Id | None = None


class RetargetIn(Body):
    """Another target or deadline, with the reason; ``revision``: the one that was seen."""

    reason: str
    target: Amount | None = None
    deadline: date | None = None
    revision: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    client_id: UUID | None = None


class StateIn(Body):
    """A value for the month of ``period``; ``note``: why it stands there; ``seen``: the value that was seen to stand,
    null for none. Left out, whatever stands is replaced.
    """

    period: date
    value: Amount
    status: Literal["actual", "expected"] = "actual"
    note: Annotated[str, Field(max_length=300)] = ""
    source: Annotated[str, Field(max_length=120)] = ""
    seen: Amount | None = None
    client_id: UUID | None = None


class CorrectIn(Body):
    """Another value for the month of ``period`` and why; ``seen``: the value that was seen to stand."""

    period: date
    value: Amount
    reason: str
    status: Literal["actual", "expected"] = "actual"
    seen: Amount | None = None
    client_id: UUID | None = None


class ClosingIn(Body):
    """Why, or what is to be said of it."""

    reason: str = ""
    client_id: UUID | None = None


class ApplyIn(Body):
    """The template whose orders are given, from which day."""

    template: Id
    since: date
    client_id: UUID | None = None


class OrdersOut(Schema):
    """The orders that were given now."""

    orders: list[PromisedOut]


MOST = 5000


@router.get("/plans", response=list[PlanOut], summary="Plans within sight")
def plans(request: ApiRequest) -> Any:
    return [{**vars(p), "id": p.pk, "number": p.code} for p in every_plan(request.auth.actor)]


@router.get("/plans/{id}", response=TreeOut, summary="A plan as a tree")
def tree(request: ApiRequest, id: Id) -> Any:
    caller = request.auth
    plan = plan_of(caller.actor, id, caller.at)
    lines: list[dict[str, Any]] = []
    _lines(plan.root, None, lines)
    return {"on": plan.day, "lines": lines[:MOST], "more": len(lines) > MOST}


def _lines(n: Node, parent: int | None, lines: list[dict[str, Any]]) -> None:
    lines.append(
        {
            "id": n.pk, "parent": parent, "depth": n.depth, "number": n.row.code, "title": n.row.title,
            "target": n.row.quantity, "unit": n.row.measure, "deadline": n.row.deadline, "value": n.progress.value,
            "done": n.progress.done, "due": n.progress.due, "state": n.state, "source": n.source,
            "holders": [{"part": h.part, "name": h.name, "share": h.share} for h in n.holders],
        }
    )  # fmt: skip
    for child in n.children:
        _lines(child, n.pk, lines)


def one_seen(request: ApiRequest, pk: int) -> Commitment:
    found: Commitment = seen(Commitment.objects.visible_to(request.auth.actor).select_related("kind"), pk)
    return found


def in_short(c: Commitment) -> dict[str, Any]:
    """What a commitment promises, for ``PromiseInShortOut``."""
    return {
        "id": c.pk, "number": c.business_key, "title": c.title, "target": c.quantity, "unit": c.measure,
        "deadline": c.deadline,
    }  # fmt: skip


def told(c: Commitment) -> dict[str, Any]:
    """A commitment in short, as an answer holds it."""
    facts = {
        "id": c.pk, "number": c.business_key, "title": c.title, "stage": c.stage, "target": c.quantity,
        "deadline": c.deadline, "revision": c.revision,
    }  # fmt: skip
    return {name: plain(value) for name, value in facts.items()}


@router.post("/commitments", response={201: PromisedOut}, summary="Promise something")
def promise(request: ApiRequest, body: PromiseIn) -> Any:
    """Exactly once for each ``client_id``. Without a number it gets the next one below its parent."""
    caller = request.auth
    kind = kind_of(body.kind)
    parent = one_seen(request, body.parent) if body.parent is not None else None

    def do() -> dict[str, Any]:
        key = str(kind.definition.get("business_key") or "")
        numbered = body.values if body.values.get(key) or not key else {**body.values, key: "-"}
        values = clean_values(kind, numbered, caller.actor)
        values |= {key: None} if numbered is not body.values else {}
        return told(
            actions.promise(
                actor=caller.actor, at=caller.at, kind=kind, values=values, parent=parent, client_id=body.client_id
            )
        )

    return written(request, caller, body.client_id, do, status=201)


def done(request: ApiRequest, pk: int, client_id: UUID | None, verb: Callable[..., Any], /, **said: Any) -> Any:
    """Do a verb to a commitment within sight, exactly once for each ``client_id``; answered with it in short."""
    caller, found = request.auth, one_seen(request, pk)

    def do() -> dict[str, Any]:
        verb(actor=caller.actor, at=caller.at, commitment=found, **said)
        return told(found)

    return written(request, caller, client_id, do)


@router.post("/commitments/{id}/retarget", response=PromisedOut, summary="Give it another target or deadline")
def retarget(request: ApiRequest, id: Id, body: RetargetIn) -> Any:
    return done(
        request, id, body.client_id, actions.retarget, reason=body.reason, quantity=body.target, deadline=body.deadline,
        seen=body.revision,
    )  # fmt: skip


@router.post("/commitments/{id}/statements", response=PromisedOut, summary="State a value")
def state(request: ApiRequest, id: Id, body: StateIn) -> Any:
    """For the month of ``period``. Stated again it replaces the value, which stays in the trace; refused (409) when
    something else stands than what was ``seen``.
    """
    seen = actions.Saw(body.seen) if "seen" in body.model_fields_set else None
    return done(
        request, id, body.client_id, actions.state, period=body.period.replace(day=1), value=body.value,
        status=body.status, note=body.note, source=body.source, seen=seen,
    )  # fmt: skip


@router.post("/commitments/{id}/correct", response=PromisedOut, summary="Put a stated value right")
def correct(request: ApiRequest, id: Id, body: CorrectIn) -> Any:
    """The value of the month of ``period``, with the reason; refused (409) when it is no more the value ``seen``."""
    stated = Statement.objects.visible_to(request.auth.actor).filter(
        commitment=id, period=body.period.replace(day=1), status=body.status
    )
    statement = stated.first()
    if statement is None:
        raise Missing(_("There is no such record within your sight."))

    def verb(*, commitment: Commitment, **acting: Any) -> None:
        actions.correct(**acting, statement=statement, value=body.value, reason=body.reason, seen=body.seen)

    return done(request, id, body.client_id, verb)


@router.post("/commitments/{id}/fulfil", response=PromisedOut, summary="Say that it is kept")
def fulfil(request: ApiRequest, id: Id, body: ClosingIn) -> Any:
    return done(request, id, body.client_id, actions.fulfil, note=body.reason)


@router.post("/commitments/{id}/withdraw", response=PromisedOut, summary="Take it back with all below it")
def withdraw(request: ApiRequest, id: Id, body: ClosingIn) -> Any:
    return done(request, id, body.client_id, actions.withdraw, reason=body.reason)


@router.post("/commitments/{id}/orders", response=OrdersOut, summary="Give orders from a template")
def orders(request: ApiRequest, id: Id, body: ApplyIn) -> Any:
    """One order under this commitment for every entry the template's filter finds, none twice."""
    caller = request.auth
    parent = one_seen(request, id)
    template = seen(OrderTemplate.objects.visible_to(caller.actor).select_related("kind", "register"), body.template)

    def do() -> dict[str, Any]:
        made = actions.apply_template(
            actor=caller.actor, at=caller.at, template=template, since=body.since, parent=parent
        )
        return {"orders": [told(c) for c in made]}

    return written(request, caller, body.client_id, do)
