"""Reads of ledger entries that the nouns above them share."""

from collections.abc import Callable
from typing import Any

from zijing.records.models import Kind
from zijing.registers.models import Entry


def where_their_subject_lies(kind: Kind, rows: list[dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """For rows of a kind about ledger entries: the columns that put a row without a place where its entry lies."""
    about = next((f.key for f in kind.fields if f.column == "subject"), "")
    own = next((f.key for f in kind.fields if f.column == "place"), "")
    wanted = {row[about] for row in rows if about and row.get(about) and not (own and row.get(own))}
    found = {e.pk: e for e in Entry.objects.filter(pk__in=wanted)}

    def columns(row: dict[str, Any]) -> dict[str, Any]:
        entry = found.get(row.get(about) or 0)
        if entry is None or (own and row.get(own)):
            return {}
        return {"place_id": entry.place_id, "path": entry.path, "office_id": entry.office_id}

    return columns
