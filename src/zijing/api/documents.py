"""Official documents: the forms, one document with its numbers and whether they still hold, its files, its life."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest, Caller
from zijing.api.common import Body, Exact, Id, Moment, Ref, place_in_sight, ref, seen, written
from zijing.core.errors import Missing
from zijing.documents import actions, printing, queries
from zijing.documents.about import name_of, record_about, record_named
from zijing.documents.access import steps_for
from zijing.documents.freezing import verify
from zijing.documents.models import Document, Quoted, Recipient
from zijing.documents.naming import number_of
from zijing.people.access import require
from zijing.people.models import Unit

router = Router(tags=["documents"])
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILES = {"responses": {200: {"content": dict.fromkeys(printing.FORMS.values(), BINARY)}}}
Revision = Annotated[int, Field(ge=0, lt=2**31)]
Days = Annotated[int, Field(ge=0, le=250)]
Title = Annotated[str, Field(max_length=200)]
Units = Annotated[list[Id], Field(max_length=500)]
SortName = Literal["notice", "bulletin", "report", "request", "reply", "minutes", "brief"]
StageName = Literal["draft", "checking", "signing", "signed", "issued", "archived", "void"]
Verb = Literal["submit", "check", "sign", "issue", "archive", "send_back", "void", "drop", "receive", "reply"]


class DocumentFormOut(Schema):
    """A form the office writes by; ``fits`` are the nouns and kinds it may be about, ``own`` the office's version."""

    key: str
    title: str
    sort: SortName
    step: str
    reply_days: int
    fits: list[str]
    version: int
    own: bool
    source: str

    @staticmethod
    def resolve_title(t: Any) -> str:
        return str(t)

    @staticmethod
    def resolve_fits(t: Any) -> list[str]:
        return list(t.fits.split())

    @staticmethod
    def resolve_own(t: Any) -> bool:
        return t.office_id is not None


class ListedDocument(Schema):
    """A document in a list; ``number`` is "" until it is issued."""

    id: int
    title: str
    number: str
    sort: SortName
    stage: StageName
    place: str
    reply_by: date | None
    drafted_at: Moment
    revision: int


class PrintedOut(Schema):
    """A number as it is printed: ``order`` names it, ``written`` is its placeholder, ``n`` counts the records."""

    order: int
    written: str
    shown: str
    amount: Exact | None
    unit: str
    figure: str
    n: int


class RecipientOut(Schema):
    """A unit a document is for, when it confirmed the receipt, and what it replied."""

    unit: Ref
    part: Literal["main", "copy"]
    received_at: Moment | None
    replied_at: Moment | None
    reply: str


class DocumentOut(ListedDocument):
    """A document; ``steps`` are the verbs the caller may take now, ``about`` the record it is about ("case:12")."""

    text: str
    addressed_to: str
    copies_to: str
    note: str
    urgency: str
    secrecy: str
    sealed: bool
    reply_days: int
    since: date | None
    until: date | None
    about: str
    digest: str
    numbers: list[PrintedOut]
    recipients: list[RecipientOut]
    steps: list[str]


class HeldOut(Schema):
    """A printed number held against today's records; ``now`` is what would be printed, ``changed`` counts records."""

    number: PrintedOut
    definition: str
    holds: bool
    now: str
    changed: int


class WordsIn(Body):
    """What a drafter says of a document beside its numbers; what is left out stays as it is."""

    title: Title | None = None
    text: Annotated[str, Field(max_length=300_000)] | None = None
    recipients: Units | None = None
    copies: Units | None = None
    reply_days: Days | None = None
    addressed_to: Annotated[str, Field(max_length=300)] | None = None
    copies_to: Annotated[str, Field(max_length=300)] | None = None
    note: Annotated[str, Field(max_length=200)] | None = None
    urgency: Literal["", "特急", "加急"] | None = None
    secrecy: Literal["", "内部"] | None = None
    sealed: bool | None = None

    def wanted(self, caller: Caller) -> actions.Wanted:
        said = {name: getattr(self, name) for name in WordsIn.model_fields}
        for name in ("recipients", "copies"):
            said[name] = said[name] if said[name] is None else _units(caller, said[name])
        return actions.Wanted(**said)


