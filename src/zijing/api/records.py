"""Records of every kind: lists with the filters of the pages, and single ones."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from zijing.api.auth import ApiRequest, Caller
from zijing.api.common import Body, Content, Exact, Id, Moment, Ref, plain, ref, seen, uploads, written
from zijing.core.errors import Conflict, Missing, Several
from zijing.figures.queries import records_of
from zijing.packs import intake
from zijing.packs.entering import enter
from zijing.records.filters import parse
from zijing.records.kinds import kind_of
from zijing.records.models import NOWHERE, Kind, Noun, Record
from zijing.records.paging import page
from zijing.records.tables import columns, rows
from zijing.registers.actions import retire_entry
from zijing.registers.models import Entry

router = Router(tags=["records"])
RELATED = ("kind", "place", "unit", "subject")


class RecordOut(Schema):
    """A record: the columns all have, its kind's own values by field, and both as a reader sees them (``shown``)."""

    id: int
    noun: Noun
    kind: str
    title: str
    stage: str
    place: Ref
    unit: Ref | None
    subject: Ref | None
    business_key: str
    amount_fen: int | None
    quantity: Exact | None
    happened_on: date | None
    recorded_at: Moment
    closed_at: Moment | None
    revision: int
    values: dict[str, Any]
    shown: dict[str, str]


class ListOut(Schema):
    """A page of a list; ``after`` leads to the next one and is empty on the last."""

    records: list[RecordOut]
    after: str


def record_out(kind: Kind, records: Iterable[Record]) -> list[dict[str, Any]]:
    """Records of one kind as they are answered; the names of references are read for all at once."""
    wanted = columns(kind)
    return [_out(kind, row.record, [c.text for c in row.cells], wanted) for row in rows(kind, records, wanted)]


def _out(kind: Kind, record: Any, cells: list[str], wanted: list[Any]) -> dict[str, Any]:
    facts = (
        "title",
        "stage",
        "business_key",
        "amount_fen",
        "happened_on",
        "recorded_at",
        "closed_at",
        "revision",
        "quantity",
    )
    return {
        "id": record.pk,
        "noun": kind.noun,
        "kind": kind.key,
        **{name: getattr(record, name) for name in facts},
        **{name: ref(getattr(record, name)) for name in ("place", "unit", "subject")},
        "values": {f.key: f.show(record.value(f)) if f.personal else plain(record.value(f)) for f in kind.fields},
        "shown": {column.key: text for column, text in zip(wanted, cells, strict=True)},
    }


@router.get("/lists/{kind}", response=ListOut, summary="A list of a kind")
def listing(request: ApiRequest, kind: str, after: str = "") -> Any:
    """Filtered as on the pages: ``stage=a,b open=yes near=yes overdue=yes place= unit= subject=
    happened=2020-09-01..2020-09-30 closed= recorded= due= text= id= f.<field>=``; ``after`` takes the value of the page
    before.
    """
    caller, found = request.auth, kind_of(kind)
    params = {name: str(value) for name, value in request.GET.items() if name != "after"}
    filtering = parse(params, found, at=caller.at, actor=caller.actor)
    if filtering.errors:
        raise Several(filtering.errors)
    matching = filtering.apply(records_of(found.noun, caller.actor)).select_related(*RELATED)
    shown = page(matching, found.noun, after=after, by=filtering.order)
    return {"records": record_out(found, shown.records), "after": shown.after}


@router.get("/records/{noun}/{id}", response=RecordOut, summary="A record")
def record(request: ApiRequest, noun: Noun, id: Id) -> Any:
    found = in_sight(request.auth, noun, id)
    return record_out(found.kind, [found])[0]


class RecordIn(Body):
    """A new record: raw values by field of its kind, as a form or a sheet would give them; files in base64."""

    client_id: UUID
    values: dict[str, Any]
    files: dict[str, Content] = {}


class CorrectionIn(Body):
    """Values to change, by field; with ``seen``, the revision that was read, a change made meanwhile is a conflict."""

    values: dict[str, Any]
    seen: Id | None = None
    client_id: UUID | None = None


class EndIn(Body):
    """Why an entry is taken out of use."""

    reason: str
    client_id: UUID | None = None


@router.post("/lists/{kind}", response={201: RecordOut}, summary="Enter a record")
def create(request: ApiRequest, kind: str, body: RecordIn) -> Any:
    """Exactly once for each ``client_id``. Cases are filed at ``/cases``."""
    caller, found = request.auth, kind_of(kind)
    if found.noun == Noun.CASE:
        raise Missing(_("Cases are filed at /cases."))
    files = uploads(body.files)

    def do() -> dict[str, Any]:
        made = enter(
            actor=caller.actor, at=caller.at, kind=found, values=body.values, uploads=files, client_id=body.client_id
        )
        return shown(found, made)

    return written(request, caller, body.client_id, do, status=201, files=files.values())


@router.patch("/records/{noun}/{id}", response=RecordOut, summary="Correct a record")
def correct(request: ApiRequest, noun: Noun, id: Id, body: CorrectionIn) -> Any:
    caller, standing = request.auth, in_sight(request.auth, noun, id)
    if standing.stage in NOWHERE:
        raise Conflict(_("This record is no longer in use; it is not corrected any more."))

    def do() -> dict[str, Any]:
        intake.correct(actor=caller.actor, at=caller.at, record=standing, values=body.values, seen=body.seen)
        return shown(standing.kind, in_sight(caller, noun, id))

    return written(request, caller, body.client_id, do)


@router.post("/records/register/{id}/retire", response=RecordOut, summary="Take out of use")
def retire(request: ApiRequest, id: Id, body: EndIn) -> Any:
    caller = request.auth
    entry = seen(Entry.objects.visible_to(caller.actor).select_related(*RELATED), id)

    def do() -> dict[str, Any]:
        retire_entry(actor=caller.actor, at=caller.at, entry=entry, reason=body.reason)
        return shown(entry.kind, in_sight(caller, Noun.REGISTER, id))

    return written(request, caller, body.client_id, do)


def in_sight(caller: Caller, noun: str, pk: int) -> Any:
    """The record with this id, if the caller sees it; ``Missing`` otherwise."""
    return seen(records_of(noun, caller.actor).select_related(*RELATED), pk)


def shown(kind: Kind, record: Record) -> dict[str, Any]:
    """A record as it is answered, in JSON; personal values masked."""
    return RecordOut.model_validate(record_out(kind, [record])[0]).model_dump(mode="json")
