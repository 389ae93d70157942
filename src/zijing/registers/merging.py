"""Two entries that turn out to be the same thing become one: what refers to the double refers to the kept entry."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.figures.actions import touch
from zijing.figures.queries import model_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.people.models import Assignment
from zijing.records.fields import Field
from zijing.records.kinds import every_kind
from zijing.records.models import Attachment, Kind, Record
from zijing.records.tables import MERGED
from zijing.records.writing import revise
from zijing.registers.actions import because
from zijing.registers.models import Entry

LABEL = Entry._meta.label_lower


def merge_entries(
    *, actor: Actor, at: datetime, keep: Entry, double: Entry, reason: str, take: Collection[str] = ()
) -> int:
    """Keep one of two entries of a kind and let everything that refers to the other one refer to it; how many did,
    those of restricted kinds moved and not counted.

    The kept entry takes over the values of the fields in ``take``, and whatever it does not say itself. The double
    stays with its history and counts nowhere. ``Invalid`` when the two are not alike, or when a table of its own hangs
    on them (a project, a building): those are merged by hand.
    """
    require(actor, "registers.write")
    because(reason)
    _refuse_unlike(keep, double)
    with act(actor, at) as a:
        touch(a, keep, double)
        moved = _move_references(a, keep, double)
        taken, numbers = _taken(keep, double, take), (keep.business_key, double.business_key)
        _end(a, keep, double, reason)
        revise(a, keep, taken, "registers.entry.change")
        _number(double, *numbers, kept=keep.business_key)
        a.record("registers.entry.merge", keep, {"double": [None, double.pk], "moved": [None, moved]})
        touch(a, keep, double)
        return moved


def _refuse_unlike(keep: Entry, double: Entry) -> None:
    if keep.pk == double.pk:
        raise Invalid(_("These are not two entries but one."))
    if keep.kind_id != double.kind_id or keep.office_id != double.office_id:
        raise Invalid(_("Only entries of the same ledger and office can be merged."))
    if keep.pk == double.subject_id or double.pk == keep.subject_id:
        raise Invalid(_("One of the two is a part of the other; they are not the same thing."))
    for entry in (keep, double):
        if entry.stage != "open":
            raise Conflict(_("“%(title)s” is no longer in use; it cannot be merged."), title=entry.title)
        if any(rel.related_model.objects.filter(pk=entry.pk).exists() for rel in _own_tables()):
            raise Invalid(
                _("“%(kind)s” carries stages, reports or rankings of its own and cannot be merged. Take the double "
                  "out of use instead."),
                kind=str(entry.kind),
            )  # fmt: skip


def _own_tables() -> list[Any]:
    """The relations of domain tables that are one-to-one to an entry."""
    return [rel for rel in Entry._meta.related_objects if rel.one_to_one]


def _move_references(a: Act, keep: Entry, double: Entry) -> int:
    return sum(_point_columns(a, keep, double)) + sum(_point_fields(a, keep, double)) + _carry_over(keep, double)


def _point_columns(a: Act, keep: Entry, double: Entry) -> Iterator[int]:
    for rel in Entry._meta.related_objects:
        if rel.one_to_one:
            continue
        model: type[Model] = rel.related_model
        name = rel.field.name
        pointing = model._default_manager.filter(**{name: double.pk})
        found: list[Any] = list(pointing.select_related("kind")) if issubclass(model, Record) else []
        changes: dict[str, Any] = {name: keep.pk} | ({"revision": F("revision") + 1} if found else {})
        updated = pointing.update(**changes)
        secret = {r.pk for r in found if r.kind.restricted}
        yield updated - len(secret)
        for record in found:
            told = {} if record.pk in secret else {f"{name}_id": [double.pk, keep.pk]}
            a.record("records.correct", record, told)


def _point_fields(a: Act, keep: Entry, double: Entry) -> Iterator[int]:
    """References that live in the JSON column."""
    for kind in every_kind().values():
        for field in kind.fields:
            if field.type == "entry" and not field.attribute and field.kind in {"", keep.kind.key}:
                yield _point_field(a, kind, field, keep, double)


def _point_field(a: Act, kind: Kind, field: Field, keep: Entry, double: Entry) -> int:
    model = model_of(kind.noun)
    path = f"fields__{field.key}"
    wanted: dict[str, Any] = {f"{path}__contains_any": [double.pk]} if field.several else {path: double.pk}
    found = list(model._default_manager.filter(kind=kind, **wanted))
    for record in found:
        old = record.fields[field.key]
        new = list(dict.fromkeys(keep.pk if p == double.pk else p for p in old)) if field.several else keep.pk
        record.fields = {**record.fields, field.key: new}
        model._default_manager.filter(pk=record.pk).update(fields=record.fields, revision=F("revision") + 1)
        a.record("records.correct", record, {field.key: [old, new]} if field.journalled and not kind.restricted else {})
    return 0 if kind.restricted else len(found)


def _carry_over(keep: Entry, double: Entry) -> int:
    """Who the double was given to, unless the kept entry is given to the same; and its files."""
    of_double = {"subject_type": LABEL, "subject_id": double.pk}
    kept = Assignment.objects.filter(subject_type=LABEL, subject_id=keep.pk, until=None)
    same = set(kept.values_list("unit", "post", "part"))
    given = Assignment.objects.filter(**of_double, until=None)
    free = [x.pk for x in given if (x.unit_id, x.post_id, x.part) not in same]
    moved = Assignment.objects.filter(pk__in=free).update(subject_id=keep.pk, path=keep.path)
    return moved + Attachment.objects.filter(**of_double).update(subject_id=keep.pk)


def _taken(keep: Entry, double: Entry, take: Collection[str]) -> dict[str, Any]:
    """What the kept entry takes over, as cleaned values."""
    values = {}
    for field in keep.kind.fields:
        theirs = double.value(field)
        if theirs not in (None, "") and (field.key in take or keep.value(field) in (None, "")):
            values[field.key] = field.restored(theirs)
    return values


def _end(a: Act, keep: Entry, double: Entry, reason: str) -> None:
    before = double.stage
    ended = Entry.objects.filter(pk=double.pk, stage=before, revision=double.revision).update(
        stage=MERGED, merged_into=keep, closed_at=a.at, ended_because=reason.strip(), revision=F("revision") + 1,
        business_key="",
    )  # fmt: skip
    if not ended:
        raise Conflict(_("Someone has changed this meanwhile. Reload to see it, then decide again."))
    a.record("registers.entry.merge", double, {"stage": [before, MERGED], "merged_into": [None, keep.pk]})
    double.stage, double.merged_into = MERGED, keep


def _number(double: Entry, first: str, second: str, *, kept: str) -> None:
    """The double has the number that the kept entry does not have: a sheet with it still finds the kept entry."""
    double.business_key = second if kept == first else first
    Entry.objects.filter(pk=double.pk).update(business_key=double.business_key)