class DocumentIn(WordsIn):
    """Begin by a form (its key) for a place and days; ``about``: a record by noun and id, as in "case:12"."""

    client_id: UUID
    form: Annotated[str, Field(max_length=40)]
    place: Id | None = None
    since: date | None = None
    until: date | None = None
    about: Annotated[str, Field(max_length=40)] = ""
    language: Literal["zh-hans", "en"] = "zh-hans"


class DocumentEditIn(WordsIn):
    """Other words for a draft; ``seen`` is the revision that was read."""

    seen: Revision
    client_id: UUID | None = None


class DocumentStepIn(Body):
    """``reason`` for sending back, taking back and giving up; ``text`` is the reply; ``seen`` the revision read."""

    reason: Annotated[str, Field(max_length=500)] = ""
    text: Annotated[str, Field(max_length=5000)] = ""
    seen: Revision | None = None
    client_id: UUID | None = None


def _units(caller: Caller, ids: list[int]) -> list[Unit]:
    rows = Unit.objects.visible_to(caller.actor).filter(office=caller.actor.office_id)
    return [seen(rows, pk) for pk in dict.fromkeys(ids)]


def _row(document: Document) -> dict[str, Any]:
    facts = ("title", "sort", "stage", "reply_by", "drafted_at", "revision")
    return {name: getattr(document, name) for name in facts} | {
        "id": document.pk, "number": number_of(document), "place": str(document.place),
    }  # fmt: skip


def _number(q: Quoted) -> dict[str, Any]:
    return {name: getattr(q, name) for name in PrintedOut.model_fields}


def _recipient(r: Recipient) -> dict[str, Any]:
    facts = ("part", "received_at", "replied_at", "reply")
    return {name: getattr(r, name) for name in facts} | {"unit": ref(r.unit)}


def _whole(caller: Caller, document: Document) -> dict[str, Any]:
    record = record_about(document, caller.actor)
    facts = ("text", "addressed_to", "copies_to", "note", "urgency", "secrecy", "sealed", "reply_days", "since",
             "until", "digest")  # fmt: skip
    mine = [r for r in queries.recipients_of(document) if r.unit_id == caller.actor.unit_id]
    answers = [verb for r in mine for verb in queries.answers_of(document, r)]
    return _row(document) | {name: getattr(document, name) for name in facts} | {
        "about": name_of(record) if record else "",
        "numbers": [_number(q) for q in document.numbers.order_by("order")],
        "recipients": [_recipient(r) for r in queries.recipients_of(document)],
        "steps": [*steps_for(caller.actor, document), *answers],
    }  # fmt: skip


def _told(caller: Caller, pk: int) -> dict[str, Any]:
    """The document as it stands now, as JSON."""
    whole = _whole(caller, queries.document_of(caller.actor, pk))
    return DocumentOut.model_validate(whole).model_dump(mode="json")


@router.get("/documents", response=list[ListedDocument], summary="Documents by what one looks for")
def documents(request: ApiRequest, tab: Literal["todo", "working", "issued", "received"] = "todo") -> Any:
    """What waits for the caller, is being worked on, was issued, or came to the own unit; the newest 100."""
    return [_row(d) for d in queries.documents(request.auth.actor, tab)[: queries.LISTED]]


@router.get("/documents/{id}", response=DocumentOut, summary="A document")
def document(request: ApiRequest, id: Id) -> Any:
    """What it says, its frozen numbers, whom it is for, and what the caller may do with it now."""
    return _whole(request.auth, queries.document_of(request.auth.actor, id))


@router.get("/documents/{id}/numbers/{order}", response=HeldOut, summary="Whether a printed number still holds")
def number(request: ApiRequest, id: Id, order: Annotated[int, Field(ge=1, lt=2**31)]) -> Any:
    """What was printed, what would be printed today, and how many records differ."""
    caller = request.auth
    require(caller.actor, "figures.read")
    quoted = queries.number_in(caller.actor, id, order)
    held = verify(quoted.document, quoted, caller.actor, caller.at)
    return {
        "number": _number(quoted), "definition": str(held.figure.sentence) if held.figure else "",
        "holds": held.holds, "now": held.now or "", "changed": held.changed,
    }  # fmt: skip


