"""Files of records: what there is, the content, and photos and documents added to what stands."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from zijing.api.auth import ApiRequest, Caller
from zijing.api.common import Body, Id, Moment, written
from zijing.api.records import in_sight
from zijing.core.errors import Missing
from zijing.packs.entering import add_file
from zijing.records.files import MAX_BYTES, PDF, XLSX, Upload, attachments_of, find_file, is_picture, open_file
from zijing.records.models import Attachment, Noun

router = Router(tags=["files"])
BINARY = {"schema": {"type": "string", "format": "binary"}}
SENT = {"requestBody": {"required": True, "content": {"application/octet-stream": BINARY}}}
KEPT = ("image/jpeg", "image/png", PDF, XLSX)
ANSWERED = {"responses": {200: {"content": dict.fromkeys(KEPT, BINARY)}}}


class FileOut(Schema):
    """A file of a record; ``file`` is the id its content is read by, ``part`` what it shows."""

    file: int
    part: Attachment.Part
    name: str
    media_type: str
    size: int
    attached_at: Moment


class FileQuery(Body):
    """What the file shows (near, far, before, after, document, …), and what it is called."""

    part: Attachment.Part
    name: str = ""
    client_id: UUID | None = None


class SizeQuery(Body):
    """``small=true`` is the thumbnail of a picture, at most 320 pixels long."""

    small: bool = False


def out(attachment: Attachment) -> dict[str, Any]:
    """A file of a record as it is answered."""
    file = attachment.file
    facts = {name: getattr(attachment, name) for name in ("part", "name", "attached_at")}
    return facts | {"file": file.pk, "media_type": file.media_type, "size": file.size}


@router.get("/records/{noun}/{id}/files", response=list[FileOut], summary="Files of a record")
def listing(request: ApiRequest, noun: Noun, id: Id) -> Any:
    return [out(attachment) for attachment in attachments_of(in_sight(request.auth, noun, id))]


@router.post("/records/{noun}/{id}/files", response={201: FileOut}, summary="Add a file", openapi_extra=SENT)
def add(request: ApiRequest, noun: Noun, id: Id, query: Query[FileQuery]) -> Any:
    """The body is the file: a JPEG, PNG or WebP picture (encoded anew, without its metadata), a PDF or an xlsx
    workbook of at most 10 MB. Exactly once for each ``client_id``.
    """
    caller: Caller = request.auth
    record, sent = in_sight(caller, noun, id), Upload(request.body[: MAX_BYTES + 1], query.name)

    def do() -> dict[str, Any]:
        made = add_file(actor=caller.actor, at=caller.at, standing=record, sent=sent, part=query.part)
        return FileOut.model_validate(out(made)).model_dump(mode="json")

    return written(request, caller, query.client_id, do, status=201, files=[sent])


@router.get("/files/{id}", summary="The content of a file", response={200: None}, openapi_extra=ANSWERED)
def content(request: ApiRequest, id: Id, query: Query[SizeQuery]) -> HttpResponseBase:
    """For whoever sees a record it belongs to."""
    found = find_file(request.auth.actor, id)
    if found is None:
        raise Missing(_("There is no such file within your sight."))
    small = query.small and is_picture(found)
    try:
        opened = open_file(found, small=small)
    except FileNotFoundError as error:
        raise Missing(_("This file is missing from the disk; restore it from a backup.")) from error
    answer = FileResponse(opened, content_type="image/jpeg" if small else found.media_type)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
