"""Put the commitments of a plan, and give each to those who answer for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from zijing.commitments.actions.hanging import codes_above, hang_new, named, rehang, standing
from zijing.commitments.actions.judging import Judged, judge
from zijing.commitments.actions.sharing import (
    ASSISTING,
    JOINT,
    LEAD,
    Holder,
    give,
    names_others,
    share_new,
    share_out,
)
from zijing.commitments.models import Commitment
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.putting import Put, moved, put
from zijing.registers.queries import where_their_subject_lies

Rows = list[dict[str, Any]]

# Fields of a kind with these keys are repeated in columns, so that plans are read by them; empty is "" or the default.
REPEATED = {
    "bound": "bound", "unit": "measure", "rule": "rule", "recurrence": "recurrence", "counts": "counts",
    "standard": "standard", "deliverable": "deliverable", "figure": "figure",
}  # fmt: skip


def columns_of_promise(kind: Kind, row: Mapping[str, Any], deadline: str = "deadline") -> dict[str, Any]:
    """The columns that a row's given, cleaned values fill besides the fixed ones of every record."""
    described = kind.by_key
    found: dict[str, Any] = {"deadline": row[deadline]} if deadline in row else {}
    for key, column in REPEATED.items():
        if key in described and key in row and not described[key].column:
            column_of: Any = Commitment._meta.get_field(column)
            found[column] = str(row[key] or "")[: column_of.max_length]
    if "baseline" in described and "baseline" in row:
        found["baseline"] = row["baseline"]
    if "weight" in described and "weight" in row:
        found["weight"] = Decimal(1) if row["weight"] is None else Decimal(row["weight"])
    return found


def put_commitments(
    *, actor: Actor, at: datetime, kind: Kind, rows: Rows, place: Place, deadline: str = "deadline"
) -> list[Put]:
    """Create or change commitments by business key; the field named ``deadline`` gives the last day.

    The kind's field ``above`` names the commitment above by its code, which may stand anywhere in the same rows.
    """
    require(actor, "commitments.write")
    with act(actor, at):
        results = _put(actor, at, kind, rows, place, deadline)
        _hang(results, codes_above(kind, rows))
        _share(actor, at, kind, results)
        return results


def put_plan(*, actor: Actor, at: datetime, rows: Rows, place: Place) -> list[Put]:
    """Put a plan whose rows name their ``kind``: goals, indicators, tasks and duties of one sheet, in its order.

    ``holders``, where a row has it, names who answers with which share (``holders_written``) instead of the fields.
    All rows are judged before the first is written: ``ByRow`` says of each what is wrong with it (a kind that is none,
    a value its kind has no place for, a target without a unit, an unknown or circular place in the plan).
    """
    require(actor, "commitments.write")
    judged = judge(actor, rows, place.own_office_id)
    results: list[Any] = [None] * len(rows)
    with act(actor, at):
        for kind, group in _by_kind(judged).items():
            own = [j.values for j in group]
            for j, result in zip(group, _put(actor, at, kind, own, place, "deadline"), strict=True):
                results[j.position] = result
        _hang(results, [j.above for j in judged])
        for kind, group in _by_kind(judged).items():
            _share(actor, at, kind, [results[j.position] for j in group], [j.holders for j in group])
    return results


def _by_kind(judged: Sequence[Judged]) -> dict[Kind, list[Judged]]:
    groups: dict[Kind, list[Judged]] = {}
    for j in judged:
        groups.setdefault(j.kind, []).append(j)
    return groups


def _put(actor: Actor, at: datetime, kind: Kind, rows: Rows, place: Place, deadline: str) -> list[Put]:
    """The rows as records with their columns; where they hang and whose they are is not yet looked at."""
    with act(actor, at) as a:
        where = where_their_subject_lies(kind, rows)
        results = put(
            a, Commitment, kind=kind, actor=actor, rows=rows, place=place,
            verbs=("commitments.commitment.put", "commitments.commitment.change"),
            more=lambda: lambda row: where(row) | columns_of_promise(kind, row, deadline),
        )  # fmt: skip
        for result, row in zip(results, rows, strict=True):
            if result.outcome == "changed":
                _repeat(result.record, columns_of_promise(kind, row, deadline))
        touch(a, *moved(results))
        return results


def _repeat(c: Commitment, columns: Mapping[str, Any]) -> None:
    if differing := {k: v for k, v in columns.items() if getattr(c, k) != v}:
        Commitment.objects.filter(pk=c.pk).update(**differing)
        for name, value in differing.items():
            setattr(c, name, value)


def _hang(results: Sequence[Put], above: Sequence[str | None]) -> None:
    """New records under the one their code names; changed ones move there when it names another than before."""
    new = [(r.record, code) for r, code in zip(results, above, strict=True) if r.outcome == "created"]
    hang_new([c for c, _code in new], [code for _c, code in new])
    changed = [(r.record, code) for r, code in zip(results, above, strict=True) if r.outcome == "changed"]
    said = [(c, code) for c, code in changed if code is not None]
    known = standing(said[0][0].office_id, [code for _c, code in said if code]) if said else {}
    for c, code in said:
        parent = named(c, code, known) if code else None
        if (parent.pk if parent else None) != c.parent_id:
            rehang(c, parent)


def _share(
    actor: Actor, at: datetime, kind: Kind, results: Sequence[Put], said: Sequence[list[Holder] | None] = ()
) -> None:
    """Give new commitments to their holders, changed ones where their fields name others; what is said goes first."""
    told = {r.record.pk: h for r, h in zip(results, said, strict=False) if h is not None}
    share_new(actor, at, kind, [r.record for r in results if r.outcome == "created"], told)
    for result in results:
        c = result.record
        if result.outcome == "created":
            continue
        if c.pk in told:
            give(actor, at, c, told[c.pk], [LEAD, JOINT, ASSISTING])
        elif result.outcome == "changed" and kind.parts and names_others(kind, result.was, c):
            share_out(actor, at, kind, c)
