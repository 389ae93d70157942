"""The same step for several cases: chosen in a list, one form, and how it ended for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.cases.access import MOVES
from zijing.cases.models import Case
from zijing.cases.queries import these
from zijing.cases.reporters import RESIDENT
from zijing.cases.several import MOST, Outcome, take_each
from zijing.core.errors import Invalid, Missing
from zijing.people.access import Actor
from zijing.records.tables import stage_label
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.addresses import page_of
from zijing.web.cases.doing import Doing, step_of, units_for
from zijing.web.cases.verbs import VERBS
from zijing.web.home.signing import safe_next
from zijing.web.records.sending import body_of

# What fits many cases alike; any other step needs its own words.
BUTTONS: dict[str, Promise] = {
    "verify": _("Verify the chosen …"),
    "dispatch": _("Dispatch the chosen …"),
    "accept": _("Accept the chosen …"),
    "close": _("Close the chosen …"),
}


@dataclass(frozen=True)
class Choice:
    """What may be done with rows of a list: the buttons below it, and the stages at which a row can be chosen."""

    buttons: list[tuple[str, Promise]] = field(default_factory=list)
    stages: frozenset[str] = frozenset()


def choice(actor: Actor, stages: Iterable[str]) -> Choice:
    """What the actor may do with several cases of a list whose rows stand at these stages."""
    standing = set(stages)
    fits = {verb for verb in BUTTONS if actor.may(MOVES[verb].right) and standing & {*MOVES[verb].sources}}
    buttons = [(verb, text) for verb, text in BUTTONS.items() if verb in fits]
    return Choice(buttons, frozenset(stage for verb in fits for stage in MOVES[verb].sources))


@acting
def several(request: ActingRequest) -> HttpResponse:
    """The form of a step for the chosen cases; sent, how it ended for each."""
    asked = request.POST if request.method == "POST" else request.GET
    verb = asked.get("do", "")
    if verb not in BUTTONS:
        raise Missing(_("There is no such step."))
    seen = _chosen(asked.getlist("case"))
    cases = these(request.actor, seen)
    if request.method == "POST":
        return _taken(request, verb, cases, seen)
    return _asked(request, verb, cases)


def _chosen(values: list[str]) -> dict[int, int | None]:
    """The chosen cases with the revision the person saw, where the form says it."""
    chosen: dict[int, int | None] = {}
    for value in values:
        pk, _dot, revision = value.partition(".")
        if not (pk.isdecimal() and len(pk) < 16 and (not revision or (revision.isdecimal() and len(revision) < 10))):
            raise Invalid(_("“%(value)s” is no number of a record."), value=value[:40])
        chosen[int(pk)] = int(revision) if revision else None
    if len(chosen) > MOST:
        raise Invalid(_("At most %(n)s cases at once; you chose %(chosen)s."), n=MOST, chosen=len(chosen))
    return chosen


def _form(verb: str, cases: list[Case], actor: Actor) -> Doing:
    """The form of the single step; where a resident reported one of the cases, what it asks for then."""
    example = next((c for c in cases if c.source == RESIDENT), cases[0])
    move = MOVES[verb]
    return step_of(move, units_for(actor) if move.needs_unit else [], example)


def _asked(request: ActingRequest, verb: str, cases: list[Case], error: Invalid | None = None) -> HttpResponse:
    context = {
        "title": str(MOVES[verb].label),
        "verb": verb,
        "cases": [(c, stage_label(c.stage), c.stage in MOVES[verb].sources) for c in cases],
        "form": _form(verb, cases, request.actor) if cases else None,
        "most": MOST,
        "next": safe_next(request, page_of("queue")),
        "error": error,
    }
    return render(request, "cases/several.html", context, status=error.status if error else 200)


def _taken(
    request: ActingRequest, verb: str, cases: list[Case], seen: dict[int, int | None]
) -> HttpResponse:  # fmt: skip
    """Take the step with each case that is still seen; what is not seen any more is only counted."""
    if MOVES[verb].needs_unit and not request.POST.get("unit"):
        return _asked(request, verb, cases, Invalid(_("Choose the unit that is to handle it."), field="unit"))
    for case in cases:
        case.revision = seen[case.pk] or case.revision
    body = body_of(request, {}, without=["case"])
    outcomes = take_each(
        actor=request.actor, at=request.now, client_id=client_id_of(request), body=body, cases=cases,
        step=lambda case: VERBS[verb](request, case),
    )  # fmt: skip
    return _told(request, verb, outcomes, hidden=len(seen) - len(cases))


def _told(request: ActingRequest, verb: str, outcomes: list[Outcome], hidden: int) -> HttpResponse:
    done = [o for o in outcomes if o.refused is None]
    refused = [o for o in outcomes if o.refused is not None]
    context = {
        "title": str(MOVES[verb].label), "done": done, "refused": refused, "hidden": hidden,
        "next": safe_next(request, page_of("queue")),
        "sentence": gettext("%(done)s done, %(refused)s not done.") % {
            "done": len(done), "refused": len(refused) + hidden,
        },
    }  # fmt: skip
    first = refused[0].refused if refused else None
    return render(request, "cases/several_done.html", context, status=first.status if first and not done else 200)
