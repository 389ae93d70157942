"""What the clock does for commitments: publishes the weekly review of indicators and their monthly standing."""

from datetime import datetime

from zijing.commitments.actions import publish_review, publish_standing
from zijing.outbox.rhythm import register_task
from zijing.people.access import system_actor
from zijing.places.models import Place


def weekly_review(office: Place, at: datetime) -> None:
    """Publish where every indicator stands (周点评)."""
    publish_review(actor=system_actor(office, "clock"), at=at, office=office)


def monthly_standing(office: Place, at: datetime) -> None:
    """Publish how the units stand with their indicators (月考核)."""
    publish_standing(actor=system_actor(office, "clock"), at=at, office=office)


def declare() -> None:
    """Register the tasks of this floor."""
    register_task("commitments.weekly_review", weekly_review)
    register_task("commitments.monthly_standing", monthly_standing)
