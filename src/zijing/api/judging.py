"""Writing on assessments: compute and publish, marks, what follows, appeals decided, own versions of schemes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Exact, Id, Moment, plain, seen, written
from zijing.assessment import actions, marking
from zijing.assessment.models import CONFIRM, MARK, Appeal, Consequence, Mark
from zijing.assessment.queries import run_of, scheme_of, version_of
from zijing.core.errors import Invalid
from zijing.people.access import require
from zijing.people.models import Post

router = Router(tags=["assessment"])
Words = Annotated[str, Field(max_length=1000)]
# An item or a consequence of a scheme as a pack's file writes it; what it may say is checked by the scheme's own rules.
Table = dict[str, Any]


class OnceIn(Body):
    """Nothing but the client-made id, with which the same request counts once."""

    client_id: UUID | None = None


class RunIn(Body):
    """The period that holds ``day``. ``dry_run``: nothing is written, scores are answered. ``again``: compute a period
    anew that was computed; ``provisional``: look at one that is not over.
    """

    day: date
    again: bool = False
    provisional: bool = False
    dry_run: bool = False
    client_id: UUID | None = None


class LookedOut(Schema):
    """A member of a dry run; None: nothing known."""

    label: str
    total: Exact | None
    rank: int | None
    last: bool
    above: bool


class ComputedOut(Schema):
    """What a run found: ``id`` of the result that was kept, or on a dry run the scores."""

    id: int | None
    version: int
    since: date
    until: date
    scores: list[LookedOut]


class PublishedOut(Schema):
    """A result that was made public."""

    id: int
    publication: int


class ProposedOut(Schema):
    """A consequence of a score: proposed, confirmed, dropped, lifted, or passed on."""

    id: int
    score: int
    label: str
    type: str
    status: str
    rule: str


class ProposalsOut(Schema):
    """What the rules of the scheme propose for whom and nobody has decided on."""

    consequences: list[ProposedOut]


class ConsequenceDecisionIn(Body):
    """Confirmed or dropped, with a reason; an observation period also says until when, how and which post helps."""

    confirm: bool
    reason: Words
    until: date | None = None
    plan: Words = ""
    helper: Id | None = None
    client_id: UUID | None = None


class BecauseIn(Body):
    """A reason."""

    reason: Words
    client_id: UUID | None = None


class RulingIn(Body):
    """Accepted (the score is exempt) or refused, with a reason."""

    accept: bool
    reason: Words
    client_id: UUID | None = None


class StatusOut(Schema):
    """What was decided on, and how it stands now."""

    id: int
    status: str


class MarkIn(Body):
    """A mark of 0 to 100 with what was seen; ``member`` as ``place-12``, ``post-3``, ``unit-4`` or ``entry-5``; a
    record that shows it by noun and id.
    """

    day: date
    item: str
    member: str
    mark: Decimal
    evidence: Words
    noun: str = ""
    record: Id | None = None
    client_id: UUID | None = None


class MarkOut(Schema):
    """A reviewer's mark: open until another person has confirmed or refused it; only a confirmed one counts."""

    id: int
    item: str
    label: str
    since: date
    mark: Exact
    evidence: str
    status: str
    marked_at: Moment
    reason: str


class VersionIn(Body):
    """The office's own version: items and consequences as the files of packs write them, from the first day of a period
    to come; without consequences they stay.
    """

    since: date
    items: list[Table]
    consequences: list[Table] | None = None
    source: Annotated[str, Field(max_length=200)] = ""
    client_id: UUID | None = None


class VersionOut(Schema):
    """A version of a scheme."""

    id: int
    scheme: str
    number: int
    since: date


class DayAsked(Schema):
    """A day of the period."""

    day: date


def _done(request: ApiRequest, body: Any, do: Callable[[], dict[str, Any]], status: int = 200) -> Any:
    return written(request, request.auth, body.client_id, do, status=status)


def _one(rows: "QuerySet[Any]", pk: int) -> Any:
    return seen(rows.select_related("score__run__version__scheme", "score__run__publication", "score__entry"), pk)


