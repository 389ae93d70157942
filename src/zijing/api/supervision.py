"""Leaders' lists: what stands on them, and to list, to report and to strike off a case, a project or a commitment."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest, Caller
from zijing.api.cases import CaseOut, case_in_sight, done
from zijing.api.common import Body, Id, written
from zijing.api.listed import SupervisionOut, facts, told
from zijing.api.records import in_sight
from zijing.cases.models import Supervision
from zijing.cases.supervision import LONGEST, listings, report_progress, strike_off, supervise, supervised
from zijing.core.errors import Missing
from zijing.records.models import Noun, Record

router = Router(tags=["supervision"])


class ListedOut(SupervisionOut):
    """A place on a list with what stands there."""

    noun: Noun
    kind: str
    id: int
    title: str


class StandingOut(Schema):
    """What stands on lists, the nearest last day first."""

    listed: list[ListedOut]


class RecordListsOut(Schema):
    """Every listing of a record, the earliest first."""

    supervisions: list[SupervisionOut]


class SuperviseIn(Body):
    """A listing: at which level, why, until when; a report is due ``every`` so many days; ``public``: on the wall."""

    level: Supervision.Board
    reason: str
    until: date
    every: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    public: bool = False
    client_id: UUID | None = None


class ProgressIn(Body):
    """On the list of which level it is reported how it goes."""

    level: Supervision.Board
    said: str
    client_id: UUID | None = None


class StrikeOffIn(Body):
    """The level whose list it leaves, and why."""

    level: Supervision.Board
    reason: str
    client_id: UUID | None = None


@router.get("/supervision", response=StandingOut, summary="What stands on supervision lists")
def standing(request: ApiRequest, mine: bool = False) -> Any:
    """Within the caller's sight; ``mine``: what its post has put there."""
    actor, at = request.auth.actor, request.auth.at
    found = supervised(actor, by=(actor.post_id or 0) if mine else None)
    return {"listed": [facts(one, at) | _named(one.subject) for one in found]}


def _named(record: Record) -> dict[str, Any]:
    return {"noun": record.kind.noun, "kind": record.kind.key, "id": record.pk, "title": str(record)}


def _done(request: ApiRequest, record: Record, client_id: UUID | None, verb: Callable[..., object]) -> Any:
    """What a verb made of a record's listings, exactly once for each ``client_id``."""
    caller: Caller = request.auth

    def do() -> dict[str, Any]:
        verb(actor=caller.actor, at=caller.at)
        return RecordListsOut.model_validate({"supervisions": told(record, caller.at)}).model_dump(mode="json")

    return written(request, caller, client_id, do)


def _listing(record: Any, body: SuperviseIn) -> Callable[..., object]:
    return partial(
        supervise, subject=record, level=body.level, reason=body.reason, until=body.until, every=body.every,
        public=body.public,
    )  # fmt: skip


def _listed(record: Record, level: str) -> Supervision:
    """The latest listing of a record at a level."""
    listed = [one for one in listings(record) if one.level == level]
    if not listed:
        raise Missing(_("This is not on that list."), field="level")
    return listed[-1]


@router.post("/records/{noun}/{id}/supervise", response=RecordListsOut, summary="Put on a supervision list")
def supervise_record(request: ApiRequest, noun: Noun, id: Id, body: SuperviseIn) -> Any:
    """A case, a project (an entry of the ledger of projects) or a commitment."""
    found = in_sight(request.auth, noun, id)
    return _done(request, found, body.client_id, _listing(found, body))


@router.post("/records/{noun}/{id}/progress", response=RecordListsOut, summary="Report to a supervision list")
def report_on_record(request: ApiRequest, noun: Noun, id: Id, body: ProgressIn) -> Any:
    """By whoever answers for it."""
    found = in_sight(request.auth, noun, id)
    verb = partial(report_progress, supervision=_listed(found, body.level), said=body.said)
    return _done(request, found, body.client_id, verb)


@router.post("/records/{noun}/{id}/strike-off", response=RecordListsOut, summary="Strike off a supervision list")
def strike_off_record(request: ApiRequest, noun: Noun, id: Id, body: StrikeOffIn) -> Any:
    """By the level that listed it."""
    found = in_sight(request.auth, noun, id)
    verb = partial(strike_off, supervision=_listed(found, body.level), reason=body.reason)
    return _done(request, found, body.client_id, verb)


@router.post("/cases/{id}/supervise", response=CaseOut, summary="Put a case on a supervision list")
def supervise_case(request: ApiRequest, id: Id, body: SuperviseIn) -> Any:
    """The same as for any record, answered with the case."""
    found = case_in_sight(request.auth, id)
    return done(request, found, body.client_id, _listing(found, body))


@router.post("/cases/{id}/strike-off", response=CaseOut, summary="Strike a case off a supervision list")
def strike_off_case(request: ApiRequest, id: Id, body: StrikeOffIn) -> Any:
    """The same as for any record, answered with the case."""
    found = case_in_sight(request.auth, id)
    verb = partial(strike_off, supervision=_listed(found, body.level), reason=body.reason)
    return done(request, found, body.client_id, verb)
