"""Reads of cases that need more than a queryset method."""

from django.utils.translation import gettext

from zijing.cases.models import Case, Stage, Step, Supervision
from zijing.people.access import Actor
from zijing.people.models import Assignment


def explain(case: Case) -> str:
    """The deadline of a case and its reason in a sentence."""
    return case.timer.due().sentence()


def turn_of(case: Case) -> str:
    """Whose turn it is, in a sentence."""
    match Stage(case.stage):
        case Stage.FILED | Stage.REOPENED:
            return gettext("Waits to be dispatched.")
        case Stage.DISPATCHED:
            return gettext("%(unit)s should accept it or object.") % {"unit": case.unit}
        case Stage.HANDLING:
            return gettext("%(unit)s is putting it right.") % {"unit": case.unit}
        case Stage.CHECKING:
            return gettext("Waits to be checked by someone other than the handler.")
        case Stage.CLOSED:
            return gettext("Closed on time.") if case.closed_on_time else gettext("Closed after the deadline.")
        case Stage.VOIDED:
            return gettext("Voided: it counts nowhere.")


def timeline(case: Case) -> list[Step]:
    """Every step of a case, the oldest first: its filing, read from the case itself, and each move since."""
    moves = list(case.steps.select_related("post", "unit").order_by("at", "pk"))
    if moves and moves[0].verb == "file":  # of a database of release 0.1.0
        return moves
    filed = Step(case=case, verb="file", to_stage=Stage.FILED, post=case.recorded_by, at=case.recorded_at)
    first = moves[0].from_stage if moves else case.stage
    return [filed, *([_received(case)] if first == Stage.DISPATCHED else []), *moves]


def _received(case: Case) -> Step:
    """The dispatch of a case that began with the unit its kind names."""
    leads = Assignment.objects.filter(subject_type="cases.case", subject_id=case.pk, part=Assignment.Part.LEAD)
    first = leads.select_related("unit").order_by("pk").first()
    return Step(
        case=case, verb="dispatch", from_stage=Stage.FILED, to_stage=Stage.DISPATCHED, at=case.recorded_at,
        unit=first.unit if first else None,
    )  # fmt: skip


def supervised(actor: Actor) -> list[Supervision]:
    """What stands on supervision lists within the actor's sight, the nearest last day first."""
    listed = Supervision.objects.filter(struck_off_at=None)
    seen = Case.objects.visible_to(actor).filter(pk__in=listed.values("case"))
    rows = listed.filter(case__in=seen.values("pk"))
    return list(rows.select_related("case__subject", "case__unit", "case__kind", "listed_by").order_by("until", "pk"))
