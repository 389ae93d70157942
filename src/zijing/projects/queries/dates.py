"""The days that matter to a post: deadlines of commitments, stages and cases, promised dates, listings, meetings.

A restricted kind never appears here, nor in a feed: what is on a calendar is read over a shoulder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from zijing.activities.actions import WITHDRAWN
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.cases.supervision import supervised
from zijing.commitments.models import Commitment
from zijing.core.worktime import ZONE, day_of
from zijing.people.access import Actor, assigned_to
from zijing.people.models import Assignment
from zijing.projects.models import Project
from zijing.records.models import Record
from zijing.registers.models import Entry

MOST = 500
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dated:
    """Something on a day: what it is, and its record. ``at`` is the minute where there is one."""

    day: date
    what: str
    record: Record
    at: datetime | None = None
    late: bool = False

    @property
    def key(self) -> str:
        """What it is called for good, also when it moves to another day."""
        return f"{self.what}-{self.record._meta.model_name}-{self.record.pk}"


def dates(actor: Actor, since: date, until: date, *, on: date, mine: bool = True) -> list[Dated]:
    """What falls on these days, both included: given to the post or unit (``mine``), else all within sight."""
    found = [
        *_commitments(actor, since, until, on, mine), *_cases(actor, since, until, on, mine),
        *_promises(actor, since, until, on, mine), *_meetings(actor, since, until),
    ]  # fmt: skip
    found += _listed(actor, since, until, on, {(d.record._meta.label_lower, d.record.pk) for d in found}, mine=mine)
    return sorted(found, key=lambda d: (d.day, d.what, d.record.pk))


def _given(actor: Actor, model: type[Record]) -> Any:
    return Assignment.objects.filter(assigned_to(actor, model._meta.label_lower)).values("subject_id")


def _commitments(actor: Actor, since: date, until: date, on: date, mine: bool) -> list[Dated]:
    rows = Commitment.objects.visible_to(actor).filter(deadline__range=(since, until), closed_at=None)
    if mine:
        own = Commitment.objects.filter(pk__in=_given(actor, Commitment)).values("pk")
        rows = rows.filter(pk__in=own) | rows.filter(subject__in=_given(actor, Entry))
    found = rows.filter(kind__restricted=False).select_related("kind", "subject").order_by("deadline", "pk")[:MOST]
    return [Dated(c.deadline, "commitment", c, late=c.deadline < on) for c in found if c.deadline]


def _cases(actor: Actor, since: date, until: date, on: date, mine: bool) -> list[Dated]:
    first = datetime.combine(since, time(), ZONE)
    rows = Case.objects.visible_to(actor).open().filter(due_at__gte=first, due_at__lt=first + (until - since + DAY))
    if mine:
        rows = (
            rows.filter(pk__in=_given(actor, Case)) | rows.filter(subject__in=_given(actor, Entry))
            | rows.filter(unit=actor.unit_id, unit__isnull=False)
        )  # fmt: skip
    found = (
        rows.filter(kind__restricted=False).select_related("kind", "unit", "subject").order_by("due_at", "pk")[:MOST]
    )
    return [Dated(day_of(c.due_at), "case", c, at=c.due_at, late=day_of(c.due_at) < on) for c in found if c.due_at]


def _promises(actor: Actor, since: date, until: date, on: date, mine: bool) -> list[Dated]:
    rows = Project.objects.visible_to(actor).filter(promised_on__range=(since, until))
    rows = rows.filter(entry__in=_given(actor, Entry)) if mine else rows
    found = rows.exclude(entry__stage="retired").select_related("entry__kind").order_by("promised_on", "pk")[:MOST]
    return [Dated(p.promised_on, "promise", p.entry, late=p.promised_on < on) for p in found]


def _meetings(actor: Actor, since: date, until: date) -> list[Dated]:
    rows = Activity.objects.visible_to(actor).filter(kind__key="meeting", happened_on__range=(since, until))
    found = rows.exclude(stage=WITHDRAWN).filter(kind__restricted=False).select_related("kind")[:MOST]
    return [Dated(a.happened_on, "meeting", a) for a in found if a.happened_on]


def _listed(actor: Actor, since: date, until: date, on: date, own: set[tuple[str, int]], *, mine: bool) -> list[Dated]:
    given = {(m._meta.label_lower, pk) for m in (Entry, Case, Commitment) for pk in _ids(actor, m)} if mine else set()
    return [
        Dated(s.until, "supervision", s.subject, late=s.until < on)
        for s in supervised(actor)
        if since <= s.until <= until and not s.subject.kind.restricted
        and (not mine or (s.subject_type, s.subject_id) in given | own)
    ]  # fmt: skip


def _ids(actor: Actor, model: type[Record]) -> Iterable[int]:
    return Assignment.objects.filter(assigned_to(actor, model._meta.label_lower)).values_list("subject_id", flat=True)
