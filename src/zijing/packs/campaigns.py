"""Rounds of mock assessments: the samples drawn under one name, which of their sites were looked at, whether they do.

A round with fewer sites of a type than the ledger of minimum samples asks for is not enough: it has no score rate and
is not closed. Observations count from the day of the draw until the round is closed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from zijing.activities.actions import record_activity
from zijing.activities.models import Activity
from zijing.core.errors import Conflict, Invalid, Missing
from zijing.core.worktime import day_of
from zijing.packs.sampling import BANDS, DRAW, draw_kind, every_minimum, field_of
from zijing.people.access import Actor, require
from zijing.records.kinds import find_kind, kind_of
from zijing.records.models import NOWHERE, Kind
from zijing.records.writing import clean_values

OBSERVATION, RESULT = "campaign-observation", "campaign-result"
MOST_DRAWS = 300
TENTH = Decimal("0.1")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """The sites of one type in a round: how many are wanted at least, were drawn, and were looked at."""

    type: str
    title: str
    least: int
    drawn: int
    seen: int

    @property
    def missing(self) -> int:
        return max(self.least - self.seen, 0)


@dataclass(frozen=True)
class Round:
    """One round as it stands; ``result`` is the record that closed it, whose numbers then stand fast."""

    campaign: str
    name: str
    band: str
    since: date
    parts: tuple[Part, ...] = ()
    points: Decimal = ZERO
    got: Decimal = ZERO
    result: Activity | None = None

    @property
    def enough(self) -> bool:
        return bool(self.parts) and not any(p.missing for p in self.parts)

    @property
    def rate(self) -> Decimal | None:
        """Points got of points at stake in percent; None while there are too few sites, or no points at all."""
        if self.result is not None:
            return Decimal(self.result.fields["rate"])
        return (self.got * 100 / self.points).quantize(TENTH, ROUND_HALF_UP) if self.enough and self.points else None

    @property
    def lacking(self) -> str:
        """What is missing, in words: 3 of this type, 1 of that."""
        told = (_("%(type)s: %(n)d more") % {"type": p.title, "n": p.missing} for p in self.parts if p.missing)
        return _(", ").join(told)


@dataclass(frozen=True)
class _Seen:
    """An observation that something was at stake in."""

    campaign: str
    day: date
    site: str
    points: Decimal
    got: Decimal


def rounds(actor: Actor) -> list[Round]:
    """The rounds of the actor's office, the latest first; as many queries for many as for one."""
    kind = draw_kind()
    drawn = _draws(actor)
    results = _results(actor, drawn)
    open_ = [rows for key, rows in drawn.items() if key not in results]
    seen = _observations(actor, min((r.happened_on for rows in open_ for r in rows if r.happened_on), default=None))
    least = every_minimum(actor) if open_ else {}
    return [_round(kind, key, rows, results.get(key), seen, least) for key, rows in drawn.items()]


def close_round(*, actor: Actor, at: datetime, campaign: str, name: str) -> Activity:
    """Close a round as complete: its score rate is recorded. ``Invalid`` with what is missing when it is not enough."""
    require(actor, "activities.write")
    found = next((r for r in rounds(actor) if (r.campaign, r.name) == (campaign, name)), None)
    if found is None:
        raise Missing(_("There is no such round."))
    if found.result is not None:
        raise Conflict(_("This round has been closed."))
    if not found.enough:
        raise Invalid(_("Not enough, so it cannot be closed: %(what)s."), field="name", what=found.lacking)
    if found.rate is None:
        raise Invalid(_("No observation of this round says points at stake yet."), field="name")
    values = {
        "date": day_of(at), "name": name, "campaign": campaign, "band": found.band, "since": found.since,
        "sites": sum(p.seen for p in found.parts), "points": found.points, "got": found.got, "rate": found.rate,
    }  # fmt: skip
    kind = kind_of(RESULT)
    return record_activity(
        actor=actor, at=at, kind=kind, values=clean_values(kind, values, actor), client_id=_id_of(actor, campaign, name)
    )


def _id_of(actor: Actor, campaign: str, name: str) -> UUID:
    """The id of the record that closes a round: there is one."""
    return uuid5(NAMESPACE_URL, f"round:{actor.office_id}:{campaign}:{name}")


def _draws(actor: Actor) -> dict[tuple[str, str], list[Activity]]:
    rows = Activity.objects.visible_to(actor).filter(kind__key=DRAW, office=actor.office_id).exclude(stage__in=NOWHERE)
    found: dict[tuple[str, str], list[Activity]] = defaultdict(list)
    for row in rows.order_by("-happened_on", "-pk")[:MOST_DRAWS]:
        found[row.fields.get("campaign", ""), row.title].append(row)
    return found


def _results(actor: Actor, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Activity]:
    """What closed them; a record of this kind that closed nothing has another id."""
    if find_kind(RESULT) is None:
        return {}
    ids = {_id_of(actor, *key): key for key in keys}
    rows = Activity.objects.visible_to(actor).filter(kind__key=RESULT, client_id__in=ids).exclude(stage__in=NOWHERE)
    return {ids[row.client_id]: row for row in rows if row.client_id}


def _observations(actor: Actor, since: date | None) -> list[_Seen]:
    if since is None:
        return []
    rows = Activity.objects.visible_to(actor).filter(
        kind__key=OBSERVATION, office=actor.office_id, happened_on__gte=since, subject__isnull=False
    )
    found = rows.exclude(stage__in=NOWHERE).values_list("happened_on", "subject__business_key", "quantity", "fields")
    return [
        _Seen(fields.get("campaign", ""), day, site, Decimal(fields["points"]), got or ZERO)
        for day, site, got, fields in found
        if day and fields.get("points") is not None
    ]


def _round(
    kind: Kind, key: tuple[str, str], rows: Sequence[Activity], result: Activity | None, seen: Sequence[_Seen],
    least: Mapping[tuple[str, str, str], int],
) -> Round:  # fmt: skip
    campaign, name = key
    since = min(r.happened_on for r in rows if r.happened_on)
    band = next((r.fields["band"] for r in rows if r.fields.get("band")), BANDS[0])
    if result is not None:
        return Round(campaign, name, band, since, result=result)
    sites = dict(_sites(rows))
    mine = [s for s in seen if s.campaign == campaign and s.day >= since and s.site in sites]
    wanted = {type_: n for (c, b, type_), n in least.items() if (c, b) == (campaign, band) and n}
    parts = _parts(field_of(kind, "type").titles, wanted, sites, {s.site for s in mine})
    return Round(
        campaign, name, band, since, tuple(parts), sum((s.points for s in mine), ZERO), sum((s.got for s in mine), ZERO)
    )


def _sites(rows: Iterable[Activity]) -> Iterator[tuple[str, str]]:
    """The numbers drawn, each with its type."""
    for row in rows:
        yield from ((code, row.fields.get("type", "")) for code in row.fields.get("drawn", "").split("、") if code)


def _parts(
    titles: Mapping[str, Any], wanted: Mapping[str, int], sites: Mapping[str, str], seen: set[str]
) -> Iterator[Part]:
    for type_ in [t for t in titles if t in wanted or t in sites.values()]:
        codes = {code for code, its in sites.items() if its == type_}
        yield Part(type_, titles[type_], wanted.get(type_, 0), len(codes), len(codes & seen))
