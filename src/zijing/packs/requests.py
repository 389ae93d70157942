"""What residents have asked for, as anybody may read it: a request is what somebody outside reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from zijing.cases.models import Case, Reporter, Stage, Step
from zijing.core.errors import Missing
from zijing.packs.residents import community
from zijing.packs.services import Service, usual_fields
from zijing.people.access import Actor
from zijing.places.locate import areas
from zijing.places.models import Place
from zijing.records.kinds import class_field, every_kind
from zijing.records.models import Kind

MOST = 1000


@dataclass(frozen=True)
class Details:
    """What only who sees the case may know: its text, its exact position, the answer that was written."""

    text: str
    position: tuple[float, float] | None
    reply: str


@dataclass(frozen=True)
class Request:
    """What anybody may know of something reported: its service, the community, where it stands; no text, nobody."""

    number: int
    open: bool
    stage: str
    code: str
    name: str
    unit: str
    asked_at: datetime
    changed_at: datetime
    due_at: datetime | None
    where: Place
    position: tuple[float, float] | None
    details: Details | None


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for: by number, or by service, time of asking and whether they are open."""

    numbers: Sequence[int] | None = None
    codes: Sequence[Service] = ()
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None


def requests(office: Place, wanted: Wanted, actor: Actor | None = None) -> list[Request]:
    """What was reported from outside, the newest first, at most 1,000; details of what the actor sees."""
    found = list(_matching(office, wanted).order_by("-case__recorded_at", "-pk")[:MOST])
    ids = [r.case_id for r in found]
    seen = set(Case.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if actor else set()
    kinds = {k.pk: k for k in every_kind().values()}
    middles = {a.place.pk: ((a.west + a.east) / 2, (a.south + a.north) / 2) for a in areas(office.pk)}
    return [_request(r, kinds[r.case.kind_id], middles, r.case_id in seen) for r in found]


def _matching(office: Place, wanted: Wanted) -> "QuerySet[Reporter]":
    last = Step.objects.filter(case=OuterRef("case")).order_by("-at")
    public = [k.pk for k in every_kind().values() if k.public and not k.restricted]
    rows = Reporter.objects.filter(case__office=office, case__kind__in=public)
    rows = rows.select_related("case__unit").annotate(
        moved_at=Subquery(last.values("at")[:1]),
        reply=Subquery(last.filter(verb__in=("close", "refuse")).exclude(reason="").values("reason")[:1]),
    )
    if wanted.numbers is not None:
        return rows.filter(pk__in=wanted.numbers)
    if wanted.codes:
        rows = rows.filter(_of(wanted.codes))
    if wanted.open is not None:
        rows = rows.filter(case__closed_at__isnull=wanted.open)
    if wanted.since:
        rows = rows.filter(case__recorded_at__gte=wanted.since)
    return rows.filter(case__recorded_at__lte=wanted.until) if wanted.until else rows


def _of(codes: Iterable[Service]) -> Q:
    said = Q(pk__in=())
    for service in codes:
        one = Q(case__kind=service.kind)
        if service.described and service.choice:
            one &= Q(**{f"case__fields__{service.described.key}": service.choice})
        said |= one
    return said


def _request(reporter: Any, kind: Kind, middles: Mapping[int, tuple[float, float]], seen: bool) -> Request:
    case: Case = reporter.case
    described = class_field(kind)
    choice = case.value(described) if described else ""
    service = Service(kind, choice if described and choice in described.titles else "")
    where = community(case.place_id)
    return Request(
        number=reporter.pk, open=case.closed_at is None, stage=str(Stage(case.stage).label),
        code=service.code, name=service.name, unit=str(case.unit or ""), asked_at=case.recorded_at,
        changed_at=case.closed_at or reporter.moved_at or case.recorded_at,
        due_at=case.due_at, where=where, position=middles.get(where.pk),
        details=_details(case, kind, reporter.reply) if seen else None,
    )  # fmt: skip


def _details(case: Case, kind: Kind, reply: str | None) -> Details:
    usual = usual_fields(kind)
    texts = (case.value(usual[name]) for name in ("title", "text") if name in usual)
    point = case.value(usual["point"]) if "point" in usual else None
    return Details("\n".join(t for t in texts if t), tuple(point) if point else None, reply or "")


def request_of(office: Place, reporter: Reporter | None) -> Reporter:
    """What a code follows, if it was reported at this office; ``Missing`` otherwise."""
    if reporter is None or reporter.case.office_id != office.pk:
        raise Missing(_("There is no such token here."), field="token")
    return reporter
