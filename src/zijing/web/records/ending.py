"""What else is done to a record from its page: take it out of use and back, add a file, merge it with its double."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.packs.entering import may_merge, right_of
from zijing.people.access import Actor, require
from zijing.records.files import add
from zijing.records.kinds import kind_of
from zijing.records.models import Attachment, Noun
from zijing.records.tables import every_column, rows
from zijing.registers.actions import RETIRED, restore_entry, retire_entry
from zijing.registers.doubles import likely_doubles
from zijing.registers.merging import merge_entries
from zijing.registers.models import Entry
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import address, record_of
from zijing.web.records.sending import done_once, is_for_the_page, taken, uploads_of

RIGHT = "registers.write"


@dataclass(frozen=True)
class Compared:
    """A value of two entries side by side; ``choice`` when they differ and one must be taken."""

    key: str
    label: str
    first: str
    second: str
    choice: bool


def entry_of(actor: Actor, pk: int) -> Entry:
    """The ledger entry with this id within the actor's sight; ``Missing`` otherwise."""
    found = record_of(actor, Noun.REGISTER, pk)
    if not isinstance(found, Entry):
        raise TypeError(type(found))
    return found


@acting
def retire(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Take an entry out of use with a reason, or back into use."""
    entry = entry_of(request.actor, pk)
    require(request.actor, RIGHT)
    if request.method != "POST":
        return _retirement(request, entry)

    def do() -> dict[str, Any]:
        if request.POST.get("do") == "restore":
            restore_entry(actor=request.actor, at=request.now, entry=entry)
        else:
            retire_entry(actor=request.actor, at=request.now, entry=entry, reason=request.POST.get("reason", ""))
        return {"pk": pk}

    return _sent(request, do, lambda error: _retirement(request, entry, error), address(entry.kind.key, pk))


def _retirement(request: ActingRequest, entry: Entry, error: DomainError | None = None) -> HttpResponse:
    context = {
        "record": entry, "kind": entry.kind, "error": error, "retired": entry.stage == RETIRED,
        "reason": request.POST.get("reason", ""), "back": address(Noun.REGISTER, entry.pk),
    }  # fmt: skip
    return render(request, "records/retire.html", context, status=error.status if error else 200)


@require_POST
@acting
def add_file(request: ActingRequest, noun: str, pk: int) -> HttpResponseBase:
    """Add a photo or a document to a record."""
    standing, uploads = record_of(request.actor, noun, pk), uploads_of(request)

    def do() -> dict[str, Any]:
        if "file" not in uploads:
            raise Invalid(_("Choose a photo or a document."), field="file")
        add(
            actor=request.actor, at=request.now, subject=standing, sent=uploads["file"],
            part=request.POST.get("part", ""), right=right_of(standing.kind),
        )  # fmt: skip
        return {"pk": pk}

    def again(error: DomainError) -> HttpResponse:
        parts = Attachment.Part.choices
        context = {"record": standing, "kind": standing.kind, "error": error, "parts": parts, "back": back}
        return render(request, "records/add_file.html", context, status=error.status)

    back = address(noun, pk)
    return _sent(request, do, again, back)


@acting
def doubles(request: ActingRequest, key: str) -> HttpResponseBase:
    """Pairs of entries of a ledger that may be the same thing."""
    kind = kind_of(key)
    if kind.noun != Noun.REGISTER:
        raise Missing(_("Only ledgers have doubles."))
    require(request.actor, RIGHT)
    found = likely_doubles(request.actor, kind)
    named = Entry.objects.visible_to(request.actor).select_related("place").in_bulk(
        {pk for pair in found for pk in (pair.first, pair.second)}
    )  # fmt: skip
    pairs = [(named[p.first], named[p.second], p.because) for p in found]
    return render(request, "records/doubles.html", {"kind": kind, "pairs": pairs, "may_merge": may_merge(kind)})


@acting
def merge(request: ActingRequest, pk: int, other: int) -> HttpResponseBase:
    """Compare two entries and make them one: the first is kept."""
    keep, double = entry_of(request.actor, pk), entry_of(request.actor, other)
    require(request.actor, RIGHT)
    if request.method != "POST":
        return _comparison(request, keep, double)
    take = [name.removeprefix("take.") for name, value in request.POST.items() if value == "second"]

    def do() -> dict[str, Any]:
        reason = request.POST.get("reason", "")
        moved = merge_entries(
            actor=request.actor, at=request.now, keep=keep, double=double, reason=reason, take=take
        )  # fmt: skip
        return {"pk": pk, "moved": moved}

    return _sent(request, do, lambda error: _comparison(request, keep, double, error), address(keep.kind.key, pk))


def _comparison(request: ActingRequest, keep: Entry, double: Entry, error: DomainError | None = None) -> HttpResponse:
    columns = [c for c in every_column(keep.kind) if c.key in keep.kind.by_key]
    first, second = (rows(keep.kind, [entry], columns)[0].cells for entry in (keep, double))
    compared = [
        Compared(c.key, c.title, a.text, b.text, bool(b.text) and bool(a.text) and a.text != b.text)
        for c, a, b in zip(columns, first, second, strict=True)
        if a.text or b.text
    ]
    context = {
        "keep": keep, "double": double, "kind": keep.kind, "compared": compared, "error": error,
        "taken": [name for name, value in request.POST.items() if value == "second"],
        "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "records/merge.html", context, status=error.status if error else 200)


def _sent(
    request: ActingRequest,
    do: Callable[[], dict[str, Any]],
    again: Callable[[DomainError], HttpResponse],
    back: str,
) -> HttpResponseBase:
    """Do it exactly once, and go on to ``back``; or show the page ``again`` with what is wrong."""
    try:
        done_once(request, uploads_of(request), do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return again(error)
    return taken(request, _("Done."), back)
