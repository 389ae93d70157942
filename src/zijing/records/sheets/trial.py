"""Putting rows for real, or for a rehearsal that leaves nothing behind and says which row is to blame."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, DomainError, Invalid, Several
from zijing.journal.acting import Act, act
from zijing.people.access import Actor
from zijing.records.sheets.outcome import Target, TypedRow
from zijing.records.writing import Put

BLAME_LIMIT = 200
Group = list[TypedRow]


@dataclass
class Rehearsal:
    """What putting the rows would do: an outcome per row, or the errors by row number."""

    outcomes: list[Put | str] = field(default_factory=list)
    errors: list[tuple[int, DomainError]] = field(default_factory=list)


def land(*, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> list[Put | str]:
    """Put all rows in one act, or none: any ``DomainError`` takes everything back."""
    with act(actor, at) as a, reversible(a):
        return _put(target, actor, at, rows)


def rehearse(*, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> Rehearsal:
    """Put the rows inside an act and take everything back: exact outcomes, or each error with its row."""
    found = Rehearsal()
    with act(actor, at) as a, undone(a):
        first = _attempt(a, target, actor, at, rows)
        if isinstance(first, DomainError):
            _Blame(a, target, actor, at, found).search(_grouped(target, rows))
        else:
            found.outcomes = first
    return found


@contextmanager
def reversible(a: Act) -> Iterator[None]:
    """A savepoint that, when something is raised, also takes back what the act has noted so far."""
    entries = len(a.entries)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del a.entries[entries:]
        raise


@contextmanager
def undone(a: Act) -> Iterator[None]:
    """Takes back whatever happens inside, in the database and in the act's notes."""
    entries = len(a.entries)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        del a.entries[entries:]


def _put(target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> list[Put | str]:
    try:
        return target.put(actor, at, [dict(r.values) for r in rows])
    except DatabaseError as error:
        sentence = _("This contradicts what stands, or somebody else has just written it. Try again.")
        raise Conflict(sentence) from error
    except OverflowError as error:
        raise Invalid(_("A number is too large to be kept.")) from error


def _attempt(
    a: Act, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]
) -> list[Put | str] | DomainError:
    try:
        with reversible(a):
            return _put(target, actor, at, rows)
    except DomainError as error:
        return error


def _grouped(target: Target, rows: Sequence[TypedRow]) -> list[Group]:
    """Rows that a verb may judge together (all parts of one subject), in the sheet's order; otherwise one by one."""
    subject = next((f.key for f in target.fields if f.column == "subject"), "")
    groups: dict[Any, Group] = {}
    for row in rows:
        of = row.values.get(subject)
        groups.setdefault(("subject", of) if of is not None else ("row", row.number), []).append(row)
    return list(groups.values())


@dataclass
class _Blame:
    """Halves the rows until the ones to blame stand alone. What was put without fault stays, for later rows need it."""

    a: Act
    target: Target
    actor: Actor
    at: datetime
    found: Rehearsal

    def search(self, groups: list[Group]) -> None:
        if not groups or len(self.found.errors) >= BLAME_LIMIT:
            return
        error = self._try([row for group in groups for row in group])
        if error is None:
            return
        if len(groups) == 1:
            self._within(groups[0], error)
            return
        middle = len(groups) // 2
        self.search(groups[:middle])
        self.search(groups[middle:])

    def _try(self, rows: Sequence[TypedRow]) -> DomainError | None:
        result = _attempt(self.a, self.target, self.actor, self.at, rows)
        return result if isinstance(result, DomainError) else None

    def _within(self, group: Group, error: DomainError) -> None:
        """The rows that fail alone for the group's reason; when there is none, the reason is the whole group's.

        Further reasons are looked for only where some row is fine alone: otherwise the rest fails for being a rest.
        """
        alone = {row.number: self._alone(row) for row in group} if len(group) > 1 else {group[0].number: str(error)}
        rest, reason, blamed = list(group), error, 0
        one_by_one = not all(alone.values())
        while rest:
            guilty = [row for row in rest if alone[row.number] == str(reason)]
            for row in guilty or ([] if blamed else rest):
                self.found.errors += [(row.number, e) for e in _each(reason)]
            blamed += len(guilty)
            rest = [row for row in rest if row not in guilty] if guilty and one_by_one else []
            following = self._try(rest) if rest else None
            if following is None:
                return
            reason = following

    def _alone(self, row: TypedRow) -> str:
        """What a row put alone is refused for ("" when it is not); nothing of it stays."""
        with undone(self.a):
            error = self._try([row])
        return str(error or "")


def _each(error: DomainError) -> list[DomainError]:
    return error.errors if isinstance(error, Several) else [error]
