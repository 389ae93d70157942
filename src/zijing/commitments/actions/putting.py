"""Put the commitments of a plan, and give each to those who answer for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.hanging import codes_above, field_above, hang_new, named, rehang, standing
from zijing.commitments.actions.sharing import share_new, share_out
from zijing.commitments.models import Commitment
from zijing.core.errors import Invalid
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.kinds import find_kind
from zijing.records.models import Kind, Noun
from zijing.records.putting import Put, moved, put
from zijing.registers.queries import where_their_subject_lies

Rows = list[dict[str, Any]]

# Fields of a kind with these keys are repeated in columns, so that plans are read by them; empty is "" or the default.
REPEATED = {
    "bound": "bound", "unit": "measure", "rule": "rule", "recurrence": "recurrence", "counts": "counts",
    "standard": "standard", "deliverable": "deliverable", "figure": "figure",
}  # fmt: skip
# What a sheet with several kinds says of goals alone; in other rows it is left out.
LEFT_OUT = frozenset({"level"})
# What a sheet with several kinds calls the fields that kinds call otherwise, by the fixed column they fill.
SHARED = {"code": "business_key", "name": "title", "amount": "quantity", "begins": "happened_on", "lead": "unit"}


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

    ``Invalid`` when a kind is none of commitments, or a kind has no field for a value that is given.
    """
    require(actor, "commitments.write")
    groups: dict[str, list[int]] = {}
    for n, row in enumerate(rows):
        groups.setdefault(str(row["kind"]), []).append(n)
    results: list[Any] = [None] * len(rows)
    above: list[str | None] = [None] * len(rows)
    with act(actor, at):
        for key, numbers in groups.items():
            kind = kind_of_plan(key)
            own = [in_words_of(kind, rows[n]) for n in numbers]
            codes = codes_above(kind, own)
            for n, result, code in zip(numbers, _put(actor, at, kind, own, place, "deadline"), codes, strict=True):
                results[n], above[n] = result, code
        _hang(results, above)
        for key, numbers in groups.items():
            _share(actor, at, kind_of_plan(key), [results[n] for n in numbers])
    return results


def kind_of_plan(key: str) -> Kind:
    """A kind of commitments by its key; ``Invalid`` when it is none."""
    kind = find_kind(key)
    if kind is None or kind.noun != Noun.COMMITMENT:
        raise Invalid(_("“%(key)s” is no kind of commitment."), field="kind", key=key[:40])
    return kind


def in_words_of(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a sheet with several kinds as this kind names its fields; checked as the kind's own forms are.

    ``Several`` where the kind asks for what is not given.
    """
    by_column = {f.column: f.key for f in kind.fields if f.column}
    own: dict[str, Any] = {}
    for key, value in row.items():
        name = by_column.get(SHARED.get(key, "")) or (field_above(kind) if key == "parent" else key)
        if key == "kind" or (name not in kind.by_key and (value is None or key in LEFT_OUT)):
            continue
        if name not in kind.by_key:
            raise Invalid(_("“%(kind)s” has no place for this value."), field=key, kind=str(kind))
        own[name] = value
    backwards = {name: key for key in row if (name := by_column.get(SHARED.get(key, ""), "")) in own}
    check_whole(kind, own, backwards)
    return own


def check_whole(kind: Kind, values: Mapping[str, Any], called: Mapping[str, str] | None = None) -> None:
    """Refuse cleaned values that lack what the kind needs or contradict each other; ``called`` renames the field."""
    for field in kind.fields:
        error = field.needed() if field.required and values.get(field.key) in (None, "") else None
        try:
            if error is None:
                field.check_with(values)
        except Invalid as found:
            error = found
        if error is not None:
            error.field = (called or {}).get(field.key, field.key)
            raise error


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


def _share(actor: Actor, at: datetime, kind: Kind, results: Sequence[Put]) -> None:
    share_new(actor, at, kind, [r.record for r in results if r.outcome == "created"])
    for result in results:
        if result.outcome == "changed" and kind.parts:
            share_out(actor, at, kind, result.record)
