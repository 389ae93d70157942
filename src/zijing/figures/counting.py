"""What a figure counts: the rows within a reader's sight, and how they are measured. Nothing here is cached."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.db.models import Count, Expression, F, Q, QuerySet, Sum
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.plans import Passing, passing, passing_under
from zijing.core.worktime import DAY, ZONE
from zijing.figures.expressions import (
    MOMENTS,
    TENTHOUSANDTHS,
    Seconds,
    Tenthousandths,
    bucket,
    day_column,
    json_number,
)
from zijing.figures.models import Figure
from zijing.figures.registry import KIND, declared
from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.places.models import Place, under
from zijing.records.fields import Field
from zijing.records.filters import TIMES, parse
from zijing.records.models import NOWHERE, Kind, Noun, Record, RecordQuerySet
from zijing.records.tables import NUMERIC

MODELS = {
    Noun.REGISTER: "registers.Entry",
    Noun.ACTIVITY: "activities.Activity",
    Noun.COMMITMENT: "commitments.Commitment",
    Noun.CASE: "cases.Case",
}
PARAMETER = {column: name for name, column in TIMES.items()}
OPEN = frozenset({"open", "near", "overdue"})
HOURS, SECONDS = "hours", 3600
Counted = tuple[int, int]


@dataclass(frozen=True)
class Scope:
    """For whom a figure is counted, when, where (None: all within sight) and over which days (None: no limit).

    ``whole`` counts everything below the place, whoever reads: only numbers of restricted kinds for a whole office.
    """

    actor: Actor
    at: datetime
    place: Place | None = None
    since: date | None = None
    until: date | None = None
    whole: bool = False

    def over(self, since: date | None, until: date | None) -> "Scope":
        """The same scope over other days."""
        return replace(self, since=since, until=until)


@dataclass(frozen=True)
class Measured:
    """What is measured of each record, as whole numbers, of which ``scale`` make one."""

    expression: Expression | F
    scale: int
    money: bool = False


def model_of(noun: str) -> type[Record]:
    """The table of a noun."""
    found: type[Record] = apps.get_model(MODELS[Noun(noun)])
    return found


def records_of(noun: str, actor: Actor) -> RecordQuerySet:
    """The records of a noun within the actor's sight: where every list and figure begins."""
    rows: RecordQuerySet = model_of(noun).objects.visible_to(actor)
    return rows


def given_to(noun: str, actor: Actor) -> RecordQuerySet:
    """The same records gathered by their ids first: for whoever has few, or counts them all."""
    rows: RecordQuerySet = model_of(noun).objects.gathered_for(actor)
    return rows


def params_of(figure: Figure) -> dict[str, str]:
    """The filter of a pack's figure, as a list's address writes it."""
    return {k: v for k, v in parse_qsl(figure.filter) if v != "@period"}


def condition_of(figure: Figure, actor: Actor, at: datetime, *, gathered: bool = False) -> Q:
    """The condition the counted records meet: a pack's filter, understood like any list's, or the declared one.

    ``gathered`` rows are few already, found by their ids: kind and days are tested, not looked up.
    """
    if figure.declared:
        narrow = declared(figure.key).narrow
        counted_kinds = Kind.objects.filter(noun=figure.noun, restricted=False).values("pk")
        return ~Q(stage__in=NOWHERE) & Q(kind__in=counted_kinds) & (narrow(at) if narrow else Q())
    if figure.kind is None:
        raise ValueError("a share has no filter of its own")
    filtering = parse(params_of(figure), figure.kind, at=at, actor=actor)
    of_kind = Q(kind=figure.kind) if not gathered else passing("kind", figure.kind.pk)
    return Q(pk__in=[]) if filtering.errors else filtering.q & of_kind


def measured(figure: Figure) -> Measured | None:
    """What is summed or ranked of each record; None when records are only counted."""
    if figure.declared and (seconds := declared(figure.key).seconds):
        return Measured(seconds(), SECONDS)
    if not figure.of:
        return None
    if figure.of == HOURS:
        return Measured(Seconds(F("closed_at")) - Seconds(F("recorded_at")), SECONDS)
    if figure.of == "amount_fen":
        return Measured(F("amount_fen"), 1, money=True)
    if figure.of == "quantity":
        return Measured(Tenthousandths(F("quantity")), TENTHOUSANDTHS)
    field = number_field(figure.kind, figure.of)
    expression, scale = json_number(field)
    return Measured(expression, scale, money=field.type == "money")


def ranking(figure: Figure) -> Measured:
    """What is ranked of each record of a median or a ninth tenth."""
    each = measured(figure)
    if each is None:
        raise ValueError(f"{figure.key} ranks nothing")
    return each


def number_field(kind: Kind | None, of: str) -> Field:
    """The number field that ``f.<key>`` names; ``Invalid`` when the kind has no such number in its own fields."""
    key = of.removeprefix("f.")
    field = kind.by_key.get(key) if kind else None
    if field is None or field.type not in NUMERIC or field.attribute or field.personal:
        raise Invalid(
            _("“%(of)s” is no number field of its own in “%(kind)s”."), field="of", of=of, kind=str(kind or "")
        )
    return field


def gathered(scope: Scope) -> bool:
    """Whether what the actor sees is gathered by the ids that were given to it."""
    return not (scope.whole or scope.actor.is_system or scope.actor.wide)


