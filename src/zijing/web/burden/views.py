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
from zijing.figures.burden import LATELY, Burden, burdens
from zijing.figures.known import find
from zijing.figures.queries import values
from zijing.packs.titles import title_of
from zijing.people.access import require
from zijing.records.filling import note_filling
from zijing.records.kinds import kind_of
from zijing.web.access import ActingRequest, acting

READ = "figures.read"
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
    """A form as the table shows it."""

    burden: Burden
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
    context = {
        "lines": [_line(b) for b in found],
        "orders": [(name, title, name == by) for name, (title, _key) in ORDERS.items()],
        "values": values([find(k) for k in FIGURES], request.actor, at=request.now),
        "days": LATELY.days,
    }
    return render(request, "burden/burden.html", context)


def _line(found: Burden) -> Line:
    seconds = "" if found.seconds is None else show_number(found.seconds, 0)
    minutes = "" if found.minutes is None else show_number(found.minutes, 0)
    return Line(found, title_of(found.kind.pack), seconds, minutes)


@require_POST
@acting
def note(request: ActingRequest) -> HttpResponse:
    """A form of a kind was filled in: its key, the seconds and the number of fields, and nothing else."""
    seconds, fields = request.POST.get("seconds", ""), request.POST.get("fields", "")
    if not (_is_number(seconds) and _is_number(fields)):
        raise Invalid(_("This form is incomplete. Open the page again and send it once more."))
    note_filling(
        actor=request.actor, at=request.now, kind=kind_of(request.POST.get("kind", "")), seconds=int(seconds),
        fields=int(fields),
    )  # fmt: skip
    return HttpResponse(status=204)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6
