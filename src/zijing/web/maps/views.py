"""The map of the office, and the places it draws."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from zijing.people.models import Role
from zijing.places.models import Level
from zijing.web.access import ActingRequest, acting
from zijing.web.maps.places import spots


@acting
def page(request: ActingRequest) -> HttpResponse:
    """The map, with the same places as a list beside it for whoever sees no map."""
    rows = [s for s in spots(request.actor) if s.place.level != Level.GRID]
    drawn = any(s.place.geometry for s in rows)
    own = request.holding.post.place
    near = own.parent_id if own.level == Level.GRID else own.pk
    focus = near if request.actor.sight == Role.Sight.PLACE else None
    return render(request, "maps/map.html", {"rows": rows, "drawn": drawn, "focus": focus})


@acting
def geojson(request: ActingRequest) -> JsonResponse:
    """The places within sight as GeoJSON, with what is open in each."""
    features = [s.feature() for s in spots(request.actor) if s.place.geometry]
    body = {"type": "FeatureCollection", "features": features}
    return JsonResponse(body, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
