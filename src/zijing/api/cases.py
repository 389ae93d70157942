"""Cases: file, read, move along their loop."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import BaseModel, Field

from zijing.api.auth import ApiRequest, Caller
from zijing.api.common import Body, Content, Id, Moment, Ref, answer, ref, seen, uploads, written
from zijing.api.listed import SupervisionOut, told
from zijing.api.records import RELATED, RecordOut, record_out
from zijing.cases import actions, pleas, queries, shares
from zijing.cases.access import MOVES, next_steps
from zijing.cases.merging import alike
from zijing.cases.models import Case, Plea
from zijing.core.errors import Invalid, Missing
from zijing.packs.entering import enter
from zijing.people.models import Unit
from zijing.records.files import Upload
from zijing.records.kinds import kind_of
from zijing.records.models import Attachment, Kind, Noun

router = Router(tags=["cases"])
VERBS: dict[str, Callable[..., None]] = {
    "dispatch": actions.dispatch, "accept": actions.accept, "object": actions.object_, "submit": actions.submit,
    "close": actions.close, "rework": actions.rework, "reopen": actions.reopen, "void": actions.void,
    "verify": actions.verify, "refuse": actions.refuse, "resume": pleas.resume,
}  # fmt: skip
PLAIN = {"accept", "verify", "resume"}


class StepOut(Schema):
    """One move a case has made."""

    verb: str
    from_stage: str
    to_stage: str
    at: Moment
    post: Ref | None
    unit: Ref | None
    reason: str

    @staticmethod
    def resolve_post(step: Any) -> Any:
        return ref(step.post)

    @staticmethod
    def resolve_unit(step: Any) -> Any:
        return ref(step.unit)


class NextOut(Schema):
    """A move the caller may make now."""

    verb: str
    label: str
    needs_reason: bool
    needs_unit: bool

    @staticmethod
    def resolve_label(move: Any) -> str:
        return str(move.label)


class PleaOut(Schema):
    """What the unit that answers for the case asked for, and what was decided."""

    id: int
    matter: Plea.Matter
    reason: str
    amount: int | None
    until: date | None
    reference: str
    asked_at: Moment
    granted: bool | None
    decided_at: Moment | None
    answer: str


class ShareOut(Schema):
    """What another unit was asked for, and its answer."""

    id: int
    unit: Ref
    task: str
    asked_at: Moment
    answer: str
    answered_at: Moment | None

    @staticmethod
    def resolve_unit(share: Any) -> Any:
        return ref(share.unit)


class CaseOut(RecordOut):
    """A case with its deadline and why it is then, whose turn it is, its steps and the caller's next ones.

    ``merged_into`` is the case that stands for it, ``merged`` are those it stands for: of what the caller sees.
    """

    due_at: Moment | None
    due_because: str
    turn: str
    closed_on_time: bool | None
    exempt: str
    pleas: list[PleaOut]
    shares: list[ShareOut]
    steps: list[StepOut]
    next: list[NextOut]
    supervisions: list[SupervisionOut]
    merged_into: Ref | None
    merged: list[Ref]


class CaseFiled(BaseModel):
    """A case as it was filed; read it for everything else."""

    id: int
    kind: str
    title: str
    business_key: str
    stage: str
    happened_on: date
    place: Ref
    unit: Ref | None
    subject: Ref | None
    due_at: Moment | None
    due_because: str
    turn: str
    revision: int


class CaseIn(Body):
    """A new case: values by field of its kind; ``subject`` (a ledger entry) and ``place`` by id; ``files`` by field,
    each in base64.
    """

    client_id: UUID
    kind: str
    values: dict[str, Any]
    subject: Id | None = None
    place: Id | None = None
    files: dict[str, Content] = {}


class StepIn(Body):
    """What a move needs: some a reason, a dispatch the unit by its id, ``submit`` the values that its kind asks for.

    With ``seen``, the revision that was read, a case moved by somebody else meanwhile is a conflict. ``photos`` go with
    ``submit``: in base64, by what they show (near, far, before, after).
    """

    reason: str = ""
    unit: Id | None = None
    photos: dict[Attachment.Part, Content] = {}
    values: dict[str, Any] = {}
    seen: Id | None = None
    client_id: UUID | None = None


class PleaIn(Body):
    """What is asked for and why; ``amount`` is of more time, in the limit's unit, ``until`` of parking, ``reference``
    the number of the document that shows a demand to be unreasonable.
    """

    matter: Plea.Matter
    reason: str
    amount: Annotated[int, Field(ge=1, le=3650)] | None = None
    until: date | None = None
    reference: Annotated[str, Field(max_length=120)] = ""
    client_id: UUID | None = None


class PleaDecisionIn(Body):
    """Whether it is granted; a refusal says why."""

    granted: bool
    answer: str = ""
    client_id: UUID | None = None


class ShareIn(Body):
    """Which unit (by its id) is asked for what."""

    unit: Id
    task: str
    client_id: UUID | None = None


class AnswerIn(Body):
    """What was done of the unit's part."""

    answer: str
    client_id: UUID | None = None


def shown(caller: Caller, pk: int) -> dict[str, Any]:
    """A case as it is answered, in JSON, read anew."""
    case = case_in_sight(caller, pk)
    facts = record_out(case.kind, [case])[0] | {
        "due_at": case.due_at,
        "due_because": queries.explain(case),
        "turn": queries.turn_of(case),
        "closed_on_time": case.closed_on_time,
        "exempt": case.exempt,
        "pleas": list(case.pleas.order_by("pk")),
        "shares": list(case.shares.select_related("unit").order_by("pk")),
        "steps": queries.timeline(case),
        "next": next_steps(case, caller.actor),
        "supervisions": told(case, caller.at),
        **_merging(caller, case),
    }
    return CaseOut.model_validate(facts).model_dump(mode="json")


