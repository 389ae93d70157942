"""What residents report without an account: which kinds are open to them at an office, and a report itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case, Reporter, Stage
from zijing.cases.reporters import code_of, note_reporter, refuse_complaints, refuse_flood
from zijing.core.errors import Missing
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import act
from zijing.packs.entering import Uploads, enter
from zijing.packs.models import Adoption
from zijing.people.access import onlooker, resident
from zijing.places.known import every_place
from zijing.places.models import Level, Place
from zijing.records.files import make_ready
from zijing.records.kinds import class_field, every_kind
from zijing.records.models import Kind

LATELY, SHOWN = timedelta(days=30), 50


def open_kinds(office: Place) -> list[Kind]:
    """The kinds that residents report at an office: those its packs say so of."""
    public = [k for k in every_kind().values() if k.public]
    adopted = Adoption.objects.filter(office=office, pack__key__in={k.pack for k in public})
    packs = set(adopted.values_list("pack__key", flat=True)) if public else set()
    return [k for k in public if k.pack in packs]


def open_office(pk: int) -> tuple[Place, list[Kind]]:
    """An office and what residents report there; ``Missing`` where they report nothing."""
    office = Place.objects.filter(pk=pk, level=Level.OFFICE).first() if pk < 2**63 else None
    kinds = open_kinds(office) if office else []
    if office is None or not kinds:
        raise Missing(_("Nothing is reported here without an account."))
    return office, kinds


def complaints_office(pk: int) -> tuple[Place, Kind]:
    """An office and the kind of its complaints about the platform and about needless forms; ``Missing`` without one."""
    office = Place.objects.offices().filter(pk=pk).first() if pk < 2**63 else None
    kind = next((k for k in every_kind().values() if k.complaints), None)
    if office is None or kind is None or not Adoption.objects.filter(office=office, pack__key=kind.pack).exists():
        raise Missing(_("Nothing is reported here without an account."))
    return office, kind


def open_offices() -> list[Place]:
    """The offices that residents can report to, by name."""
    public = {k.pack for k in every_kind().values() if k.public}
    adopted = Adoption.objects.filter(pack__key__in=public, office__level=Level.OFFICE)
    return list(Place.objects.filter(pk__in=adopted.values("office")).order_by("name")) if public else []


@dataclass(frozen=True)
class PutRight:
    """What anybody may know of a closed report: what kind of thing, in which community, and in how many days."""

    what: str
    where: str
    day: date
    days: int


def put_right(office: Place, kinds: Sequence[Kind], at: datetime) -> list[PutRight]:
    """What residents reported and was closed lately, the newest first: no texts, no positions, nobody."""
    known = {k.pk: k for k in kinds}
    closed = Case.objects.visible_to(onlooker(office)).filter(kind__in=known, stage=Stage.CLOSED)
    found = closed.filter(closed_at__gt=at - LATELY).order_by("-closed_at", "-pk")
    return [
        PutRight(
            _class_of(case, known[case.kind_id]), community(case.place_id).name, day_of(case.closed_at),
            (day_of(case.closed_at) - day_of(case.recorded_at)) // DAY,
        )
        for case in found[:SHOWN]
    ]  # fmt: skip


def _class_of(case: Case, kind: Kind) -> str:
    described = class_field(kind)
    return described.show(case.value(described)) if described else str(kind)


def community(place: int) -> Place:
    """A place by its id, no nearer than the community or village."""
    known = every_place()
    found = known[place]
    return known[found.parent_id] if found.level == Level.GRID and found.parent_id else found


def report(
    *, office: Place, at: datetime, now: datetime, kind: Kind, values: Mapping[str, Any], uploads: Uploads,
    client_id: UUID, address: str,
) -> Reporter:  # fmt: skip
    """A resident's report, once for each ``client_id``; ``TooMany`` from an address that has sent a flood.

    Of a complaint no address is kept, not even as a digest: an office has few, and behind each sits somebody known.
    ``at`` is the office's time, ``now`` the real one, by which a flood is counted.
    """
    actor, code = replace(resident(office), on=day_of(at)), code_of(client_id)
    if twin := Reporter.objects.filter(code=code).first():
        return twin
    if kind.complaints:
        address = ""
        refuse_complaints(office, now)
    else:
        refuse_flood(address, now)
    make_ready(uploads.values())
    with act(actor, at):
        made = enter(actor=actor, at=at, kind=kind, values=values, uploads=uploads, client_id=client_id)
        if not isinstance(made, Case):
            raise TypeError(type(made))
        return note_reporter(case=made, code=code, address=address, now=now)
