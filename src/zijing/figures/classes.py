"""What is ranked (a median, the ninth tenth), for each kind of record and each of its classes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, TextField, Value as Literal
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.figures.counting import Scope, ranking
from zijing.figures.models import Figure
from zijing.figures.queries import Value, evidence_of, ranked, rows_of, stored
from zijing.records.kinds import class_field, every_kind
from zijing.records.models import Kind

RANKED = frozenset({Figure.Measure.MEDIAN, Figure.Measure.P90})


@dataclass(frozen=True)
class Class:
    """The records of a kind, or of one of its classes (``key``): the value opens them."""

    kind: Kind
    key: str
    label: str
    value: Value


def has_classes(figure: Figure) -> bool:
    """Whether a figure is ranked over records, of which not each is restricted."""
    return figure.measure in RANKED and not (figure.kind and figure.kind.restricted)


def by_class(figure: Figure, scope: Scope) -> list[Class]:
    """The figure for each kind that occurs, followed by those of its classes that occur, the largest first."""
    if not has_classes(figure):
        return []
    rows = rows_of(figure, scope)
    return [each for kind in _kinds(figure) for each in _of_kind(figure, scope, kind, rows)]


def of_class(figure: Figure, scope: Scope, kind: str, key: str) -> tuple[Class, QuerySet[Any]]:
    """The figure for one kind, or one of its classes, and exactly its rows; ``Missing`` where it is not counted."""
    found = next((k for k in _kinds(figure) if k.key == kind and has_classes(figure)), None)
    described = class_field(found) if found else None
    if found is None or (key and key not in (dict(described.options) if described else {})):
        raise Missing(_("There is no such class."))
    rows = rows_of(figure, scope).filter(kind=found)
    if key and described:
        rows = rows.filter(**{f"fields__{described.key}": key})
    link = _link(figure, scope, found, key)
    return Class(found, key, _label(found, key), ranked(figure, stored(figure, rows), link)), rows


def _label(kind: Kind, key: str) -> str:
    described = class_field(kind)
    return described.show(key) if key and described else str(kind)


def _kinds(figure: Figure) -> list[Kind]:
    if figure.kind:
        return [figure.kind]
    return [k for k in every_kind().values() if k.noun == figure.noun and not k.restricted]


def _of_kind(figure: Figure, scope: Scope, kind: Kind, rows: QuerySet[Any]) -> list[Class]:
    described = class_field(kind)
    key = KeyTextTransform(described.key, "fields") if described else Literal("", output_field=TextField())
    found = defaultdict[str, list[int | None]](list)
    for of, value in rows.filter(kind=kind).order_by().values_list(key, ranking(figure).expression):
        found[of or ""].append(value)
    if not found:
        return []
    whole = [value for values in found.values() for value in values]
    classes = sorted((of for of in found if of), key=lambda of: (-len(found[of]), of))
    return [
        Class(kind, of, _label(kind, of), ranked(figure, values, _link(figure, scope, kind, of)))
        for of, values in [("", whole), *((of, found[of]) for of in classes)]
    ]


def _link(figure: Figure, scope: Scope, kind: Kind, key: str) -> str:
    """The address of the rows of a kind, or of its class."""
    whole = evidence_of(figure, place=scope.place, since=scope.since, until=scope.until)
    if figure.kind is None:
        chosen = {"kind": kind.key, "class": key}
    else:
        described = class_field(kind)
        chosen = {f"f.{described.key}": key} if described else {}
    more = urlencode({name: said for name, said in chosen.items() if said})
    return f"{whole}{'&' if '?' in whole else '?'}{more}" if more else whole
