"""Merging: a case that was reported twice is voided for the one that stands, and nothing of it is lost.

Its reporters, number, files and steps stay with it and are reached from the one that stands; whoever follows it is
shown that one. Cases that were merged form a tree whose root stands, so that merging can be undone at any branch.
"""

from datetime import datetime
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from zijing.cases.access import OPEN
from zijing.cases.actions import STOPPED, hold, move, note
from zijing.cases.models import ENDED, Case, CaseQuerySet, Stage, Step, Supervision, Timer
from zijing.core.errors import Conflict, Invalid, Missing
from zijing.journal.acting import act
from zijing.people.access import Actor, require

MERGE, UNMERGE = "merge", "unmerge"


def merge(*, actor: Actor, at: datetime, case: Case, into: Case, reason: str = "") -> None:
    """Void a case as a double of another open one of its kind and office, which stands for it from now on.

    ``Missing`` when the actor does not see both; ``Conflict`` when one of them has ended or was moved meanwhile, or the
    double stands on a supervision list, where it would be lost.
    """
    require(actor, "cases.dispatch")
    if case.pk == into.pk:
        raise Invalid(_("A case cannot be merged into itself."), field="into")
    if (case.kind_id, case.office_id) != (into.kind_id, into.office_id):
        raise Invalid(_("A case is merged into another of its own kind and office."), field="into")
    if Case.objects.tested_for(actor).filter(pk__in=(case.pk, into.pk)).count() < 2:
        raise Missing(_("There is no such record within your sight."), field="into")
    with act(actor, at) as a:
        for one in sorted((case, into), key=lambda c: c.pk):  # in one order, so that two acts never wait for each other
            hold(one, OPEN)
        if Supervision.objects.of(case).standing().exists():
            raise Conflict(
                _("This case is on a supervision list, so it is the one that stands: merge the other into it.")
            )
        case.timer.stop(at)
        move(a, case, MERGE, actor, reason=reason, timed=STOPPED, closed_at=at, merged_into_id=into.pk)
        note(a, into, "merged_in", into.stage, reason=_named(case))
        a.record("cases.merged_in", into, {"double": [None, case.pk]})


def unmerge(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """Take a merging back, with a reason, while the case that stands is open: all is as it was, the clock too."""
    require(actor, "cases.dispatch")
    into, root = case.merged_into, case.standing
    if into is None:
        raise Conflict(_("This case is merged into no other."))
    if root.stage in ENDED:
        raise Conflict(_("The case that stands has ended: what was merged into it stays merged."))
    with act(actor, at) as a:
        hold(root, OPEN)
        before = Stage(_last_merging(case).from_stage)
        move(a, case, UNMERGE, actor, reason=reason, back_to=before, closed_at=None, merged_into_id=None)
        timer: Timer = case.timer
        timer.go_on(at, rests=before == Stage.PARKED)
        timer.save(update_fields=["spans", "alarm_at", "warned_at", "rung"])
        note(a, into, "merged_out", into.stage, reason=_named(case))
        a.record("cases.merged_out", into, {"double": [case.pk, None]})


def merged_into_it(case: Case) -> list[Case]:
    """Every case that this one stands for, the earliest first: one query for each layer, one where there is none."""
    found, layer = list[Case](), [case.pk]
    while layer:
        below = sorted(Case.objects.filter(merged_into__in=layer).select_related("place"), key=attrgetter("pk"))
        found, layer = found + below, [c.pk for c in below]
    return found


def _last_merging(case: Case) -> Step:
    found: Step = case.steps.filter(verb=MERGE).order_by("pk").reverse()[0]
    return found


def _named(case: Case) -> str:
    return f"{case.business_key} {case.title}".strip()


def alike(actor: Actor, case: Case) -> CaseQuerySet:
    """The cases of its kind and office within sight: what it can be merged into is one of them."""
    found: CaseQuerySet = Case.objects.tested_for(actor).filter(kind=case.kind_id, office=case.office_id)
    return found
