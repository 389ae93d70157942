"""State dated values of commitments; put them right with a trace; plan a curve; note how others stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.changing import because
from zijing.commitments.models import Benchmark, Commitment, Correction, Statement, Waypoint
from zijing.core.errors import Invalid
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.records.files import Upload, attach, make_ready, store
from zijing.records.writing import meanwhile


@dataclass(frozen=True)
class Stated:
    """A value for one commitment in a month's sheet."""

    commitment: Commitment
    value: Decimal
    note: str = ""


def state(
    *, actor: Actor, at: datetime, commitment: Commitment, period: date, value: Decimal, status: str, source: str = "",
    note: str = "", evidence: Sequence[Upload] = (),
) -> Statement:  # fmt: skip
    """State the value of a commitment for the period that begins on ``period``, as expected or actual.

    Stating it again replaces the value; what it was is kept as a correction. ``Invalid`` where a figure counts it: what
    is counted is never typed.
    """
    require(actor, "commitments.state")
    if commitment.figure:
        raise Invalid(_("A figure counts this: correct the records behind it instead."), field="value")
    make_ready(evidence)
    with act(actor, at) as a:
        old = Statement.objects.select_for_update().filter(commitment=commitment, period=period, status=status).first()
        facts = {"value": value, "stated_at": at, "source": source, "note": note[:300], "post_id": actor.post_id}
        statement, _made = Statement.objects.update_or_create(
            commitment=commitment, period=period, status=status, defaults=facts
        )
        if old is not None and old.value != value:
            _keep(old, value, note, at, actor)
        for sent in evidence:
            file = store(actor=actor, at=at, sent=sent)
            attach(actor=actor, at=at, subject=statement, file=file, part="document", name=sent.name)
        change = [format(old.value.normalize(), "f") if old else None, format(Decimal(value).normalize(), "f")]
        told = {} if commitment.kind.restricted else {status: change}
        a.record("commitments.state", commitment, {"period": [None, period], **told})
        return statement


def _keep(old: Statement, value: Decimal, reason: str, at: datetime, actor: Actor) -> None:
    Correction.objects.create(
        statement_id=old.pk, old_value=old.value, new_value=value, reason=reason[:300], at=at, post_id=actor.post_id
    )


def state_month(
    *, actor: Actor, at: datetime, period: date, rows: Sequence[Stated], status: str, source: str = ""
) -> list[Statement]:
    """State many commitments for one month, all or none; what stands already with the same value stays untouched."""
    require(actor, "commitments.state")
    with act(actor, at):
        standing = {
            s.commitment_id: s
            for s in Statement.objects.filter(commitment__in=[r.commitment for r in rows], period=period, status=status)
        }
        made = []
        for row in rows:
            before = standing.get(row.commitment.pk)
            if before is not None and (before.value, before.note) == (row.value, row.note):
                made.append(before)
                continue
            made.append(
                state(
                    actor=actor, at=at, commitment=row.commitment, period=period, value=row.value, status=status,
                    source=source, note=row.note,
                )
            )  # fmt: skip
        return made


def correct(
    *, actor: Actor, at: datetime, statement: Statement, value: Decimal, reason: str, seen: Decimal | None = None
) -> Statement:
    """Put a stated value right; the old one stays in the trace, with the reason.

    ``Invalid`` without a reason or with the value that stands; ``Conflict`` when it is no more the value ``seen``.
    """
    said = because(reason)
    with act(actor, at):
        s = Statement.objects.select_for_update(of=("self",)).select_related("commitment__kind").get(pk=statement.pk)
        if seen is not None and s.value != seen:
            raise meanwhile()
        if s.value == value:
            raise Invalid(_("This is the value that stands."), field="value")
        return state(
            actor=actor, at=at, commitment=s.commitment, period=s.period, value=value, status=s.status, source=s.source,
            note=said,
        )  # fmt: skip


def plan_curve(*, actor: Actor, at: datetime, commitment: Commitment, points: Mapping[date, Decimal | None]) -> None:
    """Say what is planned to have been reached at the end of each month; None takes a point away."""
    require(actor, "commitments.write")
    with act(actor, at) as a:
        standing = {w.period: w for w in commitment.waypoints.all()}
        changes: dict[str, Any] = {}
        for period, value in points.items():
            before = standing.get(period)
            if (before.value if before else None) == value:
                continue
            if value is None:
                Waypoint.objects.filter(commitment=commitment, period=period).delete()
            else:
                Waypoint.objects.update_or_create(commitment=commitment, period=period, defaults={"value": value})
            changes[period.isoformat()] = [_text(before.value) if before else None, _text(value)]
        if changes:
            a.record("commitments.plan_curve", commitment, {} if commitment.kind.restricted else changes)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def compare_with(
    *, actor: Actor, at: datetime, commitment: Commitment, period: date, whose: str, value: Decimal, source: str = "",
    average: bool = False,
) -> Benchmark:  # fmt: skip
    """Note how another office, or the county on average, stood with the same indicator."""
    require(actor, "commitments.state")
    name = whose.strip()[:60]
    if not name:
        raise Invalid(_("Say whose value it is."), field="whose")
    with act(actor, at) as a:
        facts = {"value": value, "source": source[:120], "average": average, "stated_at": at}
        made, _new = Benchmark.objects.update_or_create(
            commitment=commitment, period=period, whose=name, defaults=facts
        )
        a.record("commitments.compare", commitment, {"period": [None, period]})
        return made
