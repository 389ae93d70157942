"""What the clock does: every month the period that is over is computed and what follows proposed, never confirmed."""

from datetime import datetime

from zijing.assessment.actions import propose, run
from zijing.assessment.models import Run, Scheme
from zijing.core.worktime import DAY, day_of
from zijing.figures.periods import first_of, last_of
from zijing.journal.acting import act
from zijing.outbox.rhythm import register_task
from zijing.people.access import system_actor
from zijing.places.models import Level, Place


def compute_what_is_over(office: Place, at: datetime) -> None:
    """Compute the last period that is over of every scheme that holds, if nobody has, and propose what follows."""
    actor = system_actor(office, "clock")
    for scheme in Scheme.objects.visible_to(actor).order_by("key"):
        if (scheme.population == Scheme.Population.OFFICES) != (office.level == Level.COUNTY):
            continue
        day = first_of(day_of(at), scheme.period) - DAY
        if first_of(day, scheme.period) < scheme.since:
            continue
        computed = Run.objects.filter(version__scheme=scheme, office=office, until=last_of(day, scheme.period))
        if computed.filter(provisional=False).exists():
            continue
        with act(actor, at):
            propose(actor=actor, at=at, run=run(actor=actor, at=at, office=office, scheme=scheme, day=day))


def declare() -> None:
    """Register the task of this floor."""
    register_task("assessment.monthly", compute_what_is_over)
