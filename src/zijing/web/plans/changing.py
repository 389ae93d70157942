"""One commitment of a plan: its target, its place, its values, how it ends; every step with a reason and a way back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.commitments import actions
from zijing.commitments.models import Commitment, Statement
from zijing.commitments.queries.trees import holders_of, shares_of
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people.access import require
from zijing.web.access import ActingRequest, acting
from zijing.web.plans import forms

Verb = Callable[[ActingRequest, Commitment], Any]
ACTUAL = Statement.Status.ACTUAL.value
LATEST = 6


def _retarget(request: ActingRequest, c: Commitment) -> Any:
    return actions.retarget(
        actor=request.actor, at=request.now, commitment=c, reason=request.POST.get("reason", ""),
        quantity=forms.number(request, "quantity", c.measure), deadline=forms.day(request, "deadline"),
        seen=forms.whole(request, "seen"),
    )  # fmt: skip


def _move(request: ActingRequest, c: Commitment) -> Any:
    parent, seen = forms.coded(request, "parent"), forms.whole(request, "seen")
    return actions.move(actor=request.actor, at=request.now, commitment=c, parent=parent, seen=seen)


def _reorder(request: ActingRequest, c: Commitment) -> Any:
    if c.parent is None:
        raise Invalid(_("A plan stands alone."))
    standing = list(
        Commitment.objects.visible_to(request.actor)
        .filter(parent=c.parent)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )
    to = (forms.whole(request, "position") or 1) - 1
    standing.remove(c.pk)
    standing.insert(to, c.pk)
    return actions.reorder(actor=request.actor, at=request.now, parent=c.parent, order=standing)


def _state(request: ActingRequest, c: Commitment) -> Any:
    period = forms.month(request, "period")
    return actions.state(
        actor=request.actor, at=request.now, commitment=c, period=period,
        value=forms.needed_number(request, "value", c.measure), status=ACTUAL, note=request.POST.get("note", ""),
        source=request.POST.get("source", "")[:120], seen=forms.saw(request, period, ACTUAL),
    )  # fmt: skip


def _share(request: ActingRequest, c: Commitment) -> Any:
    percent = {
        int(key.removeprefix("share-")): forms.whole(request, key) or 0
        for key in request.POST
        if key.startswith("share-") and key.removeprefix("share-").isdecimal() and len(key) < 20
    }
    return actions.set_shares(actor=request.actor, at=request.now, commitment=c, percent=percent)


def _reasoned(verb: Callable[..., Any], name: str = "reason") -> Verb:
    return lambda request, c: verb(
        actor=request.actor, at=request.now, commitment=c, **{name: request.POST.get("reason", "")}
    )


VERBS: dict[str, Verb] = {
    "retarget": _retarget, "move": _move, "reorder": _reorder, "state": _state, "share": _share,
    "withdraw": _reasoned(actions.withdraw), "reopen": _reasoned(actions.reopen),
    "fulfil": _reasoned(actions.fulfil, "note"),
    "copy": lambda request, c: actions.copy_plan(
        actor=request.actor, at=request.now, plan=c, prefix=request.POST.get("prefix", "").strip()[:20]
    ),
}  # fmt: skip


@acting
def change(request: ActingRequest, pk: int) -> HttpResponseBase:
    """What can be done to a commitment; each form a verb."""
    c = forms.commitment_of(request, pk)
    if not request.actor.may("commitments.write"):
        require(request.actor, "commitments.state")
    if request.method != "POST":
        return _page(request, c, None)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))

    def do() -> dict[str, Any]:
        verb(request, c)
        return {"pk": pk}

    return forms.sent(
        request, do, lambda error: _page(request, forms.commitment_of(request, pk), error), "plan-change", pk
    )


def _page(request: ActingRequest, c: Commitment, error: DomainError | None) -> HttpResponseBase:
    siblings = Commitment.objects.visible_to(request.actor).filter(parent=c.parent).count() if c.parent else 0
    typed = request.POST if error else QueryDict()
    stated = list(c.statements.filter(status=ACTUAL).order_by("-period"))
    context = {
        "c": c, "error": error, "typed": typed, "doing": typed.get("verb", ""),
        "retargets": c.retargets.order_by("-at")[:20], "origin": getattr(c, "origin", None),
        "holders": holders_of([c.pk], request.today).get(c.pk, []),
        "shares": shares_of(c, request.today),
        "seen": forms.as_seen(stated), "stated": stated[:LATEST],
        "positions": range(1, siblings + 1), "root": c.root, "is_root": c.parent_id is None,
        "may": request.actor.may("commitments.write"), "may_state": request.actor.may("commitments.state"),
        "month": request.today.strftime("%Y-%m"),
    }  # fmt: skip
    return render(request, "plans/change.html", context, status=error.status if error else 200)
