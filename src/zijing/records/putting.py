"""Putting many rows into a ledger: what becomes of each is found out and put into words before anybody has to wait.

On SQLite whoever writes keeps everybody else in the office waiting. So ``plan`` only reads, and can take its time;
``carry_out`` writes what was planned with a few statements, inside an act. A plan knows what it rests on: the
records it found, the places and kinds of its day. When any of that has changed, it is made anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import OuterRef, Subquery

from zijing.core import stamps
from zijing.core.rows import insert_prepared, laid, prepared, update_rows, values_of
from zijing.journal.acting import Act, is_acting, noted
from zijing.journal.notes import Note
from zijing.journal.queries import position, subjects_since
from zijing.people.access import Actor
from zijing.people.actions import carry
from zijing.places.models import Place
from zijing.records.models import Kind, Record
from zijing.records.writing import build, differences, journalled, meanwhile, own_place, own_places, revision_of, taken

R = TypeVar("R", bound=Record)

Values = dict[str, Any]
More = Callable[[Values], Values]
KEYS_AT_ONCE = 5000


@dataclass(frozen=True)
class Put:
    """What became of one row of a ledger; ``was`` is the record before it changed.

    ``kept``: the record stands and is left as it is, whatever the row says.
    """

    outcome: str
    record: Any
    was: Any = None
    kept: bool = False


def moved(results: Iterable[Put]) -> Iterator[Any]:
    """The records a ledger created or changed, the changed ones also as they were."""
    for result in results:
        if result.outcome != "same":
            yield result.record
        if result.was is not None:
            yield result.was


@dataclass(frozen=True)
class Basis:
    """When a plan was made: a place in the office's journal, the stamps of kinds, places and people of that time."""

    office: int
    seq: int
    stamps: tuple[int, ...]


@dataclass(frozen=True)
class Update:
    """Columns that records change, and for each record their values, its id and the revision it had."""

    columns: list[str]
    rows: list[list[Any]]


@dataclass
class Plan(Generic[R]):
    """What is to become of rows, in their order, and all that is written for it."""

    model: type[R]
    kind: Kind
    actor: Actor
    at: datetime
    verbs: tuple[str, str]
    basis: Basis | None = None
    known: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    puts: list[Put] = field(default_factory=list)
    fresh: list[R] = field(default_factory=list)
    values: list[list[Any]] = field(default_factory=list)
    source: str = ""
    revised: list[tuple[R, Values]] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    told: list[Note] = field(default_factory=list)
    announced: list[Note] = field(default_factory=list)
    # Writes what belongs to the new records, once they have their ids.
    following: Callable[[Act], None] | None = None

    def holds(self) -> bool:
        """Whether all it rests on is as it was; asked inside the act that lands, where the answer stays true."""
        if self.basis is None:
            return True
        changed = subjects_since(self.basis.office, self.basis.seq, list(self.known))
        untouched = not any(self.known[label] & ids for label, ids in changed.items())
        return untouched and stamps.now() == self.basis.stamps

    def rests_on(self, standing: Iterable[R], subjects: set[int]) -> None:
        """Note what was read: when it changes, the plan holds no more."""
        self.known[self.model._meta.label_lower].update(r.pk for r in standing)
        if subjects:
            about: Any = self.model._meta.get_field("subject").related_model
            self.known[about._meta.label_lower] |= subjects

    def create(self, row: Values, where: Place, more: Values) -> R:
        """A row that becomes a new record."""
        record = build(self.model, kind=self.kind, actor=self.actor, at=self.at, values=row, place=where, **more)
        self.fresh.append(record)
        self.puts.append(Put("created", record))
        return record

    def keep(self, found: Any) -> None:
        """A row whose record stands and is left as it is."""
        self.puts.append(Put("same", found, kept=True))

    def change(self, found: Any, row: Values, key_field: str) -> None:
        """A row whose record stands."""
        kept = getattr(found, "merged_into", None)
        # A double's number finds the kept entry, which keeps its own.
        told = {k: v for k, v in row.items() if k != key_field} if kept else row
        record = kept or found
        record.kind = self.kind
        changed = revision_of(record, told)
        if not changed:
            self.puts.append(Put("same", record))
            return
        if record._state.adding:
            raise meanwhile()
        was, before = copy(record), journalled(record)
        for name, value in {**changed, "revision": record.revision + 1}.items():
            setattr(record, name, value)
        self.rests_on([record], set())
        self.revised.append((copy(record), changed))
        now = journalled(record)
        self.told.append(noted(self.actor, self.at, self.verbs[1], record, differences(before, now)))
        self.puts.append(Put("changed", record, was))

    def word(self) -> None:
        """Make ready what is written: the rows as the database keeps them, the notes as they are hashed."""
        self.values = prepared(self.fresh)
        self.updates = [_update([(r, c) for r, c in self.revised if ("path" in c) == moves]) for moves in (True, False)]
        for record in self.fresh:
            self.announced.append(
                noted(self.actor, self.at, self.verbs[0], record, differences({}, journalled(record)))
            )
        for note in (*self.told, *self.announced):
            note.begin()

    @contextmanager
    def laid(self) -> Iterator[None]:
        """Inside, the new rows lie ready for the database, so that landing them takes half the time."""
        with laid(self.model, self.values) as self.source:
            yield
        self.source = ""


