"""The green channel: put a project into it, and take it out again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Id, seen, written
from zijing.api.projects import ReasonIn
from zijing.core.errors import Conflict
from zijing.people.access import require
from zijing.projects import actions
from zijing.projects.actions.channel import RIGHT
from zijing.projects.models import GreenChannel, Project

router = Router(tags=["projects"])


class ChannelOut(Schema):
    """A time for which a project comes first: from ``since`` on, and not any more from ``until`` on."""

    id: int
    project: int
    since: date
    reason: str
    until: date | None
    end_reason: str


class EnterIn(Body):
    """Why it comes first, and from which day on: today, or a later one within a year."""

    reason: str
    since: date | None = None
    client_id: UUID | None = None


def _told(one: GreenChannel) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in ChannelOut.model_fields} | {"project": one.project_id}
    return ChannelOut(**facts).model_dump(mode="json")


def _project(request: ApiRequest, pk: int) -> Project:
    return seen(Project.objects.visible_to(request.auth.actor).select_related("entry__office"), pk)


@router.post("/projects/{id}/channel", response={201: ChannelOut}, summary="Put a project into the green channel")
def enter(request: ApiRequest, id: Id, body: EnterIn) -> Any:
    """Its works come first where crews are short: all schedules of the office are planned anew."""
    caller, project = request.auth, _project(request, id)

    def do() -> dict[str, Any]:
        return _told(actions.put_in_channel(
            actor=caller.actor, at=caller.at, project=project, reason=body.reason, since=body.since
        ))  # fmt: skip

    return written(request, caller, body.client_id, do, status=201)


@router.post("/projects/{id}/channel/leave", response=ChannelOut, summary="Take a project out of the green channel")
def leave(request: ApiRequest, id: Id, body: ReasonIn) -> Any:
    """From today on; refused (409) where it is not in the channel."""
    caller, project = request.auth, _project(request, id)
    require(caller.actor, RIGHT)

    def do() -> dict[str, Any]:
        rows = GreenChannel.objects.visible_to(caller.actor).standing().filter(project=project)
        one = rows.select_related("project__entry__office").first()
        if one is None:
            raise Conflict(_("This project is not in the green channel any more."))
        actions.take_out_of_channel(actor=caller.actor, at=caller.at, channel=one, reason=body.reason)
        one.refresh_from_db()
        return _told(one)

    return written(request, caller, body.client_id, do)
