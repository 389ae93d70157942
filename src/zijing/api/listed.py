"""What the API says of what stands on leaders' lists."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from zijing.api.common import Moment
from zijing.cases.models import Supervision
from zijing.cases.supervision import listings
from zijing.core.worktime import day_of
from zijing.records.models import Record


class ProgressOut(Schema):
    """A report on what stands on a list."""

    at: Moment
    said: str


class SupervisionOut(Schema):
    """A place on a leader's list; reports are due ``every`` so many days, the next by ``due_on``; ``missed``: by when
    others were due that never came.
    """

    level: Supervision.Board
    listed_at: Moment
    until: date
    reason: str
    public: bool
    every: int | None
    due_on: date | None
    missed: list[date]
    reports: list[ProgressOut]
    struck_off_at: Moment | None
    strike_reason: str


def told(record: Record, at: datetime) -> list[dict[str, Any]]:
    """Every listing of a record, the earliest first."""
    return [facts(one, at) for one in listings(record)]


def facts(one: Supervision, at: datetime) -> dict[str, Any]:
    """A listing as it is answered."""
    names = ("level", "listed_at", "until", "reason", "public", "every", "struck_off_at", "strike_reason")
    today = day_of(at)
    return {name: getattr(one, name) for name in names} | {
        "due_on": one.due_on(today),
        "missed": one.missed(today),
        "reports": [{"at": report.at, "said": report.said} for report in one.reports.all()],
    }
