"""Typed fields: one description serves form, table, import, export, API and validation.

A field's value has three shapes: *raw* (what a person or a sheet gave), *stored* (a column's value, or plain JSON), and
*shown* (text in the reader's language). ``clean`` goes from the first to a Python value, ``for_json`` to the second,
``show`` on to the third. A personal value is stored sealed and shown masked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field as attribute
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext, gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.sealing import blind, seal, unseal
from zijing.records.cleaning import CLEANERS, SHOWERS, mask, plain, show_text
from zijing.records.referring import REFERENCES, names_of

TYPES = tuple(CLEANERS)
PERSONAL = ("citizen_id", "phone")
SEVERAL = ("choice", "tree", *REFERENCES)
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
BETWEEN = re.compile(r"[、,，;；\n]+")
SEALED, BLIND = "sealed", "blind"
NAMING = frozenset({"key", "zh", "en", "parent"})


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
    earliest: str = ""
    latest: str = ""
    not_before: str = ""
    max_length: int = 0
    choices: tuple[tuple[str, str, str], ...] = ()
    parents: Mapping[str, str] = attribute(default_factory=dict, hash=False)
    rules: Mapping[str, Mapping[str, Any]] = attribute(default_factory=dict, hash=False)
    any_node: bool = False
    kind: str = ""
    position: str = ""
    journalled: bool = False
    several: bool = False
    personal: bool = False
    required_when: tuple[str, tuple[str, ...]] = ("", ())
    empty_when: tuple[str, tuple[str, ...]] = ("", ())
    needed_with: str = ""
    step: str = ""

    @property
    def label(self) -> str:
        return _either(self.title_zh, self.title_en)

    @property
    def help(self) -> str:
        return _either(self.help_zh, self.help_en)

    @property
    def why(self) -> str:
        """Why it is asked for; a photo, a position or a personal value must say so (国办函〔2026〕12号; PIPL 17)."""
        return _either(self.why_zh, self.why_en)

    @property
    def attribute(self) -> str:
        """The column of the record that holds the value ("" when it lives in the JSON column)."""
        return COLUMNS.get(self.column, "")

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices as (key, shown)."""
        return [(key, _either(zh, en)) for key, zh, en in self.choices]

    @property
    def titles(self) -> dict[str, str]:
        """What each choice is called, by key."""
        return dict(_titles(self.choices, chinese=_in_chinese()))

    def path_of(self, node: str) -> str:
        """A node of a choice tree with everything it belongs to, from the top."""
        shown, steps = dict(self.options), []
        while node:
            steps.append(shown.get(node, node))
            node = self.parents.get(node, "")
        return " / ".join(reversed(steps))

    def below(self, node: str) -> list[str]:
        """A node of a choice tree and everything below it."""
        return [key for key, _zh, _en in self.choices if node in self._ancestry(key)]

    def told(self, node: Any, what: str) -> Any:
        """What a choice says of the records of its class (code, condition, remedy, limit, receiver, photos, source),
        else what it belongs to says; None where none of them says anything.
        """
        steps = self._ancestry(node) if isinstance(node, str) else []
        return next((self.rules[step][what] for step in steps if what in self.rules.get(step, ())), None)

    def _ancestry(self, node: str) -> list[str]:
        steps = []
        while node:
            steps.append(node)
            node = self.parents.get(node, "")
        return steps

    def clean(self, raw: Any, context: Any = None) -> Any:
        """The value of ``raw`` (None when empty); ``Invalid`` names this field and the way out.

        ``context`` is handed to the resolvers of references: the office or the actor they search for.
        """
        if self.several:
            return self._clean_several(raw, context)
        if raw is None or (isinstance(raw, str) and not plain(raw)):
            if self.required:
                raise self.needed()
            return None
        try:
            value = CLEANERS[self.type](self, raw, context)
            self._check_range(value, context)
        except Invalid as error:
            raise self._about(error) from error
        return value

    def needed(self) -> Invalid:
        """The refusal of an empty value."""
        return Invalid(_("“%(label)s” is needed."), field=self.key, label=self.label)

    def _about(self, error: Invalid) -> Invalid:
        """The refusal with this field's name; of a personal value nothing is repeated."""
        if self.personal and self.type not in PERSONAL:
            return Invalid(_("“%(label)s” cannot be read as it was written."), field=self.key, label=self.label)
        error.field = self.key
        return error

    def _clean_several(self, raw: Any, context: Any) -> list[Any] | None:
        parts = raw if isinstance(raw, list | tuple) else BETWEEN.split(plain(raw)) if raw not in (None, "") else []
        given = [part for part in parts if part is not None and plain(part)]
        if not given and self.required:
            raise self.needed()
        try:
            values = [CLEANERS[self.type](self, part, context) for part in given]
        except Invalid as error:
            raise self._about(error) from error
        return list(dict.fromkeys(values)) or None

    def _check_range(self, value: Any, context: Any) -> None:
        if isinstance(value, date):
            self._check_days(value, context)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or self.type in REFERENCES:
            return
        number = Decimal(value)
        if self.min is not None and number < self.min:
            raise Invalid(_("“%(label)s” is at least %(min)s."), label=self.label, min=self.min)
        if self.max is not None and number > self.max:
            raise Invalid(_("“%(label)s” is at most %(max)s."), label=self.label, max=self.max)

    def _check_days(self, day: date, context: Any) -> None:
        first, last = _day(self.earliest, context), _day(self.latest, context)
        if first and day < first:
            raise Invalid(_("“%(label)s” is not before %(day)s."), label=self.label, day=first.isoformat())
        if last and day > last:
            raise Invalid(_("“%(label)s” is not after %(day)s."), label=self.label, day=last.isoformat())

    def check_with(self, values: Mapping[str, Any]) -> None:
        """Check a cleaned value against the record's other values; ``Invalid`` names this field."""
        own = values.get(self.key)
        other, demanding = self.required_when
        if own is None and other and _as_text(values.get(other)) & set(demanding):
            raise self.needed()
        if own is None and self.needed_with and values.get(self.needed_with) is not None:
            raise Invalid(_("Add “%(label)s”: a number alone says nothing."), field=self.key, label=self.label)
        start = values.get(self.not_before) if self.not_before else None
        if isinstance(own, date) and isinstance(start, date) and own < start:
            raise Invalid(
                _("“%(label)s” is not before %(day)s."), field=self.key, label=self.label, day=start.isoformat()
            )

    def is_out_of_place(self, values: Mapping[str, Any]) -> bool:
        """Whether a cleaned value stands where another field's answer leaves nothing to say (``empty_when``)."""
        other, answers = self.empty_when
        return bool(other and values.get(self.key) is not None and _as_text(values.get(other)) & set(answers))

    def for_json(self, value: Any) -> Any:
        """A cleaned value as it is kept in the JSON column: decimals and dates as text, personal values sealed."""
        if self.personal and value is not None:
            return {SEALED: seal(str(value)), BLIND: blind(str(value))}
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        return value.isoformat() if isinstance(value, date) else value

    def restored(self, stored: Any) -> Any:
        """The cleaned value of what is stored; the reverse of ``for_json``."""
        if stored is None or self.attribute:
            return stored
        if isinstance(stored, dict) and SEALED in stored:
            return unseal(stored[SEALED])
        return self.clean(stored) if self.type in {"date", "decimal", "percent"} else stored

    def show(self, stored: Any, names: Mapping[int, str] | None = None) -> str:
        """The value as text for a reader; ``names`` holds the names of references already read for a whole list."""
        if stored is None or stored in ("", []):
            return ""
        if self.personal:
            return mask(self.type, str(self.restored(stored)))
        if isinstance(stored, list) and self.several:
            return gettext(", ").join(self._show_one(part, names) for part in stored)
        return self._show_one(stored, names)

    def _show_one(self, stored: Any, names: Mapping[int, str] | None) -> str:
        if self.type in REFERENCES:
            known = names if names is not None else names_of(self.type, [int(stored)])
            return known.get(int(stored), f"#{stored}")
        return SHOWERS.get(self.type, show_text)(self, stored)


