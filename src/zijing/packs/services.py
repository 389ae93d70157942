"""What residents can ask of an office, service by service: a class of a kind that is open to them.

The words are those of Open311 (GeoReport v2), which other programs speak.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import Invalid, Missing
from zijing.core.worktime import ZONE
from zijing.packs.models import Adoption
from zijing.packs.residents import open_kinds
from zijing.places.known import every_place
from zijing.places.locate import locate
from zijing.places.models import Level, Place, PlaceCode
from zijing.records.cleaning import longest
from zijing.records.fields import Field
from zijing.records.files import Upload
from zijing.records.kinds import class_field, every_kind
from zijing.records.models import Kind

COMMUNITIES = (Level.COMMUNITY, Level.VILLAGE)


@dataclass(frozen=True)
class Service:
    """A class of a kind that residents report; ``choice`` is "" where the kind has no classes."""

    kind: Kind
    choice: str = ""

    @property
    def code(self) -> str:
        return f"{self.kind.key}.{self.choice}" if self.choice else self.kind.key

    @property
    def described(self) -> Field | None:
        return class_field(self.kind)

    @property
    def name(self) -> str:
        return self.described.titles[self.choice] if self.described and self.choice else str(self.kind)

    @property
    def group(self) -> str:
        """What the class belongs to in its tree, else its kind."""
        parent = self.described.parents.get(self.choice, "") if self.described else ""
        return self.described.path_of(parent) if self.described and parent else str(self.kind)

    def told(self, what: str) -> Any:
        """What the class says of its cases (condition, aliases), None where it says nothing."""
        return self.described.told(self.choice, what) if self.described and self.choice else None

    @property
    def attributes(self) -> list[Field]:
        """The fields that are asked for beside what every request says: what, where and telephone."""
        usual = {f.key for f in usual_fields(self.kind).values()}
        asked = [f for f in self.kind.fields if f.type not in {"file", "point"}]
        return [f for f in asked if f.column == "place" or f.key not in usual]


def usual_fields(kind: Kind) -> dict[str, Field]:
    """The fields of a kind that are filled from what every request says, by what that is."""
    wanted: dict[str, Callable[[Field], bool]] = {
        "title": lambda f: f.column == "title",
        "place": lambda f: f.column == "place",
        "point": lambda f: f.type == "point",
        "text": lambda f: f.type == "long_text" and not f.personal,
        "phone": lambda f: f.type == "phone",
        "file": lambda f: f.type == "file",
    }
    found = {name: next((f for f in kind.fields if fits(f)), None) for name, fits in wanted.items()}
    return {name: f for name, f in (found | {"class": class_field(kind)}).items() if f}


def services(kinds: Iterable[Kind]) -> dict[str, Service]:
    """The services of open kinds by code, in the order of their packs."""
    made = [Service(kind, choice) for kind in kinds for choice in _choices(class_field(kind))]
    return {service.code: service for service in made}


def _choices(described: Field | None) -> list[str]:
    if described is None:
        return [""]
    headings = set() if described.any_node else set(described.parents.values())
    return [key for key in described.titles if key not in headings]


def service_of(found: Mapping[str, Service], code: str) -> Service:
    """The service of this code; ``Missing`` where it is not offered."""
    if code not in found:
        raise Missing(_("There is no service “%(code)s” here."), field="service_code", code=code[:60])
    return found[code]


def communities(office: Place) -> list[tuple[str, str]]:
    """The communities and villages of an office, as (code, name), by code."""
    codes = PlaceCode.objects.filter(until=None, place__office=office, place__level__in=COMMUNITIES)
    return list(codes.order_by("code").values_list("code", "place__name"))


def place_codes(office: Place) -> dict[int, str]:
    """The present division codes of an office and its communities, by place."""
    known = Q(place=office) | Q(place__office=office, place__level__in=COMMUNITIES)
    return dict(PlaceCode.objects.filter(known, until=None).values_list("place", "code"))


def changed_at(offices: Iterable[Place]) -> datetime | None:
    """When the services of these offices last changed: with the packs they have."""
    packs = {k.pack for k in every_kind().values() if k.public}
    adopted = Adoption.objects.filter(office__in=[o.pk for o in offices], pack__key__in=packs)
    times = [moment for pair in adopted.values_list("adopted_at", "pack__applied_at") for moment in pair]
    return max(times, default=None)


@dataclass(frozen=True)
class Told:
    """What a program says of a request beside its service and attributes; "" and None where it says nothing."""

    text: str = ""
    position: tuple[float, float] | None = None  # longitude, latitude (WGS 84)
    address: str = ""
    address_id: str = ""
    media: str = ""
    phone: str = ""


def values_of(service: Service, office: Place, told: Told, answers: Mapping[str, Any]) -> dict[str, Any]:
    """A request as raw values of its kind; ``answers`` by attribute. ``Invalid`` where it says too little of where."""
    usual, known = usual_fields(service.kind), {f.key: f for f in service.attributes}
    if unknown := next((key for key in answers if key not in known), None):
        raise Invalid(_("The service has no attribute “%(key)s”."), field="attribute", key=unknown[:40])
    values = {key: _day(known[key], value) for key, value in answers.items() if value not in ("", [], None)}
    place = usual["place"]
    if place.key not in values:
        values[place.key] = f"#{_place(office, told).pk}"
    if told.position and "point" in usual:
        values[usual["point"].key] = list(told.position)
    if told.phone and "phone" in usual:
        values[usual["phone"].key] = told.phone
    if service.choice and service.described:
        values[service.described.key] = service.choice
    return values | _texts(service, usual, told)


def _day(field: Field, value: Any) -> Any:
    """A time as the value of a day: the day it is in China."""
    try:
        at = datetime.fromisoformat(value) if field.type == "date" and isinstance(value, str) and "T" in value else None
    except ValueError:
        return value
    return value if at is None else (at.astimezone(ZONE) if at.tzinfo else at).date().isoformat()


def picture_of(service: Service, sent: Sequence[Upload]) -> dict[str, Upload]:
    """The picture sent with a request, for the field that takes it; ``Invalid`` for more than one, or where none is
    taken.
    """
    field = usual_fields(service.kind).get("file")
    if sent and (field is None or len(sent) > 1):
        raise Invalid(_("This service takes %(count)s file."), field="media", count=1 if field else 0)
    return {field.key: sent[0]} if sent and field else {}


def _texts(service: Service, usual: Mapping[str, Field], told: Told) -> dict[str, str]:
    """The first line as the title, as far as it goes; the whole text, the address and the picture's in the details."""
    title, details, text = usual.get("title"), usual.get("text"), told.text.strip()
    first = next((line.strip() for line in text.splitlines() if line.strip()), "") or service.name
    head = first[: longest(title)] if title and details else text or first
    lines = [text] if text not in {"", head} or not title else []
    lines += [gettext("Address: %(text)s") % {"text": told.address}] if told.address else []
    lines += [gettext("Picture: %(text)s") % {"text": told.media}] if told.media else []
    said = {title: head, details: "\n".join(lines)}
    return {field.key: words for field, words in said.items() if field}


