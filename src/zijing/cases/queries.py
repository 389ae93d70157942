"""Reads of cases that need more than a queryset method."""

from django.utils.translation import gettext

from zijing.cases.models import Case, Stage, Step, Supervision
from zijing.people.access import Actor


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
    """Every step of a case, the oldest first."""
    return list(case.steps.select_related("post", "unit").order_by("at", "pk"))


def supervised(actor: Actor) -> list[Supervision]:
    """What stands on supervision lists within the actor's sight, the nearest last day first."""
    cases = Case.objects.visible_to(actor)
    rows = Supervision.objects.filter(struck_off_at=None, case__in=cases)
    return list(rows.select_related("case__subject", "case__unit", "case__kind", "listed_by").order_by("until", "pk"))
