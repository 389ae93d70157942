"""The list of plans, a plan as a tree, what slipped in it and why, two plans side by side."""

from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.commitments.actions.papers import NO_PLANS, PLAN
from zijing.commitments.progress import UNSTATED
from zijing.commitments.queries import plan_of, plans, slipped, walk
from zijing.commitments.queries.comparing import compare
from zijing.commitments.queries.trees import STATES, only
from zijing.packs.plans import plan_sheet
from zijing.people.access import require
from zijing.records.kinds import find_kind
from zijing.records.sheets.export import XLSX
from zijing.web.access import ActingRequest, acting
from zijing.web.plans.causes import with_causes
from zijing.web.plans.forms import commitment_of
from zijing.web.templatetags.plans import STATE_WORDS

RIGHT = "figures.read"


@acting
def index(request: ActingRequest) -> HttpResponse:
    """Every plan within sight."""
    require(request.actor, RIGHT)
    known = find_kind(PLAN) is not None
    context = {"plans": plans(request.actor), "may": known and may_write(request), "known": known, "unknown": NO_PLANS}
    return render(request, "plans/index.html", context)


def may_write(request: ActingRequest) -> bool:
    return request.actor.may("commitments.write")


@acting
def tree(request: ActingRequest, pk: int) -> HttpResponseBase:
    """A plan with everything below, folded by category; filtered by state and by who answers."""
    require(request.actor, RIGHT)
    plan = plan_of(request.actor, pk, request.now)
    state, holder = request.GET.get("state", ""), request.GET.get("holder", "")
    nodes = list(walk(plan.root))
    names = sorted({h.name for n in nodes for h in n.holders} | {n.row.unit for n in nodes if n.row.unit})
    counts = [(s, STATE_WORDS[s], plan.states.get(s, 0)) for s in STATES if plan.states.get(s) or s != UNSTATED]
    context: dict[str, Any] = {
        "plan": plan, "root": only(plan, state=state, holder=holder) if state or holder else plan.root,
        "state": state, "holder": holder, "names": names, "counts": counts, "slipped": plan.root.slips,
        "filtered": bool(state or holder), "may": may_write(request),
    }  # fmt: skip
    return render(request, "plans/tree.html", context)


@acting
def sheet(request: ActingRequest, pk: int) -> FileResponse:
    """A plan with everything below as a workbook, to be changed and taken in again."""
    require(request.actor, RIGHT)
    name, content = plan_sheet(actor=request.actor, at=request.now, plan=commitment_of(request, pk))
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


@acting
def slips(request: ActingRequest, pk: int) -> HttpResponseBase:
    """What slipped in a plan, furthest behind first, each with links to why."""
    require(request.actor, RIGHT)
    plan = plan_of(request.actor, pk, request.now)
    return render(request, "plans/slipped.html", {"plan": plan, "rows": with_causes(request.actor, slipped(plan))})


@acting
def against(request: ActingRequest, pk: int) -> HttpResponseBase:
    """A plan beside another one: what came, what went, what was given another target."""
    require(request.actor, RIGHT)
    plan = plan_of(request.actor, pk, request.now)
    other = request.GET.get("plan", "")
    chosen = int(other) if other.isdecimal() and len(other) < 18 else 0
    found = compare(request.actor, chosen, pk) if chosen else None
    others = [p for p in plans(request.actor) if p.pk != pk]
    words = (
        [(_("Added"), found.added), (_("Dropped"), found.dropped), (_("Another target"), found.retargeted)]
        if found
        else []
    )
    context = {"plan": plan, "others": others, "chosen": chosen, "found": found, "groups": words}
    return render(request, "plans/against.html", context)
