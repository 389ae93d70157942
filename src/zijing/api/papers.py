"""The plan reader: keep a paper, read its drafts, and accept, change, drop or merge them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.commitments import Amount, PromisedOut, told
from zijing.api.common import Body, Exact, Id, Moment, seen, written
from zijing.commitments import actions
from zijing.commitments.models import Commitment, Draft, Paper, Sort
from zijing.commitments.models.papers import MAY_READ
from zijing.commitments.papers import draft_page, papers as every_paper
from zijing.commitments.reading.files import LARGEST
from zijing.people.access import require
from zijing.people.models import Unit

router = Router(tags=["plan reader"])
Text = Annotated[str, Field(max_length=120)]
Revision = Annotated[int, Field(ge=0, lt=2**31)]


class PaperOut(Schema):
    """A paper that was kept. ``read_at`` null: it is still being read; ``waiting`` drafts are to decide."""

    id: int
    title: str
    kept_at: Moment
    read_at: Moment | None
    waiting: int
    total: int


class DraftOut(Schema):
    """What the reader found from ``start`` up to ``end`` (characters) of the paper, as people left it.

    ``unit_named``: the unit of the office that ``owner`` names.
    """

    id: int
    revision: int
    start: int
    end: int
    quote: str
    title: str
    object: str
    quantity: Exact | None
    unit: str
    bound: str
    deadline: date | None
    recurrence: str
    owner: str
    unit_named: int | None
    kind: str
    family: str
    strength: str
    state: str
    commitment: int | None
    reason: str


class DraftsOut(Schema):
    """Up to 50 drafts in the order of the text; ``after``: the id the next page begins behind, 0 on the last."""

    paper: int
    read: bool
    drafts: list[DraftOut]
    after: int


class PaperIn(Body):
    """A plan as text; without a title it is called by its first line. The same ``client_id`` keeps it once."""

    client_id: UUID
    text: Annotated[str, Field(max_length=LARGEST)]
    title: Text = ""


class SeenDraft(Body):
    """A draft by its id, in the revision it was seen in."""

    id: Id
    revision: Revision


class ChosenIn(Body):
    """The drafts that are decided on: all or none."""

    drafts: Annotated[list[SeenDraft], Field(min_length=1, max_length=500)]
    client_id: UUID | None = None

    def pairs(self) -> list[tuple[int, int]]:
        return [(d.id, d.revision) for d in self.drafts]


class AcceptIn(ChosenIn):
    """``lead``: the unit that answers; ``named``: but where the text names a unit of the office, that one does.

    ``deadline``: the last day of those that state none; ``parent``: what they hang under, else the paper's own plan.
    """

    lead: Id
    deadline: date
    parent: Id | None = None
    named: bool = False


class DraftIn(Body):
    """What a draft is to say; what is left out stays."""

    revision: Revision
    title: Text | None = None
    object: Text | None = None
    quantity: Amount | None = None
    unit: Annotated[str, Field(max_length=12)] | None = None
    bound: Literal["", "ge", "gt", "le", "lt", "range", "about"] | None = None
    deadline: date | None = None
    recurrence: Literal["", "daily", "weekly", "monthly", "quarterly", "yearly", "periodic", "continuous"] | None = None
    owner: Annotated[str, Field(max_length=60)] | None = None
    kind: Literal["goal", "indicator", "task", "milestone", "duty"] | None = None
    family: Annotated[str, Field(max_length=20)] | None = None
    client_id: UUID | None = None


class MadeOut(Schema):
    """The commitments that were made of the drafts, in the order of the text."""

    commitments: list[PromisedOut]


class EditedOut(Schema):
    """The draft, and its revision from now on."""

    id: int
    revision: int


class DecidedOut(Schema):
    """How many drafts were decided."""

    decided: int


def _paper(request: ApiRequest, pk: int) -> Paper:
    found: Paper = seen(Paper.objects.visible_to(request.auth.actor), pk)
    return found


@router.get("/papers", response=list[PaperOut], summary="Plans that were read")
def papers(request: ApiRequest) -> Any:
    """The latest 50 of the office, the newest first."""
    require(request.auth.actor, MAY_READ)
    return every_paper(request.auth.actor)


@router.post("/papers", response={201: PaperOut}, summary="Have a plan read")
def keep(request: ApiRequest, body: PaperIn) -> Any:
    """A long paper is read by the work process: its drafts are there when ``read_at`` is."""
    caller = request.auth

    def do() -> dict[str, Any]:
        kept = actions.keep_paper(
            actor=caller.actor, at=caller.at, title=body.title, text=body.text, client_id=body.client_id
        )
        kept.refresh_from_db(fields=["read_at"])
        drafts = Draft.objects.visible_to(caller.actor).filter(paper=kept)
        n = drafts.count()
        facts = {"kept_at": kept.kept_at, "read_at": kept.read_at}
        moments = {name: _moment(at) for name, at in facts.items()}
        return {"id": kept.pk, "title": kept.title, "waiting": n, "total": n, **moments}

    return written(request, caller, body.client_id, do, status=201)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@router.get("/papers/{id}/drafts", response=DraftsOut, summary="The drafts of a paper")
def drafts(request: ApiRequest, id: Id, after: Id = 0, every: bool = False) -> Any:
    """Those to decide, or ``every`` one."""
    paper = _paper(request, id)
    page = draft_page(request.auth.actor, paper, after=after, every=every)
    found = [
        {
            **{name: getattr(c.draft, name) for name in DraftOut.model_fields if hasattr(c.draft, name)},
            "id": c.draft.pk, "quote": c.quote, "reason": c.reason, "kind": c.draft.sort,
            "unit_named": c.answers.pk if c.answers else None, "commitment": c.draft.commitment_id,
        }
        for c in page.cards
    ]  # fmt: skip
    return {"paper": paper.pk, "read": paper.read_at is not None, "drafts": found, "after": page.after}


@router.post("/papers/{id}/accept", response=MadeOut, summary="Make commitments of drafts")
def accept(request: ApiRequest, id: Id, body: AcceptIn) -> Any:
    caller, paper = request.auth, _paper(request, id)
    office = Unit.objects.visible_to(caller.actor).filter(office=caller.actor.office_id)
    lead = seen(office, body.lead)
    parent = seen(Commitment.objects.visible_to(caller.actor), body.parent) if body.parent is not None else None

    def do() -> dict[str, Any]:
        made = actions.accept_drafts(
            actor=caller.actor, at=caller.at, paper=paper, chosen=body.pairs(), lead=lead, deadline=body.deadline,
            parent=parent, named=body.named,
        )  # fmt: skip
        return {"commitments": [told(c) for c in made]}

    return written(request, caller, body.client_id, do)


@router.post("/papers/{id}/drop", response=DecidedOut, summary="Say that drafts are no commitments")
def drop(request: ApiRequest, id: Id, body: ChosenIn) -> Any:
    caller, paper = request.auth, _paper(request, id)

    def do() -> dict[str, Any]:
        n = actions.drop_drafts(actor=caller.actor, at=caller.at, paper=paper, chosen=body.pairs())
        return {"decided": n}

    return written(request, caller, body.client_id, do)


@router.post("/papers/{id}/merge", response=DecidedOut, summary="Say that drafts are one and the same")
def merge(request: ApiRequest, id: Id, body: ChosenIn) -> Any:
    """The first in the text stays and takes what it lacks from the others."""
    caller, paper = request.auth, _paper(request, id)

    def do() -> dict[str, Any]:
        actions.merge_drafts(actor=caller.actor, at=caller.at, paper=paper, chosen=body.pairs())
        return {"decided": len(body.drafts)}

    return written(request, caller, body.client_id, do)


@router.post("/drafts/{id}", response=EditedOut, summary="Change what a draft says")
def edit(request: ApiRequest, id: Id, body: DraftIn) -> Any:
    """Refused when somebody changed or decided it after ``revision``."""
    caller = request.auth
    draft = seen(Draft.objects.visible_to(caller.actor), id)
    values = body.model_dump(exclude={"revision", "client_id"}, exclude_unset=True)
    nullable = {"quantity", "deadline"}
    values = {k: v for k, v in values.items() if v is not None or k in nullable}
    if "kind" in values:
        values["sort"] = Sort(values.pop("kind"))

    def do() -> dict[str, Any]:
        changed = actions.edit_draft(
            actor=caller.actor, at=caller.at, draft=draft, revision=body.revision, values=values
        )
        return {"id": changed.pk, "revision": changed.revision}

    return written(request, caller, body.client_id, do)