@router.post("/schemes/{key}/runs", response={200: ComputedOut, 201: ComputedOut}, summary="Compute a period")
def compute(request: ApiRequest, key: str, body: RunIn) -> Any:
    """Compute a period that is over and propose what follows; a period that was computed gives what was found."""
    caller, scheme = request.auth, scheme_of(key)
    asked: dict[str, Any] = {
        "actor": caller.actor, "at": caller.at, "office": caller.office, "scheme": scheme, "day": body.day,
        "provisional": body.provisional,
    }  # fmt: skip
    if body.dry_run:
        found = actions.look(**asked)
        return {**_looked(found), "id": None}

    def do() -> dict[str, Any]:
        made = actions.run(**asked, again=body.again)
        actions.propose(actor=caller.actor, at=caller.at, run=made)
        days = {"since": plain(made.since), "until": plain(made.until)}
        return {"id": made.pk, "version": made.version.number, **days, "scores": []}

    return _done(request, body, do, status=201)


def _looked(found: actions.Look) -> dict[str, Any]:
    scores = [{"label": r.subject.label, **_standing(r.standing)} for r in found.results]
    return {"version": found.version.number, "since": found.since, "until": found.until, "scores": scores}


def _standing(one: Any) -> dict[str, Any]:
    return {"total": one.total, "rank": one.rank, "last": one.last, "above": one.above}


@router.post("/assessments/{id}/publish", response=PublishedOut, summary="Make a result public")
def publish(request: ApiRequest, id: Id, body: OnceIn) -> Any:
    """Members may read it from now on, and appeal. Publishing again gives what was published."""
    caller, run = request.auth, run_of(request.auth.actor, id)

    def do() -> dict[str, Any]:
        return {"id": run.pk, "publication": actions.publish_run(actor=caller.actor, at=caller.at, run=run).pk}

    return _done(request, body, do)


@router.post("/assessments/{id}/propose", response=ProposalsOut, summary="Propose what follows from a result")
def propose(request: ApiRequest, id: Id, body: OnceIn) -> Any:
    """By the rules of the scheme, for a person to confirm; what was proposed before is answered as well."""
    caller, run = request.auth, run_of(request.auth.actor, id)
    require(caller.actor, "assessment.run")

    def do() -> dict[str, Any]:
        actions.propose(actor=caller.actor, at=caller.at, run=run)
        rows = Consequence.objects.visible_to(caller.actor).filter(score__run=run, status=Consequence.Status.PROPOSED)
        return {"consequences": [_proposed(c) for c in rows.select_related("score").order_by("pk")]}

    return _done(request, body, do)


def _proposed(c: Consequence) -> dict[str, Any]:
    return {
        "id": c.pk, "score": c.score_id, "label": c.score.label, "type": c.type, "status": c.status, "rule": c.rule,
    }  # fmt: skip


@router.post("/assessments/consequences/{id}/decide", response=StatusOut, summary="Confirm or drop a proposal")
def decide(request: ApiRequest, id: Id, body: ConsequenceDecisionIn) -> Any:
    """With a reason; only what was made public is confirmed."""
    caller = request.auth
    one: Consequence = _one(Consequence.objects.visible_to(caller.actor), id)
    help_ = _help(request, body) if body.confirm and one.type == Consequence.Type.OBSERVATION else None

    def do() -> dict[str, Any]:
        actions.decide(
            actor=caller.actor, at=caller.at, consequence=one, confirm=body.confirm, reason=body.reason, help=help_
        )  # fmt: skip
        return {"id": one.pk, "status": one.status}

    return _done(request, body, do)


def _help(request: ApiRequest, body: ConsequenceDecisionIn) -> actions.Help:
    if body.helper is None or body.until is None:
        raise Invalid(_("Say how the member is helped, and by whom."), field="helper")
    helper = seen(Post.objects.visible_to(request.auth.actor), body.helper)
    return actions.Help(body.until, body.plan, helper)


@router.post("/assessments/consequences/{id}/lift", response=StatusOut, summary="Lift a confirmed consequence")
def lift(request: ApiRequest, id: Id, body: BecauseIn) -> Any:
    """Before its time, with a reason; its observation period ends with it."""
    caller = request.auth
    one: Consequence = _one(Consequence.objects.visible_to(caller.actor), id)

    def do() -> dict[str, Any]:
        actions.lift(actor=caller.actor, at=caller.at, consequence=one, reason=body.reason)
        return {"id": one.pk, "status": one.status}

    return _done(request, body, do)


