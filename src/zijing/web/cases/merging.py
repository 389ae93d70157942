"""On a case's page: open cases that are likely the same, merging into one of them, what was merged into this one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from zijing.cases.access import OPEN
from zijing.cases.doubles import Double, draft_of, likely_doubles
from zijing.cases.merging import alike, merge, merged_into_it, unmerge
from zijing.cases.models import Case
from zijing.cases.reporters import ratings
from zijing.core.errors import Invalid
from zijing.people.access import Actor
from zijing.web.access import ActingRequest
from zijing.web.cases.doing import WHY, Asked, Doing
from zijing.web.records.picking import Option

RIGHT = "cases.dispatch"


def sameness(case: Case, actor: Actor) -> dict[str, Any]:
    """What the page says of doubles: those that are likely, and what was merged into this case, with its ratings."""
    asks = case.stage in OPEN and actor.may(RIGHT)
    merged = merged_into_it(case)
    seen = set(alike(actor, case).filter(pk__in=[one.pk for one in merged]).values_list("pk", flat=True))
    return {
        "doubles": likely_doubles(actor, draft_of(case)) if asks else [],
        "merged": [(one, one.pk in seen) for one in merged],
        "ratings": ratings(case, merged),
    }


def merging(case: Case, actor: Actor, doubles: Sequence[Double]) -> list[Doing]:
    """Merging into one of the likely doubles, or one named by its number; undoing it while the other is open."""
    if not actor.may(RIGHT):
        return []
    if case.merged_into is not None:
        undo = _("Undo the merging")
        return [Doing("unmerge", undo, (("", undo),), (WHY,))] if case.standing.stage in OPEN else []
    if case.stage not in OPEN:
        return []
    options = [Option(str(d.case.pk), f"{d.case.title}（{gettext('; ').join(d.because)}）") for d in doubles]
    asks = [
        *([Asked("into", _("Likely the same"), "choice", required=False, options=options)] if options else []),
        Asked("number", _("Or the number of the other one"), most=60, required=not options),
    ]
    return [Doing("merge", _("Merge into another case"), (("", _("Merge")),), tuple(asks), icon="files")]


def do_merge(request: ActingRequest, case: Case) -> None:
    """Merge into the case that was chosen, or whose number was typed."""
    chosen, number = request.POST.get("into", ""), request.POST.get("number", "").strip()
    rows = alike(request.actor, case)
    into = rows.filter(business_key=number).first() if number else None
    if into is None and _is_id(named := number or chosen):
        into = rows.filter(pk=int(named)).first()
    if into is None:
        raise Invalid(_("Say which case it is to be merged into."), field="into")
    reason = request.POST.get("reason", "")
    merge(actor=request.actor, at=request.now, case=case, into=into, reason=reason)


def do_unmerge(request: ActingRequest, case: Case) -> None:
    """Take the merging back."""
    unmerge(actor=request.actor, at=request.now, case=case, reason=request.POST.get("reason", ""))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
