"""Writing records from cleaned values: which go to fixed columns, which to JSON, and what the journal is told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, DomainError, Invalid, Several
from zijing.core.rows import exists, insert as insert_row
from zijing.journal.acting import Act
from zijing.people.access import Actor
from zijing.people.actions import carry
from zijing.places.known import every_place, known_place
from zijing.places.models import Place
from zijing.records.fields import Field, same
from zijing.records.models import Kind, Record

R = TypeVar("R", bound=Record)

JOURNALLED_COLUMNS = (
    "stage",
    "business_key",
    "amount_fen",
    "quantity",
    "happened_on",
    "place_id",
    "unit_id",
    "subject_id",
)
# Of a restricted kind the journal is told what moves a record on; its auditors know of no number and no value.
JOURNALLED_OF_RESTRICTED = ("stage", "place_id", "unit_id")


def clean_values(
    kind: Kind, raw: Mapping[str, Any], context: Any = None, *, partial: bool = False, standing: Record | None = None
) -> dict[str, Any]:
    """Cleaned values by field key; ``Several`` holds every fault found.

    ``partial`` cleans only the given fields, and checks them against the values of the ``standing`` record.
    """
    values, errors = {}, list[DomainError]()
    unknown = sorted(set(raw) - set(kind.by_key))
    if unknown:
        errors.append(
            Invalid(_("“%(kind)s” has no field “%(key)s”."), field=unknown[0], kind=str(kind), key=unknown[0])
        )
    for field in kind.fields:
        if (partial or field.step) and field.key not in raw:
            continue
        try:
            values[field.key] = field.clean(raw.get(field.key), context)
        except DomainError as error:
            errors.append(error)
    errors += _contradictions(kind, values, standing, failed={e.field for e in errors})
    if errors:
        raise Several(errors)
    return values


def _contradictions(
    kind: Kind, values: Mapping[str, Any], standing: Record | None, *, failed: set[str]
) -> Iterator[DomainError]:
    """What the fields of a record say against each other; fields that failed alone are left out."""
    whole = {f.key: f.restored(standing.value(f)) for f in kind.fields if not f.personal} if standing else {}
    whole |= values
    for field in kind.fields:
        if field.step and field.key not in values:
            continue
        if field.key in failed or (field.key not in whole and not (field.required_when[0] or field.needed_with)):
            continue
        if field.personal and standing and field.key not in values:
            continue
        try:
            field.check_with(whole)
        except DomainError as error:
            yield error
        if field.is_out_of_place(whole):
            yield _out_of_place(kind.by_key[field.empty_when[0]], field, whole)


def _out_of_place(other: Field, field: Field, values: Mapping[str, Any]) -> Invalid:
    told = _("Where “%(other)s” is “%(answer)s”, “%(label)s” stays empty.")
    return Invalid(told, field=field.key, other=other.label, answer=other.show(values[other.key]), label=field.label)


def columns_of(kind: Kind, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values split into fixed columns and the JSON part (empty values left out of the JSON)."""
    columns: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    described = kind.by_key
    for key, value in values.items():
        field = described[key]
        if field.attribute:
            columns[field.attribute] = value
        elif value is not None:
            extra[key] = field.for_json(value)
    return columns, extra


def build(
    model: type[R], *, kind: Kind, actor: Actor, at: datetime, values: Mapping[str, Any], place: Place, **more: Any
) -> R:
    """A new, unsaved record of ``kind`` from cleaned values, lying at ``place``; ``more`` columns go first."""
    columns, extra = columns_of(kind, values)
    given = {k: v for k, v in columns.items() if v is not None and k != "place_id"}
    where = {"place": place, "path": place.path, "office_id": place.own_office_id}
    facts = {"recorded_at": at, "recorded_by_id": actor.post_id, "fields": extra}
    return model(kind=kind, **{"title": str(kind), **given, **where, **facts, **more})


