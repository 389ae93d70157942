"""Where records of each noun are found and shown."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.figures.queries import records_of
from zijing.people.access import Actor
from zijing.records.models import Noun, Record

PROJECT = "project"


def address(type_: str, pk: int) -> str:
    """The page of a record by its noun, or of a ledger entry by its kind: a project has a page of its own."""
    return _page_of(type_).replace("/0/", f"/{pk}/")


@cache
def _page_of(type_: str) -> str:
    """The address of the record 0: a table of a hundred rows asks for two hundred addresses."""
    if type_ in {Noun.CASE, PROJECT}:
        return reverse(type_, args=[0])
    return reverse("record", args=[type_ if type_ in Noun.values else Noun.REGISTER, 0])


def record_of(actor: Actor, noun: str, pk: int) -> Record:
    """A record within the actor's sight, with what its page names; ``Missing`` otherwise, hidden or not."""
    rows = records_of(noun, actor).filter(pk=pk) if noun in Noun.values else None
    related = ("kind", "place", "unit", "subject__kind", "recorded_by")
    record = rows.select_related(*related).first() if rows is not None else None
    if record is None:
        raise Missing(_("There is no such record within your sight."))
    found: Record = record
    return found
