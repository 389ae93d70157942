"""Verbs on work records: record, correct, withdraw."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zijing.activities.models import Activity
from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import day_of
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.putting import Plan, Ready, plan
from zijing.records.writing import build, client_twin, insert, own_place, own_places, revise, taken
from zijing.registers.landing import when_ready
from zijing.registers.models import Entry
from zijing.registers.queries import where_their_subject_lies

WITHDRAWN = "withdrawn"


def record_activity(
    *,
    actor: Actor,
    at: datetime,
    kind: Kind,
    values: Mapping[str, Any],
    subject: Entry | None = None,
    place: Place | None = None,
    client_id: UUID | None = None,
    right: str = "activities.write",
) -> Activity:
    """Record what was done (cleaned values).

    It lies at its own place, else at ``place``, else where its subject lies, else at the post's place.

    With a ``client_id`` seen before, the record made then is returned. ``Invalid`` when it happened in the future.
    """
    require(actor, right)
    with act(actor, at) as a:
        if twin := client_twin(Activity, client_id):
            return twin
        own = own_place(kind, values, own_places(kind, [values]))
        where = own or place or (subject.place if subject else Place.objects.get(pk=actor.place_id))
        more = {"subject_id": subject.pk} if subject else {}
        activity = build(
            Activity, kind=kind, actor=actor, at=at, values=values, place=where, client_id=client_id,
            unit_id=actor.unit_id, **more,
        )  # fmt: skip
        activity.happened_on = activity.happened_on or day_of(at)
        _refuse_future(activity, at)
        insert(a, activity, f"activities.{kind.key}")
        touch(a, activity)
        return activity


def ready_activities(*, actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]]) -> Ready:
    """``record_activity`` of many rows with all that takes its time done already; they land together.

    ``Invalid`` when one happened in the future, or bears a number that is in use.
    """
    require(actor, "activities.write")

    def planned() -> Plan[Activity]:
        made = plan(
            Activity, kind=kind, actor=actor, at=at, rows=rows, place=Place.objects.get(pk=actor.place_id),
            verbs=(f"activities.{kind.key}", f"activities.{kind.key}.correct"),
            more=lambda: _of_a_row(actor, at, kind, rows),
        )  # fmt: skip
        for put in made.puts:
            if put.outcome != "created":
                raise taken(kind, put.record.business_key)
            _refuse_future(put.record, at)
        return made

    return when_ready(actor=actor, at=at, planned=planned)


def _of_a_row(
    actor: Actor, at: datetime, kind: Kind, rows: list[dict[str, Any]]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What a row's record has beside its values: where its subject lies, whose it is, the day if it names none."""
    where, on = where_their_subject_lies(kind, rows), day_of(at)
    day = next((f.key for f in kind.fields if f.column == "happened_on"), "")

    def columns(row: dict[str, Any]) -> dict[str, Any]:
        own = {"unit_id": actor.unit_id}
        return {**where(row), **own} if row.get(day) else {**where(row), **own, "happened_on": on}

    return columns


def _refuse_future(activity: Activity, at: datetime) -> None:
    if activity.happened_on and activity.happened_on > day_of(at):
        raise Invalid(_("%(day)s is still to come."), field="happened_on", day=activity.happened_on)


def correct_activity(
    *, actor: Actor, at: datetime, activity: Activity, values: Mapping[str, Any], seen: int | None = None,
    right: str = "activities.write",
) -> bool:  # fmt: skip
    """Change a record's values; the journal keeps what they were. False when nothing differs."""
    require(actor, right)
    if activity.stage == WITHDRAWN:
        raise Conflict(_("This record has been withdrawn."))
    with act(actor, at) as a:
        touch(a, activity)
        changed = revise(a, activity, values, f"activities.{activity.kind.key}.correct", seen=seen)
        _refuse_future(activity, at)
        touch(a, activity)
        return changed


def withdraw(*, actor: Actor, at: datetime, activity: Activity, reason: str, right: str = "activities.write") -> None:
    """Take a record back: it stays readable, and counts nowhere any more. Needs a reason."""
    require(actor, right)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    with act(actor, at) as a:
        open_ = Activity.objects.filter(pk=activity.pk).exclude(stage=WITHDRAWN)
        if not open_.update(stage=WITHDRAWN, closed_at=at):
            raise Conflict(_("This record has been withdrawn."))
        touch(a, activity)
        a.record(f"activities.{activity.kind.key}.withdraw", activity, {"stage": [activity.stage, WITHDRAWN]})
        activity.stage = WITHDRAWN
