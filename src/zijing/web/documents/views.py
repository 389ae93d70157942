"""Documents: what is to be done, one document as it is printed, and each of its numbers down to its records."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, gettext_lazy

from zijing.core.errors import DomainError
from zijing.documents.about import record_about
from zijing.documents.access import MOVES, steps_for
from zijing.documents.freezing import Verified, verify
from zijing.documents.models import READ, WORKING, Document, Recipient, Stage
from zijing.documents.naming import issuer_of, mark_of, number_of
from zijing.documents.printing import FORMS, as_file, ask_for_file, file_name, is_long
from zijing.documents.queries import (
    LISTED,
    TABS,
    Printed,
    document_of,
    documents,
    history_of,
    number_in,
    printed,
    recipients_of,
)
from zijing.figures.publishing import Changed
from zijing.people.access import require
from zijing.records.models import Record
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.records.nouns import page_of_listed

TITLES = {
    "todo": gettext_lazy("To do"), "working": gettext_lazy("Being worked on"), "issued": gettext_lazy("Issued"),
    "received": gettext_lazy("Received"),
}  # fmt: skip
STEPS = {
    "submit": gettext_lazy("Hand in for checking"), "check": gettext_lazy("Checked"), "sign": gettext_lazy("Sign"),
    "issue": gettext_lazy("Number and issue"), "archive": gettext_lazy("Archive"), "drop": gettext_lazy("Give up"),
    "void": gettext_lazy("Take back"), "send_back": gettext_lazy("Send back"),
}  # fmt: skip
SEEN = ("todo", "issued", "received")
GIVEN = ("todo", "received")
LIFE = (Stage.DRAFT, Stage.CHECKING, Stage.SIGNING, Stage.SIGNED, Stage.ISSUED, Stage.ARCHIVED)


@dataclass(frozen=True)
class Row:
    """A document in a list."""

    document: Document
    number: str


@acting
def index(request: ActingRequest) -> HttpResponseBase:
    """Documents by what one looks for; what waits for the reader comes first."""
    actor = request.actor
    working = any(actor.may(right) for right in WORKING)
    tabs = TABS if working else SEEN if actor.may(READ) else GIVEN
    asked = request.GET.get("tab", "")
    tab = asked if asked in tabs else tabs[0]
    found = [Row(d, number_of(d)) for d in documents(actor, tab)[:LISTED]]
    context = {
        "found": found, "tab": tab, "tabs": [(t, TITLES[t]) for t in tabs], "working": working,
        "may_write": actor.may("documents.write"),
    }  # fmt: skip
    return render(request, "documents/index.html", context)


@acting
def page(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One document."""
    return show(request, document_of(request.actor, pk))


def show(
    request: ActingRequest, document: Document, error: DomainError | None = None, given: dict[str, str] | None = None
) -> HttpResponse:
    """A document as it is printed, with what may be done to it; after a refusal with what was given."""
    steps = steps_for(request.actor, document)
    content, trouble = _printed(request, document)
    people = recipients_of(document)
    mine = next((r for r in people if r.unit_id == request.actor.unit_id), None)
    context = {
        "document": document, "number": number_of(document), "mark": mark_of(document),
        "issuer": issuer_of(document.office), "about": _about(request, document),
        "content": content, "trouble": trouble,
        "stages": _strip(document), "steps": [(v, STEPS[v], MOVES[v].reasoned) for v in steps], "recipients": people,
        "mine": mine if document.stage == Stage.ISSUED else None, "history": history_of(document),
        "editing": "submit" in steps, "error": error, "given": given or {}, "long": is_long(document),
        "forms": list(FORMS),
        "owes": bool(mine and mine.part == Recipient.Part.MAIN and document.reply_by and not mine.replied_at),
    }  # fmt: skip
    return render(request, "documents/document.html", context, status=error.status if error else 200)


def _about(request: ActingRequest, document: Document) -> tuple[str, str] | None:
    record = record_about(document, request.actor)
    return (str(record), page_of_listed(record)) if record else None


def _printed(request: ActingRequest, document: Document) -> tuple[Printed | None, DomainError | None]:
    """What it prints; of a draft that no longer is understood (a figure has gone) the reason."""
    try:
        return printed(document, request.actor, request.now), None
    except DomainError as error:
        return None, error


def _strip(document: Document) -> list[tuple[str, str]]:
    if document.stage == Stage.VOID:
        return [(str(Stage.VOID.label), "now")]
    now = LIFE.index(Stage(document.stage))
    states = ("done" if n < now else "now" if n == now else "next" for n in range(len(LIFE)))
    return [(str(stage.label), state) for stage, state in zip(LIFE, states, strict=True)]


@acting
def file(request: ActingRequest, pk: int, form: str) -> HttpResponseBase:
    """The document as DOCX or PDF; a long one is made as a job."""
    document = document_of(request.actor, pk)
    base = request.build_absolute_uri("/").rstrip("/")
    if is_long(document) and request.method == "POST":
        job = ask_for_file(
            actor=request.actor, at=request.now, document=document, form=form, base=base,
            client_id=client_id_of(request),
        )  # fmt: skip
        return redirect("job", pk=job.pk)
    content = as_file(document, request.actor, request.now, form, base)
    response = HttpResponse(content, content_type=FORMS[form])
    response.headers["Content-Disposition"] = _attached(file_name(document, form))
    return response


def _attached(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


@dataclass(frozen=True)
class Told:
    """What became of the records behind a printed number: a sentence and the records within sight."""

    title: str
    records: list[tuple[str, str]]


@acting
def number(request: ActingRequest, pk: int, order: int) -> HttpResponseBase:
    """One printed number: what it was, whether it still holds, and by which records it has changed."""
    require(request.actor, "figures.read")
    quoted = number_in(request.actor, pk, order)
    held = verify(quoted.document, quoted, request.actor, request.now)
    opened = held.value.evidence if held.value else ""
    context = {"quoted": quoted, "document": quoted.document, "held": held, "told": _told(held), "evidence": opened}
    return render(request, "documents/number.html", context)


def _told(held: Verified) -> list[Told]:
    found: list[Told] = []
    for _span, changed in held.changes:
        found += [Told(title, [(str(r), page_of_listed(r)) for r in rows]) for title, rows in _sorts(changed) if rows]
    return found


def _sorts(changed: Changed) -> list[tuple[str, list[Record]]]:
    return [
        (_("Counted now, not then"), changed.added),
        (_("Counted then, no longer"), changed.removed),
        (_("Corrected since"), changed.changed),
    ]
