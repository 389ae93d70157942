"""What a new case may be: class, place, limit and unit, each with its reason. It reads only; a person decides.

The same text, place and history always give the same answer: words of classes and names of places that stand in the
text, and what was filed lately within sight. However many cases there are, no more than the newest are looked at.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _, ngettext

from zijing.cases.actions import COMMITTEES, DEFAULT_LIMIT, receiving_unit
from zijing.cases.doubles import Double, Draft, likely_doubles
from zijing.cases.models import Case, Stage
from zijing.cases.queries import last_done
from zijing.core.errors import Missing
from zijing.core.worktime import Limit, day_of
from zijing.figures.actions import prefixes
from zijing.people.access import Actor, require
from zijing.people.models import Unit
from zijing.places.known import every_place
from zijing.places.locate import Spot
from zijing.places.models import Place
from zijing.records.fields import Field
from zijing.records.kinds import class_field
from zijing.records.models import Kind, Noun

DAYS = 90
# How many of the newest cases are looked at: of this very place, and of all.
HERE, ANYWHERE = 500, 2000
LONGEST_TEXT, MOST, SHORTEST_WORD = 500, 3, 2


@dataclass(frozen=True)
class OfClass:
    """A class the case may belong to, why, and what follows from it. ``unit`` is None where nothing speaks for one."""

    field: str
    value: str
    text: str
    because: tuple[str, ...]
    limit: Limit
    unit: Unit | None = None
    unit_because: str = ""


@dataclass(frozen=True)
class Similar:
    """A case like another one, and what was done about it."""

    case: Case
    done: str


@dataclass(frozen=True)
class OfPlace:
    """A place where the case may be, and why."""

    place: Place
    because: str


@dataclass(frozen=True)
class Suggestions:
    """What may be meant, the likeliest first; empty where nothing speaks for anything.

    ``doubles``: open cases that are likely the same.
    """

    classes: list[OfClass] = field(default_factory=list)
    places: list[OfPlace] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)


def suggest(
    *, actor: Actor, at: datetime, kind: Kind, text: str, place: Place | None = None, class_: str = "",
    spot: Spot | None = None,
) -> Suggestions:  # fmt: skip
    """What a case with this text may be, at ``place`` or where its text says. Needs the right to file cases.

    ``class_`` and ``spot``, where they are known already, tell likely doubles better.

    ``Missing`` for a kind that is none of cases.
    """
    require(actor, "cases.file")
    if kind.noun != Noun.CASE:
        raise Missing(_("There is no kind of record called “%(key)s”."), key=kind.key)
    said, at_least = text[:LONGEST_TEXT].lower(), place.path if place else ""
    places = [p for p in _places(actor, said) if not at_least.startswith(p.place.path)]
    nearer = next((p.place for p in places if p.place.path.startswith(at_least)), None)
    described = class_field(kind)
    where = nearer or place
    draft = Draft(kind, text, where or every_place()[actor.place_id], day_of(at), spot, class_)
    return Suggestions(
        _classes(actor, at, kind, described, said, where) if described else [], places, likely_doubles(actor, draft)
    )


def _classes(
    actor: Actor, at: datetime, kind: Kind, described: Field, text: str, where: Place | None
) -> list[OfClass]:  # fmt: skip
    here = _here(actor, at, kind, described, where) if where else Counter()
    words = {key: found for key in _choosable(described) if (found := _word(described, key, text))}
    ranked = sorted(
        words.keys() | {key for key, n in here.items() if n > 1 and key in described.titles},
        key=lambda key: (*(-n for n in _weight(described, key, words.get(key, ""), text)), -here[key], key),
    )[:MOST]
    handled = _handled(actor, kind, described, ranked, where)
    names = described.titles
    made = []
    for key in ranked:
        because = [_because(words[key])] if key in words else []
        if n := here[key]:
            because.append(_lately_here(n))
        values = {described.key: key}
        unit, why = _unit(kind, values, where, handled.get(key))
        limit = kind.limit_for(values) or DEFAULT_LIMIT
        made.append(OfClass(described.key, key, names[key], tuple(because), limit, unit, why))
    return made


def _lately_here(n: int) -> str:
    text = ngettext(
        "%(n)d such case here in the last %(days)d days", "%(n)d such cases here in the last %(days)d days", n
    )
    return text % {"n": n, "days": DAYS}


def _choosable(described: Field) -> list[str]:
    headings = set() if described.any_node else set(described.parents.values())
    return [key for key in described.titles if key not in headings]


def _words(described: Field, key: str) -> Iterator[str]:
    """What a class is called in both languages, without what stands in brackets, and its other words."""
    names = next(titles for known, *titles in described.choices if known == key)
    yield from (name.partition("（")[0].lower() for name in names)
    yield from described.rules.get(key, {}).get("aliases", ())


def _word(described: Field, key: str, text: str) -> str:
    """The longest word for a class, or else for what it belongs to, that stands in the text."""
    while key:
        found = [w for w in _words(described, key) if len(w) >= SHORTEST_WORD and w in text]
        if found:
            return max(found, key=len)
        key = described.parents.get(key, "")
    return ""


def _weight(described: Field, key: str, word: str, text: str) -> tuple[int, int]:
    """How much speaks for a class: the length of the word found, and how many pairs of characters of its own words."""
    own = "".join(_words(described, key)) + str(described.rules.get(key, {}).get("condition", ""))
    pairs = {own[n : n + 2] for n in range(len(own) - 1)}
    return len(word), sum(text[n : n + 2] in pairs for n in range(len(text) - 1))


def _here(actor: Actor, at: datetime, kind: Kind, described: Field, where: Place) -> Counter[str]:
    """How often each class occurred at this very place lately, within sight."""
    newest = Case.objects.filter(place=where).order_by("-pk").values("pk")[:HERE]
    rows = _lately(actor, kind, newest).filter(happened_on__gt=day_of(at) - timedelta(days=DAYS))
    return Counter(rows.values_list(f"fields__{described.key}", flat=True))


def _handled(
    actor: Actor, kind: Kind, described: Field, classes: list[str], where: Place | None
) -> dict[str, tuple[Unit, int]]:
    """The unit that had most of the newest cases of each class, and how many; of committees only the place's own."""
    if not classes:
        return {}
    own = Q(unit__place__path__in=prefixes(where.path) if where else [])
    newest = Case.objects.order_by("-pk").values("pk")[:ANYWHERE]
    rows = _lately(actor, kind, newest).filter(**{f"fields__{described.key}__in": classes}, unit__isnull=False)
    rows = rows.filter(~Q(unit__kind__in=COMMITTEES) | own)
    counted = Counter(rows.values_list(f"fields__{described.key}", "unit"))
    most = {class_: (unit, n) for (class_, unit), n in sorted(counted.items(), key=lambda c: (c[1], -c[0][1]))}
    units = Unit.objects.in_bulk({unit for unit, _n in most.values()})
    return {class_: (units[unit], n) for class_, (unit, n) in most.items()}


