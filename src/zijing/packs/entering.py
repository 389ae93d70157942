"""One record entered or corrected by hand, with the files that belong to it: all of it or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import act
from zijing.packs.intake import correct, record, right_to_enter
from zijing.people.access import Actor
from zijing.places.locate import locate
from zijing.projects.actions.ledger import BUILDING, PROJECT
from zijing.records.exif import position_of
from zijing.records.files import Upload, add, attach, is_picture, make_ready, store
from zijing.records.models import NOWHERE, Attachment, File, Kind, Noun, Record
from zijing.records.writing import field_for

Uploads = Mapping[str, Upload]


def may_enter(actor: Actor, kind: Kind) -> bool:
    """Whether the actor's post may enter records of a kind."""
    return actor.may(right_to_enter(kind))


def may_correct(actor: Actor, standing: Record) -> bool:
    """Whether the actor's post may correct a record that stands; a case is moved by its steps instead."""
    if standing.kind.noun == Noun.CASE or standing.stage in NOWHERE:
        return False
    return actor.may("projects.correct" if standing.kind.key == "daily-report" else right_to_enter(standing.kind))


def right_of(kind: Kind) -> str:
    """The right that entering and correcting records of a kind asks for."""
    return right_to_enter(kind)


def may_merge(kind: Kind) -> bool:
    """Whether entries of a ledger can be merged: no table of its own hangs on them."""
    return kind.noun == Noun.REGISTER and kind.key not in {PROJECT, BUILDING}


def enter(
    *,
    actor: Actor,
    at: datetime,
    kind: Kind,
    values: Mapping[str, Any],
    uploads: Uploads,
    client_id: UUID | None = None,
) -> Record:
    """A new record from raw ``values``, with ``uploads`` by field key.

    Where a photo was taken is read only if the kind asks for it, before the photo is stripped of it.
    """
    make_ready(uploads.values())
    with act(actor, at):
        files = _store(actor, at, kind, uploads)
        told = {**values, **_positions(actor, kind, values, uploads), **_ids(files)}
        made = record(actor=actor, at=at, kind=kind, values=told, client_id=client_id)
        _attach(actor, at, made, files)
        return made


def amend(
    *, actor: Actor, at: datetime, standing: Record, values: Mapping[str, Any], uploads: Uploads, seen: int
) -> bool:
    """Correct a record; ``Conflict`` when it has changed since revision ``seen``. False when nothing differs."""
    make_ready(uploads.values())
    with act(actor, at):
        files = _store(actor, at, standing.kind, uploads)
        changed = correct(actor=actor, at=at, record=standing, values={**values, **_ids(files)}, seen=seen)
        _attach(actor, at, standing, files)
        return changed or bool(files)


def add_file(*, actor: Actor, at: datetime, standing: Record, sent: Upload, part: str) -> Attachment:
    """Add a photo or a document to a record that stands; to a case, whoever handles cases may."""
    if standing.stage in NOWHERE:
        raise Conflict(_("This record is no longer in use; it is not corrected any more."))
    right = "cases.handle" if standing.kind.noun == Noun.CASE else right_of(standing.kind)
    return add(actor=actor, at=at, subject=standing, sent=sent, part=part, right=right)


def _store(actor: Actor, at: datetime, kind: Kind, uploads: Uploads) -> dict[str, File]:
    return {field_for(kind, key).key: store(actor=actor, at=at, sent=sent) for key, sent in uploads.items()}


def _positions(actor: Actor, kind: Kind, values: Mapping[str, Any], uploads: Uploads) -> dict[str, list[float]]:
    """The points that a kind has its photos fill (``position`` of a file field) and nobody wrote.

    A photo from outside the office says nothing of what is recorded here.
    """
    found = {}
    for key, sent in uploads.items():
        point = field_for(kind, key).position
        taken = position_of(sent.content) if point and not values.get(point) else None
        if taken and _lies_in(actor, taken):
            found[point] = taken
    return found


def _lies_in(actor: Actor, point: list[float]) -> bool:
    try:
        locate(actor.office_id, *point)
    except Invalid:
        return False
    return True


def _ids(files: Mapping[str, File]) -> dict[str, int]:
    return {key: file.pk for key, file in files.items()}


def _attach(actor: Actor, at: datetime, subject: Record, files: Mapping[str, File]) -> None:
    for key, file in files.items():
        part = Attachment.Part.NEAR if is_picture(file) else Attachment.Part.DOCUMENT
        attach(actor=actor, at=at, subject=subject, file=file, part=part, name=subject.kind.by_key[key].label)
