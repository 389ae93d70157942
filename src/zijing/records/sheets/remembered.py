"""How the columns of a sheet were read the last time somebody put them right: by ledger and set of headings."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.records.models import Layout, Reading
from zijing.records.sheets.headings import normal
from zijing.records.sheets.outcome import Result, Target

Headings = Mapping[int, str]


@dataclass(frozen=True)
class Recalled:
    """The field of each column ("": not imported), and whether somebody else had decided so."""

    mapping: dict[int, str]
    others: bool = False


Recall = Callable[[Headings], Recalled | None]


def nothing_recalled(_headings: Headings) -> Recalled | None:
    """Every sheet is the first of its kind."""
    return None


def recall(target: Target, actor: Actor, headings: Headings) -> Recalled | None:
    """What was decided in the actor's office for a sheet with these headings, whatever their order."""
    names = _names(headings)
    found = _readings(target, actor).filter(headings=_digest(names)).first() if names else None
    if found is None:
        return None
    mapping = {index: str(found.fields.get(name, "")) for index, name in names.items()}
    return Recalled(mapping, found.account_id != actor.account_id)


def remember(*, target: Target, actor: Actor, at: datetime, result: Result) -> None:
    """Keep how a landed sheet was read when a person had chosen it; what is guessed anyway is not kept.

    Only a decision about every column is one: who names some columns means this one time.
    """
    headings = {c.index: c.heading for c in result.columns}
    names = _names(headings)
    if result.chosen is None or not names or set(result.chosen) != set(names):
        return
    fields = {name: result.chosen[index] for index, name in names.items()}
    standing = _readings(target, actor).filter(headings=_digest(names))
    if result.chosen == result.guess:
        if standing.exists():
            with act(actor, at):
                standing.delete()
    elif not standing.filter(fields=fields).exists():
        with act(actor, at):
            Reading.objects.update_or_create(
                office_id=actor.office_id, ledger=target.key, headings=_digest(names),
                defaults={"fields": fields, "account_id": actor.account_id, "chosen_at": at},
            )  # fmt: skip


def keep_layout(*, target: Target, actor: Actor, at: datetime, result: Result) -> None:
    """Keep the columns of a landed sheet in its order, so that it can be given back as it came, with answers."""
    columns = [[c.heading, c.field.key if c.field else ""] for c in result.columns]
    kept = Layout.objects.filter(office=actor.office_id, ledger=target.key)
    if not kept.filter(columns=columns).exists():
        with act(actor, at):
            Layout.objects.update_or_create(office_id=actor.office_id, ledger=target.key, defaults={"columns": columns})


def last_layout(office: int, ledger: str) -> list[tuple[str, str]]:
    """The columns of the sheet that was last imported into an office's ledger: heading, and key of the field or ""."""
    kept = Layout.objects.filter(office=office, ledger=ledger).first()
    return [(heading, key) for heading, key in kept.columns] if kept else []


def _readings(target: Target, actor: Actor) -> "QuerySet[Reading]":
    return Reading.objects.visible_to(actor).filter(ledger=target.key)


def _names(headings: Headings) -> dict[int, str]:
    """The headings in their normal form; none when two columns share one, for nothing would tell them apart."""
    names = {index: normal(heading) for index, heading in headings.items()}
    return names if max(Counter(names.values()).values(), default=0) == 1 else {}


def _digest(names: Mapping[int, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(names.values()), ensure_ascii=False).encode()).hexdigest()
