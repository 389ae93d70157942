"""Search: a page of groups, and suggestions under the box at the top of every page."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from zijing.search.models import Group
from zijing.search.queries import Hit, find
from zijing.web.access import ActingRequest, acting
from zijing.web.records.nouns import PROJECT, address

SUGGESTED = 8


@dataclass(frozen=True)
class Line:
    """A hit with the page it opens, if it has one."""

    hit: Hit
    href: str


@acting
def page(request: ActingRequest) -> HttpResponse:
    """What has the words of ``q``; for htmx the best of it only."""
    asked = request.GET.get("q", "")
    found = find(request.actor, asked)
    if request.htmx:
        lines = [_line(hit) for hit in found.hits[:SUGGESTED]]
        answer = render(request, "search/_suggestions.html", {"lines": lines, "asked": asked})
        patch_vary_headers(answer, ("HX-Request",))
        return answer
    groups = [(group.label, [_line(hit) for hit in hits]) for group, hits in found.groups.items()]
    return render(request, "search/search.html", {"asked": asked, "groups": groups, "found": found})


def _line(hit: Hit) -> Line:
    if hit.noun:
        return Line(hit, address(PROJECT if hit.kind == PROJECT else hit.noun, hit.pk))
    return Line(hit, reverse("map") if hit.group == Group.PLACE else "")
