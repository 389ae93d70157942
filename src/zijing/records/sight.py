"""The rule of sight as SQL. A page asks for it a dozen times: put together by the ORM it cost more than the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, Func

from zijing.core.terms import Term, both, either
from zijing.people.access import Actor, given_to
from zijing.people.models import Assignment

RESTRICTED = "(SELECT id FROM records_kind WHERE restricted)"


@dataclass(frozen=True)
class Grounds:
    """On what an actor sees a row of a table; the statement calls the row ``row``.

    ``passing`` is what keeps SQLite from looking rows up by a column; ``row_by_row`` has assignments asked for with
    each row instead of gathered first.
    """

    actor: Actor
    model: Any
    row: str
    passing: str = ""
    row_by_row: bool = False

    def every(self) -> list[Term]:
        """Each ground by itself. Of a restricted kind only what was given or entered counts."""
        below = [both(self._below(), self._free())] if self.actor.path else []
        lent = (both(ground, self._free()) for ground in self._lent())
        return [*self._own(), *below, *lent]

    def by_path(self) -> list[Term]:
        """The same grounds for who has a path: it tells most rows, and what lies beside it is little and gathered."""
        gathered = replace(self, row="r", passing="", row_by_row=False)
        return [
            both(self._below(), self._free()),
            both((f"{self.row}.kind_id IN {RESTRICTED}", []), either(replace(self, row_by_row=True)._own())),
            self.among(gathered.beside()),
        ]

    def beside(self) -> list[Term]:
        """What is seen outside the path, of kinds that are not restricted: each ground found there by its index.

        An assignment lies where its record lies.
        """
        label, unit = self.model._meta.label_lower, self.actor.unit_id
        grounds = [self._subject_of("id", self._given(label, beside=True))]
        if unit and self.model.given_with_unit:
            grounds.append(self._is("unit_id", unit))
        elsewhere = both(self._outside(self.row), self._free())
        return [both(ground, elsewhere) for ground in [*grounds, *self._lent()]]

    def among(self, grounds: Iterable[Term]) -> Term:
        """That the row is one of those found on any of these grounds, which call their own row ``r``."""
        found, table = list(grounds), self.model._meta.db_table
        union = " UNION ".join(f'SELECT r.id FROM "{table}" r WHERE {text}' for text, _params in found)
        return f"{self.row}.id IN ({union})", [p for _text, params in found for p in params]

    def _free(self) -> Term:
        return f"{self.row}.kind_id NOT IN {RESTRICTED}", []

    def _own(self) -> list[Term]:
        """What was given to the actor, of whatever kind; and of restricted kinds what the actor's post entered."""
        actor, model = self.actor, self.model
        own = [self._subject_of("id", self._given(model._meta.label_lower))]
        if actor.post_id:
            own.append(both((f"{self.row}.kind_id IN {RESTRICTED}", []), self._is("recorded_by_id", actor.post_id)))
        if actor.unit_id and model.given_with_unit:
            own.append(self._is("unit_id", actor.unit_id))
        return own

    def _lent(self) -> list[Term]:
        """What the actor's unit keeps, and what is about something given to the actor, deciding upon it apart."""
        actor, model = self.actor, self.model
        kept = [self._is("unit_id", actor.unit_id)] if actor.unit_id and not model.given_with_unit else []
        taking_part: Term = ("g.part <> %s", [str(Assignment.Part.APPROVER)])
        return kept + [
            self._subject_of(column, both(self._given(type_), taking_part)) for type_, column in model.seen_through
        ]

    def _is(self, column: str, value: int) -> Term:
        return f"{self.passing}{self.row}.{column} = %s", [value]

    def _below(self) -> Term:
        column, prefix = f"{self.passing}{self.row}.path", self.actor.path
        return f"{column} >= %s AND {column} < %s", [prefix, prefix[:-1] + "0"]

    def _outside(self, row: str) -> Term:
        prefix = self.actor.path
        return f"({row}.path < %s OR {row}.path >= %s)", [prefix, prefix[:-1] + "0"]

    def _given(self, type_: str, *, beside: bool = False) -> Term:
        """Which assignments ``g`` give something of a type to the actor: all, or those beside its path."""
        return both(("g.subject_type = %s", [type_]), given_to(self.actor, beside=beside))

    def _subject_of(self, column: str, given: Term) -> Term:
        """That ``column`` is the subject of one of these assignments."""
        text, params = given
        if self.row_by_row:
            where = f"g.subject_id = {self.row}.{column} AND {text}"
            return f"EXISTS (SELECT 1 FROM people_assignment g WHERE {where})", params
        return f"{self.row}.{column} IN (SELECT g.subject_id FROM people_assignment g WHERE {text})", params


class Seen(Func):
    """Whether an actor sees the row that ``pk`` is of.

    ``in_order`` has rows tested as they come in the order of a list. Else who has a wide path has them looked up by
    it, and everybody else has them gathered by their ids first.
    """

    arity = 1
    output_field = BooleanField()

    def __init__(self, pk: Any, actor: Actor, *, in_order: bool) -> None:
        super().__init__(pk)
        self.actor, self.in_order = actor, in_order

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:  # type: ignore[override]
        """One condition on the row, or that its id is among those found on any of the grounds."""
        grounds = _grounds(self, compiler)
        if self.in_order:
            passing = "+" if connection.vendor == "sqlite" else ""
            grounds = replace(grounds, passing=passing, row_by_row=True)
        if self.actor.path and (self.in_order or self.actor.wide):
            return either(grounds.by_path())
        return either(grounds.every()) if self.in_order else grounds.among(replace(grounds, row="r").every())


class SeenBeside(Func):
    """Whether the row that ``pk`` is of is seen by an actor outside its path, and of a kind that is not restricted."""

    arity = 1
    output_field = BooleanField()

    def __init__(self, pk: Any, actor: Actor) -> None:
        super().__init__(pk)
        self.actor = actor

    def as_sql(self, compiler: Any, *_rest: Any, **_extra: Any) -> Any:
        """That its id is among those found on any ground there."""
        grounds = _grounds(self, compiler)
        return grounds.among(replace(grounds, row="r").beside())


def _grounds(seen: Any, compiler: Any) -> Grounds:
    """The grounds of an expression's actor on the row its id is of."""
    pk: Any = seen.get_source_expressions()[0]
    return Grounds(seen.actor, pk.target.model, compiler.quote_name_unless_alias(pk.alias))