def _place(office: Place, told: Told) -> Place:
    """Where it is: by position, by a code, by the name of a place that the address says; else the office.

    ``Invalid`` for a position outside the office's boundaries, for a code that is none of its places', and for nothing.
    """
    if told.position:
        return locate(office.pk, *told.position) or office
    own = [p for p in every_place().values() if p.own_office_id == office.pk and p.merged_into_id is None]
    if told.address_id:
        coded = PlaceCode.objects.filter(code=told.address_id[:15], place__in=[p.pk for p in own])
        if found := coded.order_by("-since").values_list("place", flat=True).first():
            return every_place()[found]
        raise Invalid(
            _("There is no place with the code “%(code)s” here."), field="address_id", code=told.address_id[:20]
        )
    if not told.address:
        raise Invalid(_("Say where: lat and long, address_string or address_id."), field="lat")
    named = [p for p in own if len(p.name) > 1 and p.name in told.address and not p.is_office]
    longest_name = max((len(p.name) for p in named), default=0)
    best = [p for p in named if len(p.name) == longest_name]
    return best[0] if len(best) == 1 else office


def jurisdictions() -> Iterator[tuple[Place, str]]:
    """The offices that offer services, each with its present division code."""
    packs = {k.pack for k in every_kind().values() if k.public}
    adopted = Adoption.objects.filter(pack__key__in=packs, office__level=Level.OFFICE).values("office")
    codes = PlaceCode.objects.filter(until=None, place__in=adopted, place__merged_into=None).select_related("place")
    yield from ((found.place, found.code) for found in codes.order_by("code"))


def jurisdiction(code: str) -> tuple[Place, list[Kind]]:
    """The office of a division code, the one there is when none is given, and what residents report there.

    Former codes go on leading to their office, unless they were given anew. ``Invalid`` for no code where there are
    several offices, ``Missing`` for a code that is no open office's.
    """
    offices = list(jurisdictions())
    if not code and len(offices) > 1:
        raise Invalid(_("Say which office: jurisdiction_id."), field="jurisdiction_id")
    found = [office for office, own in offices if code in {"", own}]
    if code and not found:
        former = PlaceCode.objects.filter(code=code[:15], place__in=[o.pk for o, _own in offices])
        found = [f.place for f in former.select_related("place").order_by("-since")[:1]]
    if not found:
        raise Missing(
            _("There is no office “%(code)s” that takes requests here."), field="jurisdiction_id", code=code[:20]
        )
    return found[0], open_kinds(found[0])