@router.post("/assessments/appeals/{id}/decide", response=StatusOut, summary="Accept or refuse an appeal")
def rule(request: ApiRequest, id: Id, body: RulingIn) -> Any:
    """By a post that had no part in the result; an accepted one exempts the score and erases nothing."""
    caller = request.auth
    one: Appeal = _one(Appeal.objects.visible_to(caller.actor), id)

    def do() -> dict[str, Any]:
        actions.decide_appeal(
            actor=caller.actor, at=caller.at, appeal=one, accept=body.accept, reason=body.reason
        )  # fmt: skip
        return {"id": one.pk, "status": one.status}

    return _done(request, body, do)


@router.get("/schemes/{key}/marks", response=list[MarkOut], summary="Reviewers' marks of a period")
def marks(request: ApiRequest, key: str, asked: Annotated[DayAsked, Query()]) -> Any:
    """Those within sight of the period that holds ``day``: what waits first."""
    actor, scheme = request.auth.actor, scheme_of(key)
    if not actor.may(CONFIRM):
        require(actor, MARK)
    return marking.marks_in_sight(actor, scheme, marking.period_of(scheme, asked.day))


@router.post("/schemes/{key}/marks", response={201: StatusOut}, summary="Mark a member")
def mark(request: ApiRequest, key: str, body: MarkIn) -> Any:
    """With what was seen; it counts once another person has confirmed it."""
    caller, scheme = request.auth, scheme_of(key)
    record = None if body.record is None else (body.noun, body.record)

    def do() -> dict[str, Any]:
        made = actions.mark(
            actor=caller.actor, at=caller.at, office=caller.office, scheme=scheme, item=body.item, day=body.day,
            member=body.member, mark=body.mark, evidence=body.evidence, record=record,
        )  # fmt: skip
        return {"id": made.pk, "status": made.status}

    return _done(request, body, do, status=201)


@router.post("/marks/{id}/confirm", response=StatusOut, summary="Confirm another person's mark")
def confirm_mark(request: ApiRequest, id: Id, body: OnceIn) -> Any:
    """Not by who gave it, nor by who belongs to who gets it."""
    caller, one = request.auth, seen(Mark.objects.visible_to(request.auth.actor), id)

    def do() -> dict[str, Any]:
        actions.confirm_mark(actor=caller.actor, at=caller.at, mark=one)
        return {"id": one.pk, "status": one.status}

    return _done(request, body, do)


@router.post("/marks/{id}/refuse", response=StatusOut, summary="Refuse another person's mark")
def refuse_mark(request: ApiRequest, id: Id, body: BecauseIn) -> Any:
    """With a reason; it stays and counts for nothing."""
    caller, one = request.auth, seen(Mark.objects.visible_to(request.auth.actor), id)

    def do() -> dict[str, Any]:
        actions.refuse_mark(actor=caller.actor, at=caller.at, mark=one, reason=body.reason)
        return {"id": one.pk, "status": one.status}

    return _done(request, body, do)


@router.post("/schemes/{key}/versions", response={201: VersionOut}, summary="Make the office's own version of a scheme")
def own_version(request: ApiRequest, key: str, body: VersionIn) -> Any:
    """It holds from the first day of a period that has not begun; try it before with ``GET schemes/{key}/try``."""
    caller, scheme = request.auth, scheme_of(key)

    def do() -> dict[str, Any]:
        made = actions.propose_version(
            actor=caller.actor, at=caller.at, office=caller.office, scheme=scheme, items=body.items, since=body.since,
            consequences=body.consequences, source=body.source,
        )  # fmt: skip
        return {"id": made.pk, "scheme": key, "number": made.number, "since": plain(made.since)}

    return _done(request, body, do, status=201)


@router.post("/schemes/versions/{id}/withdraw", response=StatusOut, summary="Withdraw an own version")
def withdraw(request: ApiRequest, id: Id, body: OnceIn) -> Any:
    """Before its first day; it keeps its number."""
    caller, one = request.auth, version_of(request.auth.actor, id)

    def do() -> dict[str, Any]:
        actions.withdraw_version(actor=caller.actor, at=caller.at, version=one)
        return {"id": one.pk, "status": "withdrawn"}

    return _done(request, body, do)
