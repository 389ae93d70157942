"""An empty sheet to fill in: headings that are understood, cells that check, a sheet that explains each column."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zijing.records.fields import Field
from zijing.records.sheets.book import EXPLAINED
from zijing.records.sheets.checks import Lists, check_of, offered
from zijing.records.sheets.headings import fillable
from zijing.records.sheets.outcome import Target

if TYPE_CHECKING:
    import xlsxwriter

ROWS = 1000
NUMBERS = {"integer": "0", "decimal": "0.####", "money": "0.######", "percent": "0.##", "date": "yyyy-mm-dd"}
USUAL: dict[str, Any] = {
    "integer": 12, "decimal": "12.5", "money": "1.5", "percent": 60, "date": "2020-08-31", "boolean": "是",
    "point": "113.01, 34.76", "phone": "13800000000",
}  # fmt: skip


def heading_of(field: Field) -> str:
    """The heading of a column; amounts and needed columns say so in brackets, which are no part of the name."""
    if field.type == "money":
        return f"{field.label}（{field.unit or '元'}）"
    return f"{field.label}*" if field.required else field.label


def template(target: Target, title: str, examples: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """The workbook for a ledger: a sheet to fill in, and one that explains it with examples."""
    import xlsxwriter  # noqa: PLC0415  # a tenth of a second to import, and few processes write a workbook

    out = BytesIO()
    fields = fillable(target.fields)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        lists = Lists(book)
        _to_fill(book, fields, title, lists)
        _explanation(book, fields, examples)
        lists.write()
    return out.getvalue()


def _to_fill(book: "xlsxwriter.Workbook", fields: list[Field], title: str, lists: Lists) -> None:
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
    plain, needed = (book.add_format({"bold": True, "bottom": 1, "bg_color": c}) for c in ("#F2F2F2", "#FFE8CC"))
    for n, field in enumerate(fields):
        shape = book.add_format({"num_format": NUMBERS.get(field.type, "@")})
        sheet.set_column(n, n, min(30, max(12, 2 * len(field.label) + 4)), shape)
        sheet.write_string(0, n, heading_of(field), needed if field.required else plain)
        if note := _note(field):
            sheet.write_comment(0, n, note, {"x_scale": 2, "author": "Zijing"})
        if check := check_of(field, lists):
            sheet.data_validation(1, n, ROWS, n, check)
    sheet.freeze_panes(1, 0)


def _note(field: Field) -> str:
    parts = (field.help, _("Why: %(why)s") % {"why": field.why} if field.why else "", _how(field))
    return "\n".join(p for p in parts if p)


def _how(field: Field) -> str:
    """How a value is written."""
    if field.options:
        return _("One of: %(choices)s") % {"choices": _(", ").join(text for _key, text in field.options)}
    said = {
        "date": _("A day such as 2020-08-31"), "money": _("An amount in %(unit)s") % {"unit": field.unit or "元"},
        "percent": _("A share: 60 means 60 percent"), "place": _("The name or division code of a place"),
        "unit": _("The name or number of a unit"), "post": _("The title or number of a post"),
        "entry": _("The number or name of an entry of the ledger"), "boolean": _("yes or no"),
        "point": _("Longitude, latitude: 113.01, 34.76"),
    }.get(field.type, "")  # fmt: skip
    return said or (_("A number in %(unit)s") % {"unit": field.unit} if field.unit else "")


def _explanation(book: "xlsxwriter.Workbook", fields: list[Field], examples: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.add_worksheet(_("How to fill in") if _("How to fill in") in EXPLAINED else EXPLAINED[0])
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    head = [_("Column"), _("Needed"), _("What to write"), _("Why it is asked"), _("Example")]
    for n, (text, width) in enumerate(zip(head, (20, 8, 50, 30, 24), strict=True)):
        sheet.write_string(0, n, text, bold)
        sheet.set_column(n, n, width, wrapped)
    for row, field in enumerate(fields, start=1):
        what = " ".join(p for p in (field.help, _how(field)) if p)
        needed = _("yes") if field.required else ""
        for n, text in enumerate((field.label, needed, what, field.why, example_of(field, examples))):
            sheet.write_string(row, n, text)
    sheet.freeze_panes(1, 0)


def example_of(field: Field, examples: Sequence[Mapping[str, Any]]) -> str:
    """An example of a value: the pack's own, else a usual one of the type."""
    given = next((e[field.key] for e in examples if e.get(field.key) not in (None, "")), None)
    if given is None:
        given = offered(field)[0] if field.options else USUAL.get(field.type, "")
    return str(given)
