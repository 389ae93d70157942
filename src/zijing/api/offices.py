"""Who the caller is, the places of the office, and the decisions on a published ranking."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Id, Moment, Ref, ref, seen, written
from zijing.api.projects import ConsequenceOut
from zijing.figures.models import Publication
from zijing.places.models import Level, Place, PlaceCode
from zijing.projects import actions
from zijing.projects.models import Consequence

router = Router(tags=["office"])


class MeOut(Schema):
    """Whom the key stands for, what that post may do, and the office's time."""

    account: str
    post: Ref
    unit: Ref
    office: Ref
    role: str
    sight: str
    verbs: list[str]
    now: Moment


class PlaceOut(Schema):
    """A place of the office with its present division code."""

    id: int
    code: str
    name: str
    level: Level
    parent: int | None


class PublicationOut(Schema):
    """A frozen ranking; the digest is over values, definition and evidence, and stands in the journal."""

    key: str
    period: date
    published_at: Moment
    digest: str
    journal_seq: int
    journal_digest: str


class DecisionIn(Body):
    """Confirm or drop what the ranking proposed, and why."""

    confirm: bool
    reason: str
    client_id: UUID | None = None


@router.get("/me", response=MeOut, summary="Whom the key stands for")
def me(request: ApiRequest) -> Any:
    caller = request.auth
    post = caller.holding.post
    return {
        "account": caller.holding.account.username,
        "post": ref(post),
        "unit": ref(post.unit),
        "office": ref(caller.office),
        "role": caller.actor.role,
        "sight": caller.actor.sight,
        "verbs": sorted(caller.actor.verbs),
        "now": caller.at,
    }


@router.get("/places", response=list[PlaceOut], summary="Places of the office")
def places(request: ApiRequest) -> Any:
    rows = Place.objects.visible_to(request.auth.actor).standing().order_by("path").defer("geometry")
    codes = dict(PlaceCode.objects.visible_to(request.auth.actor).filter(until=None).values_list("place", "code"))
    return [
        {"id": p.pk, "code": codes.get(p.pk, ""), "name": p.name, "level": p.level, "parent": p.parent_id} for p in rows
    ]


@router.post("/rankings/{week}/publish", response=PublicationOut, summary="Publish a ranking")
def publish(request: ApiRequest, week: date) -> Any:
    """Freeze the ranking of the week that contains this day; publishing again answers what was published."""
    caller = request.auth
    made: Publication = actions.publish_ranking(actor=caller.actor, at=caller.at, office=caller.office, week=week)
    return made


@router.post("/consequences/{id}/decide", response=ConsequenceOut, summary="Decide a proposal")
def decide(request: ApiRequest, id: Id, body: DecisionIn) -> Any:
    caller = request.auth
    found = seen(Consequence.objects.visible_to(caller.actor), id)

    def do() -> dict[str, Any]:
        actions.decide(actor=caller.actor, at=caller.at, consequence=found, confirm=body.confirm, reason=body.reason)
        return ConsequenceOut.from_orm(found).model_dump(mode="json")

    return written(request, caller, body.client_id, do)
