"""What needs a person: vacant posts, units without anybody, rhythms behind, failed work of who has left."""

from django.http import HttpResponse
from django.shortcuts import render

from zijing.cases.unattended import Waiting, unattended
from zijing.outbox.jobs import title_of
from zijing.people.models import Role
from zijing.records.models import in_language
from zijing.web.access import ActingRequest, acting
from zijing.web.addresses import list_of


@acting
def page(request: ActingRequest) -> HttpResponse:
    """All of it in the actor's office, with what can be done about each."""
    found = unattended(request.actor, request.now)
    opens = request.actor.sight == Role.Sight.OFFICE
    context = {
        "found": found,
        "waiting": [(w, _opens(w) if opens else "") for w in found.units],
        "rhythms": [(in_language(r.title_zh, r.title_en), r.next_at) for r in found.rhythms],
        "jobs": [title_of(job) for job in found.jobs],
        "may_give": request.actor.may("people.write"),
        "may_see_machinery": request.actor.may("machinery.read"),
    }
    return render(request, "unattended/unattended.html", context)


def _opens(one: Waiting) -> str:
    """The list that shows as many."""
    return list_of(one.kind.key, f"unit={one.unit.pk}&stage={','.join(one.stages)}") if one.stages else ""
