"""How a wanted sheet was filled the last time: by its headings, for the office."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.records.models import Reading

# No ledger has a name with a question mark: readings of imports and of wanted sheets share a table.
WANTED = "?wanted"


@dataclass(frozen=True)
class Known:
    """The subject, the source of each normal heading ("": unknown), the filter of records, the days of figures."""

    subject: str
    columns: dict[str, str] = field(default_factory=dict)
    filter: dict[str, str] = field(default_factory=dict)
    period: str = ""


def recall(actor: Actor, headings: Mapping[int, str]) -> Known | None:
    """What was decided in the actor's office for a sheet with these headings, whatever their order."""
    kept = Reading.objects.visible_to(actor).filter(ledger=WANTED, headings=_digest(headings)).first()
    return Known(**kept.fields) if kept else None


def remember(*, actor: Actor, at: datetime, headings: Mapping[int, str], known: Known) -> None:
    """Keep how a sheet with these headings was filled; the journal hears that it was, not what it said."""
    digest = _digest(headings)
    standing = Reading.objects.visible_to(actor).filter(ledger=WANTED, headings=digest)
    if standing.filter(fields=asdict(known)).exists():
        return
    with act(actor, at) as a:
        kept, _made = Reading.objects.update_or_create(
            office_id=actor.office_id, ledger=WANTED, headings=digest,
            defaults={"fields": asdict(known), "account_id": actor.account_id, "chosen_at": at},
        )  # fmt: skip
        a.record("sheets.remember", kept, {"headings": [None, digest]}, path=actor.office_path)


def _digest(headings: Mapping[int, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(headings.values()), ensure_ascii=False).encode()).hexdigest()
