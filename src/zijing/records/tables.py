"""Tables: columns, rows and sums of any kind of record, from the kind's one description."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.worktime import ZONE
from zijing.records.fields import Field, ids_in
from zijing.records.models import Kind, Noun, Record
from zijing.records.referring import REFERENCES, names_of

NUMERIC = ("integer", "decimal", "money", "percent")
UNLISTED = ("file", "point")
EVERY = tuple(Noun)
DATED = (Noun.ACTIVITY, Noun.CASE)

Link = Callable[[str, int], str]

# A page counts no further unless it is asked to: over a million rows that takes longer than all the rest of it.
COUNTED = 1000

# What simply stands needs no word in a table.
STANDING = "open"
MERGED = "merged"
STAGES: dict[str, Promise] = {
    STANDING: _("in force"),
    "withdrawn": _("withdrawn"),
    "retired": _("out of use"),
    MERGED: _("merged"),
    "reported": _("reported"),
    "filed": _("filed"),
    "dispatched": _("dispatched"),
    "handling": _("handling"),
    "parked": _("parked"),
    "checking": _("checking"),
    "closed": _("closed"),
    "reopened": _("reopened"),
    "voided": _("voided"),
}


def stage_label(stage: str) -> str:
    """The word for a stage in the reader's language."""
    return str(STAGES.get(stage, stage))


@dataclass(frozen=True)
class Fixed:
    """A column that every record of some nouns has, whatever its kind."""

    key: str
    title: Promise
    type: str
    attribute: str
    nouns: tuple[Noun, ...] = EVERY


FIXED_FIRST = (Fixed("subject", _("About"), "entry", "subject_id", (*DATED, Noun.COMMITMENT)),)
FIXED_LAST = (
    Fixed("happened_on", _("Day"), "date", "happened_on", DATED),
    Fixed("stage", _("Stage"), "stage", "stage"),
    Fixed("unit", _("Unit"), "unit", "unit_id", (Noun.CASE,)),
    Fixed("due_at", _("Due"), "moment", "due_at", (Noun.CASE,)),
    Fixed("place", _("Place"), "place", "place_id"),
    Fixed("recorded_at", _("Recorded"), "moment", "recorded_at"),
)


@dataclass(frozen=True)
class Column:
    """A column of a table: where its values are and how they are shown."""

    key: str
    title: str
    type: str
    attribute: str = ""
    field: Field | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values stand right-aligned."""
        return self.type in NUMERIC

    @property
    def summed(self) -> bool:
        """Whether adding its values up means anything: money, or a quantity whose unit is the same in every row."""
        unit = self.field.unit if self.field else ""
        return self.attribute == "amount_fen" or (
            self.attribute == "quantity" and self.type != "percent" and bool(unit)
        )

    def value(self, record: Record) -> Any:
        """The stored value of a record in this column."""
        return getattr(record, self.attribute) if self.attribute else record.fields.get(self.key)

    def show(self, value: Any, names: dict[int, str] | None = None) -> str:
        """The value as text; ``names`` holds the names of references read for the whole table."""
        if value is None or value == "":
            return ""
        if self.type == "moment":
            return show_moment(value)
        if self.type == "stage":
            return "" if value == STANDING else stage_label(value)
        if self.field is None and self.type in REFERENCES and names is not None:
            return names.get(value, f"#{value}")
        return (self.field or Field(self.key, self.type, "", "")).show(value, names)


@dataclass(frozen=True)
class Cell:
    """One value as a reader sees it; ``href`` leads to what it names, ``late`` marks a deadline that has passed."""

    text: str
    href: str = ""
    numeric: bool = False
    late: bool = False


@dataclass(frozen=True)
class Row:
    """One record of a table."""

    record: Record
    cells: list[Cell]
    href: str = ""


@dataclass(frozen=True)
class Total:
    """The sum of a column over everything a filter found, not only the rows shown."""

    key: str
    title: str
    amount: Decimal
    shown: str


@dataclass(frozen=True)
class Totals:
    """How many records there are, and what they add up to; ``more`` when there are more than were counted."""

    n: int
    sums: list[Total]
    more: bool = False


def show_moment(at: datetime) -> str:
    """A moment to the minute in China Standard Time."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def every_column(kind: Kind) -> list[Column]:
    """All columns a kind can show: its own fields, and the fixed ones that no field of its own stands for."""
    noun = Noun(kind.noun)
    taken = {f.attribute for f in kind.fields}

    def fixed(candidates: Sequence[Fixed]) -> list[Column]:
        wanted = (c for c in candidates if noun in c.nouns and c.attribute not in taken)
        return [Column(_free(c.key, kind), str(c.title), c.type, c.attribute) for c in wanted]

    own = [Column(f.key, f.label, f.type, f.attribute, f) for f in kind.fields]
    own.sort(key=lambda c: c.attribute != "title")
    return fixed(FIXED_FIRST) + own + fixed(FIXED_LAST)


