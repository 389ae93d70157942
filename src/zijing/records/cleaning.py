"""What each type of field makes of what a person, a sheet or a program gave; and how it shows what is stored."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.chinese import day_in_digits
from zijing.core.errors import Invalid
from zijing.core.identifiers import check_citizen_id, check_credit_code, check_phone
from zijing.core.quantity import LARGEST, parse_money, parse_number, show_money, show_number
from zijing.records.referring import REFERENCES, Resolved, resolve

if TYPE_CHECKING:
    from zijing.records.fields import Field

EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
LENGTHS = {"title": 120, "business_key": 60}
LONG, SHORT = 4000, 500
STEPS = re.compile(r"\s*[/／>＞]\s*")


def plain(raw: Any) -> str:
    """Text without control characters and outer blanks."""
    return "".join(c for c in str(raw) if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()


def longest(field: "Field") -> int:
    """How many characters a text field takes."""
    return field.max_length or LENGTHS.get(field.column, LONG if field.type == "long_text" else SHORT)


def _text(field: "Field", raw: Any, context: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = plain(raw)
    limit = longest(field)
    if len(text) > limit:
        raise Invalid(_("“%(label)s” has at most %(max)s characters."), label=field.label, max=limit)
    return text


def _number(field: "Field", raw: Any, units: tuple[str, ...]) -> Decimal:
    if isinstance(raw, bool):
        raise Invalid(_("“%(label)s” must be a number."), label=field.label)
    if isinstance(raw, int | float | Decimal):
        value = Decimal(str(raw))
        if not value.is_finite() or abs(value) >= LARGEST:
            raise Invalid(_("“%(text)s” is too large."), text=str(raw)[:40])
        return value
    value, unit = parse_number(str(raw))
    if unit and unit not in units:
        raise Invalid(
            _("“%(label)s” is counted in %(unit)s, not in %(given)s."),
            label=field.label,
            unit=field.unit or gettext("plain numbers"),
            given=unit,
        )
    return value


def _integer(field: "Field", raw: Any, context: Any) -> int:
    value = _number(field, raw, (field.unit,))
    if value != value.to_integral_value():
        raise Invalid(_("“%(label)s” must be a whole number."), label=field.label)
    return int(value)


def _decimal(field: "Field", raw: Any, context: Any) -> Decimal:
    value = _number(field, raw, (field.unit, field.unit.removesuffix("%") and field.unit))
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _percent(field: "Field", raw: Any, context: Any) -> Decimal:
    value = _number(field, raw, ("%", "％"))
    if (field.min is None and value < 0) or (field.max is None and value > 100):
        raise Invalid(_("“%(label)s” is a share between 0 and 100 percent."), label=field.label)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _money(field: "Field", raw: Any, context: Any) -> int:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raw = format(_number(field, raw, ()), "f")
    return parse_money(str(raw), default_unit=field.unit or "元")


# A time of day behind a day, as other systems write it: 08:12, 08:12:33.5, 8时12分.
TIME = re.compile(r"(?<=[\d日])\s+\d{1,2}[:时点]\d{1,2}([:分]\d{0,2}(\.\d+)?秒?)?\s*$")
WRITTEN_DATE = re.compile(r"^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$")


def _date(field: "Field", raw: Any, context: Any) -> date:
    if isinstance(raw, datetime):
        day = raw.date()
    elif isinstance(raw, date):
        day = raw
    else:
        text = TIME.sub("", unicodedata.normalize("NFKC", str(raw)))
        text = re.sub(r"\s", "", text).split("T")[0]
        text = day_in_digits(text)
        found = WRITTEN_DATE.match(text)
        try:
            day = date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
        except (ValueError, TypeError) as error:
            raise Invalid(
                _("“%(text)s” is no date. Write for example 2020-08-31 or 2020年8月31日."), text=str(raw)[:40]
            ) from error
    if not EARLIEST <= day <= LATEST:
        raise Invalid(_("The date %(day)s cannot be right."), day=day.isoformat())
    return day


def _choice(field: "Field", raw: Any, context: Any) -> str:
    text = plain(raw)
    for key, zh, en in field.choices:
        if text in {key, zh, en}:
            return key
    raise _none_of(field, text)


def _none_of(field: "Field", text: str) -> Invalid:
    known = gettext(", ").join(shown for _key, shown in field.options)
    return Invalid(_("“%(text)s” is none of: %(choices)s."), text=text[:40], choices=known[:400])


def _tree(field: "Field", raw: Any, context: Any) -> str:
    """A node by its key, its name, or its path from the top ("safety/fire"), where a name stands twice."""
    text = plain(raw)
    names = {key: {key, zh, en} for key, zh, en in field.choices}
    steps = STEPS.split(text)
    found = [key for key in names if text == key or _fits(field, key, steps, names)]
    if len(found) > 1:
        raise Invalid(
            _("There are several “%(text)s”. Write what it belongs to before it: %(path)s."),
            text=text[:40],
            path=field.path_of(found[0]),
        )
    if not found:
        raise _none_of(field, text)
    if not field.any_node and found[0] in field.parents.values():
        raise Invalid(_("“%(text)s” is a heading. Choose what lies below it."), text=text[:40])
    return found[0]


def _fits(field: "Field", key: str, steps: list[str], names: dict[str, set[str]]) -> bool:
    for step in reversed(steps):
        if not key or step not in names[key]:
            return False
        key = field.parents.get(key, "")
    return not key or len(steps) == 1


YES, NO = {"1", "true", "yes", "on", "是", "有", "√", "y"}, {"0", "false", "no", "off", "否", "无", "×", "n"}


def _boolean(field: "Field", raw: Any, context: Any) -> bool:
    text = plain(raw).lower().removesuffix(".0")
    if text in YES | NO:
        return text in YES
    raise Invalid(_("“%(label)s” is yes or no."), label=field.label)


def _reference(field: "Field", raw: Any, context: Any) -> int:
    return int(raw) if isinstance(raw, Resolved) else resolve(field.type, plain(raw), field, context)


def _point(field: "Field", raw: Any, context: Any) -> list[float]:
    try:
        parts = raw if isinstance(raw, list | tuple) else re.split(r"[,，\s]+", plain(raw))
        lon, lat = (round(float(p), 6) for p in parts)
    except (ValueError, TypeError) as error:
        raise Invalid(_("A position is written as longitude, latitude: 113.01, 34.76.")) from error
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        raise Invalid(_("The position %(lon)s, %(lat)s lies outside China."), lon=lon, lat=lat)
    return [lon, lat]


def _file(field: "Field", raw: Any, context: Any) -> int:
    if isinstance(raw, int):
        return raw
    raise Invalid(_("“%(label)s” takes an uploaded file."), label=field.label)


def _checked(check: Callable[[str], str]) -> "Cleaner":
    def clean(field: "Field", raw: Any, context: Any) -> str:
        return check(plain(int(raw) if isinstance(raw, float) and raw.is_integer() else raw))

    return clean


Cleaner = Callable[["Field", Any, Any], Any]
CLEANERS: dict[str, Cleaner] = {
    "text": _text,
    "long_text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "percent": _percent,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "tree": _tree,
    "boolean": _boolean,
    "point": _point,
    "file": _file,
    "phone": _checked(check_phone),
    "citizen_id": _checked(check_citizen_id),
    "credit_code": _checked(check_credit_code),
    **dict.fromkeys(REFERENCES, _reference),
}


def show_text(field: "Field", stored: Any) -> str:
    """A stored text as it is."""
    return str(stored)


def _show_number(field: "Field", stored: Any) -> str:
    text = show_number(Decimal(str(stored)), 4)
    return f"{text} {field.unit}".strip()


def _show_date(field: "Field", stored: Any) -> str:
    day = stored if isinstance(stored, date) else date.fromisoformat(stored)
    return day.isoformat()


SHOWERS: dict[str, Callable[["Field", Any], str]] = {
    "integer": _show_number,
    "decimal": _show_number,
    "percent": lambda f, v: f"{show_number(Decimal(str(v)))}%",
    "money": lambda f, v: show_money(int(v)),
    "date": _show_date,
    "choice": lambda f, v: dict(f.options).get(v, str(v)),
    "tree": lambda f, v: f.path_of(v),
    "boolean": lambda f, v: gettext("yes") if v else gettext("no"),
    "point": lambda f, v: f"{v[0]}, {v[1]}",
}


def mask(type_: str, text: str) -> str:
    """A personal value as everyone may see it: enough to recognise what one knows, too little to learn it.

    A citizen id keeps its first and last four characters, a telephone number its first three and last four, any other
    text its first character.
    """
    match type_:
        case "citizen_id":
            return f"{text[:4]}{'*' * 10}{text[-4:]}"
        case "phone":
            return f"{text[:3]}{'*' * max(4, len(text) - 7)}{text[-4:]}"
    return f"{text[:1]}{'*' * min(8, max(1, len(text) - 1))}"
