"""Which open cases a case, or what is about to be filed, is likely a double of: near in place and time, alike in words.

It reads only; a person decides. However many cases there are, one query looks at the newest of the days around, at the
place and the places near it, and no more than a few hundred are compared.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _, ngettext

from zijing.cases.models import Case
from zijing.core.stamps import steady
from zijing.core.worktime import day_of
from zijing.people.access import Actor
from zijing.places.known import every_place, known_place
from zijing.places.locate import Spot, metres_between, places_around
from zijing.places.models import Level, Place, under
from zijing.records.kinds import class_field
from zijing.records.models import Kind

AROUND = timedelta(days=14)
LOOKED_AT, MOST, LONGEST_TEXT = 200, 5, 500
# Up to which distance two positions are near each other, and from which on they are one spot; in metres.
NEAR, ONE_SPOT = 300, 60
# Which share of the pairs of characters of the shorter text stands in the other one, too.
SAME_CLASS, UNKNOWN_CLASS, OTHER_CLASS, ELSEWHERE = 0.35, 0.5, 0.7, 0.15


class Candidate(NamedTuple):
    """An open case that is near, as far as it is compared and named; every case has its day."""

    pk: int
    title: str
    stage: str
    place_id: int
    happened_on: date
    fields: dict[str, Any]


@dataclass(frozen=True)
class Double:
    """An open case that is likely the same, and why, in words."""

    case: Candidate
    because: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """What is known of a case: its words, where and when it was, its class; each may be missing but the kind."""

    kind: Kind
    text: str
    place: Place
    on: date
    spot: Spot | None = None
    class_: str = ""
    pk: int = 0


def likely_doubles(actor: Actor, draft: Draft) -> list[Double]:
    """The open cases of its kind within sight that it is likely the same as, the likeliest first; one query."""
    with steady():
        return _likely(actor, draft)


def _likely(actor: Actor, draft: Draft) -> list[Double]:
    places = _near(draft)
    own = _plain(draft.text, [p.name for p in places if len(p.name) > 1])
    if not own and draft.spot is None:
        return []
    days = (draft.on - AROUND, draft.on + AROUND)
    around = Case.objects.filter(kind=draft.kind, happened_on__range=days).order_by("-happened_on", "-pk")
    everywhere = draft.place.pk == draft.place.own_office_id
    newest = around.filter(under(draft.place.path) if everywhere else Q(path__in={p.path for p in places}))
    seen = Case.objects.tested_for(actor).filter(~Q(pk=draft.pk), pk__in=newest.values("pk")[:LOOKED_AT])
    near = map(Candidate._make, seen.filter(closed_at=None).order_by().values_list(*Candidate._fields))
    rated = [r for case in near if (r := _rated(draft, own, case))]
    rated.sort(key=lambda r: (-r[0], -r[1].pk))
    return [Double(case, tuple(_reasons(draft, own, case))) for _likeness, case in rated[:MOST]]


def draft_of(case: Case) -> Draft:
    """A case that stands, as its doubles are looked for."""
    place, kind = known_place(case.place_id) or case.place, case.kind
    return Draft(
        kind, text_of(kind, case.title, case.fields), place, case.happened_on or day_of(case.recorded_at),
        spot_of(kind, case.fields), _class_of(kind, case.fields), case.pk,
    )  # fmt: skip


def text_of(kind: Kind, title: str, values: dict[str, Any]) -> str:
    """The words of a case: its title and its long texts, without personal ones."""
    longer = (values.get(f.key) for f in kind.fields if f.type == "long_text" and not f.personal)
    return "\n".join(text for text in (title, *longer) if isinstance(text, str))[:LONGEST_TEXT]


def spot_of(kind: Kind, values: dict[str, Any]) -> Spot | None:
    """The position among a case's values, if there is one."""
    return next((values[f.key] for f in kind.fields if f.type == "point" and values.get(f.key)), None)


def _class_of(kind: Kind, values: dict[str, Any]) -> str:
    described = class_field(kind)
    return str(values.get(described.key) or "") if described else ""


def _near(draft: Draft) -> list[Place]:
    """The places that are near: all of the community or village, what lies above it, and what is near the position.

    Where no more is known than the office, that is every place of it.
    """
    own, place = draft.place.own_office_id, draft.place
    within = place.path[: place.path.rstrip("/").rindex("/") + 1] if place.level == Level.GRID else place.path
    standing = [p for p in every_place().values() if p.own_office_id == own]
    near = [p for p in standing if p.path.startswith(within) or within.startswith(p.path)]
    return near + list(places_around(own, draft.spot, NEAR)) if draft.spot else near


def _plain(text: str, names: Sequence[str] = ()) -> str:
    """A text's letters and digits, without the names of places, which tell where and not what."""
    said = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    for name in sorted((n for n in names if n in text), key=len, reverse=True):
        said = said.replace(_plain(name), "")
    return said


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _rated(draft: Draft, own: str, case: Candidate) -> tuple[float, Candidate] | None:
    """How likely a case is the same; None where it is not."""
    kind = draft.kind
    spot, class_ = spot_of(kind, case.fields), _class_of(kind, case.fields)
    metres = metres_between(draft.spot, spot) if draft.spot and spot else None
    if metres is not None and metres > NEAR:
        return None
    words = _likeness(_pairs(own), _pairs(_plain(text_of(kind, case.title, case.fields))))
    same_class = draft.class_ == class_ if draft.class_ and class_ else None
    needed = {True: SAME_CLASS, None: UNKNOWN_CLASS, False: OTHER_CLASS}[same_class]
    elsewhere = metres is None and case.place_id != draft.place.pk
    one_spot = metres is not None and metres <= ONE_SPOT
    if words < needed + (ELSEWHERE if elsewhere else 0) and not (one_spot and same_class):
        return None
    days = abs((case.happened_on - draft.on).days)
    return words + (same_class is True) + one_spot - elsewhere * ELSEWHERE - days / 100, case


def _reasons(draft: Draft, own: str, case: Candidate) -> Iterator[str]:
    kind = draft.kind
    spot, class_, place = spot_of(kind, case.fields), _class_of(kind, case.fields), every_place()[case.place_id]
    if draft.spot and spot:
        metres = round(metres_between(draft.spot, spot), -1)
        yield ngettext("%(n)d m away", "%(n)d m away", int(metres)) % {"n": metres}
    else:
        same = case.place_id == draft.place.pk
        yield (_("same place: %(place)s") if same else _("place: %(place)s")) % {"place": place.name}
    yield _when((case.happened_on - draft.on).days)
    if described := class_field(kind) if class_ and class_ == draft.class_ else None:
        yield _("same class: %(class)s") % {"class": described.titles.get(class_, class_)}
    theirs = _plain(text_of(kind, case.title, case.fields))
    found = SequenceMatcher(None, own, theirs, autojunk=False).find_longest_match()
    if found.size > 1:
        yield _("both say “%(word)s”") % {"word": own[found.a : found.a + found.size]}


def _when(days: int) -> str:
    if not days:
        return _("on the same day")
    n = abs(days)
    words = {"n": n}
    if days < 0:
        return ngettext("%(n)d day earlier", "%(n)d days earlier", n) % words
    return ngettext("%(n)d day later", "%(n)d days later", n) % words