def _free(key: str, kind: Kind) -> str:
    """The key of a fixed column; a pack's field of the same name (a daily report's stage) keeps the plain one."""
    return f"record.{key}" if key in kind.by_key else key


def columns(kind: Kind, chosen: Sequence[str] | None = None) -> list[Column]:
    """The columns of a kind's table, or the ``chosen`` ones in that order; ``Invalid`` names an unknown one."""
    known = {c.key: c for c in every_column(kind)}
    if chosen is None:
        return [c for c in known.values() if c.type not in UNLISTED]
    for key in chosen:
        if key not in known:
            raise Invalid(_("“%(kind)s” has no column “%(key)s”."), field="columns", kind=str(kind), key=key[:40])
    return [known[key] for key in chosen]


def usual_columns(kind: Kind) -> list[Column]:
    """The columns a list begins with: no long texts, and the moment of recording only where a record has no day."""
    dated = kind.noun in DATED
    return [c for c in columns(kind) if c.type != "long_text" and not (dated and c.attribute == "recorded_at")]


def nowhere(_type: str, _pk: int) -> str:
    """The address of nothing: a table without links."""
    return ""


def rows(kind: Kind, records: Iterable[Record], columns: Sequence[Column], link: Link = nowhere) -> list[Row]:
    """The rows of a table. ``link`` gives an address by id and type: a noun, or for a reference the kind of its entry.

    The names of references are read at once: one query for each type of reference, however many rows.
    """
    listed = list(records)
    names = _names(listed, columns)
    addresses = [link(kind.noun, record.pk) for record in listed]
    shown = [
        _titles(kind, column, listed, addresses)
        if column.attribute == "title"
        else _cells(column, listed, names.get(column.type), link)
        for column in columns
    ]
    cells = zip(*shown, strict=True) if shown else [() for _record in listed]
    return [Row(*row) for row in zip(listed, map(list, cells), addresses, strict=True)]


def _titles(kind: Kind, column: Column, records: Sequence[Record], addresses: Sequence[str]) -> list[Cell]:
    """The cells that lead to their records; one without a title is named by its kind."""
    texts = (column.show(column.value(record)) or str(kind) for record in records)
    return [Cell(text, address) for text, address in zip(texts, addresses, strict=True)]


def _cells(column: Column, records: Sequence[Record], names: dict[int, str] | None, link: Link) -> list[Cell]:
    """The cells of a column; most values stand in many rows and are shown once."""
    known: dict[Any, Cell] = {}
    cells = []
    for record in records:
        value = column.value(record)
        mark = value if value.__hash__ else repr(value)
        if mark not in known:
            known[mark] = _cell(column, value, names, link)
        cells.append(known[mark])
    return cells


def _cell(column: Column, value: Any, names: dict[int, str] | None, link: Link) -> Cell:
    kind = (column.field.kind if column.field else "") or "entry"
    one = column.type == "entry" and value and not isinstance(value, list)
    href = link(kind, int(value)) if one else ""
    return Cell(column.show(value, names), href, column.numeric)


def _names(records: Sequence[Record], columns: Sequence[Column]) -> dict[str, dict[int, str]]:
    ids: dict[str, set[int]] = {}
    for column in columns:
        if column.type in REFERENCES:
            ids.setdefault(column.type, set()).update(pk for r in records for pk in ids_in(column.value(r)))
    return {type_: names_of(type_, wanted) for type_, wanted in ids.items() if wanted}


def filled(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """The positions of the columns that say something in at least one row."""
    return [i for i, _column in enumerate(columns) if not rows or any(row.cells[i].text for row in rows)]


def totals(kind: Kind, records: "QuerySet[Any]", *, most: int | None = COUNTED) -> Totals:
    """The number of ``records`` and the sums of their money and quantity.

    Beyond ``most`` they are neither counted nor added up: a reader who wants that asks for it (None).
    """
    summed = [c for c in every_column(kind) if c.summed]
    bounded = records.order_by() if most is None else records.order_by()[: most + 1]
    found = bounded.aggregate(found=Count("pk"), **{c.key: Sum(c.attribute) for c in summed})
    if most is not None and found["found"] > most:
        return Totals(most, [], more=True)
    return Totals(found["found"], [_total(c, found[c.key]) for c in summed if found[c.key] is not None])


def totals_of(kind: Kind, records: Sequence[Record]) -> Totals:
    """The same of records already read."""
    sums = []
    for column in (c for c in every_column(kind) if c.summed):
        values = [v for r in records if (v := column.value(r)) is not None]
        sums += [_total(column, sum(values))] if values else []
    return Totals(len(records), sums)


def _total(column: Column, amount: Any) -> Total:
    return Total(column.key, column.title, Decimal(amount), column.show(amount))