def ids_in(stored: Any) -> list[int]:
    """The ids a stored reference holds: none, one or several."""
    if stored in (None, ""):
        return []
    return [int(part) for part in stored] if isinstance(stored, list) else [int(stored)]


def same(old: Any, new: Any) -> bool:
    """Whether two stored values are the same; sealed ones are, when their keyed digests are."""
    if isinstance(old, dict) and isinstance(new, dict) and BLIND in old:
        return bool(old[BLIND] == new.get(BLIND))
    return bool(old == new)


def field_from(spec: dict[str, Any]) -> Field:
    """A field from a pack's checked description."""
    title, help_, why = spec["title"], spec.get("help", {}), spec.get("why", {})
    choices, when, never = spec.get("choices", ()), spec.get("required_when") or {}, spec.get("empty_when") or {}
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
        earliest=spec.get("earliest", ""),
        latest=spec.get("latest", ""),
        not_before=spec.get("not_before", ""),
        max_length=spec.get("max_length", 0),
        choices=tuple((c["key"], c["zh"], c["en"]) for c in choices),
        parents={c["key"]: c["parent"] for c in choices if c.get("parent")},
        rules={c["key"]: said for c in choices if (said := {k: v for k, v in c.items() if k not in NAMING})},
        any_node=spec.get("any_node", False),
        kind=spec.get("kind", ""),
        position=spec.get("position") or "",
        journalled=spec.get("journalled", False),
        several=spec.get("several", False),
        personal=is_personal(spec),
        required_when=(when.get("field", ""), tuple(when.get("is", ()))),
        empty_when=(never.get("field", ""), tuple(never.get("is", ()))),
        needed_with=spec.get("needed_with") or "",
        step=spec.get("step", ""),
    )


def is_personal(spec: Mapping[str, Any]) -> bool:
    """Whether a described field is personal: a citizen id always, a telephone number unless the pack says otherwise."""
    told = spec.get("personal")
    return spec["type"] == "citizen_id" or (spec["type"] in PERSONAL if told is None else bool(told))


def _day(written: str, context: Any) -> date | None:
    """A day as a pack writes it; "today" is the actor's day, where there is one."""
    if written == "today":
        return getattr(context, "on", None)
    return date.fromisoformat(written) if written else None


def _as_text(value: Any) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return {str(part) for part in value} if isinstance(value, list) else {str(value)}


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _either(zh: str, en: str) -> str:
    return zh if _in_chinese() else en


@lru_cache(maxsize=128)
def _titles(choices: tuple[tuple[str, str, str], ...], *, chinese: bool) -> dict[str, str]:
    """Choices by key in a language; a list of projects asks for those of types and levels with every line."""
    return {key: zh if chinese else en for key, zh, en in choices}
