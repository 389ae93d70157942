"""The filter grammar of lists, and-only, the same in an address, a figure and the API.

    stage=a,b  open=yes  near=yes  overdue=yes  on_time=yes|no  all=yes
    place=<id>  unit=<id>  subject=<entry id>  id=1,2  text=<part of the title>
    happened=2020-09-01..2020-09-30  closed=  recorded=  due=  deadline=   (one day, a range, or open at one end)
    f.<field>=<value>   (of a position: the west, south, east and north of a rectangle, 113.0,34.7,113.1,34.8)

Withdrawn, voided, retired and merged records count nowhere: they are left out unless ``stage`` names them or
``all=yes``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import DomainError, Invalid
from zijing.core.plans import passing, passing_under
from zijing.core.worktime import DAY, ZONE
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.places.known import known_place
from zijing.places.models import Place
from zijing.records.fields import Field
from zijing.records.models import ENDED, NOWHERE, Kind
from zijing.records.paging import CLOSED, DAY as DAY_COLUMN
from zijing.records.referring import REFERENCES, names_of, resolve

M = TypeVar("M", bound=Model)

DAYS = {"happened": "happened_on", "deadline": "deadline"}
MOMENTS = {"closed": "closed_at", "recorded": "recorded_at", "due": "due_at"}
UNFILTERED = ("long_text", "file")
TIMES = {**DAYS, **MOMENTS}
ANY_ENTRY = Field(key="subject", type="entry", title_zh="对象", title_en="about")
LABELS: dict[str, Promise] = {
    "stage": _("stage"), "open": _("open"), "near": _("close to the deadline"),
    "overdue": _("overdue"), "on_time": _("on time"), "came_back": _("came back"),
    "all": _("with withdrawn ones"), "place": _("place"),
    "unit": _("unit"), "subject": _("about"), "text": _("title contains"), "happened": _("date"), "closed": _("closed"),
    "recorded": _("recorded"), "due": _("due"), "deadline": _("deadline"), "id": _("chosen"),
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One condition of a list, as a reader sees it."""

    name: str
    label: str
    value: str
    shown: str


@dataclass
class Filtering:
    """A parsed filter: the conditions in words, the query, and what could not be understood."""

    kind: Kind
    conditions: list[Condition] = field(default_factory=list)
    q: Q = field(default_factory=Q)
    wide: bool = True
    errors: list[DomainError] = field(default_factory=list)

    def apply(self, rows: QuerySet[M]) -> QuerySet[M]:
        """``rows`` of the kind that meet every condition; none at all when a condition was not understood."""
        of_kind = Q(kind=self.kind) if self.wide else passing("kind", self.kind.pk)
        return rows.none() if self.errors else rows.filter(self.q & of_kind & self._just_there(rows))

    def _just_there(self, rows: QuerySet[M]) -> Q:
        """That rows lie at the very place, where none lies deeper: there an index holds them in order."""
        place = next((known_place(int(c.value)) for c in self.conditions if c.name == "place"), None)
        if place is None or not self.wide:
            return Q()
        deeper = rows.model._default_manager.filter(kind=self.kind, path__gt=place.path, path__lt=place.path[:-1] + "0")
        return Q() if deeper.exists() else Q(path=place.path)

    @property
    def order(self) -> str:
        """The time in whose order the list is: that of the closing where a time of closing was asked for."""
        closed = any(c.name == "closed" and c.value.strip(".") for c in self.conditions)
        return CLOSED if closed else DAY_COLUMN

    def query(self, **changes: str | None) -> str:
        """The filter as a query string, with ``changes`` (None removes)."""
        params: dict[str, str | None] = {**{c.name: c.value for c in self.conditions}, **changes}
        return urlencode({k: v for k, v in params.items() if v})


def parse(params: Mapping[str, str], kind: Kind, *, at: datetime, actor: Actor) -> Filtering:
    """Understand a filter for ``kind``; what cannot be understood becomes an error, never a crash or a wider list."""
    result = Filtering(kind, wide=actor.is_system or actor.wide)
    for name, value in params.items():
        if not value:
            continue
        try:
            q, shown = _condition(name, value.strip(), kind, at, actor)
        except DomainError as error:
            error.field = name
            result.errors.append(error)
            continue
        result.conditions.append(Condition(name, _label(name, kind), value.strip(), shown))
        result.q &= q
    if not {"stage", "all"} & {c.name for c in result.conditions}:
        result.q &= ~Q(stage__in=NOWHERE)
    return result


