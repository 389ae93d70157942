"""Sheets wanted from above: how one would be filled, and the same workbook filled."""

from functools import reduce
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from zijing.api import jobs
from zijing.api.auth import ApiRequest, Caller
from zijing.api.common import Body, answer
from zijing.api.files import BINARY
from zijing.api.imports import WORKBOOK, XLSX
from zijing.core.errors import Invalid
from zijing.core.identifiers import new_id
from zijing.outbox.models import Job
from zijing.packs.builder.asking import fill_or_ask
from zijing.packs.builder.plan import Choices, Plan, look
from zijing.packs.builder.rows import rows_of
from zijing.people.access import require

router = Router(tags=["sheets"])
FILLED = {**WORKBOOK, "responses": {200: {"description": "The same workbook, filled", "content": {XLSX: BINARY}}}}


class WantedQuery(Body):
    """What is decided of a wanted sheet; what is left out is remembered from the last time, else found.

    ``about`` is what each row is: a kind, places, units or months. ``column`` says the source of a column (C=name,
    D=cases.filed@month, E= for none); once one is said, only those said are filled.
    """

    sheet: str = ""
    header: int = Field(default=0, ge=0, le=1000)
    about: str = Field(default="", max_length=40)
    column: list[str] = Field(default=[], max_length=200)
    filter: str = Field(default="", max_length=500)
    period: str = Field(default="", max_length=40)
    over: bool = False
    client_id: UUID | None = None


class WantedColumnOut(Schema):
    """A column; ``source`` and ``filled_with`` are empty where nothing is known for it: it stays empty."""

    column: str
    heading: str
    source: str
    filled_with: str


class StrangeRowOut(Schema):
    """A row that names what is not known, or more than one thing."""

    row: int
    text: str


class WantedOut(Schema):
    """How a sheet would be filled: ``rows`` of them; ``remembered`` when as the last time; ``unknown`` headings."""

    sheet: str
    about: str
    period: str
    filter: dict[str, str]
    remembered: bool
    rows: int
    columns: list[WantedColumnOut]
    unknown: list[str]
    strange: list[StrangeRowOut]
    remarks: list[str]


@router.post("/sheets/wanted", response=WantedOut, summary="A wanted sheet, understood", openapi_extra=WORKBOOK)
def understand(request: ApiRequest, query: Query[WantedQuery]) -> Any:
    """The body is the .xlsx file. Nothing is written or kept; what it would be filled with is answered."""
    caller = _reader(request)
    content = request.read(settings.UPLOAD_LIMIT + 1)
    plan = look(actor=caller.actor, at=caller.at, source=content, choices=_choices(query))
    rows = rows_of(plan, caller.actor, caller.at)
    return {
        "sheet": plan.sheet.name, "about": plan.subject.key, "period": plan.period, "filter": plan.filter,
        "remembered": plan.remembered, "rows": len(rows.lines), "columns": _columns(plan),
        "unknown": [c.heading for c in plan.unknown], "remarks": plan.remarks,
        "strange": [{"row": row, "text": text} for row, text in rows.strange],
    }  # fmt: skip


@router.post(
    "/sheets/wanted/fill", response={200: None, 202: jobs.JobOut}, summary="A wanted sheet, filled",
    openapi_extra=FILLED,
)  # fmt: skip
def fill(request: ApiRequest, query: Query[WantedQuery]) -> Any:
    """The body is the .xlsx file; the answer is the same workbook, filled, and how it was filled is remembered.

    Columns nobody knows stay empty, are marked, and stand in the workbook's last sheet. A long one is left to the work
    process: 202 with the job, whose file is read by its id.
    """
    caller = _reader(request)
    content = request.read(settings.UPLOAD_LIMIT + 1)
    _plan, made = fill_or_ask(
        actor=caller.actor, at=caller.at, content=content, choices=_choices(query),
        client_id=query.client_id or new_id(),
    )  # fmt: skip
    if isinstance(made, Job):
        return answer(jobs.JobOut(**jobs.shown(made)).model_dump(mode="json"), status=202)
    return HttpResponse(made.content, content_type=XLSX)


def _reader(request: ApiRequest) -> Caller:
    """Who fills a sheet reads figures: a program without a right learns nothing of an office by asking for columns."""
    require(request.auth.actor, "figures.read")
    return request.auth


def _choices(query: WantedQuery) -> Choices:
    return Choices(
        sheet=query.sheet, header=query.header, subject=query.about, mapping=_mapping(query.column),
        filter=dict(parse_qsl(query.filter)), period=query.period, over=query.over,
    )  # fmt: skip


def _mapping(columns: list[str]) -> dict[int, str] | None:
    found = {}
    for told in columns:
        letters, sign, source = told.partition("=")
        if not sign or not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise Invalid(_("Write a column and its source: C=name."), field="column")
        found[_number_of(letters.upper())] = source
    return found or None


def _number_of(letters: str) -> int:
    """The number of a column by its letters: A is 1, AA is 27."""
    return reduce(lambda n, letter: n * 26 + ord(letter) - ord("A") + 1, letters, 0)


def _columns(plan: Plan) -> list[dict[str, str]]:
    return [
        {
            "column": c.letter, "heading": c.heading, "source": plan.source(c) if c.field else "",
            "filled_with": c.field.label if c.field else "",
        }
        for c in plan.columns
    ]  # fmt: skip
