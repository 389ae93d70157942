"""The record a document is about: which forms fit it, what it tells the text, whom the document is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.documents.models import Document, Template
from zijing.figures.counting import records_of
from zijing.people.access import Actor, dated
from zijing.people.models import Assignment, Unit
from zijing.records.models import Kind, Noun, Record

ANSWERING = (Assignment.Part.LEAD, Assignment.Part.JOINT)


@dataclass(frozen=True)
class About:
    """What a record tells a document about it; a word is None where the record does not say it."""

    title: str = ""
    unit: str | None = None
    until: date | None = None


def record_named(actor: Actor, named: str) -> Record:
    """A record within sight by its noun and id, as in "case:12"; ``Missing`` otherwise."""
    noun, _colon, pk = named.partition(":")
    known = noun in Noun.values and pk.isascii() and pk.isdigit() and len(pk) < 19
    related = ("kind", "place", "unit")
    found = records_of(noun, actor).filter(pk=int(pk)).select_related(*related).first() if known else None
    if found is None:
        raise Missing(_("There is no such record within your sight."))
    record: Record = found
    return record


def name_of(record: Record) -> str:
    """A record as ``record_named`` reads it."""
    return f"{record.kind.noun}:{record.pk}"


def fits(template: Template, kind: Kind) -> bool:
    """Whether a form is for records of a kind; what is restricted is named in no document."""
    return not kind.restricted and bool({kind.key, kind.noun} & set(template.fits.split()))


def forms_for(actor: Actor, record: Record, forms: Iterable[Template]) -> list[Template]:
    """The forms by which the actor may begin a document about a record."""
    sees_all = bool(actor.path) and record.path.startswith(actor.path)
    return [t for t in forms if fits(t, record.kind)] if sees_all and actor.may("documents.write") else []


def documents_about(actor: Actor, record: Record) -> list[Document]:
    """The documents about a record that the actor may see, the newest first."""
    rows = Document.objects.visible_to(actor).filter(about_type=record._meta.label_lower, about_id=record.pk)
    return list(rows.defer("text", "content").order_by("-pk"))


def record_about(document: Document, actor: Actor) -> Record | None:
    """The record a document is about, as far as the actor sees it."""
    if not document.about_id:
        return None
    rows = apps.get_model(document.about_type)._default_manager.visible_to(actor)
    found: Record | None = rows.filter(pk=document.about_id).select_related("kind", "unit").first()
    return found


def about(document: Document, actor: Actor, day: date) -> About:
    """What the record of a document tells it."""
    record = record_about(document, actor)
    if record is None:
        return About()
    units = addressees(record, day)
    return About(str(record), "、".join(str(u) for u in units) or None, record.due_day)


def addressees(record: Record, day: date) -> list[Unit]:
    """The units of the record's office that answer for it: whose turn it is, else whom it is given to on a day."""
    if record.unit_id:
        return list(Unit.objects.filter(pk=record.unit_id, office=record.office_id))
    given = Assignment.objects.filter(
        dated(day), subject_type=record._meta.label_lower, subject_id=record.pk, part__in=ANSWERING
    )
    return list(Unit.objects.filter(pk__in=given.values("unit"), office=record.office_id).order_by("pk"))
