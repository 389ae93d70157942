"""Orders given at once to every entry of a register that a filter finds; each confirmed, each checked."""

from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from zijing.commitments import actions
from zijing.commitments.models import Commitment, OrderTemplate
from zijing.commitments.queries.trees import holders_of
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.records.kinds import every_kind, find_kind
from zijing.records.models import Kind, Noun
from zijing.web.access import ActingRequest, acting
from zijing.web.plans import forms

LISTED = 500


@acting
def orders(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The orders under a commitment, and the templates that give more of them."""
    parent = forms.commitment_of(request, pk)
    if request.method != "POST":
        return _page(request, parent, None)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Missing(_("There is no such step."))

    def do() -> dict[str, Any]:
        verb(request, parent)
        return {"pk": pk}

    return forms.sent(request, do, lambda error: _page(request, parent, error), "plan-orders", pk)


def _kind(request: ActingRequest, name: str) -> Kind:
    kind = find_kind(request.POST.get(name, ""))
    if kind is None:
        raise Invalid(_("Choose a kind."), field=name)
    return kind


def _template(request: ActingRequest, parent: Commitment) -> None:
    actions.put_template(
        actor=request.actor, at=request.now, office=parent.office, title=request.POST.get("title", ""),
        kind=_kind(request, "kind"), register=_kind(request, "register"),
        query=request.POST.get("query", "").strip(" ?"), days=forms.whole(request, "days") or 0,
        standard=request.POST.get("standard", ""),
        deliverable=request.POST.get("deliverable", ""), source=request.POST.get("source", ""),
    )  # fmt: skip


def _apply(request: ActingRequest, parent: Commitment) -> None:
    chosen = OrderTemplate.objects.visible_to(request.actor).filter(pk=forms.whole(request, "template") or 0)
    template = chosen.select_related("kind", "register").first()
    if template is None:
        raise Invalid(_("Choose a template."), field="template")
    since = forms.day(request, "since") or request.today
    actions.apply_template(actor=request.actor, at=request.now, template=template, since=since, parent=parent)


def _order(request: ActingRequest, parent: Commitment) -> Commitment:
    found = Commitment.objects.visible_to(request.actor).filter(parent=parent, pk=forms.whole(request, "order") or 0)
    order = found.select_related("kind").first()
    if order is None:
        raise Missing(_("There is no such record within your sight."))
    return order


def _confirm(request: ActingRequest, parent: Commitment) -> None:
    actions.confirm(actor=request.actor, at=request.now, order=_order(request, parent))


def _check(request: ActingRequest, parent: Commitment) -> None:
    passed, note = request.POST.get("passed") == "yes", request.POST.get("note", "")
    actions.check(actor=request.actor, at=request.now, order=_order(request, parent), passed=passed, note=note)


VERBS = {"template": _template, "apply": _apply, "confirm": _confirm, "check": _check}


def _page(request: ActingRequest, parent: Commitment, error: DomainError | None) -> HttpResponseBase:
    below = Commitment.objects.visible_to(request.actor).filter(parent=parent).exclude(stage="withdrawn")
    given = list(
        below.select_related("subject", "unit").order_by("closed_at", "confirmed_at", "position", "pk")[:LISTED]
    )
    holders = holders_of([c.pk for c in given], request.today)
    typed = request.POST if error else QueryDict()
    kinds = [k for k in every_kind().values() if not k.restricted]
    context = {
        "parent": parent, "error": error, "typed": typed, "doing": typed.get("verb", ""),
        "orders": [(c, holders.get(c.pk, [])) for c in given],
        "open": sum(c.is_open for c in given), "confirmed": sum(c.confirmed_at is not None for c in given),
        "closed": sum(not c.is_open for c in given), "n": len(given),
        "templates": OrderTemplate.objects.visible_to(request.actor).filter(office=parent.office_id).order_by("title"),
        "kinds": [k for k in kinds if k.noun == Noun.COMMITMENT and k.definition.get("promise") == "task"],
        "registers": [k for k in kinds if k.noun == Noun.REGISTER], "today": request.today,
        "may": request.actor.may("commitments.write"), "may_confirm": request.actor.may("commitments.confirm"),
        "may_check": request.actor.may("commitments.state"),
    }  # fmt: skip
    return render(request, "plans/orders.html", context, status=error.status if error else 200)
