"""Records of every kind: lists with the filters of the pages, and single ones."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Exact, Id, Moment, Ref, plain, ref
from zijing.api.errors import READ, answers
from zijing.core.errors import Missing, Several
from zijing.figures.queries import records_of
from zijing.records.filters import parse
from zijing.records.kinds import kind_of
from zijing.records.models import Kind, Noun, Record
from zijing.records.paging import page
from zijing.records.tables import columns, rows

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


@router.get("/lists/{kind}", response=answers(ListOut, refusals=READ), summary="A list of a kind")
def listing(request: ApiRequest, kind: str, after: str = "") -> Any:
    """Filtered as on the pages: ``stage=a,b open=yes overdue=yes place= unit= subject= happened=2020-09-01..2020-09-30
    closed= recorded= due= text= id= f.<field>=``; ``after`` takes the value of the page before.
    """
    caller, found = request.auth, kind_of(kind)
    params = {name: str(value) for name, value in request.GET.items() if name != "after"}
    filtering = parse(params, found, at=caller.at, actor=caller.actor)
    if filtering.errors:
        raise Several(filtering.errors)
    matching = filtering.apply(records_of(found.noun, caller.actor)).select_related(*RELATED)
    shown = page(matching, found.noun, after=after)
    return {"records": record_out(found, shown.records), "after": shown.after}


@router.get("/records/{noun}/{id}", response=answers(RecordOut, refusals=READ), summary="A record")
def record(request: ApiRequest, noun: Noun, id: Id) -> Any:
    found = records_of(noun, request.auth.actor).filter(pk=id).select_related(*RELATED).first()
    if found is None:
        raise Missing(_("There is no such record within your sight."))
    return record_out(found.kind, [found])[0]
