"""Putting rows for real, or for a rehearsal that leaves nothing behind and says which row is to blame."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from decimal import InvalidOperation
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import ByRow, Conflict, DomainError, Invalid, Several
from zijing.journal.acting import Act, act
from zijing.people.access import Actor
from zijing.records.putting import Put, Ready
from zijing.records.sheets.outcome import Target, TypedRow, Values

BLAME_LIMIT = 200
Group = list[TypedRow]


@dataclass
class Rehearsal:
    """What putting the rows would do: an outcome per row, or the errors by row number."""

    outcomes: list[Put | str] = field(default_factory=list)
    errors: list[tuple[int, DomainError]] = field(default_factory=list)


def land(*, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> list[Put | str]:
    """Put all rows in one act, or none: any ``DomainError`` takes everything back."""
    with made_ready(target=target, actor=actor, at=at, rows=rows) as landing:
        return landing()


@contextmanager
def made_ready(
    *, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]
) -> Iterator[Callable[[], list[Put | str]]]:
    """Does all that ``land`` can do before anybody has to wait for it; what does the rest, in this thread and block.

    Raises what ``land`` raises.
    """

    def landing() -> list[Put | str]:
        with act(actor, at) as a, reversible(a), _in_words():
            return list(planned.land()) if planned else target.put(actor, at, _values(rows))

    planned = _planned(target, actor, at, rows)
    with planned.laid() if planned else nullcontext():
        yield landing


def rehearse(*, target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> Rehearsal:
    """What landing the rows would do: exact outcomes, or each error with its row; nothing stays written.

    A ledger that can plan is only read. Any other puts the rows inside an act, and takes everything back.
    """
    if target.ready:
        return _search(_Planning(target, actor, at), rows)
    with act(actor, at) as a, undone(a):
        return _search(_Putting(target, actor, at, a), rows)


def _search(trial: "_Planning", rows: Sequence[TypedRow]) -> Rehearsal:
    found, first = Rehearsal(), trial.attempt(rows)
    if isinstance(first, ByRow):
        found.errors = [(rows[n].number, e) for n, error in first.rows[:BLAME_LIMIT] for e in _each(error)]
    elif isinstance(first, DomainError):
        _Blame(trial, found).search(_grouped(trial.target, rows))
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


def _values(rows: Sequence[TypedRow]) -> list[Values]:
    return [dict(r.values) for r in rows]


def _planned(target: Target, actor: Actor, at: datetime, rows: Sequence[TypedRow]) -> Ready | None:
    with _in_words():
        return target.ready(actor, at, _values(rows)) if target.ready else None


@contextmanager
def _in_words() -> Iterator[None]:
    """What the database refuses is a refusal in words; what is wrong with it (a full disk) is not."""
    try:
        yield
    except DatabaseError as error:
        sentence = _("This contradicts what stands, or somebody else has just written it. Try again.")
        raise Conflict(sentence) from error
    except (OverflowError, InvalidOperation) as error:
        raise Invalid(_("A number is too large to be kept.")) from error


@dataclass
class _Planning:
    """Tries rows by planning them."""

    target: Target
    actor: Actor
    at: datetime

    def attempt(self, rows: Sequence[TypedRow]) -> list[Put | str] | DomainError:
        """What becomes of the rows, or why they are refused."""
        try:
            return self.outcomes(rows)
        except DomainError as error:
            return error

    def outcomes(self, rows: Sequence[TypedRow]) -> list[Put | str]:
        assert self.target.ready is not None
        with _in_words():
            return list(self.target.ready(self.actor, self.at, _values(rows)).puts)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Nothing of what is tried inside stays."""
        yield


@dataclass
class _Putting(_Planning):
    """Tries rows by putting them, inside an act; what was put without fault stays, for later rows need it."""

    a: Act

    def outcomes(self, rows: Sequence[TypedRow]) -> list[Put | str]:
        with reversible(self.a), _in_words():
            return self.target.put(self.actor, self.at, _values(rows))

    @contextmanager
    def aside(self) -> Iterator[None]:
        with undone(self.a):
            yield


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
    """Halves the rows until the ones to blame stand alone."""

    trial: _Planning
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
        result = self.trial.attempt(rows)
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
        with self.trial.aside():
            error = self._try([row])
        return str(error or "")


def _each(error: DomainError) -> list[DomainError]:
    return error.errors if isinstance(error, Several) else [error]
