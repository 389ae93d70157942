"""Long work the caller's account asked for, and how far it is."""

from io import BytesIO
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Id, Moment, seen
from zijing.core.errors import Missing
from zijing.outbox import keeping
from zijing.outbox.jobs import title_of
from zijing.outbox.models import Job

router = Router(tags=["jobs"])
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {"responses": {200: {"content": {"application/octet-stream": BINARY}}}}


class JobOut(Schema):
    """Work with its progress; ``note`` says what it does, or what came of it. ``result`` is the name of its file."""

    id: int
    task: str
    title: str
    about: str
    state: Job.State
    done: int
    total: int
    note: str
    cancel_asked: bool
    result: str
    at: Moment


@router.get("/jobs/{id}", response=JobOut, summary="Long work")
def job(request: ApiRequest, id: Id) -> Any:
    """How far it is: waiting, running, done, failed or cancelled."""
    return shown(seen(Job.objects.visible_to(request.auth.actor), id))


@router.get("/jobs/{id}/result", response={200: None}, summary="The file of long work", openapi_extra=FILE)
def result(request: ApiRequest, id: Id) -> FileResponse:
    """The file it has made: a filled sheet, an export, a plan."""
    found = seen(Job.objects.visible_to(request.auth.actor), id)
    if not found.result_name:
        raise Missing(_("This work has made no file."))
    content = BytesIO(keeping.kept(found.pk, keeping.RESULT))
    return FileResponse(content, as_attachment=True, filename=found.result_name, content_type=found.result_type)


def shown(found: Job) -> dict[str, Any]:
    """A job as it is answered."""
    facts = ("id", "task", "about", "state", "done", "total", "note", "cancel_asked", "at")
    return {name: getattr(found, name) for name in facts} | {"title": title_of(found), "result": found.result_name}
