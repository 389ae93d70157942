"""Whether the rows of a whole plan can stand: each by itself, and where it would hang. Reads, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.hanging import circle_of, field_above, standing
from zijing.commitments.actions.sharing import HOLDERS, Holder, holders_written
from zijing.commitments.models.commitments import LONGEST_LINEAGE
from zijing.core.errors import ByRow, DomainError, Invalid
from zijing.people.access import Actor
from zijing.records.kinds import find_kind
from zijing.records.models import Kind, Noun

# What a sheet with several kinds says of goals alone; in other rows it is left out.
LEFT_OUT = frozenset({"level"})
# What a sheet with several kinds calls the fields that kinds call otherwise, by the fixed column they fill.
SHARED = {"code": "business_key", "name": "title", "amount": "quantity", "begins": "happened_on", "lead": "unit"}


@dataclass(frozen=True)
class Judged:
    """A row that can stand: its position, its values as its kind names them, the code of the one above ("" for none,
    None where the row does not say), and its holders where the row names them.
    """

    position: int
    kind: Kind
    values: dict[str, Any]
    code: str
    above: str | None
    holders: list[Holder] | None


def judge(actor: Actor, rows: Sequence[Mapping[str, Any]], office: int) -> list[Judged]:
    """The rows of a plan, ready to be put; ``ByRow`` with what is wrong with each of those that cannot stand."""
    judged: list[Judged] = []
    wrong: list[tuple[int, DomainError]] = []
    for n, row in enumerate(rows):
        try:
            judged.append(_judged(actor, n, row))
        except DomainError as error:
            wrong.append((n, error))
    wrong += _misplaced(judged, {str(row.get("code") or "") for row in rows}, office)
    if wrong:
        raise ByRow(sorted(wrong, key=lambda one: one[0]))
    return judged


def _judged(actor: Actor, n: int, row: Mapping[str, Any]) -> Judged:
    kind = kind_of_plan(str(row["kind"]))
    written = str(row.get(HOLDERS) or "").strip()
    own = in_words_of(kind, {key: value for key, value in row.items() if key != HOLDERS})
    above = field_above(kind)
    return Judged(
        n, kind, own, code=str(row.get("code") or ""),
        above=str(own[above] or "").strip() if above in own else None,
        holders=holders_written(written, actor) if written else None,
    )  # fmt: skip


def _misplaced(judged: Sequence[Judged], codes: set[str], office: int) -> list[tuple[int, DomainError]]:
    """Rows under a code that is neither in the sheet nor in the office, and rows that lead round in a circle."""
    outside = {j.above for j in judged if j.above and j.above not in codes}
    known = standing(office, outside)
    wrong: list[tuple[int, DomainError]] = []
    above = {j.code: j.above for j in judged if j.above}
    for j in judged:
        if j.above and j.above not in codes and j.above not in known:
            sentence = _("There is no commitment numbered “%(code)s”. Enter it first, or in the same sheet.")
            wrong.append((j.position, Invalid(sentence, field="parent", code=j.above[:60])))
        elif way := _round(j.code, above):
            wrong.append((j.position, circle_of(way)))
    return wrong


def _round(code: str, above: Mapping[str, str]) -> list[str]:
    """The way from a code up to itself, [] where it does not come back."""
    way, at = [code], above.get(code)
    while at is not None and at not in way and len(way) < LONGEST_LINEAGE:
        way.append(at)
        at = above.get(at)
    return [*way, code] if at == code else []


def _column_key(kind: Kind, column: str) -> str:
    return next((f.key for f in kind.fields if f.column == column), "")


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
        if value is not None and (field := kind.by_key[name]).choices and not field.several:
            own[name] = field.clean(value)
            continue
        own[name] = value
    backwards = {name: key for key in row if (name := by_column.get(SHARED.get(key, ""), "")) in own}
    check_whole(kind, own, backwards)
    return own


def check_whole(kind: Kind, values: Mapping[str, Any], called: Mapping[str, str] | None = None) -> None:
    """Refuse cleaned values that lack what the kind needs or contradict each other; ``called`` renames the field."""
    begins, deadline = (values.get(k) for k in (_column_key(kind, "happened_on"), "deadline"))
    if isinstance(begins, date) and isinstance(deadline, date) and deadline < begins:
        raise Invalid(_("The deadline lies before the day it runs from."), field="deadline")
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
