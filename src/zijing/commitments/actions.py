"""Verbs on commitments: put those of a plan, state a dated value."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zijing.commitments.models import Commitment, Statement
from zijing.commitments.reviews import REVIEW, STANDING, Line, frozen, review, standing
from zijing.core.worktime import day_of
from zijing.figures.actions import publish, touch
from zijing.figures.models import Publication
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.actions import assign
from zijing.people.models import Post, Unit
from zijing.places.models import Place
from zijing.records.fields import ids_in
from zijing.records.models import Kind
from zijing.records.putting import Put, moved, put
from zijing.registers.queries import where_their_subject_lies

FORMULA = "latest actual value as a share of the target, less the share of the time to the deadline that is gone"


def put_commitments(
    *, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]], place: Place, deadline: str = "deadline"
) -> list[Put]:
    """Create or change commitments by business key; the field named ``deadline`` gives the last day."""
    require(actor, "commitments.write")
    with act(actor, at) as a:
        where = where_their_subject_lies(kind, rows)
        results = put(
            a, Commitment, kind=kind, actor=actor, rows=rows, place=place,
            verbs=("commitments.commitment.put", "commitments.commitment.change"),
            more=lambda: lambda row: where(row) | {"deadline": row.get(deadline)},
        )  # fmt: skip
        for result, row in zip(results, rows, strict=True):
            if result.outcome == "changed" and result.record.deadline != row.get(deadline):
                Commitment.objects.filter(pk=result.record.pk).update(deadline=row.get(deadline))
                result.record.deadline = row.get(deadline)
            if result.outcome != "same" and kind.parts:
                _share_out(actor, at, kind, result.record)
        touch(a, *moved(results))
        return results


def _share_out(actor: Actor, at: datetime, kind: Kind, commitment: Commitment) -> None:
    """Give the commitment to those its fields name, each with its part (指标联责: lead, joint, assisting)."""
    for part, keys in kind.parts.items():
        posts, units = (
            {pk for key in keys if kind.by_key[key].type == type_ for pk in ids_in(commitment.value(kind.by_key[key]))}
            for type_ in ("post", "unit")
        )
        holders: list[Unit | Post] = [
            *Post.objects.filter(pk__in=posts).order_by("code"),
            *Unit.objects.filter(pk__in=units),
        ]
        assign(actor=actor, at=at, subject=commitment, path=commitment.path, part=part, to=holders)


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


def publish_review(*, actor: Actor, at: datetime, office: Place) -> Publication:
    """Freeze where every open indicator stands: target, latest value, share done, share of the time gone, owners.

    A review stands for its day; publishing it again returns what was published.
    """
    return _publish(actor, at, office, REVIEW, day_of(at), lambda lines: {"lines": [frozen(x) for x in lines]})


def publish_standing(*, actor: Actor, at: datetime, office: Place) -> Publication:
    """Freeze how the lead units stand with their indicators in the month of ``at``; once a month."""
    first = day_of(at).replace(day=1)
    return _publish(actor, at, office, STANDING, first, lambda lines: {"units": standing(lines)})


def _publish(
    actor: Actor, at: datetime, office: Place, key: str, period: date, values: Callable[[list[Line]], dict[str, Any]]
) -> Publication:
    require(actor, "commitments.publish")
    before = Publication.objects.filter(office=office, key=key, period=period).first()
    if before:
        return before
    with act(actor, at):
        lines = review(office, at)
        return publish(
            actor=actor, at=at, office=office, key=key, period=period, definition={"formula": FORMULA},
            values={"on": str(day_of(at)), **values(lines)}, evidence=[x.commitment.pk for x in lines],
        )  # fmt: skip