def _label(name: str, kind: Kind) -> str:
    return kind.by_key[name[2:]].label if name.startswith("f.") else str(LABELS[name])


def _condition(name: str, value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    if len(value) > 200:
        raise Invalid(_("This filter is too long."))
    if name.startswith("f."):
        return _field_condition(name[2:], value, kind, actor)
    if name in TIMES and (kind.noun == "case" or name != "due") and (kind.noun == "commitment" or name != "deadline"):
        return _range_condition(TIMES[name], value, moments=name in MOMENTS)
    if name not in CONDITIONS:
        raise Invalid(_("Lists of this kind cannot be filtered by “%(name)s”."), name=name[:40])
    return CONDITIONS[name](value, kind, at, actor)


def _stage(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    stages = value.split(",")
    running = Q() if set(stages) & set(ENDED) else Q(closed_at=None)
    return running & Q(stage__in=stages), value


def _yes(value: str) -> None:
    if value != "yes":
        raise Invalid(_("Write “yes”."))


def _open(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    _yes(value)
    return Q(closed_at=None), gettext("yes")


def _overdue(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    _yes(value)
    if kind.noun == "case":
        return open_overdue(at), gettext("yes")
    if kind.noun == "commitment":
        return Q(closed_at=None) & Q(deadline__lt=at.astimezone(ZONE).date()), gettext("yes")
    raise Invalid(_("Lists of this kind cannot be filtered by “%(name)s”."), name="overdue")


def overdue(at: datetime) -> Q:
    """Of open cases, those whose deadline has passed."""
    return Q(due_at__lt=at)


def open_overdue(at: datetime) -> Q:
    """Cases that are open and whose deadline has passed."""
    return Q(closed_at=None) & overdue(at)


def near_deadline(at: datetime) -> Q:
    """Of open cases, those in the last quarter of their limit, as the clock has noted."""
    return Q(timer__warned_at__isnull=False, timer__alarm_at__gt=at, due_at__gt=at)


def _near(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    _yes(value)
    if kind.noun != "case":
        raise Invalid(_("Lists of this kind cannot be filtered by “%(name)s”."), name="near")
    return Q(closed_at=None) & near_deadline(at), gettext("yes")


def _on_time(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    if kind.noun != "case" or value not in {"yes", "no"}:
        raise Invalid(_("Lists of this kind cannot be filtered by “%(name)s”."), name="on_time")
    return Q(closed_on_time=value == "yes"), gettext("yes") if value == "yes" else gettext("no")


def _came_back(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    """Soon after a closing of the same class at the same place."""
    _yes(value)
    if kind.noun != "case":
        raise Invalid(_("Lists of this kind cannot be filtered by “%(name)s”."), name="came_back")
    return Q(follows__isnull=False), gettext("yes")


def _all(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    _yes(value)
    return Q(), gettext("yes")


def _ids(value: str) -> list[int]:
    parts = value.split(",")
    if not all(p.isdecimal() and len(p) < 16 for p in parts):
        raise Invalid(_("“%(value)s” is no number of a record."), value=value[:40])
    return [int(p) for p in parts]


def _place(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    place = Place.objects.visible_to(actor).filter(pk__in=_ids(value)[:1]).first()
    if place is None:
        raise Invalid(_("There is no such place within your sight."))
    return passing_under(place.path), place.name


def _unit(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    unit = Unit.objects.visible_to(actor).filter(pk__in=_ids(value)[:1]).first()
    if unit is None:
        raise Invalid(_("There is no such unit within your sight."))
    return Q(unit=unit), unit.name


def _subject(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    ids = _ids(value)[:1]
    try:
        seen = resolve("entry", f"#{ids[0]}", ANY_ENTRY, actor)
    except Invalid:  # its name is not for whoever does not see it
        return Q(subject__in=ids), f"#{ids[0]}"
    return Q(subject__in=ids), names_of("entry", ids)[seen]


def _id(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    ids = _ids(value)
    return Q(pk__in=ids), str(len(ids))


def _text(value: str, kind: Kind, at: datetime, actor: Actor) -> tuple[Q, str]:
    return Q(title__contains=value), value


CONDITIONS: dict[str, Callable[[str, Kind, datetime, Actor], tuple[Q, str]]] = {
    "stage": _stage, "open": _open, "near": _near, "overdue": _overdue, "on_time": _on_time, "all": _all,
    "came_back": _came_back,
    "place": _place, "unit": _unit, "subject": _subject, "id": _id, "text": _text,
}  # fmt: skip


def parse_range(value: str) -> tuple[date | None, date | None]:
    """The two ends of a range: "2020-09-01..2020-09-30", one day, or one end left open."""
    first, dots, last = value.partition("..")
    try:
        since = date.fromisoformat(first) if first else None
        until = (date.fromisoformat(last) if last else None) if dots else since
    except ValueError as error:
        raise Invalid(_("“%(value)s” is no range of days. Write 2020-09-01..2020-09-30."), value=value[:40]) from error
    if since and until and since > until:
        raise Invalid(_("The range %(value)s ends before it begins."), value=value)
    return since, until


def in_days(column: str, since: date | None, until: date | None) -> Q:
    """The condition that a moment column falls on days since..until, China Standard Time."""
    q = Q()
    if since:
        q &= Q(**{f"{column}__gte": datetime.combine(since, time(0), ZONE)})
    if until:
        q &= Q(**{f"{column}__lt": datetime.combine(until + DAY, time(0), ZONE)})
    return q


def _range_condition(column: str, value: str, *, moments: bool) -> tuple[Q, str]:
    since, until = parse_range(value)
    shown = value if since == until else f"{since or '…'} – {until or '…'}"
    if moments:
        return in_days(column, since, until), shown
    ends = {f"{column}__gte": since, f"{column}__lte": until}
    return Q(**{k: v for k, v in ends.items() if v}), shown


def _field_condition(key: str, value: str, kind: Kind, actor: Actor) -> tuple[Q, str]:
    described = kind.by_key.get(key)
    if described is None:
        raise Invalid(_("“%(kind)s” has no field “%(key)s”."), kind=str(kind), key=key[:40])
    if described.personal or described.type in UNFILTERED:
        raise Invalid(_("“%(label)s” cannot be filtered by."), label=described.label)
    if described.type == "date":
        return _date_field(described, value)
    if described.type == "point":
        return _rectangle(described, value)
    if described.several or described.type == "tree":
        return _any_of(described, value, actor)
    raw: Any = f"#{value}" if described.type in REFERENCES and value.isdecimal() else value
    cleaned = described.clean(raw, actor)
    stored = described.for_json(cleaned)
    column = described.attribute or f"fields__{key}"
    return Q(**{column: cleaned if described.attribute else stored}), described.show(stored)


def _rectangle(described: Field, value: str) -> tuple[Q, str]:
    """Records whose position lies in a rectangle; its west and south sides belong to it, the others to the next."""
    try:
        west, south, east, north = map(float, value.split(","))
    except ValueError as error:
        raise Invalid(_("“%(value)s” is no rectangle. Write 113.0,34.7,113.1,34.8."), value=value[:60]) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid(_("“%(value)s” is no rectangle. Write 113.0,34.7,113.1,34.8."), value=value[:60])
    lon, lat = (f"fields__{described.key}__{n}" for n in (0, 1))
    sides = {f"{lon}__gte": west, f"{lon}__lt": east, f"{lat}__gte": south, f"{lat}__lt": north}
    return Q(**sides), gettext("a part of the map")


def _any_of(described: Field, value: str, actor: Actor) -> tuple[Q, str]:
    """Records that hold the value, alone or among several; of a tree, also what lies below it."""
    one = replace(described, several=False, required=False, any_node=True)
    cleaned = one.clean(f"#{value}" if one.type in REFERENCES and value.isdecimal() else value, actor)
    wanted = one.below(cleaned) if one.type == "tree" else [cleaned]
    path = f"fields__{one.key}"
    held = f"fields__{one.key}__contains_any" if described.several else f"{path}__in"
    return Q(**{held: wanted}), one.show(cleaned)


def _date_field(described: Field, value: str) -> tuple[Q, str]:
    since, until = parse_range(value)
    column = described.attribute or f"fields__{described.key}"
    convert: Callable[[date], Any] = (lambda d: d) if described.attribute else date.isoformat
    ends = {f"{column}__gte": since, f"{column}__lte": until}
    return Q(**{k: convert(v) for k, v in ends.items() if v}), value
