"""Verbs on assignments: which unit or post answers for a record, helps with it, or approves it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.rows import exists, insert
from zijing.core.worktime import ZONE, day_of
from zijing.journal.acting import Act, act
from zijing.people.access import ADMINISTRATORS, Actor, require
from zijing.people.models import Assignment, Post, Unit


def assign(
    *, actor: Actor, at: datetime, subject: models.Model, path: str, part: str, to: Iterable[Unit | Post]
) -> list[Assignment]:
    """Make ``to`` the holders of this part of a record; earlier holders of the same part end the day before."""
    label, day = subject._meta.label_lower, at.astimezone(ZONE).date()
    wanted = list(to)
    with act(actor, at) as a:
        parts = {"subject_type": label, "subject_id": subject.pk, "part": part}
        lasting = Q(until=None) | Q(until__gte=day)
        standing = list(Assignment.objects.filter(lasting, **parts)) if exists(Assignment, **parts) else []
        keep = {(s.unit_id, s.post_id): s for s in standing}
        result = []
        for holder in wanted:
            key = (holder.pk, None) if isinstance(holder, Unit) else (None, holder.pk)
            kept = keep.pop(key, None)
            result.append(
                kept
                or insert(
                    Assignment(
                        subject_type=label,
                        subject_id=subject.pk,
                        path=path,
                        unit_id=key[0],
                        post_id=key[1],
                        part=part,
                        since=day,
                    )
                )
            )
            if kept is None:
                a.record("people.assign", subject, {part: [None, {"unit": key[0], "post": key[1]}]}, path=path)
        for gone in keep.values():
            Assignment.objects.filter(pk=gone.pk).update(until=day - timedelta(days=1))
            a.record(
                "people.unassign", subject, {part: [{"unit": gone.unit_id, "post": gone.post_id}, None]}, path=path
            )
        return result


def give_first(a: Act, *, subject: Any, part: str, to: Unit) -> Assignment:
    """Inside the act that makes a record: give it to a unit, its first."""
    day, label = a.at.astimezone(ZONE).date(), subject._meta.label_lower
    a.record("people.assign", subject, {part: [None, {"unit": to.pk, "post": None}]})
    return insert(
        Assignment(subject_type=label, subject_id=subject.pk, path=subject.path, unit_id=to.pk, part=part, since=day)
    )


def carry(subject_type: str, subjects: Iterable[int] | models.QuerySet[Any], path: Any) -> None:
    """Inside the act that puts records elsewhere: let what was given of them lie where they lie."""
    Assignment.objects.filter(subject_type=subject_type, subject_id__in=subjects).update(path=path)


def assign_one(
    *, actor: Actor, at: datetime, subject: Any, part: str, to: Unit | Post, since: date, until: date | None = None
) -> Assignment:
    """Give a record to one more unit or post, for a while or for good; it sees the record wherever it lies.

    ``Conflict`` when it has that part already; ``Invalid`` for days turned round; an administrator is given no record
    (GB/T 22239-2019 8.1.4.2 d: who administers has no business rights).
    """
    require(actor, "records.assign")
    if part not in Assignment.Part.values:
        raise Invalid(_("Choose the part."), field="part")
    if until is not None and (until < since or until < day_of(at)):
        raise Invalid(_("The last day is past, or before the first."), field="until")
    if isinstance(to, Post) and to.role.key in ADMINISTRATORS:
        raise Invalid(_("An administrator is given no records."), field="to")
    holder = {"unit": to, "post": None} if isinstance(to, Unit) else {"unit": None, "post": to}
    label = subject._meta.label_lower
    with act(actor, at) as a:
        same = Assignment.objects.filter(subject_type=label, subject_id=subject.pk, part=part, **holder)
        if same.filter(Q(until=None) | Q(until__gte=since)).exists():
            raise Conflict(_("This part is given already."))
        made = Assignment.objects.create(
            subject_type=label, subject_id=subject.pk, path=subject.path, part=part, since=since, until=until, **holder
        )
        a.record("people.assign", subject, {part: [None, _who(made)], "until": [None, until]})
        return made


def unassign(*, actor: Actor, at: datetime, subject: Any, assignment: Assignment) -> None:
    """Take a record back from a unit or post, at once; ``Conflict`` when it has ended meanwhile."""
    require(actor, "records.assign")
    yesterday = day_of(at) - timedelta(days=1)
    with act(actor, at) as a:
        standing = Assignment.objects.filter(
            Q(until=None) | Q(until__gt=yesterday), pk=assignment.pk, subject_id=subject.pk
        )
        if not standing.filter(subject_type=subject._meta.label_lower).update(until=yesterday):
            raise Conflict(_("It is taken back already."))
        a.record("people.unassign", subject, {assignment.part: [_who(assignment), None]})


def _who(assignment: Assignment) -> dict[str, int | None]:
    return {"unit": assignment.unit_id, "post": assignment.post_id}
