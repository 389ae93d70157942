"""The days that matter to a post: deadlines of commitments, stages, cases, permits and clearances, promised dates,
listings and the reports they ask for, meetings.

A restricted kind never appears here, nor in a feed: what is on a calendar is read over a shoulder.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from zijing.activities.actions import WITHDRAWN
from zijing.activities.models import Activity
from zijing.cases.models import Case, Supervision
from zijing.cases.supervision import supervised
from zijing.commitments.models import Commitment
from zijing.core.worktime import DAY, ZONE, day_of
from zijing.people.access import Actor, assigned_to, given
from zijing.people.models import Assignment
from zijing.projects.models import Project
from zijing.projects.queries.standing import finished_stages
from zijing.records.models import Record
from zijing.registers.models import Entry

MOST = 500
DUE = ("permit", "clearance")


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

    @property
    def title(self) -> str:
        """What it is called among others: with what it is about, such as the project of a permit."""
        about = getattr(self.record, "subject", None)
        return (
            gettext("%(what)s: %(title)s") % {"what": about, "title": self.record.title} if about else self.record.title
        )


def dates(actor: Actor, since: date, until: date, *, on: date, mine: bool = True) -> list[Dated]:
    """What falls on these days, both included: given to the post or unit (``mine``), else all within sight."""
    projects = _given(actor, Entry) if mine else None
    found = [
        *_commitments(actor, since, until, on, projects), *_cases(actor, since, until, on, projects),
        *_promises(actor, since, until, on, projects), *_ledgers(actor, since, until, on, projects),
        *_meetings(actor, since, until),
    ]  # fmt: skip
    found += _listed(actor, since, until, on, {(d.record._meta.label_lower, d.record.pk) for d in found}, mine=mine)
    return sorted(found, key=lambda d: (d.day, d.what, d.record.pk))


# The ids of what is given, as a query within others; None: all within sight.
Own = Any


def _given(actor: Actor, model: type[Record]) -> Any:
    return Assignment.objects.filter(assigned_to(actor, model._meta.label_lower)).values("subject_id")


def _commitments(actor: Actor, since: date, until: date, on: date, projects: Own) -> list[Dated]:
    rows = Commitment.objects.visible_to(actor).filter(deadline__range=(since, until), closed_at=None)
    if projects is not None:
        rows = rows.filter(Q(pk__in=_given(actor, Commitment)) | Q(subject__in=projects))
    found = rows.filter(kind__restricted=False).select_related("kind", "subject").order_by("deadline", "pk")[:MOST]
    done = finished_stages([c.pk for c in found], on)
    return [Dated(c.deadline, "commitment", c, late=c.deadline < on) for c in found if c.deadline and c.pk not in done]


def _cases(actor: Actor, since: date, until: date, on: date, projects: Own) -> list[Dated]:
    first = datetime.combine(since, time(), ZONE)
    rows = Case.objects.visible_to(actor).open().filter(due_at__gte=first, due_at__lt=first + (until - since + DAY))
    if projects is not None:
        own = Q(pk__in=_given(actor, Case)) | Q(subject__in=projects)
        rows = rows.filter(own | Q(unit=actor.unit_id, unit__isnull=False))
    found = (
        rows.filter(kind__restricted=False).select_related("kind", "unit", "subject").order_by("due_at", "pk")[:MOST]
    )
    return [Dated(day_of(c.due_at), "case", c, at=c.due_at, late=day_of(c.due_at) < on) for c in found if c.due_at]


def _promises(actor: Actor, since: date, until: date, on: date, projects: Own) -> list[Dated]:
    rows = Project.objects.visible_to(actor).filter(promised_on__range=(since, until))
    rows = rows if projects is None else rows.filter(entry__in=projects)
    found = rows.exclude(entry__stage="retired").select_related("entry__kind").order_by("promised_on", "pk")[:MOST]
    return [Dated(p.promised_on, "promise", p.entry, late=p.promised_on < on) for p in found]


def _ledgers(actor: Actor, since: date, until: date, on: date, projects: Own) -> list[Dated]:
    return [Dated(day, e.kind.key, e, late=day < on) for day, e in ledgers_due(actor, since, until, on, projects)]


def ledgers_due(actor: Actor, since: date, until: date, on: date, projects: Any = None) -> list[tuple[date, Entry]]:
    """The permits not granted yet and the clearances not at zero whose last day is one of these, of some projects."""
    ends = {"fields__due_on__gte": since.isoformat(), "fields__due_on__lte": until.isoformat()}
    rows = Entry.objects.visible_to(actor).filter(kind__key__in=DUE, kind__restricted=False, **ends)
    rows = rows.exclude(stage__in=("retired", "merged")).select_related("kind", "subject")
    found = list((rows if projects is None else rows.filter(subject__in=projects)).order_by("pk")[:MOST])
    left = _uncleared([e for e in found if e.kind.key == "clearance"], on)
    waiting = [e for e in found if e in left or (e.kind.key == "permit" and not _granted(e, on))]
    return sorted(((date.fromisoformat(e.fields["due_on"]), e) for e in waiting), key=lambda one: (one[0], one[1].pk))


def _granted(permit: Entry, on: date) -> bool:
    return "" < (permit.fields.get("granted_on") or "") <= on.isoformat()


def _uncleared(clearances: list[Entry], on: date) -> set[Entry]:
    """Those of the clearances whose project has not cleared, of their unit, as much as there is in all."""
    if not clearances:
        return set()
    done, total = defaultdict[tuple[int, str], Decimal](Decimal), defaultdict[tuple[int, str], Decimal](Decimal)
    rows = Activity.objects.filter(subject__in={e.subject_id for e in clearances}, kind__key="cleared")
    rows = rows.filter(happened_on__lte=on).exclude(stage=WITHDRAWN)
    for subject, quantity, fields in rows.values_list("subject", "quantity", "fields"):
        done[subject or 0, fields["what"]] += quantity or 0
    for e in clearances:
        total[e.subject_id or 0, e.fields["what"]] += e.quantity or 0
    return {e for e in clearances if done[key := (e.subject_id or 0, e.fields["what"])] < total[key]}


def _meetings(actor: Actor, since: date, until: date) -> list[Dated]:
    rows = Activity.objects.visible_to(actor).filter(kind__key="meeting", happened_on__range=(since, until))
    found = rows.exclude(stage=WITHDRAWN).filter(kind__restricted=False).select_related("kind", "subject")[:MOST]
    return [Dated(a.happened_on, "meeting", a) for a in found if a.happened_on]


def _listed(actor: Actor, since: date, until: date, on: date, own: set[tuple[str, int]], *, mine: bool) -> list[Dated]:
    seen = [s for s in supervised(actor) if not s.subject.kind.restricted]
    whose = own | _given_of(actor, seen) if mine else set()
    shown = [s for s in seen if not mine or (s.subject_type, s.subject_id) in whose]
    ends = [Dated(s.until, "supervision", s.subject, late=s.until < on) for s in shown]
    reports = [Dated(due, "supervision-report", s.subject) for s in shown if (due := s.due_on(on))]
    return [one for one in ends + reports if since <= one.day <= until]


def _given_of(actor: Actor, listed: Iterable[Supervision]) -> set[tuple[str, int]]:
    """The types and ids of those listed that are given to the post or unit; one query."""
    rows = Assignment.objects.filter(given(actor.post_id, actor.unit_id, actor.on))
    rows = rows.filter(subject_id__in={s.subject_id for s in listed})
    return set(rows.values_list("subject_type", "subject_id"))
