"""Whole plans: next year's from last year's, and who is reminded of a month without a value."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.hanging import hang_new
from zijing.commitments.actions.sharing import LABEL
from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.core.rows import insert_prepared, prepared
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.journal.models import JournalEntry
from zijing.people.access import Actor, require
from zijing.people.models import Assignment, in_force
from zijing.places.models import under
from zijing.records.models import NOWHERE
from zijing.records.writing import differences, journalled

DATES = ("deadline", "begins", "happened_on")


def copy_plan(*, actor: Actor, at: datetime, plan: Commitment, years: int = 1, prefix: str = "") -> Commitment:
    """Begin a new plan with everything of an old one that was not taken back, all dates ``years`` later.

    Targets, owners and their shares come along to be revised; values, statements and endings do not. Codes get
    ``prefix`` in front (the new year, where none is given). ``Conflict``, ``Invalid`` when a code is taken: nothing is
    copied then.
    """
    require(actor, "commitments.write")
    stem = prefix or f"{_year(plan) + years}-"
    with act(actor, at) as a:
        rows = Commitment.objects.visible_to(actor).filter(under(plan.lineage, "lineage")).exclude(stage__in=NOWHERE)
        old = list(rows.select_related("kind").order_by("lineage"))
        taken = Commitment.objects.filter(
            office=plan.office_id, business_key__in=[f"{stem}{c.business_key}"[:60] for c in old if c.business_key]
        ).first()
        if taken is not None:
            raise Invalid(
                _("“%(code)s” is already in use. Choose another prefix."), field="prefix", code=taken.business_key
            )
        new = [_copy(c, at, actor, stem, years) for c in old]
        insert_prepared(new, prepared(new))
        by_old = {c.pk: n for c, n in zip(old, new, strict=True)}
        above: list[str | Commitment | None] = [by_old.get(c.parent_id or 0) if c.pk != plan.pk else None for c in old]
        hang_new(new, above)
        _same_holders(by_old, day_of(at))
        for n in new:
            a.record("commitments.commitment.put", n, differences({}, journalled(n)))
        a.record("commitments.copy_plan", by_old[plan.pk], {"copied": [None, len(new)], "from": [None, plan.pk]})
        return by_old[plan.pk]


def _year(plan: Commitment) -> int:
    return plan.deadline.year if plan.deadline else plan.recorded_at.year


def later(day: date, years: int) -> date:
    """The same day ``years`` later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _copy(c: Commitment, at: datetime, actor: Actor, stem: str, years: int) -> Commitment:
    fields: dict[str, Any] = dict(c.fields)
    above = str(c.kind.definition.get("above") or "")
    if above and fields.get(above):
        fields[above] = f"{stem}{fields[above]}"[:60]
    for key in DATES:
        if fields.get(key):
            fields[key] = later(date.fromisoformat(fields[key]), years).isoformat()
    same = ("kind", "office_id", "place_id", "path", "unit_id", "subject_id", "quantity", "amount_fen", "position",
            "figure", "bound", "measure", "baseline", "rule", "weight", "recurrence", "counts", "standard",
            "deliverable")  # fmt: skip
    year = _year_named(c.title, years)
    return Commitment(
        **{name: getattr(c, name) for name in same}, title=year, fields=fields, recorded_at=at,
        recorded_by_id=actor.post_id, business_key=f"{stem}{c.business_key}"[:60] if c.business_key else "",
        deadline=later(c.deadline, years) if c.deadline else None,
        happened_on=later(c.happened_on, years) if c.happened_on else None,
    )  # fmt: skip


def _year_named(title: str, years: int) -> str:
    """The title with the year it names moved on ("2020年…" becomes "2021年…")."""
    head = title[:4]
    return f"{int(head) + years}{title[4:]}" if head.isdecimal() and 1990 < int(head) < 2100 else title


def _same_holders(by_old: dict[int, Commitment], day: date) -> None:
    held = Assignment.objects.filter(in_force(day), subject_type=LABEL, subject_id__in=list(by_old))
    Assignment.objects.bulk_create(
        [
            Assignment(
                subject_type=LABEL, subject_id=by_old[h.subject_id].pk, path=by_old[h.subject_id].path,
                unit_id=h.unit_id, post_id=h.post_id, part=h.part, weight=h.weight, since=day,
            )
            for h in held.order_by("pk")
        ],
        batch_size=500,
    )  # fmt: skip


def remind(*, actor: Actor, at: datetime, missing: list[Commitment], period: date) -> int:
    """Note that a month's value of these commitments is missing; their holders are told through the journal. How many.

    Once for each commitment and month: whoever was reminded is not reminded of the same again.
    """
    require(actor, "commitments.state")
    with act(actor, at) as a:
        told = JournalEntry.objects.filter(
            verb="commitments.remind", subject_type=LABEL, subject_id__in=[c.pk for c in missing],
            recorded_at__gte=datetime.combine(period, datetime.min.time(), at.tzinfo),
        )  # fmt: skip
        known = {e.subject_id for e in told if (e.changes or {}).get("period", [None, ""])[1] == period.isoformat()}
        fresh = [c for c in missing if c.pk not in known]
        for c in fresh:
            a.record("commitments.remind", c, {"period": [None, period.isoformat()]})
        return len(fresh)
