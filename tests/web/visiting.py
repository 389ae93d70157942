"""A browser signed in as a post of an office, at a day of the office's clock."""

from datetime import date, datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.factories.office import MONDAY, Office, moment
from zijing.core.identifiers import new_id
from zijing.places.models import Place


def show(made: Office, at: datetime) -> None:
    """Let the clocks of the office and its county show ``at``."""
    Place.objects.filter(pk__in=[made.place.pk, made.county.pk]).update(clock_shift=at - timezone.now())


def signed_in(made: Office, role: str, on: date = MONDAY, *, language: str = "en") -> Client:
    """A browser in which the holder of ``role`` is signed in, at ten in the morning."""
    show(made, moment(on, 10))
    client = Client(headers={"accept-language": language})
    holding = made.holding(role)
    client.force_login(holding.account)
    session = client.session
    session["holding"] = holding.pk
    session.save()
    return client


def form(**values: Any) -> dict[str, Any]:
    """What a form of a page sends: its values and a fresh id."""
    return {"client_id": str(new_id()), **values}
