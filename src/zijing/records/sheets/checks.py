"""What the cells of a template check while they are filled in: lists to choose from, ranges, lengths.

A check warns and does not forbid: "1.5万", "2020年8月31日" and a choice in the other language are read all the same.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zijing.core.quantity import MULTIPLES
from zijing.records.cleaning import EARLIEST, LATEST, longest
from zijing.records.fields import Field
from zijing.records.sheets.book import LISTS
from zijing.records.sheets.letters import column_letter

if TYPE_CHECKING:
    import xlsxwriter

LONGEST_LIST, LONGEST_MESSAGE = 255, 250
CODES = {"citizen_id": 18, "credit_code": 18}
FARTHEST = Decimal(10) ** 15
TODAY = "=TODAY()"
Check = dict[str, Any]


class Lists:
    """Choices that are too long to be kept with a cell: columns of a hidden sheet, which is made when needed."""

    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        self._book = book
        self._columns: list[list[str]] = []

    def source(self, shown: list[str]) -> "list[str] | str":
        """What a cell names as its list."""
        if len(",".join(shown)) <= LONGEST_LIST and not any("," in text for text in shown):
            return shown
        self._columns.append(shown)
        column = column_letter(len(self._columns))
        return f"='{_name()}'!${column}$1:${column}${len(shown)}"

    def write(self) -> None:
        """Put the lists into the workbook; the last of its sheets, hidden."""
        if not self._columns:
            return
        sheet = self._book.add_worksheet(_name())
        for n, shown in enumerate(self._columns):
            for row, text in enumerate(shown):
                sheet.write_string(row, n, text)
        sheet.hide()


def _name() -> str:
    return _("Lists to choose from") if _("Lists to choose from") in LISTS else LISTS[0]


def check_of(field: Field, lists: Lists) -> Check | None:
    """The data validation of a field's column (None: nothing can be said beforehand)."""
    found = _listed(field, lists) or _ranged(field) or _limited(field)
    if found is None:
        return None
    told = {"error_title": field.label[:32], "error_message": _message(field, found)[:LONGEST_MESSAGE]}
    return {"error_type": "warning", "ignore_blank": not field.required, **told, **found}


def offered(field: Field) -> list[str]:
    """The choices a person may write, as they are shown; a node of a tree with its way where its name stands twice."""
    if field.type == "boolean":
        return [_("yes"), _("no")]
    if field.type != "tree":
        return [text for _key, text in field.options]
    above = set(field.parents.values())
    names = [text for _key, text in field.options]
    return [
        text if names.count(text) == 1 else field.path_of(key)
        for key, text in field.options if field.any_node or key not in above
    ]  # fmt: skip


def _listed(field: Field, lists: Lists) -> Check | None:
    shown = offered(field)
    return {"validate": "list", "source": lists.source(shown)} if shown and not field.several else None


def _ranged(field: Field) -> Check | None:
    if field.type == "date":
        first, last = _day(field.earliest, EARLIEST), _day(field.latest, LATEST)
        return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    if field.type not in {"integer", "decimal", "percent", "money"} or field.several:
        return None
    least, most = _bounds(field)
    how = "integer" if field.type == "integer" else "decimal"
    return {"validate": how, "criteria": "between", "minimum": _written(least), "maximum": _written(most)}


def _written(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _bounds(field: Field) -> tuple[Decimal, Decimal]:
    """The smallest and the largest number, in the unit of the column."""
    usual = (Decimal(0), Decimal(100)) if field.type == "percent" else (-FARTHEST, FARTHEST)
    in_fen = 100 * MULTIPLES.get(field.unit.removesuffix("元"), 1) if field.type == "money" else 1
    least, most = (None if bound is None else bound / in_fen for bound in (field.min, field.max))
    return usual[0] if least is None else least, usual[1] if most is None else most


def _day(written: str, otherwise: date) -> "date | str":
    return TODAY if written == "today" else date.fromisoformat(written) if written else otherwise


def _limited(field: Field) -> Check | None:
    most = CODES.get(field.type) or (longest(field) if field.type in {"text", "long_text"} else 0)
    return {"validate": "length", "criteria": "<=", "value": most} if most and not field.several else None


def _message(field: Field, check: Check) -> str:
    match check["validate"]:
        case "list":
            return _("Choose one of the list.")
        case "date":
            return _("Write a day such as 2020-08-31; it must be one that can be right.")
        case "length":
            return _("At most %(n)s characters.") % {"n": check["value"]}
    if field.min is None and field.max is None and field.type != "percent":
        return _("Write a number.")
    least, most = _bounds(field)
    if most >= FARTHEST:
        return _("Write a number of at least %(least)s.") % {"least": _written(least)}
    words = {"least": _written(least), "most": _written(most)}
    return _("Write a number from %(least)s to %(most)s.") % words
