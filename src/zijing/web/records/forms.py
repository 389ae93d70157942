"""A form made from a kind: one input for each field, with what it is for, what is chosen, and what is wrong with it."""

import dataclasses
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from zijing.core.errors import DomainError, Several
from zijing.core.quantity import MULTIPLES
from zijing.figures.queries import records_of
from zijing.people.access import Actor
from zijing.people.models import Post, Unit
from zijing.places.models import Place, under
from zijing.records.fields import Field
from zijing.records.models import NOWHERE, Kind, Noun, Record
from zijing.records.referring import REFERENCES
from zijing.web.records.picking import Chooser, Option, classes, findable, things

MOST_OPTIONS = 400
LONG_TEXT = 120
SEPARATOR = "、"
SHAPES = {
    "date": "date", "file": "file", "point": "point", "long_text": "long", "phone": "text", "citizen_id": "text",
    "credit_code": "text",
}  # fmt: skip
KEEP_WHEN_BLANK = ("title", "business_key")


@dataclass(frozen=True)
class Input(Chooser):
    """One input of a form."""

    field: Field
    shape: str
    value: str = ""
    options: list[Option] = dataclasses.field(default_factory=list)
    error: str = ""
    now: str = ""
    chosen: tuple[str, ...] = ()
    kept: str = ""

    @property
    def name(self) -> str:
        return self.field.key

    @property
    def hint(self) -> str:
        """The unit a bare number is read in."""
        return {"money": self.field.unit or gettext("yuan"), "percent": "%"}.get(self.field.type, self.field.unit)


@dataclass
class Form:
    """The inputs of a kind, and the errors that belong to none of them."""

    inputs: list[Input]
    errors: list[str] = dataclasses.field(default_factory=list)

    def show(self, error: DomainError) -> None:
        """Put each error at its field."""
        for one in error.errors if isinstance(error, Several) else [error]:
            at = next((i for i, x in enumerate(self.inputs) if one.field and one.field in _names(x.field)), None)
            if at is None:
                self.errors.append(str(one))
            else:
                self.inputs[at] = replace(self.inputs[at], error=str(one))

    def keep(self, standing: Record) -> None:
        """Say beside each personal value, masked, what stands and stays when nothing is written."""
        for i, x in enumerate(self.inputs):
            if x.field.personal:
                self.inputs[i] = replace(x, kept=x.field.show(standing.value(x.field)))

    def compare(self, standing: Record) -> None:
        """Show beside each input what the record says now, where it differs from what the person wrote."""
        for i, x in enumerate(self.inputs):
            if x.shape != "file" and as_written(x.field, standing.value(x.field)) != x.value:
                self.inputs[i] = replace(x, now=x.field.show(standing.value(x.field)) or gettext("(empty)"))


def _names(f: Field) -> set[str]:
    return {f.key, f.column, f.attribute} - {""}


def form_of(kind: Kind, actor: Actor, values: Mapping[str, str]) -> Form:
    """A form for ``kind`` holding ``values`` as a person would write them; references are chosen within sight."""
    return Form([_input(f, actor, values.get(f.key, "")) for f in kind.first_fields])


def _input(f: Field, actor: Actor, value: str) -> Input:
    if f.several:
        options = options_of(f, actor) if f.type in REFERENCES else classes(f)
        return Input(f, "several", value, options, chosen=tuple(filter(None, value.split(SEPARATOR))))
    if f.type in REFERENCES:
        options = options_of(f, actor)
        if len(options) > MOST_OPTIONS:
            return Input(f, "search", value, options[:MOST_OPTIONS])
        return Input(f, "choice", value, findable(_with_chosen(f, options, value)))
    if f.type in {"choice", "tree", "boolean"}:
        few = f.type != "tree" and len(f.choices) < 6
        return Input(f, "radio" if few else "choice", value, findable(classes(f)))
    shape = SHAPES.get(f.type, "number")
    if f.type == "text":
        shape = "long" if (f.max_length or (0 if f.column else 500)) > LONG_TEXT else "text"
    return Input(f, shape, value)


