"""Typed fields: one description serves form, table, import, export, API and validation.

A field's value has three shapes: *raw* (what a person or a sheet gave), *stored* (a column's value, or plain JSON), and
*shown* (text in the reader's language). ``clean`` goes from the first to the second, ``show`` on to the third.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext, gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.quantity import LARGEST, parse_money, parse_number, show_money, show_number

TYPES = (
    "text", "integer", "decimal", "money", "date", "choice", "place", "unit", "post", "entry", "point", "file",
    "percent", "boolean",
)  # fmt: skip
REFERENCES = ("place", "unit", "post", "entry")
COLUMNS = {
    "title": "title",
    "business_key": "business_key",
    "amount_fen": "amount_fen",
    "quantity": "quantity",
    "happened_on": "happened_on",
    "place": "place_id",
    "unit": "unit_id",
    "subject": "subject_id",
}
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)

Resolver = Callable[[str, "Field", Any], int]
Namer = Callable[[Iterable[int]], dict[int, str]]
_resolvers: dict[str, Resolver] = {}
_namers: dict[str, Namer] = {}


def register_reference(type_: str, *, resolve: Resolver, name: Namer) -> None:
    """Teach the field type ``type_`` to find a record by what a person writes, and to name many by their ids."""
    _resolvers[type_], _namers[type_] = resolve, name


def names_of(type_: str, ids: Iterable[int]) -> dict[int, str]:
    """The names of referenced records, in one query."""
    return _namers[type_](ids)


@dataclass(frozen=True)
class Field:
    """A field of a kind, as its pack describes it."""

    key: str
    type: str
    title_zh: str
    title_en: str
    column: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    help_zh: str = ""
    help_en: str = ""
    why_zh: str = ""
    why_en: str = ""
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    max_length: int = 0
    choices: tuple[tuple[str, str, str], ...] = ()
    kind: str = ""
    journalled: bool = False

    @property
    def label(self) -> str:
        return _either(self.title_zh, self.title_en)

    @property
    def help(self) -> str:
        return _either(self.help_zh, self.help_en)

    @property
    def why(self) -> str:
        """Why the field is asked for; a photo or position must say so (国办函〔2026〕12号)."""
        return _either(self.why_zh, self.why_en)

    @property
    def attribute(self) -> str:
        """The column of the record that holds the value ("" when it lives in the JSON column)."""
        return COLUMNS.get(self.column, "")

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices as (key, shown)."""
        return [(key, _either(zh, en)) for key, zh, en in self.choices]

    def clean(self, raw: Any, context: Any = None) -> Any:
        """The stored value of ``raw`` (None when empty); ``Invalid`` names this field and the way out.

        ``context`` is handed to the resolvers of references: the office or the actor they search for.
        """
        if raw is None or (isinstance(raw, str) and not plain(raw)):
            if self.required:
                raise Invalid(_("“%(label)s” is needed."), field=self.key, label=self.label)
            return None
        try:
            value = CLEANERS[self.type](self, raw, context)
        except Invalid as error:
            error.field = self.key
            raise
        self._check_range(value)
        return value

    def _check_range(self, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or self.type in REFERENCES:
            return
        number = Decimal(value)
        if self.min is not None and number < self.min:
            raise Invalid(_("“%(label)s” is at least %(min)s."), field=self.key, label=self.label, min=self.min)
        if self.max is not None and number > self.max:
            raise Invalid(_("“%(label)s” is at most %(max)s."), field=self.key, label=self.label, max=self.max)

    def for_json(self, value: Any) -> Any:
        """A cleaned value as it is kept in the JSON column: decimals and dates as text, exactly."""
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        return value.isoformat() if isinstance(value, date) else value

    def show(self, stored: Any, names: Mapping[int, str] | None = None) -> str:
        """The value as text for a reader; ``names`` holds the names of references already read for a whole list."""
        if stored is None or stored == "":
            return ""
        if self.type in REFERENCES:
            known = names if names is not None else names_of(self.type, [int(stored)])
            return known.get(int(stored), f"#{stored}")
        return SHOWERS.get(self.type, _show_text)(self, stored)


def field_from(spec: dict[str, Any]) -> Field:
    """A field from a pack's checked description."""
    title, help_, why = spec["title"], spec.get("help", {}), spec.get("why", {})
    return Field(
        key=spec["key"],
        type=spec["type"],
        title_zh=title["zh"],
        title_en=title["en"],
        column=spec.get("column", ""),
        required=spec.get("required", False),
        aliases=tuple(spec.get("aliases", ())),
        help_zh=help_.get("zh", ""),
        help_en=help_.get("en", ""),
        why_zh=why.get("zh", ""),
        why_en=why.get("en", ""),
        unit=spec.get("unit", ""),
        min=None if spec.get("min") is None else Decimal(str(spec["min"])),
        max=None if spec.get("max") is None else Decimal(str(spec["max"])),
        max_length=spec.get("max_length", 0),
        choices=tuple((c["key"], c["zh"], c["en"]) for c in spec.get("choices", ())),
        kind=spec.get("kind", ""),
        journalled=spec.get("journalled", False),
    )


def _either(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


def plain(raw: Any) -> str:
    """Text without control characters and outer blanks."""
    return "".join(c for c in str(raw) if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()


def _clean_text(field: Field, raw: Any, context: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = plain(raw)
    limit = field.max_length or {"title": 120, "business_key": 60}.get(field.column, 500)
    if len(text) > limit:
        raise Invalid(_("“%(label)s” has at most %(max)s characters."), label=field.label, max=limit)
    return text


def _number(field: Field, raw: Any, units: tuple[str, ...]) -> Decimal:
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


def _clean_integer(field: Field, raw: Any, context: Any) -> int:
    value = _number(field, raw, (field.unit,))
    if value != value.to_integral_value():
        raise Invalid(_("“%(label)s” must be a whole number."), label=field.label)
    return int(value)


def _clean_decimal(field: Field, raw: Any, context: Any) -> Decimal:
    value = _number(field, raw, (field.unit, field.unit.removesuffix("%") and field.unit))
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _clean_percent(field: Field, raw: Any, context: Any) -> Decimal:
    value = _number(field, raw, ("%", "％"))
    if (field.min is None and value < 0) or (field.max is None and value > 100):
        raise Invalid(_("“%(label)s” is a share between 0 and 100 percent."), label=field.label)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _clean_money(field: Field, raw: Any, context: Any) -> int:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raw = format(_number(field, raw, ()), "f")
    return parse_money(str(raw), default_unit=field.unit or "元")


WRITTEN_DATE = re.compile(r"^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$")


def _clean_date(field: Field, raw: Any, context: Any) -> date:
    if isinstance(raw, datetime):
        day = raw.date()
    elif isinstance(raw, date):
        day = raw
    else:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(raw))).split("T")[0]
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


def _clean_choice(field: Field, raw: Any, context: Any) -> str:
    text = plain(raw)
    for key, zh, en in field.choices:
        if text in {key, zh, en}:
            return key
    raise Invalid(
        _("“%(text)s” is none of: %(choices)s."),
        text=text[:40],
        choices=gettext(", ").join(o for _k, o in field.options),
    )


YES, NO = {"1", "true", "yes", "on", "是", "有", "√", "y"}, {"0", "false", "no", "off", "否", "无", "×", "n"}


def _clean_boolean(field: Field, raw: Any, context: Any) -> bool:
    text = plain(raw).lower().removesuffix(".0")
    if text in YES | NO:
        return text in YES
    raise Invalid(_("“%(label)s” is yes or no."), label=field.label)


class Resolved(int):
    """The id of a record that a verb has already found within the actor's sight: not looked up again."""


def _clean_reference(field: Field, raw: Any, context: Any) -> int:
    if isinstance(raw, Resolved):
        return int(raw)
    return _resolvers[field.type](plain(raw), field, context)


def _clean_point(field: Field, raw: Any, context: Any) -> list[float]:
    try:
        parts = raw if isinstance(raw, list | tuple) else re.split(r"[,，\s]+", plain(raw))
        lon, lat = (round(float(p), 6) for p in parts)
    except (ValueError, TypeError) as error:
        raise Invalid(_("A position is written as longitude, latitude: 113.01, 34.76.")) from error
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        raise Invalid(_("The position %(lon)s, %(lat)s lies outside China."), lon=lon, lat=lat)
    return [lon, lat]


def _clean_file(field: Field, raw: Any, context: Any) -> int:
    if isinstance(raw, int):
        return raw
    raise Invalid(_("“%(label)s” takes an uploaded file."), label=field.label)


CLEANERS: dict[str, Callable[[Field, Any, Any], Any]] = {
    "text": _clean_text,
    "integer": _clean_integer,
    "decimal": _clean_decimal,
    "percent": _clean_percent,
    "money": _clean_money,
    "date": _clean_date,
    "choice": _clean_choice,
    "boolean": _clean_boolean,
    "point": _clean_point,
    "file": _clean_file,
    **dict.fromkeys(REFERENCES, _clean_reference),
}


def _show_text(field: Field, stored: Any) -> str:
    return str(stored)


def _show_number(field: Field, stored: Any) -> str:
    text = show_number(Decimal(str(stored)), 4)
    return f"{text} {field.unit}".strip()


def _show_date(field: Field, stored: Any) -> str:
    day = stored if isinstance(stored, date) else date.fromisoformat(stored)
    return formats.date_format(day, "Y-m-d")


SHOWERS: dict[str, Callable[[Field, Any], str]] = {
    "integer": _show_number,
    "decimal": _show_number,
    "percent": lambda f, v: f"{show_number(Decimal(str(v)))}%",
    "money": lambda f, v: show_money(int(v)),
    "date": _show_date,
    "choice": lambda f, v: dict(f.options).get(v, str(v)),
    "boolean": lambda f, v: gettext("yes") if v else gettext("no"),
    "point": lambda f, v: f"{v[0]}, {v[1]}",
}