@router.get("/documents/{id}/files/{form}", summary="A document as a file", response={200: None}, openapi_extra=FILES)
def file(request: ApiRequest, id: Id, form: Literal["docx", "pdf"]) -> HttpResponseBase:
    """DOCX or PDF, laid out by GB/T 9704-2012; each number leads to its page."""
    found = queries.document_of(request.auth.actor, id)
    base = request.build_absolute_uri("/").rstrip("/")
    content = printing.as_file(found, request.auth.actor, request.auth.at, form, base)
    answer = HttpResponse(content, content_type=printing.FORMS[form])
    name = content_disposition_header(as_attachment=True, filename=printing.file_name(found, form))
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


@router.get("/document-forms", response=list[DocumentFormOut], summary="The forms of documents")
def forms(request: ApiRequest) -> Any:
    """Those of packs, and the office's own versions in their place."""
    require(request.auth.actor, "documents.write")
    return queries.templates(request.auth.actor)


@router.post("/documents", response={201: DocumentOut}, summary="Begin a document")
def draft(request: ApiRequest, body: DocumentIn) -> Any:
    """By a form; its numbers are looked up. About a record: for the units that answer for it, unless said otherwise."""
    caller = request.auth
    require(caller.actor, "documents.write")
    form = next((t for t in queries.templates(caller.actor) if t.key == body.form), None)
    if form is None:
        raise Missing(_("There is no such form."))
    place = place_in_sight(caller, body.place) or caller.office
    about, wanted = record_named(caller.actor, body.about) if body.about else None, body.wanted(caller)

    def do() -> dict[str, Any]:
        made = actions.draft(
            actor=caller.actor, at=caller.at, template=form, place=place, since=body.since, until=body.until,
            client_id=body.client_id, wanted=wanted, about=about, language=body.language,
        )  # fmt: skip
        return _told(caller, made.pk)

    return written(request, caller, body.client_id, do, status=201)


@router.patch("/documents/{id}", response=DocumentOut, summary="Change a draft's words")
def edit(request: ApiRequest, id: Id, body: DocumentEditIn) -> Any:
    """409 when it changed since the revision ``seen``, or has left the draft."""
    caller, found = request.auth, queries.document_of(request.auth.actor, id)
    wanted = body.wanted(caller)

    def do() -> dict[str, Any]:
        actions.edit(actor=caller.actor, at=caller.at, document=found, seen=body.seen, wanted=wanted)
        return _told(caller, found.pk)

    return written(request, caller, body.client_id, do)


@router.post("/documents/{id}/{verb}", response=DocumentOut, summary="Take a document a step on")
def step(request: ApiRequest, id: Id, verb: Verb, body: DocumentStepIn) -> Any:
    """Hand in, check, sign, number and issue, archive; send back, take back, give up; confirm the receipt, reply."""
    caller, found = request.auth, queries.document_of(request.auth.actor, id)
    if body.seen is not None:
        found.revision = body.seen

    def do() -> dict[str, Any]:
        _take(caller, found, verb, body)
        return _told(caller, found.pk)

    return written(request, caller, body.client_id, do)


def _take(caller: Caller, found: Document, verb: str, body: DocumentStepIn) -> None:
    asked: dict[str, Any] = {"actor": caller.actor, "at": caller.at}
    match verb:
        case "receive":
            actions.confirm_receipt(**asked, recipient=_mine(caller, found))
        case "reply":
            actions.reply(**asked, recipient=_mine(caller, found), text=body.text)
        case "submit":
            actions.submit(**asked, document=found, seen=found.revision)
        case "send_back" | "void" | "drop":
            getattr(actions, verb)(**asked, document=found, reason=body.reason)
        case _:
            getattr(actions, verb)(**asked, document=found)


def _mine(caller: Caller, found: Document) -> Recipient:
    mine = next((r for r in queries.recipients_of(found) if r.unit_id == caller.actor.unit_id), None)
    if mine is None:
        raise Missing(_("This document is not for your unit."))
    return mine
