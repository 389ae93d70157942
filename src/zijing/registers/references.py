"""How a ledger entry is found by what a person writes: its business key or its title, within sight."""

from typing import Any

from zijing.records.fields import Field
from zijing.records.references import names_from, one_of
from zijing.records.referring import register_reference
from zijing.records.tables import MERGED
from zijing.registers.models import Entry


def resolve_entry(text: str, field: Field, context: Any) -> int:
    """An entry by id mark (#12), business key or title, of the field's kind."""
    rows = Entry.objects.visible_to(context)
    if field.kind:
        rows = rows.of_kind(field.kind)
    if text.startswith("#"):
        return one_of(rows.filter(pk=int(text[1:]) if text[1:].isdigit() else 0), text)
    rows = rows.exclude(stage=MERGED)
    by_key = rows.filter(business_key=text)
    return one_of(by_key if by_key.exists() else rows.filter(title=text), text, office=context.office_id)


def declare() -> None:
    """Register the reference of this floor."""
    register_reference("entry", resolve=resolve_entry, name=names_from(Entry))
