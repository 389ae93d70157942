"""What was published: frozen numbers beside today's, and the records that changed since."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.figures.models import Publication
from zijing.figures.publishing import BULLETIN, FrozenLine, chosen, lines_of, publication, publications, publish_figures
from zijing.people.access import require
from zijing.places.models import Place
from zijing.records.models import Record
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.figures.asking import asked
from zijing.web.figures.views import READ
from zijing.web.records.nouns import PROJECT, address

LISTED = 100


@dataclass(frozen=True)
class Shown:
    """A published figure with the records that changed since, by what became of them, each a title and an address."""

    line: FrozenLine
    changes: list[tuple[str, list[tuple[str, str]]]]
    inputs: list["Shown"]


@acting
def listing(request: ActingRequest) -> HttpResponseBase:
    """Everything published in the office, newest first."""
    require(request.actor, READ)
    found = list(publications(request.actor)[:LISTED])
    return render(request, "figures/publications.html", {"found": [(p, _is_bulletin(p)) for p in found]})


def _is_bulletin(published: Publication) -> bool:
    return published.key.startswith(BULLETIN)


@acting
def page(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One publication: each number as it was, as it is, and what changed since."""
    require(request.actor, READ)
    published = publication(request.actor, pk)
    lines = [shown(line) for line in lines_of(published, request.actor, at=request.now)]
    return render(request, "figures/publication.html", {"published": published, "lines": lines})


def shown(line: FrozenLine) -> Shown:
    """A published figure as its page shows it."""
    sorts: list[tuple[str, list[Record]]] = []
    if line.changed:
        sorts = [
            (_("Counted now, not then"), line.changed.added),
            (_("Counted then, no longer"), line.changed.removed),
            (_("Corrected since"), line.changed.changed),
        ]
    changes = [(title, [(str(r), _address(r)) for r in records]) for title, records in sorts if records]
    return Shown(line, changes, [shown(v) for v in line.inputs])


def _address(record: Record) -> str:
    return address(PROJECT if record.kind.key == PROJECT else record.kind.noun, record.pk)


@require_POST
@acting
def publish(request: ActingRequest) -> HttpResponseBase:
    """Freeze the chosen figures for the place and the period of the form."""
    this = asked(request)
    place = this.place or Place.objects.visible_to(request.actor).get(pk=request.actor.office_id)
    published = publish_figures(
        actor=request.actor, at=request.now, figures=chosen(request.POST.getlist("figure")), place=place,
        since=this.period.since, until=_until(this.period.until, request.today),
        title=request.POST.get("title", ""), client_id=client_id_of(request),
    )  # fmt: skip
    return redirect("publication", pk=published.pk)


def _until(last: date, today: date) -> date:
    """A running period is published up to today."""
    return min(last, today)
