"""The rule of sight as SQL. A page asks for it a dozen times: put together by the ORM it cost more than the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Func

from zijing.people.access import Actor
from zijing.people.models import Assignment, Role

Term = tuple[str, list[Any]]
RESTRICTED = "(SELECT id FROM records_kind WHERE restricted)"
NOTHING: Term = ("1 = 0", [])


def both(first: Term, second: Term) -> Term:
    """The condition that two conditions are met."""
    return f"{first[0]} AND {second[0]}", first[1] + second[1]


def either(terms: Iterable[Term]) -> Term:
    """The condition that at least one of several is met."""
    found = list(terms) or [NOTHING]
    return f"({' OR '.join(text for text, _params in found)})", [p for _text, params in found for p in params]


@dataclass(frozen=True)
class Grounds:
    """On what an actor sees a row of a table, each ground by itself; the statement calls the row ``row``.

    ``passing`` is what keeps SQLite from looking rows up by a column; with it assignments are asked for row by row.
    """

    actor: Actor
    model: Any
    row: str
    passing: str
    day: Any
    row_by_row: bool

    def every(self) -> list[Term]:
        """Every ground. Of a restricted kind only what was given or entered counts."""
        actor, own, below = self.actor, self._own(), self._below()
        free: Term = (f"{self.row}.kind_id NOT IN {RESTRICTED}", [])
        if actor.sight == Role.Sight.OFFICE and not actor.foreign:
            return [both(below, either([free, *own]))]
        if actor.path:
            own.append(both(below, free))
        if actor.unit_id and not self.model.given_with_unit:
            own.append(both(self._is("unit_id", actor.unit_id), free))
        through = (self._assigned(column, type_, deciding=False) for type_, column in self.model.seen_through)
        return [*own, *(both(term, free) for term in through)]

    def _own(self) -> list[Term]:
        """What was given to the actor, of whatever kind; and of restricted kinds what the actor's post entered."""
        actor = self.actor
        own = [self._assigned("id", self.model._meta.label_lower)]
        if actor.post_id:
            own.append(both(self._is("recorded_by_id", actor.post_id), (f"{self.row}.kind_id IN {RESTRICTED}", [])))
        if actor.unit_id and self.model.given_with_unit:
            own.append(self._is("unit_id", actor.unit_id))
        return own

    def _is(self, column: str, value: int) -> Term:
        return f"{self.passing}{self.row}.{column} = %s", [value]

    def _below(self) -> Term:
        column, prefix = f"{self.passing}{self.row}.path", self.actor.path
        return f"{column} >= %s AND {column} < %s", [prefix, prefix[:-1] + "0"]

    def _assigned(self, column: str, type_: str, *, deciding: bool = True) -> Term:
        """That ``column`` is the subject of an assignment to the actor's post or unit; ``deciding`` ones count too."""
        holders = {"post_id": self.actor.post_id, "unit_id": self.actor.unit_id}
        to_whom = either((f"(g.{k} = %s AND g.{k} IS NOT NULL)", [v]) for k, v in holders.items() if v is not None)
        until: Term = ("g.until IS NULL", [])
        if self.day is not None:
            until = ("g.since <= %s AND (g.until IS NULL OR g.until >= %s)", [self.day, self.day])
        text, params = both(("g.subject_type = %s", [type_]), both(until, to_whom))
        if not deciding:
            text, params = both((text, params), ("g.part <> %s", [str(Assignment.Part.APPROVER)]))
        given = "people_assignment g WHERE"
        if self.row_by_row:
            return f"EXISTS (SELECT 1 FROM {given} g.subject_id = {self.row}.{column} AND {text})", params
        return f"{self.row}.{column} IN (SELECT g.subject_id FROM {given} {text})", params


class Seen(Func):
    """Whether an actor sees the row that ``pk`` is of; ``gathered`` has the rows gathered by their ids first."""

    arity = 1
    output_field = BooleanField()

    def __init__(self, pk: Any, actor: Actor, *, gathered: bool) -> None:
        super().__init__(pk)
        self.actor, self.gathered = actor, gathered

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:  # type: ignore[override]
        """One condition on the row itself, or that its id is among those found on any of the grounds."""
        pk: Any = self.get_source_expressions()[0]
        row, table = (compiler.quote_name_unless_alias(name) for name in (pk.alias, pk.target.model._meta.db_table))
        grounds = self._grounds(connection, pk, row)
        if not self.gathered or len(grounds) == 1:
            return either(grounds)
        grounds = self._grounds(connection, pk, "r")
        found = " UNION ".join(f"SELECT r.id FROM {table} r WHERE {text}" for text, _params in grounds)
        return f"{row}.id IN ({found})", [p for _text, params in grounds for p in params]

    def _grounds(self, connection: Any, pk: Any, row: str) -> list[Term]:
        by_row, day = not self.gathered, connection.ops.adapt_datefield_value(self.actor.on)
        passing = "+" if by_row and connection.vendor == "sqlite" else ""
        return Grounds(self.actor, pk.target.model, row, passing, day, by_row).every()
