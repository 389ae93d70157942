"""What a column's bare numbers count: the unit in a heading's brackets, and the way from it to the field's own."""

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.quantity import MULTIPLES
from zijing.records.fields import Field
from zijing.records.sheets.outcome import Column

NUMERIC = {"integer", "decimal", "money", "percent"}
MONEY = {
    "元": "元", "圆": "元", "人民币": "元", "人民币元": "元", "rmb": "元", "cny": "元", "yuan": "元",
    "千元": "千元", "万": "万元", "万元": "万元", "10000yuan": "万元", "10kyuan": "万元", "百万元": "百万元",
    "millionyuan": "百万元", "千万元": "千万元", "亿": "亿元", "亿元": "亿元", "100millionyuan": "亿元",
}  # fmt: skip
FOREIGN = re.compile(r"元|美金|欧|镑|dollar|usd|eur|euro|hkd|jpy|yuan", re.IGNORECASE)
SAME_UNIT = {"平方米": "m2", "平米": "m2", "sqm": "m2", "公顷": "ha", "公里": "km", "千米": "km", "米": "m"}
BRACKET = re.compile(r"^(?P<base>.*?)[(\[【〔{](?P<inner>[^()\[\]【】〔〕{}]*)[)\]】〕}]\W*$", re.DOTALL)
UNIT_NOTE = re.compile(
    r"单位\s*[:：]\s*(?P<unit>[^\s,，;；)）]+)|^\s*[(（]?unit\s*[:：]\s*(?P<english>[^)）]+?)[)）]?\s*$", re.IGNORECASE
)


def split_heading(heading: str) -> tuple[str, str]:
    """A heading and what stands in its last brackets: "总投资（亿元）" is ("总投资", "亿元")."""
    text = unicodedata.normalize("NFKC", heading).strip()
    found = BRACKET.match(text)
    if found and found["base"].strip():
        return found["base"].strip(), found["inner"].strip()
    base, slash, tail = re.sub(r"[／⁄]", "/", text).rpartition("/")
    return (base, tail) if slash and base and _plain(tail) in MONEY else (text, "")


def _plain(unit: str) -> str:
    return re.sub(r"[\s,，.、]", "", unicodedata.normalize("NFKC", unit)).lower()


def unit_note(text: str) -> str:
    """The unit a line above the table states for all amounts ("单位：万元"), "" when it states none."""
    found = UNIT_NOTE.search(text)
    return MONEY.get(_plain(found["unit"] or found["english"]), "") if found else ""


def with_unit(column: Column, note: str = "") -> Column:
    """The column with the unit that its heading, or else the ``note`` above the table, states; ``Invalid`` if unfit."""
    field, (_base, stated) = column.field, split_heading(column.heading)
    if field is None or field.type not in NUMERIC:
        return column
    if field.type == "money":
        return _money(column, field, stated, note)
    unit = _plain(stated)
    if field.type == "percent" or not unit:
        return replace(column, unit="%" if field.type == "percent" else field.unit)
    return _counted(column, field, stated, unit)


def _money(column: Column, field: Field, stated: str, note: str) -> Column:
    unit = MONEY.get(_plain(stated), "")
    if not unit and FOREIGN.search(stated):
        raise Invalid(
            _("Amounts in %(unit)s are not known here. Write 元, 万元 or 亿元 in the heading."),
            field=field.key,
            unit=stated,
        )
    unit = unit or note or field.unit or "元"
    return replace(column, unit=unit, field=replace(field, unit=unit))


def _counted(column: Column, field: Field, stated: str, unit: str) -> Column:
    own = _alike(_plain(field.unit))
    for multiple in sorted(MULTIPLES, key=len, reverse=True):
        rest = _alike(unit.removeprefix(multiple))
        counted = rest == own or (multiple and not rest) or (not own and multiple.endswith(("万", "亿")))
        if unit.startswith(multiple) and counted:
            return replace(column, unit=stated, factor=Decimal(MULTIPLES[multiple]))
    if not own or _is_remark(stated):
        return replace(column, unit=field.unit)
    raise Invalid(
        _("The heading counts in %(given)s, but “%(label)s” is counted in %(unit)s. Convert the column."),
        field=field.key, given=stated, label=field.label, unit=field.unit or gettext("plain numbers"),
    )  # fmt: skip


def _alike(unit: str) -> str:
    return SAME_UNIT.get(unit, unit)


def _is_remark(stated: str) -> bool:
    """Whether brackets hold words about the column (必填, 选填, required) rather than a unit."""
    return bool(re.search(r"填|可空|整数|数字|必|选|required|optional|number", stated, re.IGNORECASE))
