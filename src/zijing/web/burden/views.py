"""What the platform's own forms cost: a table of kinds, and the door through which a page notes how long one took."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zijing.core.errors import Invalid
from zijing.core.quantity import show_number
from zijing.documents.burden import PaperBurden, paper_burdens, paper_of
from zijing.documents.models import READ as READ_DOCUMENTS
from zijing.figures.burden import LATELY, Burden, burdens
from zijing.figures.known import find
from zijing.figures.queries import values
from zijing.packs.queries import adopted
from zijing.packs.titles import title_of
from zijing.people.access import require
from zijing.records.filling import note_filling
from zijing.records.kinds import kind_of
from zijing.records.models import Noun
from zijing.web.access import ActingRequest, acting

READ = "figures.read"
# What the page of a document's words calls its form.
PAPER = "document:"
FIGURES = ("forms.count", "forms.facts_asked", "forms.minutes", "forms.facts_twice")
ORDERS: dict[str, tuple[str | Promise, Callable[[Burden], Any]]] = {
    "minutes": (_("Minutes"), lambda b: b.minutes or Decimal(0)),
    "seconds": (_("Seconds each"), lambda b: b.seconds or Decimal(0)),
    "filled": (_("Filled in"), lambda b: b.filled),
    "asked": (_("Facts asked"), lambda b: b.asked),
    "twice": (_("Asked twice"), lambda b: len(b.twice)),
    "unused": (_("Used least"), lambda b: -(b.figures + b.published + b.cases)),
}


@dataclass(frozen=True)
class Line:
    """The form of a kind as the table shows it."""

    burden: Burden
    sort: str
    pack: str
    seconds: str
    minutes: str


@dataclass(frozen=True)
class Paper:
    """A form of documents as the table shows it."""

    burden: PaperBurden
    pack: str
    seconds: str
    minutes: str


@require_GET
@acting
def burden(request: ActingRequest) -> HttpResponse:
    """Every form with what it asks, costs and is used for; ``by`` orders it."""
    require(request.actor, READ)
    by = request.GET.get("by", "")
    by = by if by in ORDERS else "minutes"
    _title, key = ORDERS[by]
    found = sorted(burdens(request.actor, request.now), key=lambda b: (key(b), b.asked), reverse=True)
    reads = request.actor.may(READ_DOCUMENTS)
    papers = paper_burdens(request.actor, request.now, adopted(request.actor)) if reads else []
    context = {
        "lines": [_line(b) for b in found],
        "papers": [Paper(p, title_of(p.template.pack), _number(p.seconds), _number(p.minutes)) for p in papers],
        "orders": [(name, title, name == by) for name, (title, _key) in ORDERS.items()],
        "values": values([find(k) for k in FIGURES], request.actor, at=request.now),
        "days": LATELY.days,
    }
    return render(request, "burden/burden.html", context)


def _line(found: Burden) -> Line:
    kind = found.kind
    return Line(found, str(Noun(kind.noun).label), title_of(kind.pack), _number(found.seconds), _number(found.minutes))


def _number(measured: Decimal | None) -> str:
    return "" if measured is None else show_number(measured, 0)


@require_POST
@acting
def note(request: ActingRequest) -> HttpResponse:
    """A form was filled in: the key of its kind or document, the seconds, the number of fields, and nothing else."""
    key, paper = request.POST.get("kind", ""), ""
    if key.startswith(PAPER):
        key, paper = "", paper_of(request.actor, key.removeprefix(PAPER))
    seconds, fields = request.POST.get("seconds", ""), request.POST.get("fields", "")
    if not (_is_number(seconds) and _is_number(fields)):
        raise Invalid(_("This form is incomplete. Open the page again and send it once more."))
    note_filling(
        actor=request.actor, at=request.now, kind=None if paper else kind_of(key), paper=paper, seconds=int(seconds),
        fields=int(fields),
    )  # fmt: skip
    return HttpResponse(status=204)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6
