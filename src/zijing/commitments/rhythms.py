"""What the clock does for commitments: the weekly review, the monthly standing, reminders of values that are owed."""

from datetime import datetime

from django.db.models import Q

from zijing.commitments.actions import publish_review, publish_standing, remind
from zijing.commitments.news import concerned
from zijing.commitments.queries import last_month, missing_in
from zijing.core.worktime import day_of
from zijing.outbox.messages import register_teller
from zijing.outbox.models import Topic
from zijing.outbox.rhythm import register_task
from zijing.people.access import system_actor
from zijing.places.models import Place


def weekly_review(office: Place, at: datetime) -> None:
    """Publish where every indicator stands (周点评)."""
    publish_review(actor=system_actor(office, "clock"), at=at, office=office)


def monthly_standing(office: Place, at: datetime) -> None:
    """Publish how the units stand with their indicators (月考核)."""
    publish_standing(actor=system_actor(office, "clock"), at=at, office=office)


def values_owed(office: Place, at: datetime) -> None:
    """Remind those who answer of the values that last month wants and has not (缺报提醒); once for each month."""
    actor, period = system_actor(office, "clock"), last_month(day_of(at))
    remind(actor=actor, at=at, missing=missing_in(actor, period, Q(office=office)), period=period)


def declare() -> None:
    """Register the tasks of this floor, and whom its reminders concern."""
    register_task("commitments.values_owed", values_owed)
    register_teller({"commitments.remind": Topic.LIMITS}, concerned)
    register_task("commitments.weekly_review", weekly_review)
    register_task("commitments.monthly_standing", monthly_standing)
