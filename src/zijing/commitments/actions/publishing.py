"""Publish where the indicators stand."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from zijing.commitments.reviews import REVIEW, STANDING, Line, frozen, review, standing
from zijing.core.worktime import day_of
from zijing.figures.actions import publish
from zijing.figures.models import Publication
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place

FORMULA = "latest actual value as a share of the target, less the share of the time to the deadline that is gone"


def publish_review(*, actor: Actor, at: datetime, office: Place) -> Publication:
    """Freeze where every open indicator stands: target, latest value, share done, share of the time gone, owners.

    A review stands for its day; publishing it again returns what was published.
    """
    return _publish(actor, at, office, REVIEW, day_of(at), lambda lines: {"lines": [frozen(x) for x in lines]})


def publish_standing(*, actor: Actor, at: datetime, office: Place) -> Publication:
    """Freeze how the lead units stand with their indicators in the month of ``at``; once a month."""
    first = day_of(at).replace(day=1)
    return _publish(actor, at, office, STANDING, first, lambda lines: {"units": standing(lines)})


def _publish(
    actor: Actor, at: datetime, office: Place, key: str, period: date, values: Callable[[list[Line]], dict[str, Any]]
) -> Publication:
    require(actor, "commitments.publish")
    before = Publication.objects.filter(office=office, key=key, period=period).first()
    if before:
        return before
    with act(actor, at):
        lines = review(office, at)
        return publish(
            actor=actor, at=at, office=office, key=key, period=period, definition={"formula": FORMULA},
            values={"on": str(day_of(at)), **values(lines)}, evidence=[x.commitment.pk for x in lines],
        )  # fmt: skip
