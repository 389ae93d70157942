"""Minutes: what a meeting decided, entered row by row with owner and date."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.activities.models import Activity
from zijing.commitments import actions
from zijing.commitments.actions import Decision
from zijing.commitments.models import Commitment
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.queries import receivers
from zijing.records.kinds import kind_of
from zijing.web.access import ActingRequest, acting
from zijing.web.plans import forms

ROWS = range(1, 7)
KIND = "decision"


@acting
def decisions(request: ActingRequest, pk: int) -> HttpResponseBase:
    """What a meeting decided so far, and rows for more."""
    meeting = Activity.objects.visible_to(request.actor).filter(pk=pk).select_related("place", "kind").first()
    if meeting is None:
        raise Missing(_("There is no such record within your sight."))
    if request.method != "POST":
        return _page(request, meeting, None)

    def do() -> dict[str, Any]:
        rows = [d for n in ROWS if (d := _row(request, n))]
        if not rows:
            raise Invalid(_("Say what was decided."), field="title-1")
        made = actions.decide(
            actor=request.actor, at=request.now, meeting=meeting, kind=kind_of(KIND), decisions=rows,
            parent=forms.coded(request, "parent"),
        )  # fmt: skip
        return {"made": [c.pk for c in made]}

    return forms.sent(request, do, lambda error: _page(request, meeting, error), "decisions", pk)


def _row(request: ActingRequest, n: int) -> Decision | None:
    title = request.POST.get(f"title-{n}", "").strip()
    if not title:
        return None
    holder = forms.holder(request, f"holder-{n}")
    if holder is None:
        raise Invalid(_("Choose a unit or a post."), field=f"holder-{n}")
    return Decision(title, holder, forms.needed_day(request, f"deadline-{n}"))


def _page(request: ActingRequest, meeting: Activity, error: DomainError | None) -> HttpResponseBase:
    units, posts = receivers(request.actor, request.today)
    made = Commitment.objects.visible_to(request.actor).filter(origin__meeting=meeting).select_related("unit")
    typed = request.POST if error else {}
    known = [(f"post-{p.pk}", p.title) for p in posts] + [(f"unit-{u.pk}", u.name) for u in units]
    rows = [{"n": n, **{k: typed.get(f"{k}-{n}", "") for k in ("title", "holder", "deadline")}} for n in ROWS]
    context = {
        "meeting": meeting, "error": error, "rows": rows, "parent": typed.get("parent", ""), "receivers": known,
        "made": made.order_by("pk"), "may": request.actor.may("commitments.write"),
    }  # fmt: skip
    return render(request, "plans/decisions.html", context, status=error.status if error else 200)
