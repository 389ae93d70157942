"""The list of projects, with lights, filters and what each number opens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zijing.projects.models import titles_of
from zijing.projects.queries import Listing, Wanted, listing, wanted
from zijing.projects.queries.chances import chances
from zijing.web.access import ActingRequest, acting
from zijing.web.projects.rows import rows

ASKED = ("type", "level", "light", "leader", "order", "unit", "channel")
LIGHTS = {
    "red": _("behind"), "yellow": _("slipping"), "green": _("on track"), "missing": _("without a report"),
    "waiting": _("not yet begun"), "done": _("completed"),
}  # fmt: skip
ORDERS = {"worst": _("worst first"), "number": _("by number"), "promised": _("by promised date")}


@acting
def list_page(request: ActingRequest) -> HttpResponse:
    """The projects within sight: planned and done, light, last report, blockers, promised date."""
    asked = wanted(**{key: request.GET.get(key, "") for key in ASKED})
    found = listing(request.actor, request.today, asked)
    context = {
        "found": found,
        "rows": rows(found.lines, request.today, chances([x.project.pk for x in found.lines], request.today)),
        "counts": [(light, LIGHTS[light], n) for light, n in found.counts.items()],
        "asked": asked,
        "filters": filters(asked, found),
        "filtered": bool(asked.type or asked.level or asked.light or asked.leader or asked.unit or asked.channel),
    }
    return render(request, "projects/list.html", context)


def filters(asked: Wanted, found: Listing) -> list[dict[str, Any]]:
    """The selects above the list: name, label, chosen value, choices."""
    leaders = [(post.pk, post.title) for post in found.leaders]
    return [
        {"name": "type", "label": _("Type"), "chosen": asked.type, "options": list(titles_of("type").items())},
        {"name": "level", "label": _("Level"), "chosen": asked.level, "options": list(titles_of("level").items())},
        {"name": "leader", "label": _("Leader in charge"), "chosen": asked.leader, "options": leaders},
        {"name": "unit", "label": _("Unit"), "chosen": asked.unit, "options": found.units},
        {
            "name": "channel",
            "label": _("Green channel"),
            "chosen": "yes" if asked.channel else "",
            "options": [("yes", _("only those in it"))],
        },
    ]
