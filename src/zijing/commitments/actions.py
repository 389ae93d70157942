"""Verbs on commitments: put those of a plan, state a dated value."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zijing.commitments.models import Commitment, Statement
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.writing import Put, moved, put
from zijing.registers.queries import where_their_subject_lies


def put_commitments(
    *, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]], place: Place, deadline: str = "deadline"
) -> list[Put]:
    """Create or change commitments by business key; the field named ``deadline`` gives the last day."""
    require(actor, "commitments.write")
    with act(actor, at) as a:
        where = where_their_subject_lies(kind, rows)
        results = put(
            a, Commitment, kind=kind, actor=actor, rows=rows, place=place, verb="commitments.commitment",
            make=lambda row: where(row) | {"deadline": row.get(deadline)},
        )  # fmt: skip
        for result, row in zip(results, rows, strict=True):
            if result.outcome == "changed" and result.record.deadline != row.get(deadline):
                Commitment.objects.filter(pk=result.record.pk).update(deadline=row.get(deadline))
                result.record.deadline = row.get(deadline)
        touch(a, *moved(results))
        return results


def state(
    *, actor: Actor, at: datetime, commitment: Commitment, period: date, value: Decimal, status: str, source: str = ""
) -> Statement:
    """State the value of a commitment for the period that begins on ``period``, as expected or actual.

    Stating it again replaces the value; the journal keeps the old one.
    """
    require(actor, "commitments.state")
    with act(actor, at) as a:
        old = Statement.objects.filter(commitment=commitment, period=period, status=status).first()
        statement, _made = Statement.objects.update_or_create(
            commitment=commitment,
            period=period,
            status=status,
            defaults={"value": value, "stated_at": at, "source": source},
        )
        change = [format(old.value.normalize(), "f") if old else None, format(Decimal(value).normalize(), "f")]
        a.record("commitments.state", commitment, {"period": [None, period], status: change})
        return statement
