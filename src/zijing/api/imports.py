"""Workbooks in: the same reading, rehearsal and all-or-nothing as the page."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Body
from zijing.core.errors import Invalid, Several
from zijing.packs import intake
from zijing.records.sheets import Options, Result, bring_in, preview

router = Router(tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK = {"requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}


class ImportQuery(Body):
    """How to read the workbook: which sheet (when there are several), whether remarks that ask have been read."""

    dry_run: bool = False
    sheet: str = ""
    confirmed: bool = False
    client_id: UUID | None = None


class CellErrorOut(Schema):
    """Why a cell cannot be imported; ``where`` is the cell as the sheet names it."""

    where: str
    row: int
    column: int
    heading: str
    field: str
    message: str


class RemarkOut(Schema):
    """Something to know before importing; with ``ask`` it must be confirmed (``confirmed=true``)."""

    message: str
    ask: bool
    row: int
    column: int


class ImportOut(Schema):
    """What became of a workbook, or on a dry run what would; ``landed`` when its rows were written, all of them."""

    sheet: str
    landed: bool
    read: int
    created: int
    changed: int
    same: int
    errors: list[CellErrorOut]
    remarks: list[RemarkOut]


@router.post("/imports/{kind}", response=ImportOut, summary="Import a workbook", openapi_extra=WORKBOOK)
def bring(request: ApiRequest, kind: str, query: Query[ImportQuery]) -> Any:
    """The body is the .xlsx file; ``kind`` is place, unit, post or a kind's key. All rows land, or none (422)."""
    caller = request.auth
    target = intake.target(kind, caller.actor)
    content = request.read(settings.UPLOAD_LIMIT + 1)
    options = Options(sheet=query.sheet, hidden="without" if query.confirmed else "", confirmed=query.confirmed)
    if query.dry_run:
        return preview(target=target, actor=caller.actor, at=caller.at, source=content, options=options)
    result = bring_in(
        target=target, actor=caller.actor, at=caller.at, source=content, options=options, client_id=query.client_id
    )
    if not result.landed:
        raise refusal(result)
    return result


def refusal(result: Result) -> Several:
    """Why nothing was written, cell by cell; the field of each fault is the cell."""
    faults = [Invalid(f"{e.where}: {e.message}" if e.where else e.message, field=e.where) for e in result.errors]
    questions = [Invalid(_("Confirm first: %(remark)s"), field="confirmed", remark=r.message) for r in result.questions]
    return Several([*(faults or questions)])
