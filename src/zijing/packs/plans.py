"""A whole plan as one sheet: rows of several kinds, out with all that a sheet can say of them, and in again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from zijing.commitments.actions.hanging import field_above
from zijing.commitments.actions.judging import SHARED
from zijing.commitments.actions.sharing import AS_WRITTEN, HOLDERS, as_written, holders_named
from zijing.commitments.models import Commitment
from zijing.commitments.queries.trees import Held, holders_of
from zijing.core.errors import Missing
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.places.models import Place, under
from zijing.records.fields import Field
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE, Kind, Noun, Record
from zijing.records.referring import names_of
from zijing.records.sheets.export import Heading, workbook
from zijing.records.tables import Column

PLAN = "plan"
KIND, CODE, NAME, PARENT = "kind", "code", "name", "parent"
NEEDED = frozenset({KIND, CODE, NAME})


def planned_kinds() -> list[Kind]:
    """The kinds that stand in plans: commitments that name the one above them; none without goals to stand on top."""
    found = [k for k in every_kind().values() if k.noun == Noun.COMMITMENT and k.definition.get("above")]
    return found if any(k.definition.get("promise") == "goal" for k in found) else []


def fields_of_plans(kinds: Sequence[Kind]) -> tuple[Field, ...]:
    """What a sheet of plans can say: the kind of a row, what goals have, what only others have, the holders.

    Fields that fill the same column of the record have one name (``SHARED``); of two with the same choices and more,
    the one with more is taken: ``put_plan`` holds each row to the choices of its own kind.
    """
    choices = tuple((k.key, k.title_zh, k.title_en) for k in kinds)
    known = {KIND: Field(KIND, "choice", "类型", "Kind", choices=choices)}
    for kind in sorted(kinds, key=lambda k: (k.definition.get("promise") != "goal", k.key)):
        for key, own in _named(kind).items():
            if key not in known or len(own.choices) > len(known[key].choices):
                known[key] = own
    known[HOLDERS] = AS_WRITTEN
    return tuple(replace(f, key=key, required=key in NEEDED, column="", needed_with="") for key, f in known.items())


def _named(kind: Kind) -> dict[str, Field]:
    """The fields of a kind by what a sheet of plans calls them."""
    shared, above = {column: key for key, column in SHARED.items()}, field_above(kind)
    return {
        PARENT if f.key == above else shared.get(f.column, f.key): f
        for f in kind.fields if not f.personal and f.type not in {"file", "position"}
    }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row of the sheet, as ``Column.value`` reads it."""

    fields: Mapping[str, Any] = field(default_factory=dict)


def plan_sheet(*, actor: Actor, at: datetime, plan: Commitment) -> tuple[str, bytes]:
    """A plan within sight with all below it as .xlsx, in its order, and the file's name; the journal notes how many.

    Imported again it changes nothing; in an office without the plan it makes the same one: numbers, places in the tree,
    targets, owners with their shares, dates. Statements, earlier targets and endings are no part of it, as its heading
    says. ``Missing`` when it was taken back.
    """
    rows = list(_in_order(actor, plan))
    if not rows:
        raise Missing(_("There is no such record within your sight."))
    lines = _lines(rows, at)
    columns = [
        Column(f.key, f.label, f.type, field=f) for f in fields_of_plans(planned_kinds())
        if f.key in NEEDED or any(line.fields.get(f.key) not in (None, "", []) for line in lines)
    ]  # fmt: skip
    office = Place.objects.get(pk=plan.office_id).name
    by = names_of("post", [actor.post_id])[actor.post_id] if actor.post_id else ""
    left_out = _("values stated, earlier targets and what is kept already stand in the system, not in this sheet")
    heading = Heading(office=office, title=plan.title, filter="", at=at, by=by, n=len(lines), note=left_out)
    with act(actor, at) as a:
        a.record("records.export", plan, {"n": [None, len(lines)]})
    return f"{plan.business_key} {plan.title}.xlsx".strip(), workbook(
        plan.kind, cast(Iterable[Record], lines), columns, heading
    )


def _in_order(actor: Actor, plan: Commitment) -> Iterator[Commitment]:
    """The plan and all below it that was not taken back: each before what hangs under it, siblings in their order."""
    found = Commitment.objects.visible_to(actor).filter(under(plan.lineage, "lineage")).exclude(stage__in=NOWHERE)
    below: dict[int | None, list[Commitment]] = {}
    kinds = {k.pk for k in planned_kinds()}
    for c in found.filter(kind__in=kinds).select_related("kind", "parent").order_by("-position", "-pk"):
        below.setdefault(c.parent_id if c.pk != plan.pk else None, []).append(c)
    waiting = below.get(None, [])
    while waiting:
        c = waiting.pop()
        yield c
        waiting += below.get(c.pk, [])


def _lines(rows: Sequence[Commitment], at: datetime) -> list[Line]:
    held = holders_of([c.pk for c in rows], day_of(at))
    stated = _said_by_fields(rows)
    return [Line({**_values(c), HOLDERS: _holders(held.get(c.pk, []), stated[c.pk])}) for c in rows]


def _values(c: Commitment) -> dict[str, Any]:
    said = {key: c.value(f) for key, f in _named(c.kind).items()}
    return {**said, KIND: c.kind.key, PARENT: c.parent.business_key if c.parent else None}


Shares = set[tuple[str, int | None, int | None, int]]


def _said_by_fields(rows: Iterable[Commitment]) -> dict[int, Shares]:
    """Who answers with which share according to the fields alone: what need not be said beside them."""
    by_kind: dict[Kind, list[Commitment]] = {}
    for c in rows:
        by_kind.setdefault(c.kind, []).append(c)
    return {
        c.pk: {
            (h.part, None if isinstance(h.who, Unit) else h.who.pk, h.who.pk if isinstance(h.who, Unit) else None,
             h.share or 0)
            for h in holders
        }
        for kind, some in by_kind.items() for c, holders in zip(some, holders_named(kind, some), strict=True)
    }  # fmt: skip


def _holders(held: Sequence[Held], stated: Shares) -> str:
    same = {(h.part, h.post, h.unit, h.share) for h in held} == stated
    return "" if same else as_written((h.part, h.name, h.share) for h in held)
