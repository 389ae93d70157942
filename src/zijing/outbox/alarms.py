"""Rows that speak: each says in a column when the clock next has something to note of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from zijing.journal.acting import Act, act
from zijing.outbox.rhythm import Go, Watch, register_watch
from zijing.people.access import system_actor
from zijing.places.models import Place

M = TypeVar("M", bound=Model)
# How many rows are noted in one act: a slice must not keep other writers waiting.
SLICE = 200


@dataclass(frozen=True)
class Alarms(Generic[M]):
    """Rows of an office, the column that holds when each is due, and how a slice of those due is noted.

    ``note(a, rows)`` is given the oldest first. It makes a journal entry of each at the moment it is about, so that it
    does not matter in which steps time passes, and moves each on in the same act: a crash or a second ticker repeats
    none.
    """

    rows: QuerySet[M]
    alarm: str
    note: Callable[[Act, list[M]], None]

    def due(self, office: Place, at: datetime) -> QuerySet[M]:
        """The rows that have something to say until ``at``."""
        return self.rows.filter(office=office, **{f"{self.alarm}__lte": at})

    def note_some(self, office: Place, at: datetime) -> int | None:
        """Note one slice; how many entries were made, None when another ticker has all that is due."""
        with act(system_actor(office, "clock"), at) as a:
            rows = self.due(office, at).order_by(self.alarm, "pk")
            if connection.vendor == "postgresql":  # on SQLite nobody else writes meanwhile
                rows = rows.select_for_update(of=("self",), skip_locked=True)
            some = list(rows[:SLICE])
            self.note(a, some)
            return len(a.entries) if some else None

    def watch(self) -> None:
        """Let every tick look at these rows."""
        register_watch(Watch(self._note_until, self._next_at))

    def _note_until(self, office: Place, at: datetime, go: Go) -> int:
        noted = 0
        while go() and self.due(office, at).exists():
            some = self.note_some(office, at)
            if some is None:
                break
            noted += some
        return noted

    def _next_at(self, office: Place) -> datetime | None:
        waiting = self.rows.filter(office=office, **{f"{self.alarm}__isnull": False})
        return waiting.order_by(self.alarm).values_list(self.alarm, flat=True).first()