def within(
    rows: QuerySet[Any], figure: Figure, since: date | None, until: date | None, *, gathered: bool = False
) -> QuerySet[Any]:
    """The rows that fall on days since..until by the figure's time; all of them when it has none.

    ``gathered`` rows are few already: their days are tested, not looked up.
    """
    if not figure.time:
        return rows
    first: date | datetime | None = since
    beyond: date | datetime | None = until + DAY if until else None
    if figure.time in MOMENTS:
        first, beyond = (
            datetime.combine(day, time(0), ZONE) if day else None for day in (since, until and until + DAY)
        )
    column: Any = Passing(F(figure.time)) if gathered else F(figure.time)
    after = Q(GreaterThanOrEqual(column, first)) if first else Q()
    return rows.filter(after & Q(LessThan(column, beyond))) if beyond else rows.filter(after)


def base_of(figure: Figure, scope: Scope) -> QuerySet[Any]:
    """Everything within sight (and below the place) that the figure's condition is asked of."""
    if figure.noun == KIND:
        return Kind.objects.all()
    if scope.whole:
        return whole_of(figure, scope.place.path if scope.place else scope.actor.path)
    seen = records_of if figure.time or counts_open(figure) else given_to
    rows: QuerySet[Any] = seen(figure.counted_noun, scope.actor)
    return rows.filter(under(scope.place.path)) if scope.place else rows


def whole_of(figure: Figure, path: str) -> QuerySet[Any]:
    """Everything below a place, whoever reads: what the cache counts, and restricted kinds count, at office level."""
    looked_up = figure.time or counts_open(figure)
    below = passing_under(path) if looked_up else under(path)
    rows: QuerySet[Any] = model_of(figure.counted_noun)._default_manager.filter(below)
    return rows


def sees_all(actor: Actor) -> bool:
    """Whether the actor's sight is the prefix of its path and nothing besides."""
    return actor.sight == Role.Sight.OFFICE and not actor.foreign


def seeing_all(actor: Actor, path: str) -> Actor:
    """A reader who sees exactly what lies below a path: numbers of a place are then the same for whoever asks."""
    return replace(actor, path=path, sight=Role.Sight.OFFICE, post_id=None, unit_id=None)


def restricted(figure: Figure) -> bool:
    """Whether the records counted are seen by assignment only."""
    return bool(figure.kind and figure.kind.restricted)


def count(
    figures: Iterable[Figure], scope: Scope, base: Callable[[Figure], QuerySet[Any]], *, few: bool = False
) -> dict[str, Counted]:
    """N and total of figures that add up, by key, over the scope's days; ``base`` gives the rows each is asked of,
    ``few`` says that they are gathered by ids.

    Figures of one kind are counted in one query, those of open records apart: open work has an index of its own.
    """
    groups = defaultdict[tuple[Any, ...], list[Figure]](list)
    for figure in figures:
        groups[figure.counted_noun, figure.kind_id, figure.time, counts_open(figure)].append(figure)
    found: dict[str, Counted] = {}
    for (*_shared, still_open), group in groups.items():
        rows = base(group[0]).filter(closed_at=None) if still_open else base(group[0])
        found |= _count_together(group, within(rows, group[0], scope.since, scope.until, gathered=few), scope, few)
    return found


def counts_open(figure: Figure) -> bool:
    """Whether only open work is counted."""
    return declared(figure.key).open_only if figure.declared else bool(OPEN & params_of(figure).keys())


def _count_together(group: list[Figure], rows: QuerySet[Any], scope: Scope, few: bool) -> dict[str, Counted]:
    conditions = [condition_of(f, scope.actor, scope.at, gathered=few) for f in group]
    if len(group) == 1:
        rows, conditions = rows.filter(conditions[0]), [Q()]
    elif group[0].kind_id and not few:
        rows = rows.filter(kind=group[0].kind_id)
    asked: dict[str, Any] = {}
    for number, (figure, condition) in enumerate(zip(group, conditions, strict=True)):
        asked[f"n{number}"] = Count("pk", filter=condition or None)
        if each := measured(figure):
            asked[f"t{number}"] = Sum(each.expression, filter=condition or None)
    row = rows.order_by().aggregate(**asked)
    return {f.key: (row[f"n{i}"], int(row.get(f"t{i}") or 0)) for i, f in enumerate(group)}


def grouped(figure: Figure, rows: QuerySet[Any], *, by: Mapping[str, Any], days: bool = False) -> list[dict[str, Any]]:
    """N and total of the rows by some expressions (and by day), one query."""
    asked: dict[str, Any] = {"n": Count("pk")}
    if each := measured(figure):
        asked["total"] = Sum(each.expression)
    keys = dict(by) | ({"on": day_column(figure.time)} if days else {})
    found = rows.order_by().annotate(**keys).values(*keys).annotate(**asked)
    return [row | {"total": int(row.get("total") or 0)} for row in found]


def by_step(figure: Figure, rows: QuerySet[Any], step: str) -> dict[str, Counted]:
    """N and total of the rows by step of a series, one query."""
    found = grouped(figure, rows, by={"step": bucket(day_column(figure.time), step)})
    return {row["step"]: (row["n"], row["total"]) for row in found}
