"""The review of indicators: where each stands against its target and against the time that is gone, and who answers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from zijing.commitments.models import Commitment, Statement
from zijing.core.worktime import day_of
from zijing.figures.models import Publication
from zijing.people.access import Actor
from zijing.people.models import Assignment, in_force
from zijing.places.models import Place

INDICATOR = "indicator"
REVIEW, STANDING = "indicator-review", "indicator-standing"
ENDED = ("closed", "withdrawn", "voided", "retired")
POINT = Decimal("0.1")


@dataclass(frozen=True)
class Line:
    """An indicator in a review. Shares are percent; None where nothing is stated or the target has no share.

    ``done`` is the latest actual value as a share of the target, ``gone`` the share of the time from the beginning of
    the deadline's year to the deadline that has passed; ``points`` is their difference.
    """

    commitment: Commitment
    value: Decimal | None
    period: date | None
    done: Decimal | None
    gone: Decimal
    owners: dict[str, list[str]]

    @property
    def points(self) -> Decimal | None:
        return None if self.done is None else self.done - self.gone


def indicators(office: Place) -> QuerySet[Commitment]:
    """The indicators of an office that are still open; none while they are restricted: reviews are public."""
    known = Commitment.objects.filter(office=office, kind__key=INDICATOR, kind__restricted=False)
    rows = known.exclude(stage__in=ENDED)
    found: QuerySet[Commitment] = rows.select_related("kind", "unit").order_by("business_key", "pk")
    return found


def review(office: Place, at: datetime) -> list[Line]:
    """Every indicator of an office as it stands at a moment, by number."""
    rows = list(indicators(office))
    values, owners = _latest(rows, at), _owners(rows, day_of(at))
    return [_line(c, values.get(c.pk), owners.get(c.pk, {}), day_of(at)) for c in rows]


def _latest(rows: Iterable[Commitment], at: datetime) -> dict[int, Statement]:
    stated = Statement.objects.filter(commitment__in=[c.pk for c in rows], status=Statement.Status.ACTUAL)
    known = stated.filter(stated_at__lte=at, period__lte=day_of(at)).order_by("period")
    return {s.commitment_id: s for s in known}


def _owners(rows: Iterable[Commitment], on: date) -> dict[int, dict[str, list[str]]]:
    """Who answers for each: names of posts and units by part, the lead unit first."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for c in rows:
        if c.unit:
            found[c.pk]["lead"].append(c.unit.name)
    held = Assignment.objects.filter(
        in_force(on), subject_type=Commitment._meta.label_lower, subject_id__in=[c.pk for c in rows]
    )
    for a in held.select_related("unit", "post").order_by("pk"):
        found[a.subject_id][a.part].append(str(a.unit or a.post))
    return {pk: dict(parts) for pk, parts in found.items()}


def _line(c: Commitment, stated: Statement | None, owners: dict[str, list[str]], day: date) -> Line:
    value = stated.value if stated else None
    done = None
    if value is not None and c.quantity and c.fields.get("bound") != Commitment.Bound.AT_MOST:
        done = (value * 100 / c.quantity).quantize(POINT, ROUND_HALF_UP)
    return Line(c, value, stated.period if stated else None, done, gone(c.deadline, day), owners)


def gone(deadline: date | None, day: date) -> Decimal:
    """The share of the time up to a deadline that has passed at the end of ``day``, from 1 January of its year."""
    last = deadline or date(day.year, 12, 31)
    first = date(last.year, 1, 1)
    passed, whole = (day - first).days + 1, (last - first).days + 1
    return (Decimal(max(0, min(passed, whole))) * 100 / whole).quantize(POINT, ROUND_HALF_UP)


def frozen(line: Line) -> dict[str, Any]:
    """A line as it is published: plain values that mean the same for ever."""
    c = line.commitment
    return {
        "commitment": c.pk, "number": c.business_key, "title": c.title, "bound": c.fields.get("bound", ""),
        "target": _text(c.quantity), "unit": c.fields.get("unit", ""), "deadline": str(c.deadline or ""),
        "value": _text(line.value), "period": str(line.period or ""), "done": _text(line.done),
        "gone": _text(line.gone), "points": _text(line.points),
        "behind": line.points is not None and line.points < 0, "owners": line.owners,
    }  # fmt: skip


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")


def standing(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """How many indicators each lead unit has, and how many of them are on pace, behind, or without a value."""
    units: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("count", "on_pace", "behind", "unstated"), 0))
    for line in lines:
        row = units[line.commitment.unit.name if line.commitment.unit else ""]
        row["count"] += 1
        verdict = "unstated" if line.points is None else "on_pace" if line.points >= 0 else "behind"
        row[verdict] += 1
    ordered = sorted(units.items(), key=lambda item: (item[1]["behind"] - item[1]["on_pace"], item[0]))
    return [{"unit": unit, **row} for unit, row in ordered]


def published(actor: Actor, *keys: str) -> QuerySet[Publication]:
    """What has been published within the actor's sight under these keys, the newest first."""
    return Publication.objects.visible_to(actor).filter(key__in=keys).order_by("-published_at", "office", "key")
