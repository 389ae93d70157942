"""Forms that look into what is counted: how many kinds, how many of each, how much for one, how much a day."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.core.quantity import show_number
from zijing.core.worktime import DAY, day_of
from zijing.documents.answers import TENTH, Answer, Asked, Form, Setting, has_data, joined, register_form, written
from zijing.figures.counting import restricted
from zijing.figures.queries import Value, rows_of
from zijing.records.fields import Field

CHOSEN = frozenset({"choice", "tree"})


def divides(asked: Asked) -> Field | None:
    """The field by which a figure's records divide into kinds: the first choice asked that the figure does not fix
    itself, or where there is none the first whole number that is not what is counted, such as a year.
    """
    kind = asked.figure.kind
    if kind is None or restricted(asked.figure):
        return None
    free = [f for f in kind.fields if f"f.{f.key}=" not in asked.figure.filter and not f.several and not f.personal]
    chosen = [f for f in free if f.type in CHOSEN]
    whole = [f for f in free if f.type == "integer" and not f.attribute]
    return next(iter([*chosen, *whole]), None)


def _rows(asked: Asked, setting: Setting) -> QuerySet[Any]:
    return rows_of(asked.figure, setting.scope(asked.place, asked.spans[0])).order_by()


def _several(asked: Asked, setting: Setting, field: Field) -> list[tuple[Any, int]]:
    """What the field holds in the records counted, each with how many hold it, most first."""
    column = f"fields__{field.key}"
    found = _rows(asked, setting).exclude(**{f"{column}__isnull": True}).values_list(column)
    return sorted(found.annotate(n=Count("pk")), key=lambda pair: (-pair[1], str(pair[0])))


def _kinds(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """How many kinds the records counted are of, as a bare number."""
    field = divides(asked)
    if field is None or not has_data(found[0]):
        return Answer(value=found[0])
    count = len(_several(asked, setting, field))
    return Answer(str(count) if count else None, found[0], Decimal(count))


def _by_kind(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """How many records are of each kind, most first."""
    field = divides(asked)
    if field is None or not has_data(found[0]):
        return Answer(value=found[0])
    unit = asked.figure.unit if asked.figure.measure == "count" else ""
    said = [f"{field.show(held)}{show_number(Decimal(n))}{unit}" for held, n in _several(asked, setting, field)]
    return Answer(joined(said) or None, found[0], found[0].amount)


def _mean(asked: Asked, _setting: Setting, found: Sequence[Value]) -> Answer:
    """How much falls to one of the records counted; only of what is summed."""
    value = found[0]
    if asked.figure.measure != "sum" or not value.n or not value.amount:
        return Answer(value=value)
    amount = (value.amount / value.n).quantize(TENTH)
    return Answer(written(asked.figure, amount), value, amount, asked.figure.unit)


def _daily(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """How much falls to one day of the period, to one decimal; only of what adds up over days."""
    value, (since, until) = found[0], asked.spans[0]
    last = min(until, day_of(setting.at)) if until else None
    if not asked.figure.time or not asked.figure.adds_up or not value.amount or since is None or last is None:
        return Answer(value=value)
    amount = (value.amount / ((last - since) // DAY + 1)).quantize(TENTH)
    if not amount:
        return Answer(value=value)
    return Answer(f"{show_number(amount, 1)}{asked.figure.unit}", value, amount, asked.figure.unit)


for each in (
    Form("kinds", ("种类",), _kinds, title=_("of how many kinds")),
    Form("by_kind", ("分类",), _by_kind, title=_("how many of each kind")),
    Form("mean", ("平均",), _mean, title=_("how much for one of them")),
    Form("daily", ("日均",), _daily, title=_("how much a day")),
):
    register_form(each)