def _lately(actor: Actor, kind: Kind, newest: Any) -> "QuerySet[Case]":
    rows: QuerySet[Case] = Case.objects.tested_for(actor).filter(pk__in=newest, kind=kind)
    return rows.exclude(stage=Stage.VOIDED).order_by()


def _unit(
    kind: Kind, values: dict[str, Any], where: Place | None, handled: tuple[Unit, int] | None
) -> tuple[Unit | None, str]:  # fmt: skip
    """Who would receive it by the catalogue, else who had such cases lately."""
    if where and (receiver := receiving_unit(kind, values, where)):
        return receiver, _("it receives such cases from there")
    if handled:
        unit, n = handled
        return unit, ngettext("it had %(n)d such case lately", "it had %(n)d such cases lately", n) % {"n": n}
    return None, ""


def similar(actor: Actor, case: Case) -> list[Similar]:
    """What was closed before of the same class at the same place, the newest first, and what was done then.

    However many cases there are, no more than the newest of the place are looked at.
    """
    described = class_field(case.kind)
    key = case.fields.get(described.key) if described else None
    if described is None or not key:
        return []
    newest = Case.objects.filter(place=case.place).order_by("-pk").values("pk")[:HERE]
    alike = _lately(actor, case.kind, newest).filter(stage=Stage.CLOSED, **{f"fields__{described.key}": key})
    named = alike.exclude(pk=case.pk).only("title", "closed_at")
    found = list(named.order_by("-closed_at", "-pk")[:MOST])
    done = last_done(found) if found else {}
    return [Similar(one, done.get(one.pk, "")) for one in found]


def unit_for(actor: Actor, case: Case) -> tuple[Unit | None, str]:
    """The unit that a case waiting to be dispatched may be given to, and why: as is suggested when one is filed.

    Nobody, "" where nothing speaks for one, and for a case that came back because a unit objected.
    """
    if case.steps.filter(verb="object").exists():
        return None, ""
    described = class_field(case.kind)
    key = str(case.fields.get(described.key, "")) if described else ""
    handled = _handled(actor, case.kind, described, [key], case.place).get(key) if described and key else None
    return _unit(case.kind, case.fields, case.place, handled)


def _places(actor: Actor, text: str) -> list[OfPlace]:
    """Places within sight whose names stand in the text: the longest names first, and what lies deepest.

    Of several of one name only those count whose parent the text names too.
    """
    standing = [p for p in every_place().values() if p.merged_into_id is None and p.path.startswith(actor.path or "-")]
    named = [p for p in standing if len(p.name) >= SHORTEST_WORD and p.name.lower() in text]
    often = Counter(p.name for p in named)
    ids = {p.pk for p in named}
    told = [p for p in named if often[p.name] == 1 or p.parent_id in ids]
    above = {p.parent_id for p in told}
    told.sort(key=lambda p: (p.pk in above, -len(p.name), -p.path.count("/"), p.path))
    return [OfPlace(p, _because(p.name)) for p in told[:MOST]]


def _because(word: str) -> str:
    return _("the text says “%(word)s”") % {"word": word}