def _merging(caller: Caller, case: Case) -> dict[str, Any]:
    """What was merged with a case, of what the caller sees."""
    rows = alike(caller.actor, case)
    into = rows.filter(pk=case.merged_into_id).first() if case.merged_into_id else None
    return {"merged_into": ref(into), "merged": [ref(one) for one in rows.filter(merged_into=case).order_by("pk")]}


def filed(case: Any) -> dict[str, Any]:
    """A new case as it is answered: what is at hand, so that filing reads nothing again."""
    facts = {
        name: getattr(case, name) for name in ("title", "business_key", "stage", "happened_on", "due_at", "revision")
    }
    facts |= {name: ref(getattr(case, name)) for name in ("place", "unit", "subject")}
    facts |= {"id": case.pk, "kind": case.kind.key, "turn": queries.turn_of(case), "due_because": queries.explain(case)}
    return CaseFiled.model_validate(facts).model_dump(mode="json")


def case_in_sight(caller: Caller, pk: int) -> Case:
    """The case with this id, if the caller sees it."""
    return seen(Case.objects.visible_to(caller.actor).select_related(*RELATED), pk)


def done(
    request: ApiRequest, found: Case, client_id: UUID | None, verb: Callable[..., object],
    files: Collection[Upload] = (),
) -> Any:  # fmt: skip
    """What a verb made of a case, done by the caller now and exactly once for each ``client_id``."""
    caller = request.auth

    def do() -> dict[str, Any]:
        verb(actor=caller.actor, at=caller.at)
        return shown(caller, found.pk)

    return written(request, caller, client_id, do, files=files)


def about(kind: Kind, column: str, pk: int | None) -> dict[str, str]:
    """The raw value of the kind's field that stands for a fixed column, from an id."""
    return {} if pk is None else {f.key: f"#{pk}" for f in kind.fields if f.column == column} or {column: f"#{pk}"}


@router.post("/cases", response={201: CaseFiled}, summary="File a case")
def file(request: ApiRequest, body: CaseIn) -> Any:
    """Exactly once for each ``client_id``."""
    caller, kind = request.auth, kind_of(body.kind)
    if kind.noun != Noun.CASE:
        raise Missing(_("There is no kind of record called “%(key)s”."), key=body.kind[:40])
    values = body.values | about(kind, "subject", body.subject) | about(kind, "place", body.place)
    files = uploads(body.files)

    def do() -> dict[str, Any]:
        made = enter(
            actor=caller.actor, at=caller.at, kind=kind, values=values, uploads=files, client_id=body.client_id
        )
        return filed(made)

    return written(request, caller, body.client_id, do, status=201, files=files.values())


@router.get("/cases/{id}", response=CaseOut, summary="A case")
def case(request: ApiRequest, id: Id) -> Any:
    return answer(shown(request.auth, id))


@router.post("/cases/{id}/pleas", response=CaseOut, summary="Ask for what others decide")
def ask(request: ApiRequest, id: Id, body: PleaIn) -> Any:
    """More time, parking, an appeal, or that the demand counts as unreasonable."""
    found = case_in_sight(request.auth, id)
    verb = partial(
        pleas.ask, case=found, matter=body.matter, reason=body.reason, amount=body.amount, until=body.until,
        reference=body.reference,
    )  # fmt: skip
    return done(request, found, body.client_id, verb)


@router.post("/cases/{id}/pleas/{plea}", response=CaseOut, summary="Decide what was asked for")
def decide(request: ApiRequest, id: Id, plea: Id, body: PleaDecisionIn) -> Any:
    found = case_in_sight(request.auth, id)
    asked = seen(found.pleas.select_related("case__kind", "case__timer"), plea)
    verb = partial(pleas.decide, plea=asked, granted=body.granted, answer=body.answer)
    return done(request, found, body.client_id, verb)


@router.post("/cases/{id}/shares", response=CaseOut, summary="Ask another unit for its part")
def involve(request: ApiRequest, id: Id, body: ShareIn) -> Any:
    found = case_in_sight(request.auth, id)
    unit = seen(Unit.objects.visible_to(request.auth.actor), body.unit)
    return done(request, found, body.client_id, partial(shares.involve, case=found, unit=unit, task=body.task))


@router.post("/cases/{id}/shares/{share}", response=CaseOut, summary="Answer for one's part")
def answer_share(request: ApiRequest, id: Id, share: Id, body: AnswerIn) -> Any:
    found = case_in_sight(request.auth, id)
    asked = seen(found.shares.select_related("case", "unit"), share)
    return done(request, found, body.client_id, partial(shares.answer, share=asked, answer=body.answer))


@router.post("/cases/{id}/{verb}", response=CaseOut, summary="Move a case")
def move(request: ApiRequest, id: Id, verb: str, body: StepIn) -> Any:
    """``verb``: verify, refuse, dispatch, accept, object, submit, close, rework, reopen, resume or void.

    The case says which fit (``next``).
    """
    found = case_in_sight(request.auth, id)
    if verb not in VERBS:
        raise Missing(_("A case has no step “%(verb)s”."), verb=verb[:20])
    found.revision = found.revision if body.seen is None else body.seen
    needs: dict[str, Any] = {} if verb in PLAIN else {"reason": body.reason}
    if MOVES[verb].needs_unit:
        needs["unit"] = seen(Unit.objects.visible_to(request.auth.actor), body.unit or 0)
    photos = uploads(body.photos)
    if verb == "submit":
        needs |= {"photos": photos, "values": body.values}
    elif body.photos:
        raise Invalid(_("Photos go with the step “submit”."), field="photos")

    return done(request, found, body.client_id, partial(VERBS[verb], case=found, **needs), photos.values())
