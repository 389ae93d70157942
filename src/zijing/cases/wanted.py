"""Reports on supervision that are due from whoever answers for what is listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Case as Choose, Exists, OuterRef, Q, Subquery, When

from zijing.cases.models import Case, Supervision, SupervisionReport
from zijing.cases.supervision import ANSWERING, REPORTS
from zijing.core.stamps import Kept
from zijing.people.access import Actor, dated, given
from zijing.people.models import Assignment
from zijing.records.kinds import every_kind
from zijing.records.models import Kind

_kept = Kept[frozenset[int]]()


@dataclass(frozen=True)
class Wanted:
    """A report that did not come yet: on what, and by which day it was or is due."""

    listed: Supervision
    kind: Kind
    title: str
    due: date


def reports_wanted(actor: Actor, day: date) -> list[Wanted]:
    """The reports due from the actor on a day, or missed before it and not made up for, the longest due first.

    One query; none where no list of the office asks for reports.
    """
    labels = [label for label, right in REPORTS.items() if actor.may(right)]
    if not labels or actor.office_id not in _offices():
        return []
    last = SupervisionReport.objects.filter(supervision=OuterRef("pk")).order_by("-at").values("at")[:1]
    asking = Supervision.objects.standing().filter(
        reduce(or_, [Q(Exists(_answered(label, actor, day)), subject_type=label) for label in labels]),
        office=actor.office_id, every__isnull=False,
    )  # fmt: skip
    named = {
        name: Choose(*(When(subject_type=label, then=Subquery(_subject(label).values(name))) for label in labels))
        for name in ("title", "kind")
    }
    kinds = {kind.pk: kind for kind in every_kind().values()}
    rows: Iterable[Any] = asking.annotate(reported_at=Subquery(last), **named)
    found = [
        Wanted(one, kinds[one.kind], one.title, due) for one in rows if (due := one.wanted_on(day, one.reported_at))
    ]
    return sorted(found, key=lambda w: (w.due, w.listed.pk))


def _offices() -> frozenset[int]:
    """The offices with a list that asks for reports."""
    asking = Supervision.objects.standing().filter(every__isnull=False)
    return _kept.get("offices", lambda: frozenset(one.office_id for one in asking.only("office")))


def _subject(label: str) -> Any:
    """The record of a type that a listing is of."""
    return apps.get_model(label)._default_manager.filter(pk=OuterRef("subject_id"))


def _answered(label: str, actor: Actor, day: date) -> Any:
    """The same while it has not ended, if the actor sees it and answers for it: as ``answering`` says."""
    rows = _subject(label).tested_for(actor).filter(closed_at=None)
    own = Q(unit=actor.unit_id, unit__isnull=False)
    if label == Case._meta.label_lower:
        return rows.filter(own)
    others = Assignment.objects.filter(
        dated(day), subject_type=label, subject_id=OuterRef("pk"), part__in=ANSWERING
    )  # fmt: skip
    return rows.filter(Exists(others.filter(given(actor.post_id, actor.unit_id, day))) | own & ~Exists(others))
