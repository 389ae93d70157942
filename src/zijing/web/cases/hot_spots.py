"""Where cases come back: place and class, how often, and the way to the cases."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from zijing.cases.comebacks import HotSpot, hot_spots
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import list_of

LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """A hot spot with the list of its cases."""

    spot: HotSpot
    href: str


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The hot spots of the last ninety days within the reader's sight, the most often first."""
    require(request.actor, "figures.read")
    since = request.today - LATELY
    lines = [Line(spot, _cases_of(spot, since)) for spot in hot_spots(request.actor, since)]
    return render(request, "cases/hot_spots.html", {"lines": lines, "since": since})


def _cases_of(spot: HotSpot, since: date) -> str:
    asked = {"came_back": "yes", "place": spot.place.pk, f"f.{spot.field}": spot.key, "happened": f"{since}.."}
    return list_of(spot.kind.key, urlencode(asked))
