"""The cases of a list on the map: where they lie, in clusters that open, with the same numbers by place beside it."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from zijing.cases.clusters import Cluster, by_place, clusters
from zijing.cases.models import Case, CaseQuerySet
from zijing.core.errors import Invalid, Missing
from zijing.people.models import Role
from zijing.places.models import Level, Place
from zijing.records.filters import Filtering, parse
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import case_at, list_of, page_of
from zijing.web.records.ways import asked, bar, cases_of, tells_which

# More cases than these are not drawn: a place or a time has to be chosen first.
MOST = 10_000


@dataclass(frozen=True)
class Where:
    """A place beside the map: how many of the cases lie there or below, and the lists of them."""

    place: Place
    n: int
    late: int
    href: str
    late_href: str


@acting
def page(request: ActingRequest, key: str) -> HttpResponseBase:
    """The cases under the filter of the address; where it does not say which, those that are open."""
    filtering, params = _asked(request, key)
    if not tells_which(filtering) and not filtering.errors:
        return redirect(f"{request.path}?{urlencode(params | {'open': 'yes'})}")
    rows = cases_of(filtering, request.actor)
    context = {**bar(request, filtering, params, "list-map"), "most": MOST, "focus": _focus(request)}
    if not filtering.errors and not _too_many(rows):
        places, n = _places(filtering, rows, request)
        positioned = rows.filter(**{f"fields__{filtering.kind.spot}__0__isnull": False}).order_by().count()
        address = f"{page_of('list-points', filtering.kind.key)}?{filtering.query()}"
        context |= {"places": places, "n": n, "positioned": positioned, "points": address}
    return render(request, "maps/cases.html", context, status=filtering.errors[0].status if filtering.errors else 200)


def _asked(request: ActingRequest, key: str) -> tuple[Filtering, dict[str, str]]:
    filtering, params = asked(request, key, besides=("zoom", "box"))
    if not filtering.kind.spot:
        raise Missing(_("Records of this kind have no position."))
    return filtering, params


def _too_many(rows: CaseQuerySet) -> bool:
    return rows.order_by()[: MOST + 1].count() > MOST


def _places(filtering: Filtering, rows: CaseQuerySet, request: ActingRequest) -> tuple[list[Where], int]:
    """The places above the grids within sight with what lies in each; and how many cases there are."""
    whole, late = by_place(rows, request.now)
    seen = Place.objects.visible_to(request.actor).standing().exclude(level__in=(Level.COUNTY, Level.GRID))
    found = [_where(filtering, p, whole[p.path], late[p.path]) for p in seen.order_by("path") if whole[p.path]]
    return found, max(whole.values(), default=0)


def _where(filtering: Filtering, place: Place, n: int, late: int) -> Where:
    there = {"place": str(place.pk)}
    return Where(
        place, n, late, list_of(filtering.kind.key, filtering.query(**there)),
        list_of(filtering.kind.key, filtering.query(**there, overdue="yes")),
    )  # fmt: skip


def _focus(request: ActingRequest) -> int | None:
    """The place a map of somebody who works in one begins with."""
    own = request.holding.post.place
    near = own.parent_id if own.level == Level.GRID else own.pk
    return near if request.actor.sight == Role.Sight.PLACE else None


BOX = re.compile(r"-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}")


@acting
def points(request: ActingRequest, key: str) -> JsonResponse:
    """The clusters of the cases under the filter as GeoJSON, for a part of the map (``box``) at a ``zoom``."""
    zoom, box = request.GET.get("zoom", ""), request.GET.get("box", "")
    if not (zoom.isdecimal() and len(zoom) < 3 and BOX.fullmatch(box)):
        raise Invalid(_("Say which part of the map, and how near."))
    filtering, _params = _asked(request, key)
    kind = filtering.kind
    here = parse({f"f.{kind.spot}": box}, kind, at=request.now, actor=request.actor)
    rows = cases_of(filtering, request.actor)
    if faults := [*filtering.errors, *here.errors]:
        raise faults[0]
    if _too_many(rows):
        raise Invalid(_("More than %(most)s cases meet this. Choose a place or a time."), most=MOST)
    found = clusters(rows.filter(here.q), kind.spot, zoom=int(zoom), at=request.now)
    alone = Case.objects.visible_to(request.actor).filter(pk__in=[c.only for c in found if c.only])
    titles = dict(alone.values_list("pk", "title"))
    body = {"type": "FeatureCollection", "features": [_feature(filtering, c, titles) for c in found]}
    return JsonResponse(body, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})


def _feature(filtering: Filtering, c: Cluster, titles: dict[int, str]) -> dict[str, Any]:
    """A cluster for the map (RFC 7946): one case leads to its page, several to the list of exactly these."""
    cell = {f"f.{filtering.kind.spot}": ",".join(map(repr, c.cell))}
    href = case_at(c.only) if c.only else list_of(filtering.kind.key, filtering.query(**cell))
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [c.lon, c.lat]},
        "properties": {"n": c.n, "late": c.late, "href": href, "title": titles.get(c.only or 0, "")},
    }
