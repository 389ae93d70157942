"""A failed observation becomes a case: what a kind of work record ``finds``, filed once, with what is known already.

The case takes the fields it shares with the record (key by key), and what it lacks (lead unit, responsible unit) from
the entries that the record is about. It is given to the responsible unit where the actor may dispatch. Photos of the
record go along, also those that are added to it later.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import models

from zijing.activities.models import Activity
from zijing.cases.actions import dispatch
from zijing.cases.models import Case
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.models import Unit
from zijing.records.fields import Field, ids_in
from zijing.records.files import attach, attachments_of
from zijing.records.kinds import every_kind, kind_of
from zijing.records.models import NOWHERE, Attachment, Kind, Record
from zijing.records.referring import REFERENCES
from zijing.registers.models import Entry

File = Callable[..., Record]
DUTY = "duty"


def finds(kind: Kind) -> Mapping[str, Any]:
    """What a kind of work record finds: kind of case, the field that says so, its values; empty for most."""
    return kind.definition.get("finds") or {}


def failed(kind: Kind, values: Mapping[str, Any]) -> bool:
    """Whether a record with these values found something."""
    rule = finds(kind)
    return bool(rule) and values.get(rule["field"]) in rule["is"]


def client_id_of(activity: Activity) -> UUID:
    """The id under which the finding of a record is filed, so that it is filed once."""
    return uuid5(NAMESPACE_URL, f"finding:{activity.pk}")


def file_finding(*, actor: Actor, at: datetime, activity: Activity, file: File) -> Record | None:
    """File what a record found; nothing when it is filed already. ``file``: the verb that files a case."""
    key = client_id_of(activity)
    if Case.objects.filter(client_id=key).exists():
        return None
    kind = kind_of(finds(activity.kind)["kind"])
    with act(actor, at):
        made = file(actor=actor, at=at, kind=kind, values=_values(kind, activity), client_id=key)
        for photo in attachments_of(activity):
            _carry(actor, at, photo, made)
        duty = made.fields.get(DUTY)
        if isinstance(made, Case) and duty and actor.may("cases.dispatch"):
            dispatch(actor=actor, at=at, case=made, unit=Unit.objects.get(pk=duty))
    return made


def carry_file(actor: Actor, at: datetime, subject: models.Model, attachment: Attachment) -> None:
    """A file that is added to a record goes on to the case that the record became, if it became one."""
    if isinstance(subject, Activity) and finds(subject.kind):
        case = Case.objects.filter(client_id=client_id_of(subject)).first()
        if case is not None:
            _carry(actor, at, attachment, case)


def _carry(actor: Actor, at: datetime, photo: Attachment, case: Record) -> None:
    if photo.file_id not in {known.file_id for known in attachments_of(case)}:
        attach(actor=actor, at=at, subject=case, file=photo.file, part=photo.part, name=photo.name)


def file_findings(*, actor: Actor, at: datetime, file: File) -> int:
    """File what imported records found and no case tells of yet; how many."""
    require(actor, "cases.file")
    filed = 0
    for kind in every_kind().values():
        for activity in _failed_of(kind, actor):
            filed += file_finding(actor=actor, at=at, activity=activity, file=file) is not None
    return filed


def _failed_of(kind: Kind, actor: Actor) -> list[Activity]:
    rule = finds(kind)
    if not rule:
        return []
    rows = Activity.objects.visible_to(actor).filter(kind=kind, **{f"fields__{rule['field']}__in": rule["is"]})
    found = list(rows.exclude(stage__in=NOWHERE).select_related("kind", "subject").order_by("pk"))
    told = set(Case.objects.filter(client_id__in=[client_id_of(a) for a in found]).values_list("client_id", flat=True))
    return [a for a in found if client_id_of(a) not in told]


def _values(kind: Kind, activity: Activity) -> dict[str, Any]:
    """Raw values for the case: from the record, else from the entries that it names."""
    entries = list(Entry.objects.filter(pk__in=_named(activity)).select_related("kind"))
    values = {}
    for field in kind.first_fields:
        known = (_raw(one, field.key) for one in (activity, *entries))
        value = next((v for v in known if v not in (None, "")), None)
        if value is not None and field.type != "file":
            values[field.key] = value
    return values


def _named(activity: Activity) -> list[int]:
    return [pk for f in activity.kind.fields if f.type == "entry" for pk in ids_in(activity.value(f))]


def _raw(record: Record, key: str) -> Any:
    field: Field | None = record.kind.by_key.get(key)
    stored = record.value(field) if field else None
    if field is None or stored is None or field.personal:
        return None
    return f"#{stored}" if field.type in REFERENCES and not field.several else field.restored(stored)
