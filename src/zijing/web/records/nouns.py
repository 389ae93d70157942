"""Where records of each noun are found and shown."""

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.figures.queries import records_of
from zijing.people.access import Actor
from zijing.records.models import Noun, Record
from zijing.web.addresses import page_at

PROJECT, DOCUMENT = "project", "document"


def address(type_: str, pk: int) -> str:
    """The page of a record by its noun, or of a ledger entry by its kind: a project has a page of its own."""
    if type_ in {Noun.CASE, PROJECT, DOCUMENT}:
        return page_at(type_, pk)
    return page_at("record", pk, type_ if type_ in Noun.values else Noun.REGISTER)


def page_of_listed(record: Record) -> str:
    """The page of a record where its steps are taken: a project's is that of the project."""
    return address(PROJECT if record.kind.key == PROJECT else record.kind.noun, record.pk)


def record_of(actor: Actor, noun: str, pk: int) -> Record:
    """A record within the actor's sight, with what its page names; ``Missing`` otherwise, hidden or not."""
    rows = records_of(noun, actor).filter(pk=pk) if noun in Noun.values else None
    related = ("kind", "place", "unit", "subject__kind", "recorded_by")
    record = next(iter(rows.select_related(*related)), None) if rows is not None else None
    if record is None:
        raise Missing(_("There is no such record within your sight."))
    found: Record = record
    return found