def own_places(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> dict[int, Place]:
    """The places that rows of cleaned values name themselves, by id."""
    key = next((f.key for f in kind.fields if f.column == "place"), "")
    named = {row[key] for row in rows if key and row.get(key)}
    known = every_place() if named else {}
    return {pk: known[pk] for pk in named if pk in known}


def path_of(place: int) -> str:
    """The path of a place; ``Invalid`` when it is gone."""
    found = known_place(place)
    if found is None:
        raise Invalid(_("There is no such place within your sight."))
    return found.path


def own_place(kind: Kind, values: Mapping[str, Any], places: Mapping[int, Place]) -> Place | None:
    """The place a row names itself, if it does."""
    key = next((f.key for f in kind.fields if f.column == "place"), "")
    return places.get(values.get(key) or 0)


def journalled(record: Record) -> dict[str, Any]:
    """The values of a record that may enter the journal."""
    if record.kind.restricted:
        return {c: v for c in JOURNALLED_OF_RESTRICTED if (v := getattr(record, c, None)) not in (None, "")}
    facts = {c: getattr(record, c, None) for c in JOURNALLED_COLUMNS}
    facts |= {f.key: record.fields.get(f.key) for f in record.kind.fields if f.journalled and not f.column}
    return {k: _exact(v) for k, v in facts.items() if v not in (None, "")}


def _exact(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{name: [old, new]} for everything that differs."""
    return {k: [before.get(k), after.get(k)] for k in {**before, **after} if before.get(k) != after.get(k)}


def taken(kind: Kind, key: str) -> Invalid:
    """What is said of a number that cannot be given; of a restricted kind not that a record bears it."""
    sentence = _("“%(key)s” cannot be used here. Take another number.")
    return Invalid(sentence if kind.restricted else _("“%(key)s” is already in use."), field="business_key", key=key)


def insert(a: Act, record: Record, verb: str) -> None:
    """Save a new record and journal it. A taken business key is an ``Invalid``, not a database error."""
    if (
        record.business_key
        and type(record)
        ._default_manager.filter(office=record.office_id, kind=record.kind_id, business_key=record.business_key)
        .exists()
    ):
        raise taken(record.kind, record.business_key)
    insert_row(record)
    a.record(verb, record, differences({}, journalled(record)))


def revise(a: Act, record: Record, values: Mapping[str, Any], verb: str, *, seen: int | None = None) -> bool:
    """Change a record to cleaned ``values`` (given fields only) and journal it; False when nothing differs.

    ``seen`` is the revision the person saw: ``Conflict`` when the record has changed since.
    """
    before = journalled(record)
    wanted = revision_of(record, values)
    if not wanted:
        return False
    revision = record.revision if seen is None else seen
    updated = (
        type(record)._default_manager.filter(pk=record.pk, revision=revision).update(**wanted, revision=revision + 1)
    )
    if not updated:
        raise meanwhile()
    if "path" in wanted:
        carry(record._meta.label_lower, [record.pk], wanted["path"])
    for name, value in {**wanted, "revision": revision + 1}.items():
        setattr(record, name, value)
    a.record(verb, record, differences(before, journalled(record)))
    return True


def revision_of(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that cleaned ``values`` (given fields only) change in a record, with what they become."""
    columns, extra = columns_of(record.kind, values)
    emptied = {"title": str(record.kind), "business_key": ""}
    wanted: dict[str, Any] = {
        k: emptied.get(k) if v is None else v for k, v in columns.items() if (k, v) != ("place_id", None)
    }
    described = record.kind.by_key
    cleared = {k for k in values if not described[k].attribute and values[k] is None}
    fields = {k: v for k, v in record.fields.items() if k not in cleared} | extra
    # The same personal value is sealed to another text each time: what stands is kept.
    fields |= {k: record.fields[k] for k, v in extra.items() if k in record.fields and same(record.fields[k], v)}
    changed = {k: v for k, v in {**wanted, "fields": fields}.items() if getattr(record, k) != v}
    if "place_id" in changed:
        changed["path"] = path_of(changed["place_id"])
    return changed


def meanwhile() -> Conflict:
    """What is said to whoever was not the first."""
    return Conflict(_("Someone has changed this meanwhile. Reload to see it, then decide again."))


def field_for(kind: Kind, key: str) -> Field:
    """A field of a kind; ``Invalid`` when the kind has no such field."""
    if key not in kind.by_key:
        raise Invalid(_("“%(kind)s” has no field “%(key)s”."), field=key, kind=str(kind), key=key)
    return kind.by_key[key]


def client_twin(model: type[models.Model], client_id: Any) -> Any:
    """The record already made for this client-made id, if any."""
    if not (client_id and exists(model, client_id=client_id)):
        return None
    return model._default_manager.filter(client_id=client_id).first()