def _with_chosen(f: Field, options: list[Option], value: str) -> list[Option]:
    """What is recorded stays choosable, even where the reader could not choose it anew."""
    if value.startswith("#") and value[1:].isdigit() and value not in {o.value for o in options}:
        return [*options, Option(value, f.show(int(value[1:])))]
    return options


def options_of(f: Field, actor: Actor) -> list[Option]:
    """What a reference may be set to within the actor's sight; its value is "#id"."""
    if f.type == "place":
        seen = Place.objects.visible_to(actor).standing()
        rows: list[Any] = list((seen.filter(under(actor.path)) if actor.path else seen).order_by("path"))
    elif f.type == "unit":
        rows = list(Unit.objects.visible_to(actor).order_by("kind", "name"))
    elif f.type == "post":
        rows = list(Post.objects.visible_to(actor).filter(until=None).order_by("title"))
    else:
        entries = records_of(Noun.REGISTER, actor).exclude(stage__in=NOWHERE)
        rows = list((entries.of_kind(f.kind) if f.kind else entries).order_by("title")[: MOST_OPTIONS + 1])
    return things(rows)


def as_written(f: Field, stored: Any) -> str:
    """A stored value as a person would write it into the input, exactly."""
    if stored is None or stored == "" or f.personal:
        return ""
    if isinstance(stored, list) and f.several:
        return SEPARATOR.join(as_written(replace(f, several=False), part) for part in stored)
    if f.type in REFERENCES:
        return f"#{stored}"
    if f.type == "money":
        unit = MULTIPLES[(f.unit or "元").removesuffix("元")]
        return format((Decimal(stored) / 100 / unit).normalize(), "f")
    if f.type in {"boolean", "point"}:
        return f"{stored[0]}, {stored[1]}" if f.type == "point" else "yes" if stored else "no"
    return format(stored.normalize(), "f") if isinstance(stored, Decimal) else str(stored)


def written(record: Record) -> dict[str, str]:
    """All values of a record as a form holds them."""
    return {f.key: as_written(f, record.value(f)) for f in record.kind.fields}


def defaults(kind: Kind, actor: Actor, today: date, asked: Mapping[str, str]) -> dict[str, str]:
    """What a new form holds: today, the post's own place, and what the address asks for (``subject=<entry id>``)."""
    values: dict[str, str] = {}
    for f in kind.fields:
        if f.column == "happened_on":
            values[f.key] = today.isoformat()
        elif f.column == "place":
            values[f.key] = f"#{actor.place_id}"
        elif f.column == "subject" and asked.get("subject", "").isdecimal():
            values[f.key] = f"#{asked['subject']}"
        if f.key in asked and f.type != "file":
            values[f.key] = asked[f.key]
    return values


def sent(kind: Kind, post: QueryDict) -> dict[str, str]:
    """The values a form sent, without files: those are sent beside them."""
    return {f.key: SEPARATOR.join(post.getlist(f.key)).strip() for f in kind.first_fields if f.type != "file"}


def changed_only(kind: Kind, values: Mapping[str, str], removed: Container[str] = ()) -> dict[str, str]:
    """The values of a correction: a number or name that the record may do without is not blanked.

    A personal value, which the form does not show, stays when nothing is written, unless it is to be removed.
    """
    kept = {f.key for f in kind.fields if f.column in KEEP_WHEN_BLANK and not f.required and not values.get(f.key)}
    kept |= {f.key for f in kind.fields if f.personal and not values.get(f.key) and f.key not in removed}
    return {k: v for k, v in values.items() if k not in kept}


def removed_of(kind: Kind, post: QueryDict) -> set[str]:
    """The personal values that a correction takes away."""
    return {f.key for f in kind.fields if f.personal and post.get(f"{f.key}.remove") == "yes"}
