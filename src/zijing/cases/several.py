"""The same step for several cases at once: each row an act of its own, done or refused by itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from zijing.cases.models import Case
from zijing.core.errors import DomainError
from zijing.journal.once import once
from zijing.people.access import Actor
from zijing.records.paging import SIZE

# At most so many at once: a page of a list, about a second of work.
MOST = SIZE


@dataclass(frozen=True)
class Outcome:
    """How the step of one case ended: done, or refused and why."""

    case: Case
    refused: DomainError | None = None


def take_each(
    *, actor: Actor, at: datetime, client_id: UUID, body: bytes, cases: Iterable[Case], step: Callable[[Case], None]
) -> list[Outcome]:
    """Take a step with each of these cases, as the actor saw them (``revision``).

    Each has a key of its own under ``client_id``: what comes a second time is answered as the first time, and a form
    whose answer was lost half way goes on where it stopped. ``body`` is what was asked of all of them.
    """
    return [_take(actor, at, client_id, body, case, step) for case in cases]


def _take(
    actor: Actor, at: datetime, client_id: UUID, body: bytes, case: Case, step: Callable[[Case], None]
) -> Outcome:  # fmt: skip
    def do() -> dict[str, int]:
        step(case)
        return {"case": case.pk}

    key, seen = uuid5(client_id, str(case.pk)), f"{case.pk}.{case.revision}&".encode()
    try:
        once(actor=actor, at=at, client_id=key, body=seen + body, do=do)
    except DomainError as error:
        return Outcome(case, error)
    return Outcome(case)
