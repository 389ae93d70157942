"""Put the commitments of a plan, and give each to those who answer for it."""

from datetime import datetime
from typing import Any

from zijing.commitments.models import Commitment
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.actions import assign
from zijing.people.models import Post, Unit
from zijing.places.models import Place
from zijing.records.fields import ids_in
from zijing.records.models import Kind
from zijing.records.putting import Put, moved, put
from zijing.registers.queries import where_their_subject_lies


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
