"""The filter bar of a list, made from the fields of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.places.models import Level, Place, under
from zijing.records.fields import Field
from zijing.records.models import Kind, Noun
from zijing.records.tables import stage_label
from zijing.search.words import letters
from zijing.web.records.picking import MANY, Chooser, Option

STAGES = {
    Noun.REGISTER: ("open", "retired", "merged"),
    Noun.ACTIVITY: ("open", "withdrawn"),
    Noun.COMMITMENT: ("open",),
    Noun.CASE: ("reported", "filed", "dispatched", "handling", "parked", "checking", "closed", "reopened", "voided"),
}
RANGES: dict[Noun, tuple[tuple[str, Promise], ...]] = {
    Noun.REGISTER: (("recorded", _("recorded")),),
    Noun.ACTIVITY: (("happened", _("day")), ("recorded", _("recorded"))),
    Noun.COMMITMENT: (("deadline", _("deadline")),),
    Noun.CASE: (("happened", _("day")), ("due", _("due")), ("closed", _("closed"))),
}

TIMED = (("near", _("close to the deadline")), ("overdue", _("overdue")))


@dataclass(frozen=True)
class Control(Chooser):
    """One control of the bar: a search box, a choice, or a range of days."""

    name: str
    label: str
    shape: str
    value: str = ""
    options: list[Option] = field(default_factory=list)
    first: str = ""
    last: str = ""
    foremost: bool = True


def controls(kind: Kind, actor: Actor, params: Mapping[str, str]) -> list[Control]:
    """The controls of a kind's list with what is chosen; the less used ones are folded away."""
    noun = Noun(kind.noun)
    titled = any(f.column == "title" for f in kind.fields) or "text" in params
    bar = [Control("text", gettext("Title contains"), "search", params.get("text", ""))] if titled else []
    if noun == Noun.CASE:
        bar.append(_state(params))
    bar.append(_choice("place", gettext("Place"), _places(actor, params.get("place", "")), params))
    for f in kind.fields:
        if f.type in {"choice", "tree", "boolean"}:
            options = choices_of(f) or [("yes", gettext("yes")), ("no", gettext("no"))]
            bar.append(_choice(f"f.{f.key}", f.label, options, params))
    bar += [_days(name, str(label), params, foremost=n == 0) for n, (name, label) in enumerate(RANGES[noun])]
    bar.append(_choice("stage", gettext("Stage"), [(s, stage_label(s)) for s in STAGES[noun]], params, foremost=False))
    if noun == Noun.CASE:
        bar.append(_choice("unit", gettext("Unit"), _units(actor), params, foremost=False))
        bar += [_choice(name, str(label), [("yes", gettext("yes"))], params, foremost=False) for name, label in TIMED]
    return bar + _carried(params, {c.name for c in bar})


def choices_of(f: Field) -> list[tuple[str, str]]:
    """The choices of a field; in a tree each stands below what it belongs to, further in."""
    deep = {key: len(f.path_of(key).split(" / ")) - 1 for key, _text in f.options} if f.parents else {}
    ordered = sorted(f.options, key=lambda o: f.path_of(o[0])) if f.parents else f.options
    return [(key, "　" * deep.get(key, 0) + text) for key, text in ordered]


def _state(params: Mapping[str, str]) -> Control:
    return _choice("open", gettext("State"), [("yes", gettext("open"))], params)


def _choice(
    name: str, label: str, options: list[tuple[str, str]], params: Mapping[str, str], *, foremost: bool = True
) -> Control:
    chosen = params.get(name, "")
    many = len(options) > MANY
    known = [Option(v, text, letters=letters(text.strip()) if many else "") for v, text in options]
    if chosen and all(o.value != chosen for o in known):
        known.append(Option(chosen, _several(name, chosen)))
    return Control(name, label, "choice", chosen, known, foremost=foremost or bool(chosen))


def _several(name: str, chosen: str) -> str:
    return " / ".join(stage_label(s) for s in chosen.split(",")) if name == "stage" else chosen[:40]


def _days(name: str, label: str, params: Mapping[str, str], *, foremost: bool) -> Control:
    chosen = params.get(name, "")
    first, dots, last = chosen.partition("..")
    return Control(
        name, label, "days", chosen, first=first, last=last if dots else first, foremost=foremost or bool(chosen)
    )


def _places(actor: Actor, chosen: str) -> list[tuple[str, str]]:
    """The places a person chooses among: grids only when one is already chosen, there are hundreds."""
    seen = Place.objects.visible_to(actor)
    broad = seen.standing().exclude(level=Level.GRID)
    if actor.path and actor.path != actor.office_path:
        broad = broad.filter(under(actor.path))
    options = [(str(pk), name) for pk, name in broad.order_by("path").values_list("pk", "name")]
    if chosen.isdecimal() and len(chosen) < 16 and chosen not in {v for v, _name in options}:
        options += [(str(pk), name) for pk, name in seen.filter(pk=int(chosen)).values_list("pk", "name")]
    return options


def _units(actor: Actor) -> list[tuple[str, str]]:
    units = Unit.objects.visible_to(actor).order_by("kind", "name")
    return [(str(pk), name) for pk, name in units.values_list("pk", "name")]


def _carried(params: Mapping[str, Any], shown: set[str]) -> list[Control]:
    """Conditions of the address that have no control of their own stay in force when another one is changed."""
    return [Control(name, name, "hidden", str(value)) for name, value in params.items() if name not in shown]
