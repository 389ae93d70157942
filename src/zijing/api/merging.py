"""Cases reported twice: merge one into the one that stands, and take that back."""

from functools import partial
from typing import Any
from uuid import UUID

from ninja import Router

from zijing.api.auth import ApiRequest
from zijing.api.cases import CaseOut, case_in_sight, done
from zijing.api.common import Body, Id, seen
from zijing.cases.merging import alike, merge as merge_case, unmerge as unmerge_case

router = Router(tags=["cases"])


class MergeIn(Body):
    """The case that stands, by its id.

    With ``seen``, the revision that was read, a case moved by somebody else meanwhile is a conflict.
    """

    into: Id
    reason: str = ""
    seen: Id | None = None
    client_id: UUID | None = None


class UnmergeIn(Body):
    """Why they are two cases after all."""

    reason: str
    seen: Id | None = None
    client_id: UUID | None = None


@router.post("/cases/{id}/merge", response=CaseOut, summary="Merge a case into another")
def merge(request: ApiRequest, id: Id, body: MergeIn) -> Any:
    """Another open one of its kind and office stands for it from now on; this one is voided and loses nothing."""
    found = case_in_sight(request.auth, id)
    into = seen(alike(request.auth.actor, found), body.into)
    found.revision = found.revision if body.seen is None else body.seen
    return done(request, found, body.client_id, partial(merge_case, case=found, into=into, reason=body.reason))


@router.post("/cases/{id}/unmerge", response=CaseOut, summary="Take a merging back")
def unmerge(request: ApiRequest, id: Id, body: UnmergeIn) -> Any:
    """While the case that stands is open; the case goes on where it was, as if its clock had run all the time."""
    found = case_in_sight(request.auth, id)
    found.revision = found.revision if body.seen is None else body.seen
    return done(request, found, body.client_id, partial(unmerge_case, case=found, reason=body.reason))