@dataclass(frozen=True)
class Ready:
    """Rows whose putting is planned: what becomes of each, and the verb that lands them all in one act; quickest
    inside ``laid``, which does before what keeps nobody waiting.
    """

    puts: list[Put]
    land: Callable[[], list[Put]]
    laid: Callable[[], AbstractContextManager[None]]


def plan(
    model: type[R],
    *,
    kind: Kind,
    actor: Actor,
    at: datetime,
    rows: Sequence[Values],
    place: Place,
    verbs: tuple[str, str],
    more: Callable[[], More] = lambda: lambda row: {},
    lasting: bool = False,
) -> Plan[R]:
    """What putting ``rows`` (cleaned values) by business key would do. Reads once for all rows, writes nothing.

    ``verbs``: of a new record and of a changed one. ``more`` reads what gives further columns of a new record.
    ``lasting``: a record that stands is left as it is, whatever its row says.
    ``OverflowError`` or ``ArithmeticError`` when a number is too large to be kept.
    """
    with stamps.steady():
        made = Plan(model, kind, actor, at, verbs)
        if not is_acting():
            made.basis = Basis(place.own_office_id, position(place.own_office_id), stamps.present())
        key_field = kind.definition.get("business_key", "")
        keys = [str(row.get(key_field) or "") for row in rows]
        standing = _standing(model, kind, actor, place, keys)
        made.rests_on(standing.values(), _subjects(kind, rows))
        columns, places = more(), own_places(kind, rows)
        for key, row in zip(keys, rows, strict=True):
            found = standing.get(key) if key else None
            if found is None:
                found = made.create(row, own_place(kind, row, places) or place, columns(row))
                standing |= {key: found} if key else {}
            elif lasting:
                made.keep(found)
            else:
                made.change(found, row, key_field)
    made.word()
    return made


def carry_out(a: Act, made: Plan[R]) -> list[Put]:
    """Write what was planned, inside an act. ``Conflict`` when somebody has changed one of the records meanwhile."""
    for update in made.updates:
        if update.rows and update_rows(made.model, update.columns, update.rows, "revision") != len(update.rows):
            raise meanwhile()
    moved = [record.pk for record, changed in made.revised if "path" in changed]
    where = Subquery(made.model._default_manager.filter(pk=OuterRef("subject_id")).values("path"))
    for first in range(0, len(moved), KEYS_AT_ONCE):
        carry(made.model._meta.label_lower, moved[first : first + KEYS_AT_ONCE], where)
    insert_prepared(made.fresh, made.values, made.source)
    for note, record in zip(made.announced, made.fresh, strict=True):
        note.subject_id = record.pk
    a.take([*made.told, *made.announced])
    if made.following:
        made.following(a)
    return made.puts


def _update(revised: Sequence[tuple[R, Values]]) -> Update:
    """How changed records are written in one statement: each writes every column that any of them changes."""
    columns = sorted({name for _record, changed in revised for name in (*changed, "revision")})
    return Update(columns, [[*values_of(r, columns), r.pk, r.revision - 1] for r, _changed in revised])


def put(a: Act, model: type[R], **asked: Any) -> list[Put]:
    """Create or change records by business key, in the order of the rows: plan and carry out (see ``plan``)."""
    return carry_out(a, plan(model, at=a.at, **asked))


def _subjects(kind: Kind, rows: Iterable[Values]) -> set[int]:
    """The records that the rows are about."""
    about = next((f.key for f in kind.fields if f.column == "subject"), "")
    return {row[about] for row in rows if about and row.get(about)}


def _standing(model: type[R], kind: Kind, actor: Actor, place: Place, keys: list[str]) -> dict[str, Any]:
    """The records that carry these keys. One of a restricted kind that the actor does not see is not changed unseen."""
    known = model._default_manager.filter(kind=kind, office=place.own_office_id)
    wanted = sorted(filter(None, keys))
    chunks = (wanted[n : n + KEYS_AT_ONCE] for n in range(0, len(wanted), KEYS_AT_ONCE))
    found = {r.business_key: r for chunk in chunks for r in known.filter(business_key__in=chunk)}
    if kind.restricted and found:
        seen = set(model._default_manager.visible_to(actor).filter(kind=kind).values_list("pk", flat=True))
        if hidden := sorted(key for key, record in found.items() if record.pk not in seen):
            raise taken(kind, hidden[0])
    return found
