"""The office's clock: the real time, moved by a shift for a demo office. Faces ask it, no one else."""

from datetime import date, datetime

from django.utils import timezone

from zijing.core.worktime import ZONE
from zijing.places.models import Place


def now(office: Place) -> datetime:
    """The current time of ``office``."""
    return timezone.now() + office.clock_shift


def today(office: Place) -> date:
    """The current day of ``office``, in China Standard Time."""
    return now(office).astimezone(ZONE).date()
