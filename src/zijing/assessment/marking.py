"""Reads of marks: those that count, who may be marked, and whether a result still holds with them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Case, QuerySet, When

from zijing.assessment.definition import ItemSpec
from zijing.assessment.members import Subject, members_of
from zijing.assessment.models import Mark, Run, Scheme, SchemeVersion, Score
from zijing.assessment.queries import latest_run
from zijing.figures.periods import first_of, last_of
from zijing.people.access import Actor
from zijing.places.models import Place

MOST = 500


def confirmed(scheme: Scheme, office: Place, since: date) -> QuerySet[Mark]:
    """The marks of a period that two persons have agreed on."""
    return Mark.objects.filter(scheme=scheme, office=office, since=since, status=Mark.Status.CONFIRMED)


def marks_of(scheme: Scheme, office: Place, since: date) -> dict[tuple[str, str, int], list[Decimal]]:
    """The confirmed marks of a period by item and member."""
    found = defaultdict[tuple[str, str, int], list[Decimal]](list)
    for one in confirmed(scheme, office, since).order_by("pk"):
        found[one.item, *one.member].append(one.mark)
    return dict(found)


def came_later(run: Run) -> int:
    """How many marks were confirmed since a result was computed, which do not count in it."""
    return confirmed(run.version.scheme, run.office, run.since).filter(decided_at__gt=run.computed_at).count()


def stale(scheme: Scheme, office: Place, since: date) -> int:
    """How many confirmed marks do not count in the result of a period yet; 0 when it has none."""
    run = latest_run(scheme, office, since)
    return came_later(run) if run else 0


def marks_in_sight(actor: Actor, scheme: Scheme, since: date) -> list[Mark]:
    """The marks of a period within sight: what waits first, then by member."""
    rows = Mark.objects.visible_to(actor).filter(scheme=scheme, since=since)
    waiting = Case(When(status=Mark.Status.OPEN, then=0), default=1)
    found = rows.select_related("marked_by", "confirmed_by")
    return list(found.order_by(waiting, "label", "item", "pk")[:MOST])


def period_of(scheme: Scheme, day: date) -> date:
    """The first day of the scheme's period that holds a day."""
    return first_of(day, scheme.period)


def waiting_for(actor: Actor) -> list[Mark]:
    """The marks that wait for the actor to confirm or refuse them."""
    rows = Mark.objects.visible_to(actor).for_decision_by(actor).filter(status=Mark.Status.OPEN)
    return list(rows.select_related("scheme", "marked_by").order_by("since", "label", "pk")[:MOST])


def for_decision(actor: Actor, marks: Iterable[Mark]) -> set[int]:
    """Which of some marks wait for the actor to confirm or refuse them, by id."""
    waiting = [m.pk for m in marks if m.status == Mark.Status.OPEN]
    return set(Mark.objects.for_decision_by(actor).filter(pk__in=waiting).values_list("pk", flat=True))


def behind(score: Score) -> list[Mark]:
    """The marks that count in a score, which whoever reads the score may read, with who gave and confirmed each."""
    column, pk = score.member
    run = score.run
    rows = confirmed(run.version.scheme, run.office, run.since).filter(
        decided_at__lte=run.computed_at, **{f"{column}_id": pk}
    )
    return list(rows.select_related("marked_by", "confirmed_by").order_by("item", "pk"))


def marked_items(version: SchemeVersion) -> list[ItemSpec]:
    """The items of a version that reviewers mark."""
    return [i for i in version.spec.items if i.way == "marks"]


def markable(version: SchemeVersion, office: Place, since: date, today: date) -> Sequence[Subject]:
    """Who may be marked for a period: who is assessed, as far as is known today."""
    return members_of(version.spec, office, min(last_of(since, version.scheme.period), today))


def subject_named(subjects: Iterable[Subject], text: str) -> Subject | None:
    """The subject that a form names as ``place-12``."""
    return next((s for s in subjects if s.name == text), None)
