"""State a dated value of a commitment."""

from datetime import date, datetime
from decimal import Decimal

from zijing.commitments.models import Commitment, Statement
from zijing.journal.acting import act
from zijing.people.access import Actor, require


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
        told = {} if commitment.kind.restricted else {status: change}
        a.record("commitments.state", commitment, {"period": [None, period], **told})
        return statement
