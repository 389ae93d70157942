"""What an import is told, and what it tells: options, cell errors, remarks, and the result."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from zijing.people.access import Actor
from zijing.records.fields import Field
from zijing.records.putting import Put, Ready
from zijing.records.sheets.letters import column_letter

Values = dict[str, Any]
ERROR_LIMIT, REMARK_LIMIT = 1000, 200


class Target(Protocol):
    """A ledger that rows are put into: its typed fields, its business key, and the verb that writes.

    ``ready``, where the ledger has it, says what the verb would do without writing, and has it done quickly.
    ``answered``: whoever sends its sheets wants them back with answers.
    """

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def business_key(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def put(self) -> Callable[[Actor, datetime, list[Values]], list[Put | str]]: ...
    @property
    def ready(self) -> Callable[[Actor, datetime, list[Values]], Ready] | None: ...
    @property
    def answered(self) -> bool: ...


@dataclass(frozen=True)
class Options:
    """What a person has decided about a workbook.

    ``sheet``: its name ("" when there is only one to choose). ``header``: the heading row, from 1 (0: found by itself).
    ``mapping``: {column from 1: field key or ""}, None to guess. ``hidden``: "with" or "without" what is hidden
    ("" : not decided). ``confirmed``: the remarks that ask for it have been read. ``whole``: the other sheets of the
    workbook are imported too.
    """

    sheet: str = ""
    header: int = 0
    mapping: dict[int, str] | None = None
    hidden: str = ""
    confirmed: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the sheet and the field it was read as (None: ignored).

    ``unit`` is what its bare numbers count, ``factor`` brings them to the field's unit, ``match`` says how it was
    found: exact, similar, chosen or "".
    """

    index: int
    heading: str
    field: Field | None = None
    unit: str = ""
    factor: Decimal = Decimal(1)
    match: str = ""

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True)
class CellError:
    """Why a cell (or a row: column 0, or the sheet: row 0) cannot be imported, in the reader's language."""

    sheet: str
    row: int
    column: int
    heading: str
    field: str
    message: str

    @property
    def where(self) -> str:
        """The cell as the sheet names it: C7, or 7 for a row."""
        letter = column_letter(self.column) if self.column else ""
        return f"{letter}{self.row or ''}"


@dataclass(frozen=True)
class Remark:
    """Something a person should know before importing; ``ask`` when it must be confirmed first."""

    message: str
    ask: bool = False
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Change:
    """What an import does to a record that stands: field by field (label, before, after)."""

    row: int
    key: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Standing:
    """That a row's record stands already and is left as it is: which, in words, and its id if it is within sight."""

    message: str
    pk: int | None


@dataclass(frozen=True)
class TypedRow:
    """A row of the sheet with its cleaned values by field key."""

    number: int
    values: Values


@dataclass
class Result:
    """What became of a workbook. ``landed`` is True only when the rows were written, all of them.

    ``chosen``: how a person wants the columns read, if not as they are guessed; ``guess``: how they would be then.
    """

    kind: str
    sheet: str = ""
    header: int = 0
    columns: tuple[Column, ...] = ()
    rows: list[TypedRow] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    more_remarks: int = 0
    changes: list[Change] = field(default_factory=list)
    standing: dict[int, Standing] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    asks_hidden: bool = False
    landed: bool = False
    annotated: bytes = b""
    chosen: dict[int, str] | None = None
    guess: dict[int, str] | None = None

    @property
    def read(self) -> int:
        return len(self.rows)

    @property
    def created(self) -> int:
        return self.outcomes.count("created")

    @property
    def changed(self) -> int:
        return self.outcomes.count("changed")

    @property
    def same(self) -> int:
        return self.outcomes.count("same")

    @property
    def questions(self) -> list[Remark]:
        """The remarks that must be confirmed."""
        return [r for r in self.remarks if r.ask]

    @property
    def mapped(self) -> list[Column]:
        return [c for c in self.columns if c.field]

    @property
    def counts(self) -> dict[str, int]:
        return {"read": self.read, "created": self.created, "changed": self.changed, "same": self.same}

    def refuse(self, row: int, column: int, message: object, field_key: str = "") -> None:
        """Note an error at a cell, up to a limit after which more would help nobody."""
        if len(self.errors) < ERROR_LIMIT:
            heading = next((c.heading for c in self.columns if c.index == column), "")
            self.errors.append(CellError(self.sheet, row, column, heading, field_key, str(message)))

    def remark(self, message: object, *, ask: bool = False, row: int = 0, column: int = 0) -> None:
        if len(self.remarks) < REMARK_LIMIT or (ask and not self.questions):
            self.remarks.append(Remark(str(message), ask, row, column))
        else:
            self.more_remarks += 1

    def shown(self, limit: int) -> list[tuple[TypedRow, str]]:
        """The first rows with what becomes of each ("" when that is not known)."""
        outcomes = self.outcomes or [""] * len(self.rows)
        return list(zip(self.rows, outcomes, strict=True))[:limit]
