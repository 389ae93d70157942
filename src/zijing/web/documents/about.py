"""The documents about a record, as the record's page shows them, and the forms by which one is begun from there."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from zijing.documents.about import documents_about, forms_for, name_of
from zijing.documents.queries import templates
from zijing.packs.queries import adopted
from zijing.people.access import Actor
from zijing.records.models import Record
from zijing.web.addresses import page_of


@dataclass(frozen=True)
class Begun:
    """A form and the address under which a document about the record is begun by it."""

    title: str
    href: str


def papers_about(record: Record, actor: Actor) -> dict[str, Any]:
    """What a record's page shows of documents."""
    return {"papers": documents_about(actor, record), "paper_forms": begins(record, actor)}


def begins(record: Record, actor: Actor) -> list[Begun]:
    """A way to begin a document for each form that is for such a record."""
    known = templates(actor, packs=adopted(actor)) if actor.may("documents.write") else []
    new = page_of("document-new")
    return [
        Begun(str(form), f"{new}?{urlencode({'form': form.key, 'subject': name_of(record)})}")
        for form in forms_for(actor, record, known)
    ]
